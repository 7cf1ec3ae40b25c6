"""The measures that were asked for as one table, in the report's own formats."""

from typing import Any

from ruqi.adapters.report import numbers
from ruqi.adapters.report.blocks import Cell, Column, Table, figure, row_head
from ruqi.adapters.report.measures import interval, part, valued
from ruqi.adapters.report.trend import remarks_cell
from ruqi.adapters.report.words import Text, listed, name_of, same, say
from ruqi.apps.console.opened import Opened
from ruqi.apps.web.words import both
from ruqi.services.figures import EVERY, FigureQuery

Row = dict[str, Any]


def figure_table(run: Opened, query: FigureQuery, rows: list[Row]) -> Table:
    """At least one row; columns that would say the same in every row are left out."""
    every, months = query.definition == EVERY, query.month == EVERY
    bars = not every and not months and rows[0]["unit"] == "share"
    top = max((row["value"] or 0.0 for row in rows), default=0.0) or 1.0
    heads = [Column(both("portfolio.definition"))] if every else []
    heads += [Column(both("portfolio.by"))]
    heads += [Column(both("portfolio.month"))] if months else []
    heads += [
        Column(say("words.value"), True),
        Column(say("words.interval"), True),
        Column(say("measures.numerator"), True),
        Column(say("measures.denominator"), True),
        Column(say("words.remarks")),
    ]
    body = []
    for row in rows:
        share = (row["value"] or 0.0) / top if bars and row["value"] is not None else None
        name = [row_head(run.book.measured(row["definition_id"]))] if every else []
        segment = _segment(row)
        cells = [*name, Cell(segment) if every else row_head(segment)]
        cells += [Cell(numbers.month(row["on"]))] if months else []
        cells.append(_value(run, row, share))
        cells += [
            figure(one, style="soft")
            for one in (
                interval(run.book, row),
                part(run.book, row, "numerator"),
                part(run.book, row, "denominator"),
            )
        ]
        broken = bool(run.book.breaks(row["remark_ids"], numbers.as_date(row["on"])))
        body.append([*cells, _needs(row) or remarks_cell(run.book, row, broken)])
    definition = "" if every else query.definition
    return Table(_caption(run, query), heads, body, definition, "figures", shown=True)


def _caption(run: Opened, query: FigureQuery) -> Text:
    name = both("portfolio.every_definition")
    if query.definition != EVERY:
        name = run.book.measured(query.definition)
    every = query.month == EVERY
    when = both("portfolio.every_month") if every else numbers.month(query.month)
    return Text(f"{name.en}, {when.en}", f"{name.zh}，{when.zh}")


def _segment(row: Row) -> Text:
    column, _, value = row["segment"].partition("=")
    name = name_of("segment", column)
    return Text(f"{name.en}: {value}", f"{name.zh}：{value}") if value else name


def _needs(row: Row) -> Cell | None:
    """Which columns a figure would need, in the place of remarks; None where it is known."""
    if row["value"] is not None or not row.get("needs"):
        return None
    lacks = listed([same(one) for one in row["needs"]])
    return Cell(both("portfolio.needs", columns=lacks), "wrap soft")


def _value(run: Opened, row: Row, share: float | None) -> Cell:
    if row["value"] is None:
        return figure(numbers.UNKNOWN)
    return Cell(valued(run.book, row), "n", bar=share)
