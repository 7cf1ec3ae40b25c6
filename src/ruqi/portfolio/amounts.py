"""What was asked for and what was paid: overdue instalments and collected shares."""

import numpy as np

from ruqi.portfolio.definition import TWO_DAYS, Definition, Text
from ruqi.portfolio.intervals import Moments, Sums
from ruqi.portfolio.levels import OPEN_BALANCE
from ruqi.portfolio.panel import Floats, Panel, Rows
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
        cohort=Text(
            "open accounts of the month whose balance, due and paid are all known",
            "当月余额、应还、已还均有记录的在贷账户",
        ),
        day_convention=ASKED,
        steps=1,
        source=Text(
            "overdue amount, not the late accounts' whole balance", "逾期额，区别于逾期账户全部余额"
        ),
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
        cohort=Text(
            "accounts with something due in the month whose paid is known",
            "当月有应还款且已还金额有记录的账户",
        ),
        day_convention=ASKED,
        charge_off=Text("Counted while the book still asks for a due", "账面仍列示应还款时计入"),
        source=Text("collection rate", "回收率"),
    ),
    Definition(
        "collected_share_late",
        Text("Collected share of late accounts' balance", "催回率（金额）"),
        Text(
            "paid in the month by those accounts, each at most its earlier balance",
            "这些账户当月已还金额，每户以上月余额为限",
        ),
        Text(
            "the earlier month's balance of accounts late then, seen on both days, paid known",
            "上月逾期、两个观察日均可见且已还金额有记录的账户的上月余额",
        ),
        Text(
            "Of what late accounts owed a month before, how much they paid within the month.",
            "上月逾期账户的欠款中，本月收回的比例。",
        ),
        window="step",
        weight="amount",
        needs=("performance.balance", "performance.paid"),
        cohort=Text(
            "accounts late a month before whose paid of the month is known",
            "当月已还金额有记录的上月逾期账户",
        ),
        day_convention=TWO_DAYS,
        charge_off=Text(
            "A payment in the month of charge-off counts; later recoveries do not",
            "核销当月的还款计入，核销后回收不计入",
        ),
        steps=1,
        looks_back=1,
        source=Text("collected share of new and old cases", "催回率"),
    ),
)


def amount_sums(panel: Panel, parts: Segments, tape: Tape) -> Sums:
    """What each of `AMOUNTS` needs that the book gives."""
    sums: Sums = {}
    if not tape.has("performance.paid"):
        return sums
    paid = np.maximum(panel.amounts("paid_minor"), 0.0)
    told = panel.rows["paid_minor"].is_not_null().to_numpy()  # unknown is not nothing
    if tape.has("performance.due"):
        due = np.maximum(panel.amounts("due_minor"), 0.0)
        rows = np.flatnonzero((due > 0) & told)
        x, y = np.minimum(paid, due)[rows], due[rows]
        sums |= _named("collected_share", panel, parts, rows, (x, y))
        if tape.has("performance.balance"):
            stated = panel.rows["due_minor"].is_not_null().to_numpy() & told
            still = np.flatnonzero(panel.is_open() & panel.known & stated)
            unpaid = np.where(panel.late(1), np.maximum(due - paid, 0.0), 0.0)
            pair = (unpaid[still], panel.owed[still])
            sums |= _named("overdue_instalments_balance", panel, parts, still, pair)
    if tape.has("performance.balance"):
        rows = np.flatnonzero(panel.adjacent & told)
        rows = rows[panel.late(1)[rows - 1]]
        earlier = panel.owed[rows - 1]
        pair = (np.minimum(paid[rows], earlier), earlier)
        sums |= _named("collected_share_late", panel, parts, rows, pair)
    return sums


def amount_moments(sums: Sums) -> dict[str, Moments]:
    """Moments of every definition of `AMOUNTS` that the sums allow."""
    return {
        d.id: Moments(part=False, **{name: sums[f"{d.id}:{name}"][:, :, 0] for name in PARTS})
        for d in AMOUNTS
        if f"{d.id}:n" in sums
    }


PARTS = ("numerator", "denominator", "n", "numerator2", "cross", "denominator2")


def _named(
    name: str, panel: Panel, parts: Segments, rows: Rows, pair: tuple[Floats, Floats]
) -> Sums:
    x, y = pair
    tables = parts.tally(panel, None, 1, [x, y, None, x * x, x * y, y * y], rows)
    return {f"{name}:{part}": table for part, table in zip(PARTS, tables, strict=True)}
