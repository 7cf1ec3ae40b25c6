"""The mapping of an upload as a form, and a form's answers as a mapping: plain values both ways."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ruqi.adapters.files.mapping import Tree, source_of
from ruqi.adapters.report.words import Text, name_of, same
from ruqi.apps.web.words import both
from ruqi.tape.contract import LATENESS, STATUSES, TABLES
from ruqi.tape.draft_codes import TODO

CHOICES = {
    "amounts": ("major", "minor"),
    "observed": ("month_end", "statement"),
    "by": ("days", "months", "stage"),
}
BOOK = ("tape", "currency", "amounts", "time_zone", "as_of", "observed")
FILE = ("encoding", "delimiter", "sheet")
FORMS = {"date": ("format",), "instant": ("format",), "amount": ("thousands", "scale")}
ROLES = ("unused", "features", "protected")
Doubts = Mapping[str, Sequence[Sequence[str]]]


@dataclass(frozen=True)
class Field:
    """One field: `options` make it a choice; `doubts` and `open` mark what a person must decide."""

    name: str
    label: Text
    value: str
    options: Sequence[tuple[str, Text]] = ()
    doubts: Sequence[Text] = ()
    more: Sequence["Field"] = ()
    must: bool = False

    @property
    def open(self) -> bool:
        """Whether it still waits for a person."""
        return self.value == TODO or any(one.open for one in self.more)


@dataclass(frozen=True)
class TableForm:
    """One table's fields. `months` counts those of a wide form, which only the text changes."""

    name: str
    label: Text
    doubts: Sequence[Text]
    file: Sequence[Field]
    columns: Sequence[Field]
    others: Sequence[Field]
    codes: Sequence[tuple[Text, Sequence[Field]]] = field(default=())
    months: int = 0


def form_of(tree: Tree, look: Mapping[str, Any]) -> dict[str, Any]:
    """The form's parts for a template: the book's fields, tables, and lateness."""
    doubts: Doubts = look.get("doubts") or {}
    late = _dict(tree.get("delinquency"))
    return {
        "book": [
            Field(
                f"b.{key}",
                both(f"mapping.{key}"),
                str(tree.get(key) or ""),
                _choice(key),
                _told(doubts.get(key)),
            )
            for key in BOOK
        ],
        "tables": [
            _table(name, _dict(table), look, doubts, _buckets(late))
            for name, table in _dict(tree.get("tables")).items()
            if name in TABLES
        ],
        "late": [
            Field(
                "d.by",
                both("mapping.by"),
                str(late.get("by") or ""),
                _choice("by"),
                _told(doubts.get("delinquency")) + _told(doubts.get("delinquency.by")),
            ),
            Field(
                "d.buckets",
                both("mapping.buckets"),
                buckets_text(late.get("buckets")),
                (),
                _told(doubts.get("delinquency.buckets")),
            ),
        ],
        "all_doubts": _told(look.get("unsure")),
    }


def _table(
    name: str, table: Tree, look: Mapping[str, Any], doubts: Doubts, buckets: Sequence[str]
) -> TableForm:
    paths = table.get("path")
    listed = [str(one) for one in paths] if isinstance(paths, list) else [str(paths or "")]
    found = _columns_of(look, listed, str(table.get("sheet") or ""))
    columns = _dict(table.get("columns"))
    used = {source_of(one) for one in columns.values()}
    codes = _dict(table.get("codes"))
    return TableForm(
        name,
        name_of("table", name),
        _told(doubts.get(name)),
        [
            Field(f"t.{name}.path", both("mapping.path"), "\n".join(listed)),
            *(
                Field(f"t.{name}.{key}", both(f"mapping.{key}"), str(table.get(key) or ""))
                for key in FILE
                if key in table or key == "encoding"
            ),
        ],
        [_column(name, one, columns.get(one.name), found, doubts) for one in TABLES[name]]
        if columns or not table.get("months")
        else [],
        [
            Field(f"r.{name}.{place}", same(title), _role(title, table), _roles())
            for place, title in enumerate(found)
            if title and title not in used and not table.get("months")
        ],
        [
            (
                column_name(column),
                [
                    Field(
                        f"k.{name}.{column}.{place}",
                        same(text),
                        str(target),
                        _targets(column, str(target), buckets),
                    )
                    for place, (text, target) in enumerate(_dict(targets).items())
                ],
            )
            for column, targets in codes.items()
        ],
        len(_dict(table.get("months"))),
    )


def _column(table: str, column: Any, entry: Any, found: Sequence[str], doubts: Doubts) -> Field:
    source, place = source_of(entry), f"{table}.{column.name}"
    given = entry if isinstance(entry, Mapping) else {}
    titles = [*found, *([source] if source and source not in found else [])]
    more = [
        Field(f"f.{place}.{key}", both(f"mapping.{key}"), str(given.get(key) or ""))
        for key in FORMS.get(column.kind, ())
    ]
    told = _told(doubts.get(f"{table}.columns.{column.name}"))
    told += _told(doubts.get(f"{table}.codes.{column.name}"))
    options = [("", both("mapping.none")), *((one, same(one)) for one in titles if one)]
    must = column.required
    return Field(f"c.{place}", column_name(column.name), source, options, told, more, must)


def column_name(name: str) -> Text:
    """What a column of the contract holds, with its name there."""
    said = both(f"column.{name}")
    return Text(f"{said.en} · {name}", f"{said.zh} · {name}")


def _columns_of(look: Mapping[str, Any], paths: Sequence[str], sheet: str) -> list[str]:
    for one in look.get("files") or ():
        if one["name"] in paths and (one.get("sheet") or "") == sheet:
            return [str(title) for title in one["columns"]]
    return []


def _buckets(late: Tree) -> list[str]:
    held = late.get("buckets")
    return [str(one) for one in held] if isinstance(held, list | dict) else []


def buckets_text(held: Any) -> str:
    """Buckets, one a line: `M1: 1-30`, or the name alone where no days are stated."""
    if isinstance(held, Mapping):
        return "\n".join(f"{name}: {days}" if days else str(name) for name, days in held.items())
    return "\n".join(str(one) for one in held) if isinstance(held, list) else ""


def _targets(column: str, target: str, buckets: Sequence[str]) -> list[tuple[str, Text]]:
    """What a code may mean; nothing to choose from where the contract leaves it free."""
    known = {"status": STATUSES, "stage": (*buckets, *STATUSES[1:])}.get(column)
    if known is None:
        return []
    names = dict.fromkeys([*known, target])
    return [(one, name_of("status", one)) for one in names]


def _role(title: str, table: Tree) -> str:
    return next((role for role in ROLES[1:] if title in _list(table.get(role))), ROLES[0])


def _roles() -> list[tuple[str, Text]]:
    return [(role, both(f"mapping.{role}")) for role in ROLES]


def _choice(key: str) -> list[tuple[str, Text]]:
    return [(one, both(f"mapping.{key}_{one}")) for one in CHOICES.get(key, ())]


def _told(pairs: Any) -> list[Text]:
    return [Text(str(one[0]), str(one[1])) for one in pairs or ()]


def _dict(value: Any) -> Tree:
    return dict(value) if isinstance(value, Mapping) else {}


def _list(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [str(value)] if value else []


# --- back -----------------------------------------------------------------------------------------


def changed(tree: Tree, look: Mapping[str, Any], given: Mapping[str, str]) -> Tree:
    """The mapping with a form's answers in it; what the form does not show stays as it is."""
    made = dict(tree)
    for key in BOOK:
        _put(made, key, given.get(f"b.{key}"))
    tables = _dict(tree.get("tables"))
    for name in tables:
        if name in TABLES:
            tables[name] = _changed_table(name, _dict(tables[name]), look, given)
    made["tables"] = tables
    late = _dict(tree.get("delinquency"))
    _put(late, "by", given.get("d.by"))
    if "d.buckets" in given:
        late["buckets"] = buckets_of(given["d.buckets"])
    made["delinquency"] = late
    return made


def _changed_table(
    name: str, table: Tree, look: Mapping[str, Any], given: Mapping[str, str]
) -> Tree:
    form = _table(name, table, look, {}, ())
    for key in ("path", *FILE):
        value = given.get(f"t.{name}.{key}")
        if key == "path" and value is not None:
            paths = [line.strip() for line in value.splitlines() if line.strip()]
            table["path"] = paths[0] if len(paths) == 1 else paths
        else:
            _put(table, key, value)
    columns = _dict(table.get("columns"))
    for one in form.columns:
        if one.name in given:
            _put_column(columns, one.name.split(".")[2], given[one.name].strip(), one.more, given)
    if form.columns:
        table["columns"] = columns
    for role in ROLES[1:]:
        shown = [one for one in form.others if one.name in given]
        kept = [t for t in _list(table.get(role)) if t not in {one.label.en for one in shown}]
        kept += [one.label.en for one in shown if given[one.name] == role]
        _put_list(table, role, kept)
    codes = _dict(table.get("codes"))
    for column, targets in codes.items():
        codes[column] = {
            text: given.get(f"k.{name}.{column}.{place}", str(target)).strip() or str(target)
            for place, (text, target) in enumerate(_dict(targets).items())
        }
    kept_codes = {column: targets for column, targets in codes.items() if column in columns}
    if codes and not table.get("months"):
        _put_dict(table, "codes", kept_codes)
    elif codes:
        table["codes"] = codes
    return table


def _put_column(
    columns: Tree, name: str, source: str, more: Sequence[Field], given: Mapping[str, str]
) -> None:
    if not source:
        columns.pop(name, None)
        return
    entry = _dict(columns.get(name)) | {"from": source}
    for one in more:
        _put(entry, one.name.split(".")[-1], given.get(one.name))
    columns[name] = entry if len(entry) > 1 else source


def buckets_of(text: str) -> Any:
    """Buckets from their lines: a mapping where any line states days, else a list of names."""
    lines = [line.strip().replace("：", ":") for line in text.splitlines() if line.strip()]
    pairs = [
        (name.strip(), days.strip()) for name, _, days in (one.rpartition(":") for one in lines)
    ]
    if not any(name for name, _ in pairs):
        return [days for _, days in pairs]
    return {name or days: days if name else "" for name, days in pairs}


def lateness_missing(tree: Tree) -> bool:
    """Whether no column of lateness is mapped: nothing can be measured then."""
    table = _dict(_dict(tree.get("tables")).get("performance"))
    return not table.get("months") and not set(LATENESS) & set(_dict(table.get("columns")))


def _put(tree: Tree, key: str, value: str | None) -> None:
    """Set a key from an answer; an empty one takes it away; None was not asked."""
    if value is None:
        return
    if value.strip() or (value and key == "delimiter"):
        tree[key] = value.strip() or value
    else:
        tree.pop(key, None)


def _put_list(tree: Tree, key: str, value: list[str]) -> None:
    if value:
        tree[key] = value
    else:
        tree.pop(key, None)


def _put_dict(tree: Tree, key: str, value: Tree) -> None:
    if value:
        tree[key] = value
    else:
        tree.pop(key, None)
