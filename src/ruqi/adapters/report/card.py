"""The data card: what the book holds, what is synthetic, what is kept apart, and every remark."""

from collections.abc import Mapping, Sequence
from typing import Any

from ruqi.adapters.report import numbers
from ruqi.adapters.report.blocks import Cell, Column, Note, Section, Table, figure, row_head
from ruqi.adapters.report.book import BREAKS, Book, View
from ruqi.adapters.report.words import NOTHING, Text, listed, name_of, pair, same, say

Row = Mapping[str, Any]
SHOWN = 6  # remarks shown at once; more are folded


def card_section(view: View, book: Book) -> Section:
    """Tables, columns, labels."""
    card = view.get("data_card") or {}
    blocks: list[Any] = []
    if card.get("accounts"):
        blocks.append(
            Note(
                say(
                    "card.lead",
                    accounts=numbers.count(card.get("accounts")),
                    borrowers=numbers.count(card.get("borrowers")),
                    months=card.get("months"),
                    first=numbers.month(card.get("first_on")),
                    last=numbers.month(card.get("last_on")),
                    observed=name_of("observed", str(card.get("observed"))),
                    currency=book.currency,
                ),
                "lead",
            )
        )
    if synthetic := synthetic_note(book):
        blocks.append(Note(synthetic, "mark"))
    blocks.append(_tables(card.get("tables") or []))
    absent = [name_of("table", one) for one in card.get("tables_absent") or []]
    if absent:
        blocks.append(Note(say("card.absent", tables=listed(absent))))
    if card.get("features"):
        blocks.append(Note(say("card.features", columns=_names(card["features"]))))
    if card.get("protected"):
        blocks.append(Note(say("card.protected", columns=_names(card["protected"]))))
    return Section("card", say("card.title"), blocks)


def synthetic_note(book: Book) -> Text | None:
    """Which parts of the book are synthetic; None where none is."""
    if not book.synthetic:
        return None
    if "*" in book.synthetic:
        return say("card.all_synthetic")
    return say("card.synthetic", tables=listed([name_of("table", one) for one in book.synthetic]))


def _names(names: Sequence[str]) -> Text:
    return listed([same(name) for name in names])


def _tables(rows: Sequence[Row]) -> Table:
    body = []
    for row in rows:
        label = say("card.synthetic_label") if row.get("synthetic") else NOTHING
        body.append(
            [
                row_head(name_of("table", str(row["table"])), label),
                figure(numbers.count(row.get("rows"))),
                Cell(_names(row.get("columns") or []), "wrap code"),
                Cell(_names(row.get("absent") or []), "wrap code soft"),
            ]
        )
    columns = [
        Column(say("card.table")),
        Column(say("card.rows"), True),
        Column(say("card.columns")),
        Column(say("card.columns_absent")),
    ]
    return Table(say("card.tables"), columns, body)


def remarks_section(_view: View, book: Book) -> Section:
    """Every remark with its number, as the other parts cite it."""
    title = say("remarks.title")
    if not book.remarks:
        return Section("remarks", title, [Note(say("remarks.none"))])
    body = []
    for remark in book.remarks.values():
        row = remark.row
        body.append(
            [
                row_head(f"[{remark.number}]"),
                Cell(name_of("remark", remark.kind)),
                Cell(same(row.get("column") or ""), "code"),
                Cell(same(numbers.iso(remark.on) if remark.on else "")),
                figure(numbers.count(row.get("count"))),
                figure(numbers.percent(row.get("share"))),
                Cell(pair(row, "says"), "wrap"),
            ]
        )
    columns = [
        Column(say("remarks.number")),
        Column(say("remarks.kind")),
        Column(say("remarks.column")),
        Column(say("remarks.on")),
        Column(say("remarks.count"), True),
        Column(say("remarks.share"), True),
        Column(say("remarks.says")),
    ]
    breaks = [
        Note(say("remarks.break", number=one.number, says=pair(one.row, "says")), "mark")
        for one in book.remarks.values()
        if one.kind in BREAKS
    ]
    caption = say("remarks.table", remarks=len(body))
    table = Table(caption, columns, body, style="sample", folded=len(body) > SHOWN)
    return Section("remarks", title, [Note(say("remarks.lead"), "lead"), *breaks, table])
