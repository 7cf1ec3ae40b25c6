"""What moved between two months: entry into lateness, cure, relapse, worsening and charge-off."""

from dataclasses import replace

import numpy as np

from ruqi.portfolio.definition import TWO_DAYS, Definition, Text
from ruqi.portfolio.intervals import Array, Moments, Sums
from ruqi.portfolio.levels import BALANCE
from ruqi.portfolio.panel import Book, Flags, Panel, Rows, late_from
from ruqi.portfolio.segments import Segments

CURRENT_BEFORE = Text(
    "accounts current a month before and seen on both days", "上月正常且两个观察日均可见的账户"
)
LATE_BEFORE = Text(
    "accounts late a month before and seen on both days", "上月逾期且两个观察日均可见的账户"
)
OPEN_BEFORE = Text(
    "accounts open a month before and seen on both days", "上月在贷且两个观察日均可见的账户"
)
WORSE = Text(
    "A charge-off counts as the worst place; a row after a charge-off makes no step here",
    "核销视为最差去向；核销之后的记录不再计入",
)
CHARGED = Text(
    "Counted in the month in which the book first shows it", "计入账面首次显示核销的月份"
)
_STEP = Definition(
    "",
    Text("", ""),
    Text("", ""),
    Text("", ""),
    Text("", ""),
    window="step",
    weight="count",
    day_convention=TWO_DAYS,
    charge_off=WORSE,
    steps=1,
    looks_back=1,
)


def _by_balance(definition: Definition, name: Text, says: Text) -> Definition:
    """The same step weighed by what was owed a month before."""
    return replace(
        definition,
        id=definition.id.removesuffix("_count") + "_balance",
        name=name,
        numerator=Text(
            f"the earlier month's balance of {definition.numerator.en}",
            f"{definition.numerator.zh}的上月余额",
        ),
        denominator=Text(
            f"the earlier month's balance of {definition.denominator.en}",
            f"{definition.denominator.zh}的上月余额",
        ),
        says=says,
        weight="amount",
        needs=(*BALANCE, *definition.needs),
    )


ENTRY = replace(
    _STEP,
    id="entry_rate_count",
    name=Text("Entry rate, accounts", "入催率（户数）"),
    numerator=Text(
        "those that are one bucket or more late now", "其中本月逾期一个阶段及以上的账户"
    ),
    denominator=CURRENT_BEFORE,
    says=Text(
        "Of a hundred accounts that were current, how many became late within the month.",
        "每一百个上月正常的账户中，本月有多少个转为逾期。",
    ),
    cohort=CURRENT_BEFORE,
    source=Text("entry rate", "入催率"),
)
FIRST_ENTRY = replace(
    ENTRY,
    id="entry_rate_never_late_count",
    name=Text("Entry rate of accounts never late before", "首次入催率（此前从未逾期）"),
    denominator=Text(
        "accounts current a month before, never seen late until then, and seen on both days",
        "上月正常、此前从未见逾期且两个观察日均可见的账户",
    ),
    says=Text(
        "Of a hundred accounts never seen late, how many became late within the month.",
        "每一百个从未逾期的账户中，本月有多少个首次逾期。",
    ),
    looks_back=None,
)
RELAPSE = replace(
    ENTRY,
    id="relapse_rate_count",
    name=Text("Relapse rate", "再次逾期率"),
    denominator=Text(
        "accounts current a month before, seen late at some earlier time, and seen on both days",
        "上月正常、此前曾经逾期且两个观察日均可见的账户",
    ),
    says=Text(
        "Of a hundred accounts that had cured, how many became late again within the month.",
        "每一百个已回正的账户中，本月有多少个再次逾期。",
    ),
    looks_back=None,
    source=Text(
        "second-order state: a matrix without memory understates re-default",
        "二阶状态：没有记忆的迁徙矩阵会低估再次逾期",
    ),
)
WORSEN = replace(
    _STEP,
    id="worsen_rate_count",
    name=Text("Roll to worse, late accounts", "逾期恶化率（户数）"),
    numerator=Text("those in a worse bucket or charged off now", "其中本月阶段加重或已核销的账户"),
    denominator=LATE_BEFORE,
    says=Text(
        "Of a hundred late accounts, how many got worse within the month.",
        "每一百个逾期账户中，本月有多少个进一步恶化；催收绩效 = 1 − 恶化率。",
    ),
    cohort=LATE_BEFORE,
    source=Text("roll rate; performance = 1 - roll rate", "迁徙率；催收绩效 = 1 − 迁徙率"),
)
CURE = replace(
    _STEP,
    id="cure_rate_count",
    name=Text("Cure rate, accounts", "回正率（户数）"),
    numerator=Text("those current or paid off now", "其中本月恢复正常或已结清的账户"),
    denominator=LATE_BEFORE,
    says=Text(
        "Of a hundred late accounts, how many were current or paid off a month later.",
        "每一百个逾期账户中，本月有多少个恢复正常或结清。",
    ),
    cohort=LATE_BEFORE,
)
CHARGE_OFF = replace(
    _STEP,
    id="charge_off_rate_count",
    name=Text("Charge-off rate, accounts", "月核销率（户数）"),
    numerator=Text("those charged off now", "其中本月核销的账户"),
    denominator=OPEN_BEFORE,
    says=Text(
        "Of a hundred open accounts, how many were charged off within the month.",
        "每一百个在贷账户中，本月核销了多少个。",
    ),
    cohort=OPEN_BEFORE,
    charge_off=CHARGED,
    needs=("performance.status",),
)
FLOWS = (
    ENTRY,
    _by_balance(
        ENTRY,
        Text("Entry rate, balance", "入催率（金额）"),
        Text(
            "Of what current accounts owed, how much became late within the month.",
            "上月正常余额中，本月转为逾期的比例。",
        ),
    ),
    FIRST_ENTRY,
    RELAPSE,
    WORSEN,
    _by_balance(
        WORSEN,
        Text("Roll to worse, balance", "逾期恶化率（金额）"),
        Text(
            "Of what late accounts owed, how much got worse within the month.",
            "上月逾期余额中，本月进一步恶化的比例。",
        ),
    ),
    CURE,
    _by_balance(
        CURE,
        Text("Cure rate, balance", "回正率（金额）"),
        Text(
            "Of what late accounts owed, how much was current or paid off a month later.",
            "上月逾期余额中，本月恢复正常或结清的比例。",
        ),
    ),
    CHARGE_OFF,
    _by_balance(
        CHARGE_OFF,
        Text("Charge-off rate, balance", "月核销率（金额）"),
        Text(
            "Of what open accounts owed, how much was charged off within the month.",
            "上月在贷余额中，本月核销的比例。",
        ),
    ),
)


def flow_sums(panel: Panel, parts: Segments) -> Sums:
    """Steps out of buckets by (ever late before, bucket before, state now): number, weights."""
    rows = np.flatnonzero(panel.adjacent)
    rows = rows[panel.state[rows - 1] < panel.buckets]
    before, now = panel.state[rows - 1].astype(np.int32), panel.state[rows].astype(np.int32)
    ever = ever_late_before(panel, rows).astype(np.int32)
    states = len(panel.book.states)
    key = (ever * np.int32(panel.buckets) + before) * np.int32(states) + now
    owed = panel.owed[rows - 1]
    weights = [None, owed, owed * owed]
    tables = parts.tally(panel, key, 2 * panel.buckets * states, weights, rows)
    return dict(zip(("steps", "steps_owed", "steps_owed2"), tables, strict=True))


def flow_moments(sums: Sums, book: Book) -> dict[str, Moments]:
    """Moments of every definition of `FLOWS`."""
    count, amount, square = sums["steps"], sums["steps_owed"], sums["steps_owed2"]
    made = {}
    for name, (part, whole) in _masks(book).items():
        n = _sum(count, whole)
        made[f"{name}_count"] = Moments(_sum(count, part), n, n)
        part2 = _sum(square, part)
        made[f"{name}_balance"] = Moments(
            _sum(amount, part), _sum(amount, whole), n, part2, part2, _sum(square, whole)
        )
    return {d.id: made[d.id] for d in FLOWS}


def ever_late_before(panel: Panel, rows: Rows) -> Flags:
    """Per row of `rows` whether its account was seen late in an earlier month."""
    flags: Flags = panel.first(panel.late(1))[panel.account[rows]] < panel.month[rows]
    return flags


def _sum(table: Array, mask: Flags) -> Array:
    total: Array = table[:, :, mask.ravel()].sum(axis=2)
    return total


def _masks(book: Book) -> dict[str, tuple[Flags, Flags]]:
    """Per measure the cells (ever late x before x now) of numerator and denominator."""
    late = late_from(book.delinquency)
    shape = (2, book.buckets, len(book.states))
    ever, before, now = np.indices(shape)
    lost = now == book.states.index("charged_off", book.buckets)
    is_late = ((now >= late) & (now < book.buckets)) | lost
    worse = ((now > before) & (now < book.buckets)) | lost
    cured = (now < late) | (now == book.states.index("paid_off", book.buckets))
    current = before < late
    return {
        "entry_rate": (current & is_late, current),
        "entry_rate_never_late": (current & is_late & (ever == 0), current & (ever == 0)),
        "relapse_rate": (current & is_late & (ever == 1), current & (ever == 1)),
        "worsen_rate": (~current & worse, ~current),
        "cure_rate": (~current & cured, ~current),
        "charge_off_rate": (lost, np.ones(shape, dtype=bool)),
    }
