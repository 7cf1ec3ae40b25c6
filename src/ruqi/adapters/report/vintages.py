"""Loans opened in the same month, followed by months on book; what is not yet mature stays empty."""

from collections.abc import Mapping, Sequence
from typing import Any

from ruqi.adapters.report import numbers
from ruqi.adapters.report.blocks import Chart, Column, Note, Section, Table, figure, row_head
from ruqi.adapters.report.book import Book, View
from ruqi.adapters.report.words import Text, listed, same, say

DRAWN = 6  # vintages in the chart: a board reads six lines, not twenty
DASHES = ("solid", "dashed", "dotted")
COLOURS = ("@brand", "@c2", "@c3", "@c4", "@c5", "@c6")

Cells = Mapping[tuple[str, int], Mapping[str, Any]]


def vintages_section(view: View, book: Book) -> Section:
    """Chart and table of mature cells, or which column they would need."""
    found = view.get("vintages") or {}
    title = say("vintages.title")
    mature: Cells = {
        (str(cell["opened"]), int(cell["mob"])): cell
        for cell in found.get("cells") or []
        if cell.get("mature") and cell.get("value") is not None
    }
    if not mature:
        needs = listed([same(one) for one in found.get("needs") or []])
        note = say("vintages.needs", columns=needs) if needs.en else say("vintages.none")
        return Section("vintages", title, [Note(note, "mark")])
    definition = str(found.get("definition_id") or "")
    name = book.definition(definition) if definition else title
    opened = sorted({key[0] for key in mature})
    chart = Chart(
        id="vintages",
        title=name,
        says=say("vintages.says", name=name, vintages=len(opened)),
        options=_options(mature, drawn(mature, opened)),
        height="l",
        definition=definition,
    )
    blocks = [Note(say("vintages.lead"), "lead"), chart, _table(mature, opened, name, definition)]
    return Section("vintages", title, blocks)


def drawn(mature: Cells, opened: Sequence[str]) -> list[str]:
    """The vintages that the chart draws: evenly chosen among those with at least two cells."""
    long = [one for one in opened if sum(key[0] == one for key in mature) > 1]
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


def _table(mature: Cells, opened: Sequence[str], name: Text, definition: str) -> Table:
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
    columns = [Column(say("vintages.opened")), Column(say("vintages.accounts"), True)]
    columns += [Column(same(mob), True) for mob in months]
    return Table(
        say("vintages.table", name=name),
        columns,
        rows,
        definition,
        "heat tight",
        say("vintages.foot"),
    )


def _step(value: float, peak: float) -> int:
    """One of five steps of the column's own highest value."""
    if peak <= 0 or value <= 0:
        return 0
    return min(int(value / peak * 4.999), 4)
