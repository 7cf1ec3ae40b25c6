"""Accounts opened in one month, followed by months on book; what is not yet known is left out.

MOB of the month of opening is 0, by civil months. A vintage is told up to the MOB that it has
reached at the book's last whole month: no cell is filled ahead. An account unseen in a month stays
what it was; one that has gone stays in the denominator.
"""

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

from ruqi.portfolio.definition import DAYS_30, Definition, Text, columns, lacks
from ruqi.portfolio.history import EVER_CHARGED
from ruqi.portfolio.intervals import Array, Estimate, Moments, Sums, estimate
from ruqi.portfolio.panel import Book, Flags, Ints, Panel, days_from, filled, month_end, panel
from ruqi.primitives.errors import ensure
from ruqi.tape.columns import Tape
from ruqi.tape.remarks import Remark, touching

COHORT = Text(
    "accounts opened in one civil month inside the book's months, gone ones included",
    "同一自然月内放款（且放款月在账面期间内）的账户，含已退出账户",
)


def _vintage(
    name: str, numerator: Text, weight: Literal["count", "amount"], **more: Any
) -> Definition:
    lent = weight == "amount"
    return Definition(
        f"vintage_{name}_{'balance' if lent else 'count'}",
        Text(
            f"Vintage: {numerator.en}, by {'amount lent' if lent else 'accounts'}",
            f"账龄批次（Vintage）：{numerator.zh}（{'放款额' if lent else '户数'}）",
        ),
        Text(
            f"{'opening balance of ' if lent else ''}those {numerator.en} by that MOB",
            f"其中到该MOB为止{numerator.zh}的账户{'的期初余额' if lent else ''}",
        ),
        Text(
            f"{'opening balance of ' if lent else ''}the vintage's accounts",
            f"该批次全部账户{'的期初余额' if lent else '数'}",
        ),
        Text(
            f"Of the accounts opened in a month, what share was {numerator.en} by each month on "
            "book.",
            f"同月放款的账户，到各账龄（MOB）为止{numerator.zh}的比例。",
        ),
        window="ever",
        weight=weight,
        needs=("accounts.opened_on", *(("performance.balance",) if lent else ())),
        cohort=COHORT,
        charge_off=EVER_CHARGED,
        looks_back=None,
        source=Text("vintage, MOB from civil months", "账龄批次，MOB按自然月"),
        table="vintages",
        **more,
    )


_ONE = Text("ever late by one step or more", "曾逾期一级及以上")
_TWO = Text("ever late by two steps or more", "曾逾期二级及以上")
_THIRTY = Text("ever 30 days or more late", "曾逾期30天及以上")
VINTAGES = (
    _vintage("late_1p", _ONE, "count", steps=1),
    _vintage("late_1p", _ONE, "amount", steps=1),
    _vintage("late_2p", _TWO, "count", steps=2),
    _vintage("late_2p", _TWO, "amount", steps=2),
    _vintage("overdue_30p", _THIRTY, "count", days=30, day_convention=DAYS_30),
    _vintage("overdue_30p", _THIRTY, "amount", days=30, day_convention=DAYS_30),
)


def vintages(
    tape: Tape, remarks: Sequence[Remark] = (), book: Book | None = None
) -> dict[str, Any]:
    """The first vintage table, and under `tables` all of them, each `{definition_id, needs, cells,
    totals, left_out}`.

    A cell: `{opened: "2024-01", mob, accounts, value, low, high, numerator, denominator, mature,
    remark_ids}`. `totals` are by MOB over the vintages that have reached it. `left_out` counts
    accounts in no vintage: opened before the book's months, or at an unknown day.
    """
    book = book or panel(tape)
    able = [d for d in VINTAGES if not lacks(d, tape)]
    sums: Sums = {}
    for part in book.parts() if able else ():
        for name, table in _part_sums(part, able, tape).items():
            sums[name] = sums[name] + table if name in sums else table
    tables = [_table(definition, tape, remarks, book, sums) for definition in VINTAGES]
    return tables[0] | {"tables": tables}


def _part_sums(panel: Panel, able: Sequence[Definition], tape: Tape) -> Sums:
    """Per definition: accounts, and what was lent and its square, by vintage and MOB of lateness;
    the last column holds those never late so far."""
    size = panel.months
    lent = panel.opening_balance()
    member = (panel.opened >= 0) & (panel.opened < size)
    sums: Sums = {"left_out": np.array([len(member) - member.sum()], dtype=np.float64)}
    firsts = {_threshold(d): d for d in able}
    hit = {threshold: _first(d, panel, tape) for threshold, d in firsts.items()}
    for definition in able:
        amount = definition.weight == "amount"
        cohort = member & (lent > 0) if amount else member
        late, vintage = hit[_threshold(definition)][cohort], panel.opened[cohort]
        mob = np.where(late >= size, size, np.clip(late - vintage, 0, size))
        key = vintage.astype(np.int64) * (size + 1) + mob
        weights = (None, lent[cohort], lent[cohort] ** 2) if amount else (None,)
        for place, weight in enumerate(weights):
            flat = np.bincount(key, weight, minlength=size * (size + 1)).astype(np.float64)
            sums[f"{definition.id}:{place}"] = flat.reshape(size, size + 1)
    return sums


def _table(
    definition: Definition, tape: Tape, remarks: Sequence[Remark], book: Book, sums: Sums
) -> dict[str, Any]:
    needs = lacks(definition, tape)
    told: dict[str, Any] = {"definition_id": definition.id, "needs": needs}
    if needs:
        return told | {"cells": [], "totals": [], "left_out": None}
    moments = _moments(definition, sums)
    mob = np.arange(book.months)
    reached = mob[:, None] + mob[None, :] <= _last_whole_month(book, tape)
    mature = reached & (moments.n > 0)
    found = estimate(moments)
    read_columns = columns(definition, tape)
    cells = [
        {"opened": month_end(book.first_month + int(v)).isoformat()[:7], "mob": int(m)}
        | _figures(found, moments, (v, m))
        | {"mature": True}
        | {"remark_ids": touching(remarks, book.ons[v + m], read_columns, book.ons[v])}
        for v, m in np.argwhere(mature)
    ]
    return told | {
        "cells": cells,
        "totals": _totals(moments, mature),
        "left_out": int(sums["left_out"][0]),
    }


def _threshold(definition: Definition) -> tuple[int | None, int | None]:
    return definition.steps, definition.days


def _first(definition: Definition, panel: Panel, tape: Tape) -> Ints:
    """Per account the first month it was late in the definition's sense or charged off."""
    if definition.steps is not None:
        return panel.first(panel.late(definition.steps) | panel.lost())
    ensure(definition.days is not None, "a vintage has a threshold")
    days = definition.days or 0
    if tape.has("performance.dpd_days"):
        late = filled(panel.rows["dpd_days"]) >= days
    else:
        late = panel.state >= (days_from(panel.book.delinquency, days) or panel.buckets)
    return panel.first((late & panel.is_open()) | panel.lost())


def _last_whole_month(book: Book, tape: Tape) -> int:
    """The last month of which every account's observation day has come."""
    end = month_end(book.first_month + book.months - 1)
    whole = tape.observed == "month_end" or tape.as_of >= end
    return book.months - 1 if whole else book.months - 2


def _moments(definition: Definition, sums: Sums) -> Moments:
    """Vintages x MOB, cumulative over MOB; who was late before the opening month counts at 0."""

    def table(place: int) -> tuple[Array, Array]:
        square = sums[f"{definition.id}:{place}"]
        whole = np.repeat(square.sum(axis=1)[:, None], square.shape[0], axis=1)
        return np.cumsum(square[:, :-1], axis=1), whole

    part, n = table(0)
    if definition.weight == "count":
        return Moments(part, n, n)
    (amount, whole), (amount2, whole2) = table(1), table(2)
    return Moments(amount, whole, n, amount2, amount2, whole2)


def _totals(moments: Moments, mature: Flags) -> list[dict[str, Any]]:
    """All vintages that have reached a MOB, together."""
    pooled = moments.each(lambda table: np.where(mature, table, 0.0).sum(axis=0))
    found = estimate(pooled)
    return [
        {"mob": m, "vintages": int(mature[:, m].sum())} | _figures(found, pooled, (m,))
        for m in map(int, np.flatnonzero(mature.any(axis=0)))
    ]


def _figures(found: Estimate, moments: Moments, place: tuple[int, ...]) -> dict[str, Any]:
    return {
        "accounts": int(moments.n[place]),
        "value": float(found.value[place]),
        "low": float(found.low[place]),
        "high": float(found.high[place]),
        "numerator": float(moments.numerator[place]),
        "denominator": float(moments.denominator[place]),
    }
