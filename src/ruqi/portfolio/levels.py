"""Where the book stands on its observation day: open accounts, balances and the late part."""

import numpy as np

from ruqi.portfolio.definition import (
    DAYS_30,
    DAYS_90,
    OWED,
    STEPS,
    TOTAL,
    Definition,
    Text,
)
from ruqi.portfolio.intervals import Moments, Sums
from ruqi.portfolio.panel import Book, Ints, Panel, days_from, filled, late_from
from ruqi.portfolio.segments import Segments
from ruqi.tape.columns import Tape

BALANCE = ("performance.balance",)
OPEN_ACCOUNTS = Text("open accounts", "在贷账户数")
OPEN_BALANCE = Text("what open accounts owe", "在贷余额")
COINCIDENT = Text("coincident delinquency", "即期逾期率")

LEVELS = (
    Definition(
        "open_count",
        Text("Open accounts", "在贷账户数"),
        OPEN_ACCOUNTS,
        TOTAL,
        Text("How many accounts were open and seen.", "观察日账面上在贷的账户数量。"),
        window="current",
        weight="count",
        unit="count",
    ),
    Definition(
        "open_balance",
        Text("Open balance", "在贷余额"),
        OPEN_BALANCE,
        TOTAL,
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
        Text("30+ days late, accounts", "逾期30天及以上账户占比"),
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
        Text("30+ days late, balance", "逾期30天及以上余额占比"),
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
        Text("90+ days late, balance", "逾期90天及以上余额占比"),
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
TOTALS = ("open_count", "open_balance")  # no share of anything: their denominator is 1
BANDS = (30, 90)  # days at which accounts are told apart inside a bucket


def level_sums(panel: Panel, parts: Segments, tape: Tape) -> Sums:
    """Open accounts by bucket and band of days: number, balance known, balance and its square."""
    bands = len(BANDS) + 1
    still = panel.is_open()
    rows = None if still.all() else np.flatnonzero(still)
    key = panel.state.astype(np.int32) * np.int32(bands) + _bands(panel, tape)
    owed, known = panel.owed, panel.known.astype(np.float64)
    if rows is not None:
        key, owed, known = key[rows], owed[rows], known[rows]
    weights = [None, known, owed, owed * owed]
    tables = parts.tally(panel, key, panel.buckets * bands, weights, rows)
    sums = dict(zip(("open", "known", "owed", "owed2"), tables, strict=True))
    if tape.has("performance.dpd_days"):
        late = np.flatnonzero(panel.late(1) & (filled(panel.rows["dpd_days"], -1) >= 0))
        days = filled(panel.rows["dpd_days"])[late].astype(np.float64)
        tables = parts.tally(panel, None, 1, [None, days, days * days], late)
        sums |= dict(zip(("late_days_n", "late_days", "late_days2"), tables, strict=True))
    return sums


def level_moments(sums: Sums, book: Book) -> dict[str, Moments]:
    """Moments of every definition of `LEVELS` that the sums allow."""
    made = {d.id: _share(sums, book, d) for d in LEVELS if d.unit == "share"}
    count, known, owed, owed2 = (sums[name].sum(axis=2) for name in ("open", "known", *OWED_SUMS))
    made["open_count"] = Moments(count, count, count)
    made["open_balance"] = Moments(owed, owed, count)
    made["average_balance"] = Moments(owed, known, known, owed2, owed, known, part=False)
    if "late_days" in sums:
        n, days, days2 = (sums[f"late_days{end}"][:, :, 0] for end in ("_n", "", "2"))
        made["mean_days_late"] = Moments(days, n, n, days2, days, n, part=False)
    return made


OWED_SUMS = ("owed", "owed2")


def _share(sums: Sums, book: Book, definition: Definition) -> Moments:
    """The share of open accounts (or of what they owe) that is late by steps or by days."""
    late = np.zeros((book.buckets, len(BANDS) + 1), dtype=bool)
    if definition.steps is not None:
        late[late_from(book.delinquency) + definition.steps - 1 :] = True
    if definition.days is not None:
        late[:, 1 + BANDS.index(definition.days) :] = True
    cells = late.ravel()
    count = sums["open"].sum(axis=2)
    if definition.weight == "count":
        return Moments(sums["open"][:, :, cells].sum(axis=2), count, count)
    part, part2 = (sums[name][:, :, cells].sum(axis=2) for name in OWED_SUMS)
    whole, whole2 = (sums[name].sum(axis=2) for name in OWED_SUMS)
    return Moments(part, whole, count, part2, part2, whole2)


def _bands(panel: Panel, tape: Tape) -> Ints:
    """Per row how many of `BANDS` are reached: by days where given, else by the bucket's bounds."""
    of_bucket = np.zeros(len(panel.book.states), dtype=np.int32)
    for days in BANDS:
        first = days_from(panel.book.delinquency, days)
        if first is not None:
            of_bucket[first : panel.buckets] += 1
    by_bucket: Ints = of_bucket[panel.state]
    if not tape.has("performance.dpd_days"):
        return by_bucket
    late = panel.rows["dpd_days"]
    days_late = filled(late)
    reached = np.zeros(len(days_late), dtype=np.int32)
    for days in BANDS:
        reached += days_late >= days
    return np.where(late.is_null().to_numpy(), by_bucket, reached) if late.null_count() else reached
