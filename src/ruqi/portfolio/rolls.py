"""Where accounts went from one civil month to the next; gaps and departures are no steps.

Every row of an earlier month is told exactly once: in `moves` (seen in the next month) or `exits`
(not seen in it); rows of the last month and terminal rows that simply end are not told. `gaps` are
those of the exits that are seen again later: they are contained in `exits`. Rates are over moves
only, so they sum to 1 under any loss of accounts; months are pooled but for those into which a step
crosses a change of coding.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Literal

import numpy as np

from ruqi.portfolio.definition import TOTAL, TWO_DAYS, Definition, Text, lateness
from ruqi.portfolio.flows import ever_late_before
from ruqi.portfolio.intervals import Array, Estimate, Moments, estimate
from ruqi.portfolio.panel import Book, Flags, Floats, Panel, Rows, panel
from ruqi.tape.columns import Tape
from ruqi.tape.contract import TERMINAL
from ruqi.tape.remarks import Remark, coding_changes, touching

HALF = 32  # bits of an amount's lower half
LOWER = (1 << HALF) - 1
SEEN_TWICE = Text(
    "accounts seen in both months; months taken together leave out a step across a change of "
    "coding",
    "相邻两个月均可见的账户；多月合计不含跨越编码变更的一步",
)
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
            TOTAL,
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
        source=Text("cohort estimator on adjacent months", "迁徙率，相邻月群组估计"),
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
        source=Text("balance-weighted roll rate", "金额加权迁徙率"),
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
        source=Text("second-order state", "二阶状态"),
    ),
)


@dataclass
class Clusters:
    """Sums of steps and, with the account as one cluster, of their squares and products."""

    part: Array  # origins x states, as are the next two
    part2: Array
    cross: Array
    whole: Array  # origins, as are the next three
    whole2: Array
    n: Array
    steps: Array


@dataclass
class Counts:
    """What the parts of a book add up to. Cells are numbered as the comments say."""

    moves: Rows  # month x state before x state now
    moves_minor: Rows  # in two halves, as `_add_exact` keeps them; so are the two others
    exits: Rows  # month x state, as are the three below
    exits_minor: Rows
    gaps: Rows
    gaps_minor: Rows
    monthly: Array  # (number, balance, its square) x month x bucket x state
    pooled: dict[str, Clusters]  # by weight: "count", "balance", "memory"


def rolls(tape: Tape, remarks: Sequence[Remark] = (), book: Book | None = None) -> dict[str, Any]:
    """`rolls.json`: definition_id, buckets, moves, exits; and gaps, rates, second_order, months.

    `on` is the later month's last observed day in the book; for exits and gaps, of the first month
    without a row. `balance_minor` sums the earlier month's balances as the book states them (null
    where it has none). A rate with `on` null is of all months together but `breaks`, the months
    into which a step crosses a change of coding: such a step is told in `moves` and in its own
    month's rates and pooled with no other. Where every month is one, nothing is pooled.
    """
    book = book or panel(tape)
    balance = tape.has("performance.balance")
    changed = {(on.year, on.month) for on in coding_changes(remarks)}
    broken = np.array([(on.year, on.month) in changed for on in book.ons])
    broken[0] = False  # no step leads into the first month
    counts = count(book, broken)
    return {
        "definition_id": "roll_one_month",
        "buckets": [bucket.name for bucket in tape.delinquency.buckets],
        "labels_en": [tape.delinquency.label(i) for i in range(book.buckets)],
        "labels_zh": [tape.delinquency.label(i, "zh") for i in range(book.buckets)],
        "ends": list(TERMINAL),
        "moves": _moves(book, counts, balance),
        "exits": _departures(book, counts.exits, counts.exits_minor, balance),
        "gaps": _departures(book, counts.gaps, counts.gaps_minor, balance),
        "rates": _rates(book, counts, balance),
        "second_order": _second_order(book, counts.pooled["memory"]),
        "months": [
            {"on": on.isoformat(), "remark_ids": _touched(tape, remarks, on, since)}
            for since, on in pairwise(book.ons)
        ],
        "breaks": [on.isoformat() for on, bad in zip(book.ons, broken, strict=True) if bad],
        "remark_ids": _touched(tape, remarks, book.ons[-1], book.ons[0]),
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


def transitions(book: Book) -> Rows:
    """The plain counts of steps alone, months x states before x states now."""
    states = len(book.states)
    counts = np.zeros(book.months * states * states, dtype=np.int64)
    for part in book.parts():
        key = part.month[1:] * np.int32(states) + part.state[:-1]
        key = key * np.int32(states) + part.state[1:]
        counts += np.bincount(key[part.adjacent[1:]], minlength=len(counts))
    return counts.reshape(book.months, states, states)


def count(book: Book, broken: Flags | None = None) -> Counts:
    """Add up the parts of a book; steps into the months of `broken` (months,) are not pooled."""
    comparable = np.ones(book.months, dtype=bool) if broken is None else ~broken
    states, buckets = len(book.states), book.buckets
    cells = book.months * states

    def empty(origins: int) -> Clusters:
        square, line = (origins, states), (origins,)
        return Clusters(*(np.zeros(s) for s in (*[square] * 3, *[line] * 4)))

    def zeros(*shape: int) -> Rows:
        return np.zeros(shape, dtype=np.int64)

    counts = Counts(
        moves=zeros(cells * states),
        moves_minor=zeros(2, cells * states),
        exits=zeros(cells),
        exits_minor=zeros(2, cells),
        gaps=zeros(cells),
        gaps_minor=zeros(2, cells),
        monthly=np.zeros((3, book.months * buckets * states)),
        pooled={
            "count": empty(buckets),
            "balance": empty(buckets),
            "memory": empty(2 * buckets),
        },
    )
    for part in book.parts():
        _count_part(part, counts, comparable)
    return counts


def _count_part(panel: Panel, counts: Counts, comparable: Flags) -> None:
    states, buckets = len(panel.book.states), panel.buckets
    rows = np.flatnonzero(panel.adjacent)
    before, now = panel.state[rows - 1].astype(np.int64), panel.state[rows].astype(np.int64)
    month = panel.month[rows].astype(np.int64)
    key = (month * states + before) * states + now
    counts.moves += np.bincount(key, minlength=len(counts.moves))
    _add_exact(counts.moves_minor, key, panel.balance[rows - 1])
    for left, number, minor in zip(
        departures(panel),
        (counts.exits, counts.gaps),
        (counts.exits_minor, counts.gaps_minor),
        strict=True,
    ):
        key = (panel.month[left].astype(np.int64) + 1) * states + panel.state[left]
        number += np.bincount(key, minlength=len(number))
        _add_exact(minor, key, panel.balance[left])
    inside = before < buckets
    rows, before, now, month = rows[inside], before[inside], now[inside], month[inside]
    owed = panel.owed[rows - 1]
    key = (month * buckets + before) * states + now
    for table, weight in zip(counts.monthly, (None, owed, owed * owed), strict=True):
        table += np.bincount(key, weight, minlength=len(table))
    if not comparable.all():
        pooled = comparable[month]
        rows, before, now, owed = rows[pooled], before[pooled], now[pooled], owed[pooled]
    ever = ever_late_before(panel, rows - 1).astype(np.int64)
    owner = panel.account[rows].astype(np.int64)
    ones, accounts = np.ones(len(rows)), len(panel.starts)
    of = counts.pooled
    _cluster((of["count"], of["balance"]), accounts, (owner, before, now), [ones, owed])
    _cluster((of["memory"],), accounts, (owner, ever * buckets + before, now), [ones])


def departures(panel: Panel) -> tuple[Rows, Rows]:
    """Rows of open accounts without a row in the next month; those of them seen again later."""
    last = np.zeros(len(panel.month), dtype=bool)
    last[panel.starts[1:] - 1] = True
    last[-1] = True
    followed = np.zeros(len(panel.month), dtype=bool)
    followed[:-1] = panel.adjacent[1:]
    left = panel.is_open() & (panel.month < panel.months - 1) & ~followed
    return np.flatnonzero(left), np.flatnonzero(left & ~last)


def _add_exact(sums: Rows, key: Rows, amount: Rows) -> None:
    """Add whole amounts to cells; `sums` (2, cells) holds upper and lower halves of 32 bits.

    A row adds less than 2^32 to either half, so neither wraps below 2^31 rows.
    """
    most = max(int(amount.max(initial=0)), -int(amount.min(initial=0)))
    if most * len(key) < 2**53:  # floats then hold every sum of this part exactly, and are quicker
        part = np.bincount(key, amount, minlength=sums.shape[1]).astype(np.int64)
        sums += [part >> HALF, part & LOWER]
        return
    np.add.at(sums[0], key, amount >> HALF)
    np.add.at(sums[1], key, amount & LOWER)


def _whole(sums: Rows, cell: np.intp) -> int:
    """The exact sum of a cell, of any size."""
    return (int(sums[0, cell]) << HALF) + int(sums[1, cell])


def _cluster(
    sums: Sequence[Clusters], accounts: int, step: tuple[Rows, Rows, Rows], weights: list[Floats]
) -> None:
    """Add one part's steps (owner, origin, state now); an account's steps are one cluster."""
    owner, origin, now = step
    origins, states = sums[0].part.shape
    code = origin * states + now
    pairs = np.flatnonzero(np.bincount(code, minlength=origins * states))
    place = np.zeros(origins * states, dtype=np.int64)
    place[pairs] = np.arange(len(pairs))  # only pairs that occur need room for each account
    width = len(pairs)
    start, end = owner * origins + origin, owner * width + place[code]
    taken = np.flatnonzero(np.bincount(end, minlength=accounts * width))
    whose, pair = np.divmod(taken, width)
    begun = whose * origins + pairs[pair] // states
    for one, weight in zip(sums, weights, strict=True):
        den = np.bincount(start, weight, minlength=accounts * origins)
        num = np.bincount(end, weight, minlength=accounts * width)[taken]
        for table, value in (
            (one.part, num),
            (one.part2, num * num),
            (one.cross, num * den[begun]),
        ):
            table.ravel()[pairs] += np.bincount(pair, value, minlength=width)
        by_origin = den.reshape(accounts, origins)
        one.whole += by_origin.sum(axis=0)
        one.whole2 += (by_origin * by_origin).sum(axis=0)
        one.n += (by_origin > 0).sum(axis=0)
        one.steps += np.bincount(origin, minlength=origins)


def _touched(tape: Tape, remarks: Sequence[Remark], on: date, since: date) -> list[str]:
    return touching(remarks, on, [lateness(tape), "performance.balance"], since)


def _moves(book: Book, counts: Counts, balance: bool) -> list[dict[str, Any]]:
    states = len(book.states)
    return [
        {
            "on": book.ons[cell // states**2].isoformat(),
            "from": book.states[cell // states % states],
            "to": book.states[cell % states],
            "count": int(counts.moves[cell]),
            "balance_minor": _whole(counts.moves_minor, cell) if balance else None,
        }
        for cell in np.flatnonzero(counts.moves)
    ]


def _departures(book: Book, number: Rows, minor: Rows, balance: bool) -> list[dict[str, Any]]:
    states = len(book.states)
    return [
        {
            "on": book.ons[cell // states].isoformat(),
            "from": book.states[cell % states],
            "count": int(number[cell]),
            "balance_minor": _whole(minor, cell) if balance else None,
        }
        for cell in np.flatnonzero(number)
    ]


def _rates(book: Book, counts: Counts, balance: bool) -> list[dict[str, Any]]:
    """Count and balance rates out of each bucket: all months together, then month by month."""
    weights = ("count", "balance") if balance else ("count",)
    told: list[dict[str, Any]] = []
    for weight in weights:
        told += _told(book, _pooled(counts.pooled[weight]), weight)
    for weight in weights:
        told += _told(book, _monthly(book, counts.monthly, weight), weight)
    return told


def _pooled(sums: Clusters) -> Moments:
    """Rates of all months together, 1 x origins x states."""

    def wide(table: Array) -> Array:
        return np.repeat(table[:, None], sums.part.shape[1], axis=1)[None]

    return Moments(
        sums.part[None],
        wide(sums.whole),
        wide(sums.n),
        sums.part2[None],
        sums.cross[None],
        wide(sums.whole2),
        wide(sums.steps),
    )


def _monthly(book: Book, tables: Array, weight: str) -> Moments:
    """Rates by month, months x buckets x states; in one month an account makes one step."""
    shape = (book.months, book.buckets, len(book.states))
    number, part, part2 = (table.reshape(shape) for table in tables)

    def whole(table: Array) -> Array:
        return np.repeat(table.sum(axis=2, keepdims=True), shape[2], axis=2)

    n = whole(number)
    if weight == "count":
        return Moments(number, n, n)
    return Moments(part, whole(part), n, part2, part2, whole(part2))


def _told(book: Book, moments: Moments, weight: str) -> list[dict[str, Any]]:
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


def _second_order(book: Book, sums: Clusters) -> list[dict[str, Any]]:
    """Rates of all months together, apart for accounts seen late before the earlier month."""
    moments = _pooled(sums)
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
