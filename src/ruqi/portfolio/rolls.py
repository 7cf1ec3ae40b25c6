"""Where accounts went from one civil month to the next; gaps and departures are no steps.

Every row of an earlier month is told exactly once: in `moves` (seen in the next month), `exits`
(not seen again), `gaps` (seen again later); rows of the last month and terminal rows that simply
end are not told. Rates are over moves only, so they sum to 1 under any loss of accounts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from ruqi.portfolio.definition import TWO_DAYS, Definition, Text, lateness
from ruqi.portfolio.flows import ever_late_before
from ruqi.portfolio.intervals import Array, Estimate, Moments, estimate
from ruqi.portfolio.panel import Panel, panel
from ruqi.tape.columns import Tape
from ruqi.tape.contract import TERMINAL
from ruqi.tape.remarks import Remark, touching

Rows = npt.NDArray[np.int64]
Keys = npt.NDArray[np.int32]
ACCOUNTS_AT_ONCE = 32_768  # a fixed number: sums then have one order, whatever the machine
SEEN_TWICE = Text("accounts seen in both months", "相邻两个月均可见的账户")
AS_SEEN = Text(
    "Charge-off is a place to go to; a row after it is counted as seen, with a remark",
    "核销为去向之一；核销后仍有记录的按账面计入，并附数据提示",
)


def _roll(
    name: str, words: tuple[Text, Text, Text, Text], weight: Literal["count", "amount"], **more: Any
) -> Definition:
    return Definition(
        name,
        *words,
        window="step",
        weight=weight,
        cohort=SEEN_TWICE,
        day_convention=TWO_DAYS,
        charge_off=AS_SEEN,
        steps=1,
        looks_back=1,
        table="rolls",
        **more,
    )


ROLLS = (
    _roll(
        "roll_one_month",
        (
            Text("Moves from month to month", "逐月迁徙"),
            Text(
                "accounts that went from one state to the other", "由一种状态迁至另一种状态的账户"
            ),
            Text("1", "1"),
            Text(
                "How many accounts went from where to where, and what they owed before.",
                "有多少账户、带着多少上月余额，从哪个阶段迁到哪个阶段。",
            ),
        ),
        "count",
        unit="count",
    ),
    _roll(
        "roll_rate_count",
        (
            Text("Roll rate, accounts", "迁徙率（户数）"),
            Text("those in the later state", "其中迁至某状态的账户"),
            Text("accounts of a bucket that were seen a month later", "某阶段中次月可见的账户"),
            Text(
                "Of a hundred accounts of a bucket, how many stood where a month later.",
                "某阶段每一百个账户，次月各有多少个处于何种状态。",
            ),
        ),
        "count",
        source="迁徙率, cohort estimator on adjacent months",
    ),
    _roll(
        "roll_rate_balance",
        (
            Text("Roll rate, balance", "迁徙率（金额）"),
            Text(
                "the earlier month's balance of those in the later state",
                "其中迁至某状态的上月余额",
            ),
            Text(
                "the earlier month's balance of a bucket's accounts that were seen a month later",
                "某阶段中次月可见账户的上月余额（溢缴视为零）",
            ),
            Text(
                "Of what a bucket owed, how much stood where a month later.",
                "某阶段的余额，次月各有多少比例处于何种状态。",
            ),
        ),
        "amount",
        needs=("performance.balance",),
        source="迁徙率, balance-weighted",
    ),
    _roll(
        "roll_rate_memory_count",
        (
            Text("Roll rate by memory, accounts", "按逾期史区分的迁徙率（户数）"),
            Text("those in the later state", "其中迁至某状态的账户"),
            Text(
                "accounts of a bucket, ever late before or never, that were seen a month later",
                "某阶段中（按此前是否曾逾期区分）次月可见的账户",
            ),
            Text(
                "The same for accounts late before and for those never late: a matrix without "
                "memory understates relapse.",
                "同上，但区分此前是否曾逾期：没有记忆的迁徙矩阵会低估再次逾期。",
            ),
        ),
        "count",
        source="second-order state",
    ),
)


@dataclass(frozen=True)
class Steps:
    """The rows that are one month after a row of the same account, and what they weigh."""

    rows: Rows
    before: Keys
    now: Keys
    month: Keys


def rolls(tape: Tape, remarks: Sequence[Remark] = (), rows: Panel | None = None) -> dict[str, Any]:
    """`rolls.json`: definition_id, buckets, moves, exits; and gaps, rates, second_order.

    `on` is the later month's last observed day in the book; for exits and gaps, of the first month
    without a row. `balance_minor` sums the earlier month's balances as the book states them (null
    where it has none). A rate with `on` null is of all months together.
    """
    book = rows or panel(tape)
    steps = _steps(book)
    balance = tape.has("performance.balance")
    exits, gaps = departures(book)
    return {
        "definition_id": "roll_one_month",
        "buckets": [bucket.name for bucket in tape.delinquency.buckets],
        "labels_en": [tape.delinquency.label(i) for i in range(book.buckets)],
        "labels_zh": [tape.delinquency.label(i, "zh") for i in range(book.buckets)],
        "ends": list(TERMINAL),
        "moves": _moves(book, steps, balance),
        "exits": _left(book, exits, balance),
        "gaps": _left(book, gaps, balance),
        "rates": _rates(book, steps, balance),
        "second_order": _second_order(book, steps),
        "months": [
            {"on": on.isoformat(), "remark_ids": _touched(tape, remarks, on, since)}
            for since, on in zip(book.ons[:-1], book.ons[1:], strict=True)
        ],
    }


def matrix(told: dict[str, Any], weight: str = "count") -> list[list[float | None]]:
    """Rates of all months together: a row per bucket, a column per bucket and then per end."""
    columns = [*told["buckets"], *told["ends"]]
    cells = {
        (rate["from"], rate["to"]): rate["value"]
        for rate in told["rates"]
        if rate["on"] is None and rate["weight"] == weight
    }
    return [[cells.get((row, column)) for column in columns] for row in told["buckets"]]


def departures(book: Panel) -> tuple[Rows, Rows]:
    """Rows of open accounts without a row in the next month: never seen again; seen later."""
    last = np.zeros(len(book.month), dtype=bool)
    last[book.starts[1:] - 1] = True
    last[-1] = True
    still = (book.state < book.buckets) & (book.month < book.months - 1)
    broken = np.zeros(len(book.month), dtype=bool)
    broken[:-1] = ~book.adjacent[1:]
    return np.flatnonzero(still & last), np.flatnonzero(still & broken & ~last)


def _steps(book: Panel) -> Steps:
    rows = np.flatnonzero(book.adjacent)
    return Steps(
        rows,
        book.state[rows - 1].astype(np.int32),
        book.state[rows].astype(np.int32),
        book.month[rows],
    )


def _touched(tape: Tape, remarks: Sequence[Remark], on: date, since: date) -> list[str]:
    return touching(remarks, on, [lateness(tape), "performance.balance"], since)


def _moves(book: Panel, steps: Steps, balance: bool) -> list[dict[str, Any]]:
    states = len(book.states)
    key = (steps.month * np.int32(states) + steps.before) * np.int32(states) + steps.now
    size = book.months * states * states
    count = np.bincount(key, minlength=size)
    owed = np.bincount(key, book.balance[steps.rows - 1], minlength=size)
    return [
        {
            "on": book.ons[month].isoformat(),
            "from": book.states[before],
            "to": book.states[now],
            "count": int(count[cell]),
            "balance_minor": round(owed[cell]) if balance else None,
        }
        for cell in np.flatnonzero(count)
        for month, before, now in [np.unravel_index(cell, (book.months, states, states))]
    ]


def _left(book: Panel, rows: Rows, balance: bool) -> list[dict[str, Any]]:
    states = len(book.states)
    key = (book.month[rows] + 1) * states + book.state[rows]
    count = np.bincount(key, minlength=book.months * states)
    owed = np.bincount(key, book.balance[rows], minlength=book.months * states)
    return [
        {
            "on": book.ons[cell // states].isoformat(),
            "from": book.states[cell % states],
            "count": int(count[cell]),
            "balance_minor": round(owed[cell]) if balance else None,
        }
        for cell in np.flatnonzero(count)
    ]


def _rates(book: Panel, steps: Steps, balance: bool) -> list[dict[str, Any]]:
    """Count and balance rates out of each bucket: all months together, then month by month."""
    inside = steps.before < book.buckets
    steps = Steps(steps.rows[inside], steps.before[inside], steps.now[inside], steps.month[inside])
    ones = np.ones(len(steps.rows))
    told = _told(book, pooled(book, steps, steps.before, book.buckets, ones), "count")
    if balance:
        owed = book.owed[steps.rows - 1]
        told += _told(book, pooled(book, steps, steps.before, book.buckets, owed), "balance")
    for weight in ("count", "balance") if balance else ("count",):
        told += _told(book, _monthly(book, steps, weight), weight)
    return told


def pooled(
    book: Panel, steps: Steps, origin: Keys, origins: int, weight: npt.NDArray[np.float64]
) -> Moments:
    """Rates of all months together, 1 x origins x states; an account's steps are one cluster."""
    states = len(book.states)
    sums = [np.zeros((origins, states)) for _ in range(3)]
    whole, whole2, n = np.zeros(origins), np.zeros(origins), np.zeros(origins)
    for start in range(0, len(book.starts), ACCOUNTS_AT_ONCE):
        inside = _slice(book, steps, start)
        owner = book.account[steps.rows[inside]] - start
        accounts = min(ACCOUNTS_AT_ONCE, len(book.starts) - start)
        cell = owner.astype(np.int64) * origins + origin[inside]
        den = np.bincount(cell, weight[inside], minlength=accounts * origins)
        num = np.bincount(
            cell * states + steps.now[inside],
            weight[inside],
            minlength=accounts * origins * states,
        )
        den = den.reshape(accounts, origins)
        num = num.reshape(accounts, origins, states)
        sums[0] += num.sum(axis=0)
        sums[1] += (num * num).sum(axis=0)
        sums[2] += (num * den[:, :, None]).sum(axis=0)
        whole += den.sum(axis=0)
        whole2 += (den * den).sum(axis=0)
        n += (den > 0).sum(axis=0)
    wide = [np.repeat(table[:, None], states, axis=1)[None] for table in (whole, n, whole2)]
    part, part2, cross = (table[None] for table in sums)
    return Moments(part, wide[0], wide[1], part2, cross, wide[2])


def _slice(book: Panel, steps: Steps, start: int) -> slice:
    """The steps of `ACCOUNTS_AT_ONCE` accounts from number `start`; rows stand by account."""
    end = start + ACCOUNTS_AT_ONCE
    first = book.starts[start]
    last = book.starts[end] if end < len(book.starts) else len(book.month)
    low, high = np.searchsorted(steps.rows, [first, last])
    return slice(int(low), int(high))


def _monthly(book: Panel, steps: Steps, weight: str) -> Moments:
    """Rates by month, months x buckets x states; in one month an account makes one step."""
    states = len(book.states)
    key = (steps.month * np.int32(book.buckets) + steps.before) * np.int32(states) + steps.now
    shape = (book.months, book.buckets, states)
    size = book.months * book.buckets * states

    def table(weights: Array | None) -> Array:
        return np.bincount(key, weights, minlength=size).astype(np.float64).reshape(shape)

    def whole(part: Array) -> Array:
        return np.repeat(part.sum(axis=2, keepdims=True), states, axis=2)

    count = table(None)
    if weight == "count":
        return Moments(count, whole(count), whole(count))
    owed = book.owed[steps.rows - 1]
    part, part2 = table(owed), table(owed * owed)
    return Moments(part, whole(part), whole(count), part2, part2, whole(part2))


def _told(book: Panel, moments: Moments, weight: str) -> list[dict[str, Any]]:
    """Rates as records. One month tells only what happened; all months together, zeros as well."""
    found = estimate(moments)
    monthly = moments.numerator.shape[0] > 1
    shown = moments.numerator > 0 if monthly else moments.denominator > 0
    return [
        {
            "definition_id": f"roll_rate_{weight}",
            "on": book.ons[month].isoformat() if monthly else None,
            "from": book.states[before],
            "to": book.states[now],
            "weight": weight,
        }
        | _figures(found, moments, (month, before, now))
        for month, before, now in np.argwhere(shown)
    ]


def _figures(found: Estimate, moments: Moments, place: tuple[int, ...]) -> dict[str, float]:
    return {
        "value": float(found.value[place]),
        "low": float(found.low[place]),
        "high": float(found.high[place]),
        "numerator": float(moments.numerator[place]),
        "denominator": float(moments.denominator[place]),
    }


def _second_order(book: Panel, steps: Steps) -> list[dict[str, Any]]:
    """Rates of all months together, apart for accounts seen late before the earlier month."""
    inside = steps.before < book.buckets
    steps = Steps(steps.rows[inside], steps.before[inside], steps.now[inside], steps.month[inside])
    ever = ever_late_before(book, steps.rows - 1).astype(np.int32)
    origin = ever * np.int32(book.buckets) + steps.before
    moments = pooled(book, steps, origin, 2 * book.buckets, np.ones(len(steps.rows)))
    found = estimate(moments)
    return [
        {
            "definition_id": "roll_rate_memory_count",
            "ever_late": bool(start // book.buckets),
            "from": book.states[start % book.buckets],
            "to": book.states[now],
        }
        | _figures(found, moments, (0, start, now))
        for _, start, now in np.argwhere(moments.denominator > 0)
    ]
