"""From the plain content of a tape.yaml to a `Manifest`, with every contradiction named at once.

The content comes as text, lists and mappings only (no YAML types); its outer shape has been held
against the schema, and places that broke it are given as `broken` and not judged again.
"""

import difflib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Literal
from zoneinfo import available_timezones

from ruqi.primitives.currency import CODES
from ruqi.tape import bounds, cells
from ruqi.tape.columns import Bucket, Delinquency
from ruqi.tape.contract import LATENESS, STATUSES, TABLES, TERMINAL, Column
from ruqi.tape.lateness import holds
from ruqi.tape.manifest import ColumnMap, Manifest, MonthMap, NumberForm, TableMap

Place = tuple[str | int, ...]
DELIMITERS = {"\\t": "\t", "tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "space": " "}
CODED = ("text", "list", "flag")
IDS = ("account_id", "borrower_id")
EXTRAS = ("features", "protected")
_SCALE = re.compile(r"[0-9]+(\.[0-9]+)?|\.[0-9]+")


@dataclass(frozen=True)
class Problem:
    """One fault of a manifest and the place of its content."""

    place: Place
    found: str | None
    expected: str
    mend: str


@dataclass
class _Reading:
    """The problems found so far, and the places that the schema already faulted."""

    problems: list[Problem]
    broken: frozenset[Place]

    def fault(self, place: Place, found: object, expected: str, mend: str) -> None:
        """Note one problem, unless its place is known to be broken."""
        if not self.is_broken(place):
            said = None if found is None else str(found)
            self.problems.append(Problem(place, said, expected, mend))

    def is_broken(self, place: Place) -> bool:
        """Whether the schema faulted this place, or one around it."""
        return any(place[:n] in self.broken for n in range(len(place) + 1))


def close(word: str, among: Iterable[str]) -> str:
    """` Did you mean …?`, or nothing."""
    near = difflib.get_close_matches(word, list(among), 1, 0.6)
    return f"; did you mean `{near[0]}`?" if near else ""


def build(
    content: Any, broken: Collection[Place], encodings: Collection[str]
) -> tuple[Manifest | None, list[Problem]]:
    """The manifest and its problems. The manifest is None only where no table can be read.

    With problems it holds what could be understood, so that the files are checked in the same
    pass. `encodings` are those that this machine can read, among the ones that the manifest names.
    """
    reading = _Reading([], frozenset(broken))
    if not isinstance(content, Mapping) or () in reading.broken:
        return None, reading.problems
    content = _sound(content, (), reading.broken)
    tables = _tables(reading, content, encodings)
    currency = _currency(reading, content, tables)
    performance = tables.get("performance")
    by, delinquency = _delinquency(reading, content, performance)
    if performance is not None and delinquency is not None:
        _targets(reading, performance, delinquency, by)
    zone = _text(reading, content, "time_zone")
    if zone is not None and not cells.is_zone(zone):
        mend = "use an IANA name such as Asia/Shanghai" + close(zone, available_timezones())
        reading.fault(("time_zone",), zone, "an IANA time zone", mend)
        zone = None
    as_of = _text(reading, content, "as_of")
    observed: Literal["month_end", "statement"] = (
        "statement" if content.get("observed") == "statement" else "month_end"
    )
    manifest = Manifest(
        name=_text(reading, content, "tape") or "",
        currency=currency,
        minor=content.get("amounts") == "minor",
        time_zone=zone,
        as_of=None if as_of is None else _day(reading, ("as_of",), as_of),
        observed=observed,
        synthetic=_synthetic(content.get("synthetic")),
        tables=tables,
        delinquency=delinquency,
        lateness=None if by is None else _column_of(by),
        notes={str(k): str(v) for k, v in _mapping(content.get("notes")).items()},
    )
    return (manifest if tables else None), reading.problems


def _sound(content: Any, place: Place, broken: frozenset[Place]) -> Any:
    """The content without what the schema faulted; a list with a faulty item goes as a whole."""
    if isinstance(content, Mapping):
        return {
            key: _sound(value, (*place, key), broken)
            for key, value in content.items()
            if (*place, key) not in broken
            and not (
                isinstance(value, list)
                and any((*place, key, item) in broken for item in range(len(value)))
            )
        }
    return content


def _text(reading: _Reading, content: Mapping[str, Any], key: str) -> str | None:
    value = content.get(key)
    return value if isinstance(value, str) and not reading.is_broken((key,)) else None


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(item for item in value or () if isinstance(item, str))


def _synthetic(value: Any) -> frozenset[str]:
    if isinstance(value, str):
        return frozenset({"*"}) if value == "true" else frozenset()
    return frozenset(_texts(value))


def _day(reading: _Reading, place: Place, text: str) -> date | None:
    read = cells.day(text, None)
    if isinstance(read, cells.Unfit):
        reading.fault(place, text, read.expected, read.mend)
        return None
    return date.fromordinal(read + cells.EPOCH)


def _currency(
    reading: _Reading, content: Mapping[str, Any], tables: Mapping[str, TableMap]
) -> str | None:
    stated = _text(reading, content, "currency")
    if stated is None:
        if "currency" not in content and not any("currency" in t.mapped for t in tables.values()):
            mend = "write `currency: CNY`, or map a `currency` column"
            reading.fault((), None, "the book's currency", mend)
        return None
    if stated not in CODES:
        mend = "use a code of ISO 4217, such as CNY" + close(stated, CODES)
        reading.fault(("currency",), stated, "an ISO 4217 currency code", mend)
        return None
    return stated


# --- tables -------------------------------------------------------------------------------------


def _tables(
    reading: _Reading, content: Mapping[str, Any], encodings: Collection[str]
) -> dict[str, TableMap]:
    given = _mapping(content.get("tables"))
    made = {}
    for name in TABLES:
        place: Place = ("tables", name)
        if name in given and isinstance(given[name], Mapping) and not reading.is_broken(place):
            table = _table(reading, place, given[name], encodings)
            if table is not None:
                made[name] = table
    for table in made.values():
        _kept_apart(reading, table, made.values())
    return made


def _kept_apart(reading: _Reading, table: TableMap, tables: Iterable[TableMap]) -> None:
    """What is protected in a file stands in no column that scores and segments read from it."""
    same_file = [t for t in tables if set(t.paths) & set(table.paths)]
    apart = {name for other in same_file for name in other.protected}
    place: Place = ("tables", table.name)
    columns = [((*place, "columns", column.name), column) for column in table.columns]
    columns += [((*place, "months"), column) for month in table.months for column in month.columns]
    for where, column in columns:
        if column.source in apart:
            mend = "a protected column never enters a score or a segment; remove it here"
            reading.fault(where, column.source, "a column that is not protected", mend)
    for item, name in enumerate(table.features):
        if name in apart:
            mend = "a protected column never enters a score; remove it from `features`"
            where = (*place, "features", item)
            reading.fault(where, name, "features that are not protected", mend)


def _table(
    reading: _Reading, place: Place, given: Mapping[str, Any], encodings: Collection[str]
) -> TableMap | None:
    name = str(place[1])
    columns = _columns(reading, place, given)
    months = tuple(_months(reading, place, given))
    _required(reading, place, given)
    _codes_known(reading, place, given, columns, months)
    extras = {key: tuple(_extras(reading, place, given, key)) for key in EXTRAS}
    paths = tuple(_paths(reading, place, given))
    encoding = given.get("encoding", "utf-8")
    if encoding not in encodings and "encoding" in given:
        mend = "use e.g. utf-8, gb18030, gbk, big5, utf-16 or latin-1"
        reading.fault((*place, "encoding"), encoding, "a text encoding", mend)
        encoding = "utf-8"
    delimiter = str(given.get("delimiter", ","))
    delimiter = DELIMITERS.get(delimiter, delimiter)
    if len(delimiter) != 1 or not delimiter.isascii() or delimiter in '"\r\n':
        mend = 'use one of "," ";" "|" or "\\t"'
        reading.fault((*place, "delimiter"), delimiter, "one plain character", mend)
        delimiter = ","
    if not paths:
        return None
    return TableMap(
        name=name,
        paths=paths,
        columns=columns,
        months=months,
        features=extras["features"],
        protected=extras["protected"],
        missing=frozenset(_texts(given.get("missing"))),
        encoding=str(encoding),
        delimiter=delimiter,
        sheet=given.get("sheet"),
    )


def _paths(reading: _Reading, place: Place, given: Mapping[str, Any]) -> Iterator[str]:
    listed = given.get("path")
    for item, path in enumerate(_texts(listed)):
        where = (*place, "path") if isinstance(listed, str) else (*place, "path", item)
        steps = path.replace("\\", "/").split("/")
        if path.startswith(("/", "\\", "~")) or re.match(r"[A-Za-z]:", path) or ".." in steps:
            mend = "put the file beside the manifest, or below it"
            reading.fault(where, path, "a path relative to the manifest, inside its folder", mend)
        elif not path.strip():
            reading.fault(where, path, "a file", "name the table's file")
        else:
            yield path


def _columns(reading: _Reading, place: Place, given: Mapping[str, Any]) -> tuple[ColumnMap, ...]:
    mapped = _mapping(given.get("columns"))
    known = {column.name: column for column in TABLES[str(place[1])]}
    made = (
        _column(reading, (*place, "columns", name), known[name], given, mapped[name])
        for name in mapped
        if name in known
    )
    return tuple(column for column in made if column is not None)


def _column(
    reading: _Reading, place: Place, column: Column, table: Mapping[str, Any], value: Any
) -> ColumnMap | None:
    if reading.is_broken(place) or not isinstance(value, str | Mapping):
        return None
    spec = {"from": value} if isinstance(value, str) else value
    if not isinstance(spec.get("from"), str) or reading.is_broken((*place, "from")):
        return None
    codes = _mapping(table.get("codes")).get(column.name)
    missing = spec.get("missing", table.get("missing"))
    return ColumnMap(
        name=column.name,
        source=spec["from"].strip(cells.WHITE),
        kind=column.kind,
        required=column.required,
        format=_format(reading, place, column, spec),
        form=_form(reading, place, column, table, spec),
        missing=frozenset(_texts(missing)),
        codes={str(k): str(v) for k, v in codes.items()} if isinstance(codes, Mapping) else None,
    )


def _format(reading: _Reading, place: Place, column: Column, spec: Mapping[str, Any]) -> str | None:
    pattern = spec.get("format")
    if not isinstance(pattern, str):
        return None
    where = (*place, "format")
    if column.kind not in ("date", "instant"):
        mend = "remove `format`; only dates and instants have one"
        reading.fault(where, pattern, f"no format for {column.name}", mend)
        return None
    words = re.findall(r"%(.)", pattern)
    unknown = [word for word in words if word not in "YymdHMSfzZjbBpIe-aA%"]
    year_and_month = {"Y", "y"} & set(words) and {"m", "b", "B", "j"} & set(words)
    if unknown or not year_and_month:
        mend = "write e.g. %Y-%m-%d, %Y%m%d or %Y年%m月"
        reading.fault(where, pattern, "a date pattern with year and month", mend)
        return None
    return pattern


def _form(
    reading: _Reading,
    place: Place,
    column: Column,
    table: Mapping[str, Any],
    spec: Mapping[str, Any],
) -> NumberForm:
    is_number = column.kind in ("amount", "whole")
    for key in ("thousands", "decimal", "scale", "sign"):
        if key in spec and not is_number:
            mend = f"remove `{key}`; only numbers have one"
            reading.fault((*place, key), spec[key], f"no {key} for {column.name}", mend)
    if not is_number:
        return NumberForm()
    here = {**{k: table[k] for k in ("thousands", "decimal") if k in table}, **spec}
    if column.kind == "amount":
        here = {**{k: table[k] for k in ("scale", "sign") if k in table}, **here}
    thousands, decimal = str(here.get("thousands") or ""), str(here.get("decimal") or ".")
    if thousands == decimal:
        mend = "let thousands and decimals have different marks"
        where = (*place, "decimal") if "decimal" in spec else place
        reading.fault(where, decimal, f"a decimal mark other than `{thousands}`", mend)
        thousands = ""
    scale = str(here.get("scale") or "1")
    factor = Fraction(scale) if _SCALE.fullmatch(scale) else Fraction(0)
    if factor <= 0:
        mend = "write e.g. `scale: 10000` for amounts in ten thousands"
        where = (*place, "scale") if "scale" in spec else (*place[:2], "scale")
        reading.fault(where, scale, "a positive number", mend)
        factor = Fraction(1)
    return NumberForm(thousands, decimal, factor, str(here.get("sign")) in ("-1", "-", "negate"))


def _months(reading: _Reading, place: Place, given: Mapping[str, Any]) -> Iterator[MonthMap]:
    known = {column.name: column for column in TABLES["performance"]}
    seen: dict[tuple[int, int], str] = {}
    for key, mapped in _mapping(given.get("months")).items():
        where = (*place, "months", key)
        on = _day(reading, where, key)
        if on is None or not isinstance(mapped, Mapping):
            continue
        first = seen.setdefault((on.year, on.month), key)
        if first != key:
            mend = f"keep one; {first} is of the same month"
            reading.fault(where, key, "each month once", mend)
            continue
        if not set(LATENESS) & (set(mapped) | set(_mapping(given.get("columns")))):
            mend = "map dpd_days, months_past_due or stage of that month"
            reading.fault(where, None, "a column of lateness", mend)
        made = (
            _column(reading, (*where, name), known[name], given, value)
            for name, value in mapped.items()
            if name in known
        )
        columns = tuple(column for column in made if column is not None)
        for name in ("account_id", "on"):
            if name in mapped:
                mend = "map `account_id` under `columns`; the month is `on`"
                reading.fault((*where, name), mapped[name], "columns of one month", mend)
        yield MonthMap(on, tuple(c for c in columns if c.name not in ("account_id", "on")))


def _required(reading: _Reading, place: Place, given: Mapping[str, Any]) -> None:
    mapped = _mapping(given.get("columns"))
    wide = bool(given.get("months"))
    if reading.is_broken((*place, "columns")) or "columns" not in given:
        return
    slips = _slips(reading, place)
    for column in TABLES[str(place[1])]:
        lacks = column.name not in mapped and not (wide and column.name == "on")
        if column.required and lacks and not close(column.name, slips):
            mend = f"map it: `{column.name}: <the file's column>`"
            reading.fault((*place, "columns"), None, f"a mapping of {column.name}", mend)
    if wide and "on" in mapped:
        mend = "remove it, or remove `months`; in the wide form the months say `on`"
        reading.fault((*place, "columns", "on"), None, "no `on` beside `months`", mend)
    if place[1] != "performance":
        return
    if not wide and not set(LATENESS) & set(mapped) and not any(close(n, slips) for n in LATENESS):
        mend = "map dpd_days, months_past_due or stage"
        reading.fault((*place, "columns"), None, "a column of lateness", mend)


def _slips(reading: _Reading, place: Place) -> list[str]:
    """Keys under `columns` that are no column's name; they are faulted once, by the schema."""
    known = {column.name for column in TABLES[str(place[1])]}
    under = (p for p in reading.broken if len(p) == 4 and p[:3] == (*place, "columns"))
    return sorted(str(p[3]) for p in under if p[3] not in known)


def _codes_known(
    reading: _Reading,
    place: Place,
    given: Mapping[str, Any],
    columns: Sequence[ColumnMap],
    months: Sequence[MonthMap],
) -> None:
    names = {column.name for column in columns} | {c.name for m in months for c in m.columns}
    kinds = {column.name: column.kind for column in TABLES[str(place[1])]}
    for name, codes in _mapping(given.get("codes")).items():
        where = (*place, "codes", name)
        if name not in kinds:
            mend = "name a column of the contract" + close(name, kinds)
            reading.fault(where, name, f"a column of {place[1]}", mend)
        elif name not in names and not close(name, _slips(reading, place)):
            mend = f"map {name} under `columns`, or remove its codes"
            reading.fault(where, name, "codes of a mapped column", mend)
        elif name in IDS or (kinds[name] not in CODED and name not in LATENESS):
            mend = f"remove them; {name} holds {kinds[name]}s"
            reading.fault(where, name, "codes of a column of words", mend)
        elif name == "status":
            _fixed_targets(reading, where, _mapping(codes), STATUSES)
        elif name == "currency":
            _fixed_targets(reading, where, _mapping(codes), CODES)


def _fixed_targets(
    reading: _Reading, place: Place, codes: Mapping[str, Any], words: Collection[str]
) -> None:
    for value, target in codes.items():
        if target not in words:
            some = ", ".join(sorted(words)[:8])
            mend = f"lead it to one of {some}" + close(str(target), words)
            reading.fault((*place, value), target, f"a {place[-1]}", mend)


def _extras(reading: _Reading, place: Place, given: Mapping[str, Any], key: str) -> Iterator[str]:
    seen: set[str] = set()
    for item, raw in enumerate(_texts(given.get(key))):
        name = raw.strip(cells.WHITE)
        where = (*place, key, item)
        if name in seen:
            reading.fault(where, name, "each column once", "keep one of them")
        else:
            yield name
        seen.add(name)


# --- delinquency --------------------------------------------------------------------------------


def _column_of(by: bounds.By) -> str:
    return next(name for name, word in bounds.LEADS.items() if word == by)


def _delinquency(
    reading: _Reading, content: Mapping[str, Any], performance: TableMap | None
) -> tuple[bounds.By | None, Delinquency | None]:
    mapped = [] if performance is None else [c for c in LATENESS if c in performance.mapped]
    given = content.get("delinquency")
    stated = _mapping(given).get("by")
    by: bounds.By | None = next((word for word in bounds.LEADS.values() if word == stated), None)
    if reading.is_broken(("delinquency",)) or reading.is_broken(("delinquency", "by")):
        return by or (bounds.LEADS[mapped[0]] if mapped else None), None
    if by is None and mapped:
        by = bounds.LEADS[mapped[0]]
    if by is None:
        return None, None
    if performance is not None and mapped and _column_of(by) not in mapped:
        mend = f"map performance.{_column_of(by)}, or state `by: {bounds.LEADS[mapped[0]]}`"
        reading.fault(("delinquency", "by"), by, f"a mapped {_column_of(by)}", mend)
        return bounds.LEADS[mapped[0]], None
    listed = _mapping(given).get("buckets")
    if listed is None:
        usual = bounds.default(by)
        if usual is None:
            mend = "list the stages mildest first: `delinquency: {by: stage, buckets: {M0: 0, …}}`"
            place: Place = ("delinquency",) if given is not None else ("tables", "performance")
            reading.fault(place, None, "the order of the lender's stages", mend)
        return by, usual
    return by, _buckets(reading, by, listed)


def _buckets(reading: _Reading, by: bounds.By, listed: Any) -> Delinquency | None:
    place: Place = ("delinquency", "buckets")
    if reading.is_broken(place):
        return None
    before = len(reading.problems)
    if isinstance(listed, Mapping):
        made = []
        for name, text in listed.items():
            bucket = bounds.parse(name, text)
            if bucket is None:
                mend = "write 0, 1-30 or 181-"
                reading.fault((*place, name), text, "bounds with both ends included", mend)
            else:
                made.append(bucket)
    else:
        made = [Bucket(name, None, None) for name in _texts(listed)]
        if by != "stage":
            unit = "days" if by == "days" else "months"
            mend = f"write `buckets: {{M0: 0, M1: 1-30, …}}`; {unit} decide the bucket"
            reading.fault(place, None, "bounds for each bucket", mend)
            return None
    for item, bucket in enumerate(made):
        if bucket.name in {other.name for other in made[:item]}:
            reading.fault((*place, item), bucket.name, "each bucket once", "keep one of them")
    for name, (expected, mend) in bounds.problems(by, made).items():
        found = listed[name] if isinstance(listed, Mapping) else name
        reading.fault((*place, name), found, expected, mend)
    if len(made) > 100:
        reading.fault(place, len(made), "at most 100 buckets", "group the latest")
    if not made or len(reading.problems) > before:
        return None
    return Delinquency(by, tuple(made))


def _targets(
    reading: _Reading, performance: TableMap, delinquency: Delinquency, by: bounds.By | None
) -> None:
    """Each code of the leading column leads to a bucket, a status or (in numbers) a number."""
    lead = None if by is None else _column_of(by)
    names = [bucket.name for bucket in delinquency.buckets]
    wide = (column for month in performance.months for column in month.columns)
    tables = {
        c.name: c.codes
        for c in (*performance.columns, *wide)
        if c.name in LATENESS and c.codes is not None
    }
    for column, codes in tables.items():
        for value, target in codes.items():
            numbered = column != "stage" and target.isascii() and target.isdigit()
            if numbered and column == lead:
                numbered = any(holds(bucket, int(target)) for bucket in delinquency.buckets)
            if target in names or target in TERMINAL or numbered:
                continue
            if column != lead and column == "stage":
                continue
            words = [*names, *TERMINAL]
            mend = f"lead it to one of {', '.join(words)}" + close(target, words)
            place = ("tables", "performance", "codes", column, value)
            reading.fault(place, target, "a bucket or a status", mend)
