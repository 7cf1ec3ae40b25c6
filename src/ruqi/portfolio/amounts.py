"""What was asked for and what was paid: overdue instalments and collected shares."""

import numpy as np

from ruqi.portfolio.definition import TWO_DAYS, Definition, Text
from ruqi.portfolio.intervals import Moments
from ruqi.portfolio.levels import OPEN_BALANCE
from ruqi.portfolio.panel import Panel, late_from
from ruqi.portfolio.segments import Segments
from ruqi.tape.columns import Tape

ASKED = Text(
    "`due` is what the book asks for in the month, arrears included; amounts of one month only",
    "“应还”为账面当月应还款（含前期欠款）；只取当月金额",
)
AMOUNTS = (
    Definition(
        "overdue_instalments_balance",
        Text("Overdue instalments over balance", "逾期额占比（仅逾期期供）"),
        Text(
            "due and unpaid of open accounts one bucket or more late",
            "逾期一个阶段及以上的在贷账户的应还未还金额",
        ),
        OPEN_BALANCE,
        Text(
            "How much of the open balance was itself overdue, not merely owed by late accounts.",
            "在贷余额中本身已逾期未还的部分（逾期额），而非逾期账户的全部余额。",
        ),
        window="current",
        weight="amount",
        needs=("performance.balance", "performance.due", "performance.paid"),
        day_convention=ASKED,
        steps=1,
        source="逾期额 against 逾期本金余额",
    ),
    Definition(
        "collected_share",
        Text("Collected share of what was due", "应还回收率"),
        Text("paid in the month, each account at most its due", "当月已还金额，每户以应还为限"),
        Text("due in the month", "当月应还金额"),
        Text(
            "Of what was asked for in the month, how much was paid.", "当月应还款中实际收回的比例。"
        ),
        window="current",
        weight="amount",
        needs=("performance.due", "performance.paid"),
        cohort=Text("accounts with something due in the month", "当月有应还款的账户"),
        day_convention=ASKED,
        charge_off=Text("Counted while the book still asks for a due", "账面仍列示应还款时计入"),
        source="回收率",
    ),
    Definition(
        "collected_share_late",
        Text("Collected share of late accounts' balance", "催回率（金额）"),
        Text(
            "paid in the month by those accounts, each at most its earlier balance",
            "这些账户当月已还金额，每户以上月余额为限",
        ),
        Text(
            "the earlier month's balance of accounts late then and seen on both days",
            "上月逾期且两个观察日均可见的账户的上月余额",
        ),
        Text(
            "Of what late accounts owed a month before, how much they paid within the month.",
            "上月逾期账户的欠款中，本月收回的比例。",
        ),
        window="step",
        weight="amount",
        needs=("performance.balance", "performance.paid"),
        cohort=Text("accounts late a month before", "上月逾期账户"),
        day_convention=TWO_DAYS,
        charge_off=Text(
            "A payment in the month of charge-off counts; later recoveries do not",
            "核销当月的还款计入，核销后回收不计入",
        ),
        steps=1,
        looks_back=1,
        source="催回率",
    ),
)


def amount_measures(panel: Panel, parts: Segments, tape: Tape) -> dict[str, Moments]:
    """Moments of every definition of `AMOUNTS` that the book allows, segments x months."""
    made = {}
    if tape.has("performance.due", "performance.paid"):
        made["collected_share"] = _collected(panel, parts)
        if tape.has("performance.balance"):
            made["overdue_instalments_balance"] = _instalments(panel, parts)
    if tape.has("performance.balance", "performance.paid"):
        made["collected_share_late"] = _collected_late(panel, parts)
    return made


def _instalments(panel: Panel, parts: Segments) -> Moments:
    still = panel.state < panel.buckets
    late = still & (panel.state >= late_from(panel.delinquency))
    unpaid = np.maximum(panel.amounts("due_minor") - panel.amounts("paid_minor"), 0.0)
    return _ratio(panel, parts, np.where(late, unpaid, 0.0), panel.owed, np.flatnonzero(still))


def _collected(panel: Panel, parts: Segments) -> Moments:
    due = panel.amounts("due_minor")
    paid = np.clip(panel.amounts("paid_minor"), 0.0, np.maximum(due, 0.0))
    return _ratio(panel, parts, paid, due, np.flatnonzero(due > 0))


def _collected_late(panel: Panel, parts: Segments) -> Moments:
    rows = np.flatnonzero(panel.adjacent)
    before = panel.state[rows - 1]
    rows = rows[(before >= late_from(panel.delinquency)) & (before < panel.buckets)]
    earlier = np.zeros(len(panel.month))
    earlier[rows] = panel.owed[rows - 1]
    paid = np.clip(panel.amounts("paid_minor"), 0.0, earlier)
    return _ratio(panel, parts, paid, earlier, rows)


def _ratio(
    panel: Panel,
    parts: Segments,
    numerator: np.ndarray[tuple[int], np.dtype[np.float64]],
    denominator: np.ndarray[tuple[int], np.dtype[np.float64]],
    rows: np.ndarray[tuple[int], np.dtype[np.int64]],
) -> Moments:
    x, y = numerator[rows], denominator[rows]
    part, whole, n, part2, cross, whole2 = (
        table[:, :, 0]
        for table in parts.tally(panel, None, 1, [x, y, None, x * x, x * y, y * y], rows)
    )
    return Moments(part, whole, n, part2, cross, whole2, part=False)
