"""An account's months: balance as bars, lateness as words, and the table that holds both."""

from collections.abc import Mapping, Sequence
from typing import Any

from ruqi.adapters.report import numbers
from ruqi.adapters.report.blocks import Cell, Chart, Column, Pair, Table, figure, row_head
from ruqi.adapters.report.words import Text, name_of, same
from ruqi.apps.console.opened import Opened
from ruqi.apps.web.words import both
from ruqi.primitives.currency import exponent

AMOUNTS = ("balance", "due", "paid", "limit")
Row = Mapping[str, Any]


def history_blocks(run: Opened, months: Sequence[Row]) -> list[Any]:
    """A chart with its table, newest month last; nothing where nothing is known."""
    if not months:
        return []
    table = _table(run, months)
    if all(row["balance_minor"] is None for row in months):
        return [table]
    last = months[-1]
    says = both(
        "account.history_says",
        months=len(months),
        last=Text(
            *(
                f"{numbers.month(last['on']).of(one)} {state(run, last).of(one)}"
                for one in ("en", "zh")
            )
        ),
    )
    return [
        Pair(Chart("account-history", both("account.balance"), says, _options(run, months)), table)
    ]


def state(run: Opened, row: Row) -> Text:
    """A month's bucket with its days, or the status that says no lateness."""
    if row["bucket"]:
        return run.book.bucket(row["bucket"])
    return name_of("status", str(row["status"])) if row["status"] else same(numbers.UNKNOWN)


def _table(run: Opened, months: Sequence[Row]) -> Table:
    currency = run.book.currency
    known = [one for one in AMOUNTS if any(row[f"{one}_minor"] is not None for row in months)]
    coded = any(row["code"] is not None for row in months)
    heads = [Column(both("account.month")), Column(both("account.bucket"))]
    heads += [Column(both("account.code"))] if coded else []
    money = numbers.mark(currency)
    names = {one: "balance_head" if one == "balance" else one for one in known}
    heads += [Column(both(f"account.{names[one]}", currency=money), True) for one in known]
    rows = [
        [
            row_head(numbers.month(row["on"])),
            Cell(state(run, row)),
            *([Cell(same(row["code"] or numbers.UNKNOWN), "code soft")] if coded else []),
            *(figure(numbers.money(row[f"{one}_minor"], currency)) for one in known),
        ]
        for row in months
    ]
    return Table(both("account.history"), heads, rows)


def _options(run: Opened, months: Sequence[Row]) -> dict[str, Any]:
    scale = 10 ** exponent(run.book.currency)
    points = []
    for row in months:
        minor = row["balance_minor"]
        label = state(run, row)
        short = {
            one: label.of(one).replace("（", "\n（").replace(" (", "\n(") for one in ("en", "zh")
        }
        points.append(
            {
                "value": None if minor is None else minor / scale,
                "label": {"show": True, "position": "top", "formatter": short, "fontSize": 11},
            }
        )
    names = [numbers.month(row["on"]) for row in months]
    return {
        "grid": {"left": 8, "right": 12, "top": 44, "bottom": 24, "containLabel": True},
        "xAxis": {"type": "category", "data": [{"en": one.en, "zh": one.zh} for one in names]},
        "yAxis": {"type": "value"},
        "series": [
            {
                "type": "bar",
                "barMaxWidth": 46,
                "data": points,
                "itemStyle": {"color": "@brand"},
                "label": {"color": "@ink"},
            }
        ],
    }
