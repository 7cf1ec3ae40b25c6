"""Accounts opened in one month, followed by months on book; what is not yet known is left out.

MOB of the month of opening is 0, by civil months. A vintage is told up to the MOB that it has
reached at the book's last whole month: no cell is filled ahead. An account unseen in a month stays
what it was; one that has gone stays in the denominator.
"""

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from ruqi.portfolio.definition import DAYS_30, Definition, Text, columns, lacks
from ruqi.portfolio.history import EVER_CHARGED, first_at
from ruqi.portfolio.intervals import Array, Estimate, Moments, estimate
from ruqi.portfolio.panel import (
    Floats,
    Ints,
    Panel,
    days_from,
    late_from,
    month_end,
    opened,
    opening_balance,
    panel,
)
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
        source="Vintage, MOB from civil months",
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
    tape: Tape, remarks: Sequence[Remark] = (), rows: Panel | None = None
) -> dict[str, Any]:
    """The first vintage table, and under `tables` all of them, each `{definition_id, needs, cells,
    totals, left_out}`.

    A cell: `{opened: "2024-01", mob, accounts, value, low, high, numerator, denominator, mature,
    remark_ids}`. `totals` are by MOB over the vintages that have reached it. `left_out` counts
    accounts in no vintage: opened before the book's months, or at an unknown day.
    """
    book = rows or panel(tape)
    tables = [_table(definition, tape, remarks, book) for definition in VINTAGES]
    return tables[0] | {"tables": tables}


def _table(
    definition: Definition, tape: Tape, remarks: Sequence[Remark], book: Panel
) -> dict[str, Any]:
    needs = lacks(definition, tape)
    told: dict[str, Any] = {"definition_id": definition.id, "needs": needs}
    if needs:
        return told | {"cells": [], "totals": [], "left_out": None}
    months = opened(book, tape)
    weight = opening_balance(book, months) if definition.weight == "amount" else None
    cohort = (months >= 0) & (months < book.months)
    if weight is not None:
        cohort &= weight > 0
    last = _last_whole_month(book, tape)
    moments = _moments(book, months, cohort, _first(definition, book, tape), weight)
    mob = np.arange(book.months)
    mature = (mob[:, None] + mob[None, :] <= last) & (moments.n > 0)
    found = estimate(moments)
    read = columns(definition, tape)
    cells = [
        {"opened": month_end(book.first_month + int(v)).isoformat()[:7], "mob": int(m)}
        | _figures(found, moments, (v, m))
        | {"mature": True}
        | {"remark_ids": touching(remarks, book.ons[v + m], read, book.ons[v])}
        for v, m in np.argwhere(mature)
    ]
    return told | {
        "cells": cells,
        "totals": _totals(moments, mature),
        "left_out": int(len(cohort) - cohort.sum()),
    }


def _first(definition: Definition, book: Panel, tape: Tape) -> Ints:
    """Per account the first month it was late in the definition's sense or charged off."""
    if definition.steps is not None:
        return first_at(book, late_from(book.delinquency) + definition.steps - 1)
    assert definition.days is not None
    if not tape.has("performance.dpd_days"):
        return first_at(book, days_from(book.delinquency, definition.days) or book.buckets)
    late = (book.amounts("dpd_days") >= definition.days) & (book.state < book.buckets)
    return book.first(late | (book.state == book.state_of("charged_off")))


def _last_whole_month(book: Panel, tape: Tape) -> int:
    """The last month of which every account's observation day has come."""
    end = month_end(book.first_month + book.months - 1)
    whole = tape.observed == "month_end" or tape.as_of >= end
    return book.months - 1 if whole else book.months - 2


def _moments(
    book: Panel, months: Ints, cohort: npt.NDArray[np.bool_], late: Ints, weight: Floats | None
) -> Moments:
    """Vintages x MOB, cumulative over MOB; accounts late before their opening month count at 0."""
    size = book.months
    vintage = months[cohort]
    at = np.clip(late[cohort] - vintage, 0, size)  # size: never, or not yet
    at = np.where(late[cohort] >= size, size, at)
    key = vintage.astype(np.int64) * (size + 1) + at

    def table(weights: Floats | None) -> tuple[Array, Array]:
        flat = np.bincount(key, weights, minlength=size * (size + 1)).astype(np.float64)
        square = flat.reshape(size, size + 1)
        whole = np.repeat(square.sum(axis=1)[:, None], size, axis=1)
        return np.cumsum(square[:, :size], axis=1), whole

    part, n = table(None)
    if weight is None:
        return Moments(part, n, n)
    lent = weight[cohort]
    amount, whole = table(lent)
    amount2, whole2 = table(lent * lent)
    return Moments(amount, whole, n, amount2, amount2, whole2)


def _totals(moments: Moments, mature: npt.NDArray[np.bool_]) -> list[dict[str, Any]]:
    def over(table: Array | None) -> Array | None:
        return None if table is None else np.where(mature, table, 0.0).sum(axis=0)

    def known(table: Array) -> Array:
        summed: Array = np.where(mature, table, 0.0).sum(axis=0)
        return summed

    pooled = Moments(
        known(moments.numerator),
        known(moments.denominator),
        known(moments.n),
        over(moments.numerator2),
        over(moments.cross),
        over(moments.denominator2),
    )
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
