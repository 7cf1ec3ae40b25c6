"""What the real outcome says about the plan's order: ranking of risk, not benefit."""

from collections.abc import Mapping, Sequence
from typing import Any

from ruqi.adapters.report import numbers
from ruqi.adapters.report.blocks import Chart, Column, Note, Section, Table, figure, row_head
from ruqi.adapters.report.book import Book, View
from ruqi.adapters.report.words import Text, listed, name_of, pair, same, say

Row = Mapping[str, Any]
ORDERS = ("plan", "pd_x_balance", "pd", "balance", "months_late", "random")


def evaluation_section(view: View, _book: Book) -> Section:
    """Share of the defaulted balance found by each order, at each capacity."""
    found = view.get("evaluation") or {}
    rows: Sequence[Row] = found.get("ranking") or []
    title = say("evaluation.title")
    if not rows:
        needs = listed([same(one) for one in found.get("needs") or []])
        note = say("evaluation.needs", columns=needs) if needs.en else say("evaluation.none")
        return Section("evaluation", title, [Note(note, "mark")])
    says = pair(found, "says")
    heading = say("evaluation.chart")
    told = says if says.en else say("evaluation.not_benefit")
    chart = Chart(
        id="ranking",
        title=heading,
        says=Text(f"{heading.en}. {told.en}", f"{heading.zh}。{told.zh}"),
        options=_options(rows),
        height="l",
        definition="share_of_defaulted_balance",
    )
    blocks: list[Any] = [Note(say("evaluation.not_benefit"), "mark"), chart, _table(rows)]
    return Section("evaluation", title, [*blocks, Note(says)] if says.en else blocks)


def order_key(row: Row) -> tuple[int, str]:
    """Place of an order in chart and table: the plan first, chance last."""
    place = ORDERS.index(row["order"]) if row["order"] in ORDERS else len(ORDERS)
    return place, str(row.get("score_id") or "")


def order_name(row: Row) -> Text:
    """An order's name, with the score it ranks by."""
    name = name_of("order", str(row["order"]))
    if not row.get("score_id"):
        return name
    score = name_of("score", str(row["score_id"]))
    return Text(f"{name.en} · {score.en.lower()}", f"{name.zh} · {score.zh}")


def agent_hours(minutes: float) -> Text:
    """A capacity as people say it: “100 agent hours”."""
    hours = f"{minutes / 60:,.0f}"
    return say("evaluation.hour" if hours == "1" else "evaluation.hours", hours=hours)


def capacities(rows: Sequence[Row]) -> list[float]:
    """The capacities that were tried, smallest first."""
    return sorted({float(row["capacity_minutes"]) for row in rows})


def _orders(rows: Sequence[Row]) -> list[Row]:
    unique = {(row["order"], row.get("score_id")): row for row in rows}
    return sorted(unique.values(), key=order_key)


def _options(rows: Sequence[Row]) -> dict[str, Any]:
    orders, tried = _orders(rows), capacities(rows)
    names = [order_name(row) for row in orders]
    top = max(row["share_of_defaulted_balance"]["high"] or 0 for row in rows)
    edge = next(end for end in (10, 20, 40, 60, 80, 100) if top * 100 <= end or end == 100)
    left, gap, right = 22.0, 2.5, 3.0
    wide = (100 - left - right - gap * (len(tried) - 1)) / len(tried)
    grids, xs, ys, series, titles = [], [], [], [], []
    for place, capacity in enumerate(tried):
        at = left + place * (wide + gap)
        grids.append({"left": f"{at}%", "width": f"{wide}%", "top": 34, "bottom": 28})
        xs.append(
            {
                "type": "value",
                "gridIndex": place,
                "min": 0,
                "max": edge,
                "interval": 20 if edge > 40 else 10,
                "axisLabel": {"formatter": "{value}%", "showMaxLabel": False},
            }
        )
        ys.append(
            {
                "type": "category",
                "gridIndex": place,
                "inverse": True,
                "data": [{"en": name.en, "zh": name.zh} for name in names],
                "axisLabel": {"show": place == 0, "width": 200},
                "axisTick": {"show": False},
                "splitLine": {"show": True},
            }
        )
        text = agent_hours(capacity)
        titles.append(
            {
                "text": {"en": text.en, "zh": text.zh},
                "left": f"{at}%",
                "top": 4,
                "textStyle": {"fontSize": 12, "fontWeight": 600, "color": "@ink"},
            }
        )
        series += _dots(rows, orders, capacity, place)
    return {"title": titles, "grid": grids, "xAxis": xs, "yAxis": ys, "series": series}


def _dots(
    rows: Sequence[Row], orders: Sequence[Row], capacity: float, place: int
) -> list[dict[str, Any]]:
    points, whiskers = [], []
    for index, order in enumerate(orders):
        for row in rows:
            same_order = (row["order"], row.get("score_id")) == (
                order["order"],
                order.get("score_id"),
            )
            if not same_order or float(row["capacity_minutes"]) != capacity:
                continue
            share = row["share_of_defaulted_balance"]
            colour = "@brand" if row["order"] == "plan" else "@mute"
            points.append(
                {
                    "value": [round(share["value"] * 100, 3), index],
                    "itemStyle": {"color": colour},
                    "label": {"formatter": f"{share['value']:.1%}"},
                }
            )
            if share.get("low") is not None:
                whiskers.append(
                    [index, round(share["low"] * 100, 3), round(share["high"] * 100, 3)]
                )
    axes = {"xAxisIndex": place, "yAxisIndex": place}
    return [
        axes
        | {
            "type": "custom",
            "renderItem": "whisker-x",
            "data": whiskers,
            "encode": {"x": [1, 2], "y": 0},
            "silent": True,
            "itemStyle": {"color": "@mute"},
        },
        axes
        | {
            "type": "scatter",
            "data": points,
            "symbolSize": 10,
            "label": {
                "show": True,
                "position": "top",
                "distance": 3,
                "fontSize": 11,
                "color": "@ink",
            },
            "z": 5,
        },
    ]


def _table(rows: Sequence[Row]) -> Table:
    tried = capacities(rows)
    held = {(r["order"], r.get("score_id"), float(r["capacity_minutes"])): r for r in rows}
    body = []
    for order in _orders(rows):
        cells = [row_head(order_name(order))]
        for capacity in tried:
            row = held.get((order["order"], order.get("score_id"), capacity))
            if row is None:
                cells += [figure(numbers.UNKNOWN), figure("")]
                continue
            share = row["share_of_defaulted_balance"]
            interval = numbers.span(share.get("low"), share.get("high"))
            cells.append(figure(numbers.percent(share["value"]), interval))
            cells.append(figure(numbers.count(row["worked_accounts"]), style="soft"))
        body.append(cells)
    columns = [Column(say("evaluation.order"))]
    for capacity in tried:
        hours = agent_hours(capacity)
        columns += [Column(hours, True), Column(say("evaluation.worked"), True)]
    return Table(
        say("evaluation.table"),
        columns,
        body,
        "share_of_defaulted_balance",
        "figures",
        say("evaluation.foot"),
        folded=True,
    )
