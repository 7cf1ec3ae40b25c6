"""Loans opened in one month, by months on book; what is not yet mature stays empty."""

from collections.abc import Mapping, Sequence
from typing import Any

from ruqi.adapters.report import numbers
from ruqi.adapters.report.blocks import (
    Cell,
    Chart,
    Column,
    Note,
    Panel,
    Section,
    Switch,
    Table,
    figure,
    row_head,
)
from ruqi.adapters.report.book import Book, View
from ruqi.adapters.report.words import Text, listed, same, say

DRAWN = 6  # vintages in the chart: a board reads six lines, not twenty
DASHES = ("solid", "dashed", "dotted")
COLOURS = ("@brand", "@c2", "@c3", "@c4", "@c5", "@c6")

Cells = Mapping[tuple[str, int], Mapping[str, Any]]


def vintages_section(view: View, book: Book) -> Section:
    """Chart and table of mature cells for each definition, or which column they would need."""
    found = view.get("vintages") or {}
    title = say("vintages.title")
    tables = [row for row in found.get("tables") or [found] if mature_cells(row)]
    if not tables:
        needs = listed([same(one) for one in found.get("needs") or []])
        note = say("vintages.needs", columns=needs) if needs.en else say("vintages.none")
        return Section("vintages", title, [Note(note, "mark")])
    names = [book.definition(str(row["definition_id"])) for row in tables]
    panels = [Panel((place,), _panel(book, row)) for place, row in enumerate(tables)]
    switch = Switch("vintages-by", [say("words.definition")], [names], panels)
    return Section("vintages", title, [Note(say("vintages.lead"), "lead"), switch])


def mature_cells(table: Mapping[str, Any]) -> Cells:
    """The cells of one vintage table whose month on book every account has reached."""
    return {
        (str(cell["opened"]), int(cell["mob"])): cell
        for cell in table.get("cells") or []
        if cell.get("mature") and cell.get("value") is not None
    }


def _panel(book: Book, table: Mapping[str, Any]) -> list[Any]:
    mature = mature_cells(table)
    definition = str(table["definition_id"])
    name = book.definition(definition)
    opened = sorted({key[0] for key in mature})
    chart = Chart(
        id=f"vintages-{definition}",
        title=name,
        says=say("vintages.says", name=name, vintages=len(opened)),
        options=_options(mature, drawn(mature, opened)),
        height="l",
        definition=definition,
    )
    return [chart, _table(mature, opened, table, name)]


def drawn(mature: Cells, opened: Sequence[str]) -> list[str]:
    """The vintages that the chart draws: evenly chosen among those with at least three cells."""
    long = [one for one in opened if sum(key[0] == one for key in mature) > 2]
    if len(long) <= DRAWN:
        return long
    return [long[round(place * (len(long) - 1) / (DRAWN - 1))] for place in range(DRAWN)]


def _options(mature: Cells, chosen: Sequence[str]) -> dict[str, Any]:
    months = range(max(key[1] for key in mature) + 1)
    series = []
    for place, vintage in enumerate(chosen):
        data = [
            round(mature[vintage, mob]["value"] * 100, 4) if (vintage, mob) in mature else None
            for mob in months
        ]
        colour = COLOURS[place % len(COLOURS)]
        series.append(
            {
                "name": vintage,
                "type": "line",
                "data": data,
                "symbol": "none",
                "lineStyle": {"width": 2, "type": DASHES[place % 3], "color": colour},
                "itemStyle": {"color": colour},
                "endLabel": {"show": True, "formatter": vintage, "color": colour},
                "labelLayout": {"moveOverlap": "shiftY"},
            }
        )
    axis = say("words.mob")
    return {
        "grid": {"left": 46, "right": 74, "top": 16, "bottom": 46},
        "xAxis": {
            "type": "category",
            "data": [str(mob) for mob in months],
            "name": {"en": axis.en, "zh": axis.zh},
            "nameLocation": "middle",
            "nameGap": 28,
            "boundaryGap": False,
        },
        "yAxis": {"type": "value", "min": 0, "axisLabel": {"formatter": "{value}%"}},
        "series": series,
    }


def _table(mature: Cells, opened: Sequence[str], table: Mapping[str, Any], name: Text) -> Table:
    months = sorted({key[1] for key in mature})
    peak = {
        mob: max(cell["value"] for key, cell in mature.items() if key[1] == mob) for mob in months
    }
    rows = []
    for vintage in opened:
        accounts = max(cell["accounts"] for key, cell in mature.items() if key[0] == vintage)
        cells = [row_head(vintage), figure(numbers.count(accounts), style="soft")]
        for mob in months:
            cell = mature.get((vintage, mob))
            if cell is None:
                cells.append(figure("", style="empty"))
                continue
            step = _step(cell["value"], peak[mob])
            cells.append(figure(numbers.percent(cell["value"]), style=f"h{step}"))
        rows.append(cells)
    if totals := {int(row["mob"]): row for row in table.get("totals") or []}:
        rows.append(_totals(totals, months))
    columns = [Column(say("vintages.opened")), Column(say("vintages.accounts"), True)]
    columns += [Column(same(mob), True) for mob in months]
    return Table(
        say("vintages.table", name=name),
        columns,
        rows,
        str(table["definition_id"]),
        "heat tight",
        say("vintages.foot"),
    )


def _totals(totals: Mapping[int, Mapping[str, Any]], months: Sequence[int]) -> list[Cell]:
    """The row of all vintages that have reached each month on book, with intervals."""
    accounts = max(row["accounts"] for row in totals.values())
    cells = [row_head(say("vintages.all")), figure(numbers.count(accounts), style="soft")]
    for mob in months:
        row = totals.get(mob)
        if row is None:
            cells.append(figure("", style="empty"))
            continue
        interval = numbers.span(row.get("low"), row.get("high"))
        cells.append(figure(numbers.percent(row["value"]), interval, "total"))
    return cells


def _step(value: float, peak: float) -> int:
    """One of five steps of the column's own highest value."""
    if peak <= 0 or value <= 0:
        return 0
    return min(int(value / peak * 4.999), 4)
