"""Every definition's newest answer, and the first of them by segment: one book, many rates."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ruqi.adapters.report import numbers
from ruqi.adapters.report.blocks import Cell, Column, Note, Section, Table, figure, row_head
from ruqi.adapters.report.book import Book, View
from ruqi.adapters.report.trend import remarks_cell, trend_definitions
from ruqi.adapters.report.words import NOTHING, Text, listed, name_of, same, say

SEGMENTS = 30
LATE = ("late_", "overdue_", "ever_")  # definitions of how much is overdue; the others are folded


def measures_section(view: View, book: Book) -> Section:
    """Every definition's newest answer: one book, many rates; and what it cannot answer."""
    rows = newest(view)
    known = [row for row in rows if row["value"] is not None]
    late = [row for row in known if row["definition_id"].startswith(LATE)]
    others = [row for row in known if row not in late]
    comparable = [
        row
        for row in late
        if row["unit"] == "share"
        and not row["definition_id"].startswith("ever_")
        and numbers.as_date(row["on"]) == numbers.as_date(known[-1]["on"])
    ]
    blocks: list[Any] = [Note(_range(book, comparable), "lead")] if len(comparable) > 1 else []
    on = numbers.long_day(book.as_of)
    blocks += [_answers(book, say("measures.table", on=on), late, False)] if late else []
    blocks += [_answers(book, say("measures.others", on=on), others, True)] if others else []
    unknown = [row for row in rows if row["value"] is None and row.get("needs")]
    blocks += [*_unknown(book, unknown), *_segments(view, book)]
    return Section("measures", say("measures.title"), blocks)


def _answers(book: Book, caption: Text, rows: Sequence[dict[str, Any]], folded: bool) -> Table:
    columns = [
        Column(say("words.definition")),
        Column(say("words.value"), True),
        Column(say("words.interval"), True),
        Column(say("measures.numerator"), True),
        Column(say("measures.denominator"), True),
        Column(say("words.remarks")),
    ]
    body = [_measure_row(book, row) for row in rows]
    return Table(caption, columns, body, foot=say("measures.foot"), folded=folded)


def _unknown(book: Book, rows: Sequence[dict[str, Any]]) -> list[Table]:
    """What this book cannot answer, by the columns that it would need."""
    if not rows:
        return []
    by_need: dict[tuple[str, ...], list[Text]] = {}
    for row in rows:
        by_need.setdefault(tuple(row["needs"]), []).append(book.definition(row["definition_id"]))
    body = [
        [Cell(listed([same(one) for one in needs]), "code"), Cell(listed(names), "wrap")]
        for needs, names in by_need.items()
    ]
    columns = [Column(say("measures.needed")), Column(say("measures.unanswered"))]
    return [Table(say("measures.unknown"), columns, body, folded=True)]


def newest(view: View) -> list[dict[str, Any]]:
    """The newest known row of each definition (an unknown one where none is known)."""
    chosen: dict[str, dict[str, Any]] = {}
    for row in sorted(view.get("measures") or [], key=lambda row: str(row["on"])):
        if row["segment"] != "all":
            continue
        held = chosen.get(row["definition_id"])
        if held is None or row["value"] is not None or held["value"] is None:
            chosen[row["definition_id"]] = row
    order = {one: place for place, one in enumerate(view.get("definitions") or {})}
    return sorted(
        chosen.values(),
        key=lambda row: (order.get(row["definition_id"], 999), row["definition_id"]),
    )


def _range(book: Book, rows: Sequence[dict[str, Any]]) -> Text:
    low = min(rows, key=lambda row: row["value"])
    high = max(rows, key=lambda row: row["value"])
    return say(
        "measures.range",
        low=numbers.percent(low["value"]),
        high=numbers.percent(high["value"]),
        low_name=book.definition(low["definition_id"]),
        high_name=book.definition(high["definition_id"]),
    )


def _measure_row(book: Book, row: dict[str, Any]) -> list[Cell]:
    name = Cell(
        book.definition(row["definition_id"]), head=True, link=f"#def-{row['definition_id']}"
    )
    return [
        name,
        figure(valued(book, row)),
        figure(interval(book, row), style="soft"),
        figure(part(book, row, "numerator"), style="soft"),
        figure(part(book, row, "denominator"), style="soft"),
        remarks_cell(book, row, False),
    ]


def valued(book: Book, row: dict[str, Any]) -> Text:
    """A measure's value in its own unit."""
    if row["unit"] == "share":
        return same(numbers.percent(row["value"]))
    if row["unit"] == "minor":
        return numbers.compact(row["value"], book.currency)
    if row["unit"] == "days":
        return say("words.days", days=f"{row['value']:,.1f}")
    return same(numbers.count(row["value"]))


def interval(book: Book, row: dict[str, Any]) -> Text:
    """A measure's interval in its own unit; nothing where it has none."""
    if row["unit"] == "share":
        return same(numbers.span(row["low"], row["high"]))
    if row["low"] is None:
        return NOTHING
    low, high = (valued(book, row | {"value": row[side]}) for side in ("low", "high"))
    return Text(f"{low.en}–{high.en}", f"{low.zh}–{high.zh}")


def part(book: Book, row: dict[str, Any], field: str) -> Text:
    """A share's `numerator` or `denominator`: an amount where the definition weighs by balance."""
    value = row.get(field)
    if value is None or row["unit"] != "share":
        return NOTHING
    weight = book.definitions.get(row["definition_id"], {}).get("weight")
    by_balance = weight == "amount"
    return numbers.compact(value, book.currency) if by_balance else same(numbers.count(value))


def _segments(view: View, book: Book) -> list[Any]:
    """The first trend definition by product, partner and region, where the book has them."""
    ids = trend_definitions(view)
    rows = [
        row
        for row in view.get("measures") or []
        if row["segment"] != "all"
        and ids
        and row["definition_id"] == ids[0]
        and numbers.as_date(row["on"]) == book.as_of
        and row["value"] is not None
    ]
    if not rows:
        return []
    rows = sorted(rows, key=lambda row: (row["segment"].split("=")[0], -row["value"]))[:SEGMENTS]
    top = max(row["value"] for row in rows) or 1
    table = Table(
        say("measures.segments", name=book.definition(ids[0]), on=numbers.long_day(book.as_of)),
        [
            Column(say("measures.by")),
            Column(say("measures.segment")),
            Column(say("words.value"), True),
            Column(say("words.interval"), True),
            Column(say("measures.denominator"), True),
        ],
        [_segment_row(book, row, top) for row in rows],
        ids[0],
    )
    return [table]


def _segment_row(book: Book, row: dict[str, Any], top: float) -> list[Cell]:
    column, _, value = row["segment"].partition("=")
    share = figure(numbers.percent(row["value"]))
    return [
        Cell(name_of("segment", column), style="soft"),
        row_head(value),
        replace(share, bar=row["value"] / top),
        figure(numbers.span(row["low"], row["high"]), style="soft"),
        figure(part(book, row, "denominator"), style="soft"),
    ]
