"""Overdue over time by definition; a break in the coding is marked, never called a trend."""

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from ruqi.adapters.report import numbers
from ruqi.adapters.report.blocks import (
    Cell,
    Chart,
    Column,
    Note,
    Pair,
    Panel,
    Section,
    Switch,
    Table,
    figure,
    row_head,
)
from ruqi.adapters.report.book import Book, View, citations, whole
from ruqi.adapters.report.words import NOTHING, Text, pair, same, say

SHOWN = 10  # definitions that the switch offers
FIRST = (
    "late_1p_count",
    "late_2p_count",
    "late_1p_balance",
    "late_2p_balance",
    "overdue_30p_count",
    "overdue_30p_balance",
    "entry_rate_count",
    "worsen_rate_count",
    "cure_rate_count",
    "relapse_rate_count",
)
LABELLED = 9  # with more months only the ends and the breaks carry their value


def trend_section(view: View, book: Book) -> Section:
    """Chart, table and one sentence for each definition that was measured in several months."""
    ids = trend_definitions(view)[:SHOWN]
    if not ids:
        return Section("trend", say("trend.title"), [Note(say("trend.none"))])
    panels = [Panel((index,), trend_panel(view, book, one)) for index, one in enumerate(ids)]
    names = [book.definition(one) for one in ids]
    switch = Switch("trend-by", [say("words.definition")], [names], panels)
    return Section("trend", say("trend.title"), [Note(say("trend.lead"), "lead"), switch])


def trend_definitions(view: View) -> list[str]:
    """Ids of shares with at least two known months: those a board asks for, then the others."""
    known: dict[str, int] = {}
    for row in view.get("measures") or []:
        if row["segment"] == "all" and row["unit"] == "share" and row["value"] is not None:
            known[row["definition_id"]] = known.get(row["definition_id"], 0) + 1
    several = [one for one in known if known[one] > 1]
    return [one for one in FIRST if one in several] + [one for one in several if one not in FIRST]


def _told(view: View, definition_id: str) -> Mapping[str, Any]:
    """What the run says of this definition's course; empty where it says nothing."""
    trend = view.get("trend") or []
    rows = trend.get("trends") or [] if isinstance(trend, Mapping) else trend
    return next((row for row in rows if row["definition_id"] == definition_id), {})


def trend_panel(view: View, book: Book, definition_id: str) -> list[Any]:
    """One definition's verdict, chart and table; it must have been measured."""
    points = known_points(view, definition_id)
    sentence, broken = read_trend(view, book, definition_id)
    note = Note(sentence, "mark" if broken else "plain")
    name = book.measured(definition_id)
    chart = Chart(
        id=f"trend-{definition_id}",
        title=name,
        says=Text(f"{name.en}. {sentence.en}", f"{name.zh}。{sentence.zh}"),
        options=_options(book, points),
        definition=definition_id,
    )
    return [note, Pair(chart, _table(book, name, points, definition_id))]


def breaks_at(book: Book, points: Sequence[dict[str, Any]]) -> list[int]:
    """Indices of the points that cannot be compared with the point before them."""
    return [
        index
        for index, row in enumerate(points)
        if index and book.breaks(row["remark_ids"], numbers.as_date(row["on"]))
    ]


def read_trend(view: View, book: Book, definition_id: str) -> tuple[Text, bool]:
    """The run's own verdict on a definition's course, and whether it holds a caveat."""
    points = known_points(view, definition_id)
    told = _told(view, definition_id)
    at = breaks_at(book, points)
    sentence = pair(told, "verdict") if told else NOTHING
    for index in at:
        remarks = book.breaks(points[index]["remark_ids"], numbers.as_date(points[index]["on"]))
        sentence += say("trend.see", remarks=citations(remarks))
    return sentence, bool(at) or told.get("ageing_until") is not None


def first_trends(view: View, book: Book, most: int) -> list[tuple[str, Text]]:
    """The first definitions with their verdicts; a caveat that several share is said once."""
    found: list[tuple[str, Text]] = []
    told: set[str] = set()
    for one in trend_definitions(view)[:most]:
        sentence, _ = read_trend(view, book, one)
        caveat = pair(_told(view, one), "caveat")
        rest = Text(
            sentence.en.removeprefix(caveat.en).lstrip(), sentence.zh.removeprefix(caveat.zh)
        )
        found.append((one, rest if caveat.en in told and rest.en else sentence))
        told.add(caveat.en)
    return found


def known_points(view: View, definition_id: str) -> list[dict[str, Any]]:
    """The months of the whole book in which a definition has a value."""
    return [row for row in whole(view, definition_id) if row["value"] is not None]


def _table(book: Book, name: Text, points: Sequence[dict[str, Any]], definition_id: str) -> Table:
    at = set(breaks_at(book, points))
    sampled = any(row["low"] is not None for row in points)
    columns = [Column(say("words.month")), Column(say("words.value"), True)]
    columns += [Column(say("words.interval"), True)] if sampled else []
    columns += [Column(say("trend.change"), True), Column(say("words.remarks"))]
    rows = []
    for index, row in enumerate(points):
        cells = [row_head(numbers.month(row["on"])), figure(numbers.percent(row["value"]))]
        cells += [figure(numbers.span(row["low"], row["high"]), style="soft")] if sampled else []
        cells.append(_change(points, index, index in at))
        cells.append(remarks_cell(book, row, index in at))
        rows.append(cells)
    style = "long" if len(rows) > LABELLED else ""
    return Table(say("trend.table", name=name), columns, rows, definition_id, style)


def _change(points: Sequence[dict[str, Any]], index: int, broken: bool) -> Cell:
    if not index:
        return figure("")
    if broken:
        return figure(say("trend.not_comparable"), style="marked")
    change = (points[index]["value"] - points[index - 1]["value"]) * 100
    arrow = "▲" if change > 0.005 else "▼" if change < -0.005 else "="
    return figure(say("words.points", change=f"{arrow} {abs(change):.2f}"))


def remarks_cell(book: Book, row: dict[str, Any], broken: bool) -> Cell:
    """The remarks that touch a figure, as numbers that link to their table."""
    cited = book.cited(row["remark_ids"])
    if not cited:
        return Cell(NOTHING)
    mark = "⚑ " if broken else ""
    return Cell(
        same(mark + citations(cited)), style="marked" if broken else "soft", link="#remarks"
    )


def _options(book: Book, points: Sequence[dict[str, Any]]) -> dict[str, Any]:
    at = breaks_at(book, points)
    edges = [0, *at, len(points)]
    series: list[dict[str, Any]] = []
    for low, high in pairwise(edges):
        series += _band(points, low, high)
        series.append(_line(points, low, high, at))
    series += [_edge(points, index) for index in at]
    top = max(row["high"] or row["value"] for row in points) * 100
    return {
        "grid": {"left": 46, "right": 30, "top": 34, "bottom": 40},
        "xAxis": {
            "type": "category",
            "boundaryGap": True,
            "data": _ticks(points),
            "axisTick": {"show": False},
        },
        "yAxis": {
            "type": "value",
            "min": 0,
            "max": min(ceiling(top), 100),
            "axisLabel": {"formatter": "{value}%"},
        },
        "series": series,
    }


def _ticks(points: Sequence[dict[str, Any]]) -> list[dict[str, str]]:
    """Months for the axis: the year stands at the first point and at each change of year."""
    ticks, year = [], None
    for row in points:
        day = numbers.as_date(row["on"])
        text = numbers.month(row["on"])
        en, _, _ = text.en.partition(" ")
        _, _, zh = text.zh.partition("年")
        if day is not None and day.year != year:
            en, zh, year = f"{en}\n{day.year}", f"{zh}\n{day.year}年", day.year
        ticks.append({"en": en, "zh": zh})
    return ticks


def ceiling(top: float) -> float:
    """The end of a percent axis: the next round figure with room for a label above `top`."""
    for step in (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20):
        end = step * math.ceil(top * 1.15 / step)
        if end <= step * 6:
            return round(end, 2)
    return 100


def _inside(points: Sequence[dict[str, Any]], low: int, high: int, field: str) -> list[Any]:
    return [
        None if not low <= index < high or row[field] is None else round(row[field] * 100, 4)
        for index, row in enumerate(points)
    ]


def _band(points: Sequence[dict[str, Any]], low: int, high: int) -> list[dict[str, Any]]:
    floor = _inside(points, low, high, "low")
    top = _inside(points, low, high, "high")
    if not any(value is not None for value in floor):
        return []
    wide = [
        None if a is None or b is None else round(b - a, 4) for a, b in zip(floor, top, strict=True)
    ]
    hidden = {"type": "line", "symbol": "none", "silent": True, "stack": f"band-{low}"}
    none = {"opacity": 0}
    return [
        hidden | {"data": floor, "lineStyle": none},
        hidden | {"data": wide, "lineStyle": none, "areaStyle": {"color": "@band", "opacity": 1}},
    ]


def _line(
    points: Sequence[dict[str, Any]], low: int, high: int, at: Sequence[int]
) -> dict[str, Any]:
    ends = {0, len(points) - 1, *at, *(index - 1 for index in at)}
    data: list[Any] = []
    for index, value in enumerate(_inside(points, low, high, "value")):
        shown = len(points) <= LABELLED or index in ends
        label = {"show": shown, "formatter": numbers.percent(points[index]["value"])}
        if index in at:  # beside the dashed upright, not on it; nothing is joined on that side
            label |= {"position": "left", "distance": 10}
        data.append(None if value is None else {"value": value, "label": label})
    colour = "@mark" if low in at else "@brand"
    return {
        "type": "line",
        "data": data,
        "symbol": "emptyDiamond" if low in at else "circle",
        "symbolSize": 11 if low in at else 7,
        "lineStyle": {"width": 2.5, "color": colour},
        "itemStyle": {"color": colour},
        "label": {"position": "top", "distance": 8, "color": "@ink", "fontWeight": 600},
        "z": 5,
    }


def _edge(points: Sequence[dict[str, Any]], index: int) -> dict[str, Any]:
    """The dashed upright at a break; it joins nothing."""
    words = say("trend.chart_mark")
    return {
        "type": "line",
        "data": [None] * len(points),
        "silent": True,
        "markLine": {
            "symbol": "none",
            "silent": True,
            "lineStyle": {"type": "dashed", "color": "@mark", "width": 1},
            "label": {
                "formatter": {"en": words.en, "zh": words.zh},
                "color": "@mark",
                "position": "end",
                "distance": 4,
            },
            "data": [{"xAxis": index}],
        },
    }
