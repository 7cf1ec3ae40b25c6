"""A drafted manifest as the text of a tape.yaml, with a comment at everything unsure."""

import json
from collections.abc import Mapping, Sequence

from ruqi.tape.draft_codes import TODO, Said
from ruqi.tape.draft_columns import ColumnDraft
from ruqi.tape.draft_scalar import scalar
from ruqi.tape.draft_shape import BookDraft, TableDraft

INLINE_MAX = 88


def text_of(book: BookDraft) -> str:
    """The whole file; the same draft gives the same text."""
    lines = [
        "# Drafted from the files below; a person reads it before it is used.",
        "# 由文件自动起草，使用前须人工核对。",
    ]
    if any(TODO in line for line in _body(book)):
        lines.append(
            f"# {TODO}: fill it in; a check refuses it until then. / 待填写，未填前无法通过检查。"
        )
    return "\n".join([*lines, "", *_body(book)]) + "\n"


def _body(book: BookDraft) -> list[str]:
    lines = [f"tape: {scalar(book.name)}"]
    lines += _unsure(book.doubts.get("currency", ()), 0)
    if book.currency is not None:
        lines.append(f"currency: {book.currency}")
    lines += _unsure(book.doubts.get("amounts", ()), 0)
    lines.append(f"amounts: {'minor' if book.minor else 'major'}")
    lines += _unsure(book.doubts.get("time_zone", ()), 0)
    if book.time_zone is not None:
        lines.append(f"time_zone: {book.time_zone}")
    if book.as_of is not None:
        newest = "default: the newest day / 默认为最新一日"  # fixed, next month would not be read
        lines.append(f"# as_of: {book.as_of.isoformat()}  # {newest}")
    lines += _unsure(book.doubts.get("observed", ()), 0)
    lines.append(f"observed: {'statement' if book.statement else 'month_end'}")
    if book.synthetic:
        lines += [*_unsure(book.doubts.get("synthetic", ()), 0), "synthetic: true"]
    lines.append("")
    lines += _unsure(book.doubts.get("tables", ()), 0)
    lines.append("tables:")
    for table in book.tables.values():
        lines += _table(table)
    lines += ["", *_delinquency(book)]
    return lines


def _table(table: TableDraft) -> list[str]:
    look = table.look
    lines = _unsure([*look.doubts, *table.doubts], 2)
    lines.append(f"  {table.name}:")
    if len(table.paths) == 1:
        lines.append(f"    path: {scalar(table.paths[0])}")
    else:
        lines.append("    path:")
        lines += [f"      - {scalar(path)}" for path in table.paths]
    if look.sheet is not None:
        lines.append(f"    sheet: {scalar(look.sheet)}")
    if look.encoding not in (None, "utf-8"):
        lines.append(f"    encoding: {look.encoding}")
    if look.delimiter not in (None, ","):
        shown = "\\t" if look.delimiter == "\t" else look.delimiter
        lines.append(f"    delimiter: {json.dumps(shown)}".replace("\\\\t", "\\t"))
    if table.form is not None:
        if table.form.thousands:
            lines.append(f"    thousands: {json.dumps(table.form.thousands)}")
        lines.append(f"    decimal: {json.dumps(table.form.decimal)}")
    lines.append("    columns:")
    for name, column in table.columns.items():
        lines += _unsure(column.doubts, 6)
        lines.append(f"      {name}: {_column(column)}")
    lines += _months(table)
    if table.codes:
        lines.append("    codes:")
        for name, codes in table.codes.items():
            lines += _mapping(name, codes, 6)
    for key, columns in (("features", table.features), ("protected", table.protected)):
        if columns:
            lines += _list(key, columns, 4)
    if table.left:
        lines.append("    # not used / 未使用:")
        lines += [f"    #   {name}: {en} / {zh}" for name, (en, zh) in table.left.items()]
    return lines


def _months(table: TableDraft) -> list[str]:
    if not table.months:
        return []
    doubts = [d for columns in table.months.values() for c in columns.values() for d in c.doubts]
    lines = [*_unsure(doubts, 4), "    months:"]
    for key, columns in table.months.items():
        inside = ", ".join(f"{name}: {_column(column)}" for name, column in columns.items())
        lines.append(f"      {scalar(key)}: {{{inside}}}")
    return lines


def _column(column: ColumnDraft) -> str:
    if not column.spec:
        return scalar(column.source)
    parts = [f"from: {scalar(column.source)}"]
    for key, value in column.spec.items():
        if isinstance(value, str):
            parts.append(
                f"{key}: {value if key == 'scale' else json.dumps(value, ensure_ascii=False)}"
            )
        else:
            items = ", ".join(json.dumps(item, ensure_ascii=False) for item in value)
            parts.append(f"{key}: [{items}]")
    return "{" + ", ".join(parts) + "}"


def _delinquency(book: BookDraft) -> list[str]:
    lines = _unsure(book.order.doubts, 0)
    lines += ["delinquency:", f"  by: {book.by}"]
    buckets = book.order.buckets
    if not buckets:
        lines += ["  buckets:", f"    - {TODO}"]
    elif all(bounds is None for bounds in buckets.values()):
        lines += _list("buckets", list(buckets), 2)
    else:
        lines += _mapping("buckets", {k: v or "" for k, v in buckets.items()}, 2)
    return lines


def _mapping(key: str, pairs: Mapping[str, str], indent: int) -> list[str]:
    space = " " * indent
    items = [f"{scalar(k)}: {scalar(v)}" for k, v in pairs.items()]
    line = f"{space}{key}: {{{', '.join(items)}}}"
    if len(line) <= INLINE_MAX:
        return [line]
    return [f"{space}{key}:", *(f"{space}  {item}" for item in items)]


def _list(key: str, items: Sequence[str], indent: int) -> list[str]:
    space = " " * indent
    line = f"{space}{key}: [{', '.join(scalar(item) for item in items)}]"
    if len(line) <= INLINE_MAX:
        return [line]
    return [f"{space}{key}:", *(f"{space}  - {scalar(item)}" for item in items)]


def _unsure(doubts: Sequence[Said], indent: int) -> list[str]:
    space = " " * indent
    return [
        line
        for en, zh in dict.fromkeys(doubts)
        for line in (f"{space}# unsure: {_line(en)}", f"{space}# 存疑：{_line(zh)}")
    ]


def _line(text: str) -> str:
    return " ".join(text.split())
