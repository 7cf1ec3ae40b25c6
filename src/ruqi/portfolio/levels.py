"""Where the book stands on its observation day: open accounts, balances and the late part."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ruqi.portfolio.definition import (
    DAYS_30,
    DAYS_90,
    OWED,
    STEPS,
    Definition,
    Text,
)
from ruqi.portfolio.intervals import Array, Moments
from ruqi.portfolio.panel import Panel, days_from, late_from
from ruqi.portfolio.segments import Segments
from ruqi.tape.columns import Tape

BALANCE = ("performance.balance",)
OPEN_ACCOUNTS = Text("open accounts", "在贷账户数")
OPEN_BALANCE = Text("what open accounts owe", "在贷余额")
COINCIDENT = "coincident delinquency (即期逾期率)"

LEVELS = (
    Definition(
        "open_count",
        Text("Open accounts", "在贷账户数"),
        OPEN_ACCOUNTS,
        Text("1", "1"),
        Text("How many accounts were open and seen.", "观察日账面上在贷的账户数量。"),
        window="current",
        weight="count",
        unit="count",
    ),
    Definition(
        "open_balance",
        Text("Open balance", "在贷余额"),
        OPEN_BALANCE,
        Text("1", "1"),
        Text("What open accounts owed together.", "观察日全部在贷账户的欠款合计。"),
        window="current",
        weight="amount",
        unit="minor",
        needs=BALANCE,
        day_convention=OWED,
    ),
    Definition(
        "average_balance",
        Text("Average open balance", "户均余额"),
        OPEN_BALANCE,
        Text("open accounts whose balance is known", "余额已知的在贷账户数"),
        Text("What an open account owed on average.", "平均每个在贷账户的欠款。"),
        window="current",
        weight="amount",
        unit="minor",
        needs=BALANCE,
        day_convention=OWED,
    ),
    Definition(
        "late_1p_count",
        Text("Late by one step or more, accounts", "逾期一级及以上账户占比"),
        Text("open accounts one bucket or more late", "逾期一个阶段及以上的在贷账户数"),
        OPEN_ACCOUNTS,
        Text(
            "Of a hundred open accounts, how many were late at all.",
            "每一百个在贷账户中有多少个处于逾期。",
        ),
        window="current",
        weight="count",
        steps=1,
        source=COINCIDENT,
    ),
    Definition(
        "late_1p_balance",
        Text("Late by one step or more, balance", "逾期一级及以上余额占比"),
        Text(
            "whole balance of open accounts one bucket or more late",
            "逾期一个阶段及以上的在贷账户的全部余额",
        ),
        OPEN_BALANCE,
        Text(
            "What share of the open balance was owed by late accounts.",
            "在贷余额中由逾期账户所欠的比例。",
        ),
        window="current",
        weight="amount",
        needs=BALANCE,
        steps=1,
        source=COINCIDENT,
    ),
    Definition(
        "late_2p_count",
        Text("Late by two steps or more, accounts", "逾期二级及以上账户占比"),
        Text("open accounts two buckets or more late", "逾期两个阶段及以上的在贷账户数"),
        OPEN_ACCOUNTS,
        Text(
            "Of a hundred open accounts, how many were late beyond the mildest bucket.",
            "每一百个在贷账户中有多少个逾期已超过最轻阶段。",
        ),
        window="current",
        weight="count",
        steps=2,
        source=COINCIDENT,
    ),
    Definition(
        "late_2p_balance",
        Text("Late by two steps or more, balance", "逾期二级及以上余额占比"),
        Text(
            "whole balance of open accounts two buckets or more late",
            "逾期两个阶段及以上的在贷账户的全部余额",
        ),
        OPEN_BALANCE,
        Text(
            "What share of the open balance was owed by accounts beyond the mildest bucket.",
            "在贷余额中由逾期超过最轻阶段的账户所欠的比例。",
        ),
        window="current",
        weight="amount",
        needs=BALANCE,
        steps=2,
        source=COINCIDENT,
    ),
    Definition(
        "overdue_30p_count",
        Text("30+ days late, accounts", "逾期30天以上账户占比"),
        Text("open accounts 30 days or more late", "逾期30天及以上的在贷账户数"),
        OPEN_ACCOUNTS,
        Text(
            "Of a hundred open accounts, how many were a month or more late.",
            "每一百个在贷账户中有多少个逾期满30天。",
        ),
        window="current",
        weight="count",
        day_convention=DAYS_30,
        days=30,
        source=COINCIDENT,
    ),
    Definition(
        "overdue_30p_balance",
        Text("30+ days late, balance", "逾期30天以上余额占比"),
        Text(
            "whole balance of open accounts 30 days or more late",
            "逾期30天及以上的在贷账户的全部余额",
        ),
        OPEN_BALANCE,
        Text(
            "What share of the open balance was owed by accounts a month or more late.",
            "在贷余额中由逾期满30天的账户所欠的比例。",
        ),
        window="current",
        weight="amount",
        needs=BALANCE,
        day_convention=DAYS_30,
        days=30,
        source=COINCIDENT,
    ),
    Definition(
        "overdue_90p_balance",
        Text("90+ days late, balance", "逾期90天以上余额占比"),
        Text(
            "whole balance of open accounts 90 days or more late",
            "逾期90天及以上的在贷账户的全部余额",
        ),
        OPEN_BALANCE,
        Text(
            "What share of the open balance was owed by accounts three months or more late.",
            "在贷余额中由逾期满90天的账户所欠的比例。",
        ),
        window="current",
        weight="amount",
        needs=BALANCE,
        day_convention=DAYS_90,
        days=90,
        source=COINCIDENT,
    ),
    Definition(
        "mean_days_late",
        Text("Average days late of late accounts", "逾期账户平均逾期天数"),
        Text("days past due of late open accounts, summed", "逾期在贷账户的逾期天数合计"),
        Text("open accounts one bucket or more late", "逾期一个阶段及以上的在贷账户数"),
        Text(
            "How long, on average, the late accounts had been late.",
            "逾期账户平均已逾期多少天。",
        ),
        window="current",
        weight="count",
        unit="days",
        needs=("performance.dpd_days",),
        day_convention=STEPS,
        steps=1,
    ),
)
BANDS = (30, 90)  # days at which accounts are told apart inside a bucket


@dataclass(frozen=True)
class Levels:
    """Counts, balances and their squares by segment, month, state and band of days."""

    count: Array  # segments x months x buckets x bands
    known: Array
    owed: Array
    owed2: Array
    late_from: int

    def moments(self, weight: str, steps: int | None, days: int | None) -> Moments:
        """The share of open accounts (or of what they owe) that is late by steps or by days."""
        late = np.zeros(self.count.shape[2:], dtype=bool)
        if steps is not None:
            late[self.late_from + steps - 1 :] = True
        if days is not None:
            late[:, 1 + BANDS.index(days) :] = True
        count = self.count.sum(axis=(2, 3))
        if weight == "count":
            part = self.count[:, :, late].sum(axis=2)
            return Moments(part, count, count)
        part2 = self.owed2[:, :, late].sum(axis=2)
        return Moments(
            self.owed[:, :, late].sum(axis=2),
            self.owed.sum(axis=(2, 3)),
            count,
            part2,
            part2,
            self.owed2.sum(axis=(2, 3)),
        )


def level_measures(panel: Panel, parts: Segments, tape: Tape) -> dict[str, Moments]:
    """Moments of every definition of `LEVELS`, each segments x months."""
    book = _levels(panel, parts, tape)
    made = {d.id: book.moments(d.weight, d.steps, d.days) for d in LEVELS if d.unit == "share"}
    ones = np.ones(book.count.shape[:2])
    count, known = book.count.sum(axis=(2, 3)), book.known.sum(axis=(2, 3))
    owed, owed2 = book.owed.sum(axis=(2, 3)), book.owed2.sum(axis=(2, 3))
    made["open_count"] = Moments(count, ones, count)
    made["open_balance"] = Moments(owed, ones, count)
    made["average_balance"] = Moments(owed, known, known, owed2, owed, known, part=False)
    if tape.has("performance.dpd_days"):
        made["mean_days_late"] = _days_late(panel, parts)
    return made


def _levels(panel: Panel, parts: Segments, tape: Tape) -> Levels:
    bands = len(BANDS) + 1
    still = panel.state < panel.buckets
    rows = None if still.all() else np.flatnonzero(still)
    key = panel.state.astype(np.int32) * np.int32(bands) + _bands(panel, tape)
    owed, known = panel.owed, panel.known.astype(np.float64)
    if rows is not None:
        key, owed, known = key[rows], owed[rows], known[rows]
    sums = parts.tally(panel, key, panel.buckets * bands, [None, known, owed, owed * owed], rows)
    shape = (*sums[0].shape[:2], panel.buckets, bands)
    count, knowns, owes, owes2 = (table.reshape(shape) for table in sums)
    return Levels(count, knowns, owes, owes2, late_from(panel.delinquency))


def _bands(panel: Panel, tape: Tape) -> npt.NDArray[np.int32]:
    """Per row how many of `BANDS` are reached: by days where given, else by the bucket's bounds."""
    of_bucket = np.zeros(len(panel.states), dtype=np.int32)
    for days in BANDS:
        first = days_from(panel.delinquency, days)
        if first is not None:
            of_bucket[first : panel.buckets] += 1
    by_bucket = of_bucket[panel.state]
    if not tape.has("performance.dpd_days"):
        return by_bucket
    late = panel.rows["dpd_days"]
    days_late = late.fill_null(0).to_numpy()
    reached = np.zeros(len(days_late), dtype=np.int32)
    for days in BANDS:
        reached += days_late >= days
    if late.null_count():
        reached = np.where(late.is_null().to_numpy(), by_bucket, reached)
    return reached


def _days_late(panel: Panel, parts: Segments) -> Moments:
    late = (panel.state >= late_from(panel.delinquency)) & (panel.state < panel.buckets)
    rows = np.flatnonzero(late & panel.rows["dpd_days"].is_not_null().to_numpy())
    days = panel.amounts("dpd_days")[rows]
    count, total, squares = (
        table[:, :, 0] for table in parts.tally(panel, None, 1, [None, days, days * days], rows)
    )
    return Moments(total, count, count, squares, total, count, part=False)
