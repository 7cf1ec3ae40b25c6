"""The same late balance over other grounds: charge-offs, earlier balances, seasoned, disbursed.

One book's "30+" reads eight times higher on one of these than on another; growth alone makes the
coincident ones look better and leaves the lagged and seasoned ones alone.
"""

import numpy as np

from ruqi.portfolio.definition import Definition, Text
from ruqi.portfolio.intervals import Moments, Sums
from ruqi.portfolio.levels import BALANCE
from ruqi.portfolio.panel import UNKNOWN, Flags, Floats, Panel, Rows, leading
from ruqi.portfolio.segments import Segments
from ruqi.tape.columns import Tape

ENDS = ("_n", "", "2", "_cross")
LAG = 2  # months: an account two steps late was current two months ago
SEASONED = 3  # months on book
OPENED = ("accounts.opened_on", "performance.balance")
LATE_BALANCE = Text(
    "whole balance of open accounts two buckets or more late",
    "逾期两个阶段及以上的在贷账户的全部余额",
)
DENOMINATORS = (
    Definition(
        "late_2p_balance_incl_charge_off",
        Text(
            "Late by two steps or more with charge-offs, balance",
            "逾期二级及以上余额占比（含核销）",
        ),
        Text(
            "balance of open accounts two buckets or more late, plus every balance charged off so "
            "far",
            "逾期两个阶段及以上的在贷余额，加历次核销余额",
        ),
        Text(
            "what open accounts owe, plus every balance charged off so far",
            "在贷余额加历次核销余额",
        ),
        Text(
            "The late share of the balance when charged-off debt is still counted.",
            "把已核销债权仍计在内时的逾期余额比例。",
        ),
        window="current",
        weight="amount",
        needs=(*BALANCE, "performance.status"),
        steps=2,
        looks_back=None,
        charge_off=Text(
            "Included in both parts from the month of charge-off on, at the balance of that month "
            "(of the last month seen where that is nil); recoveries are not taken off, and later "
            "open rows of the account are the same debt, not counted again",
            "自核销当月起计入分子和分母，按核销当月余额（为零时按此前最后余额）；不扣除核销后回收，"
            "该账户此后的在贷记录属同一债权，不重复计入",
        ),
        source=Text("balance, current, including write-offs", "当前余额口径，含核销"),
    ),
    Definition(
        "late_2p_balance_lagged_2",
        Text(
            "Late by two steps or more, lagged two months", "逾期二级及以上余额占比（递延两个月）"
        ),
        LATE_BALANCE,
        Text("what open accounts owed two months before", "两个月前的在贷余额"),
        Text(
            "The late balance against the balance from which it came; growth does not dilute it.",
            "以两个月前的余额作分母的逾期比例，不受规模增长稀释。",
        ),
        window="current",
        weight="amount",
        needs=BALANCE,
        steps=2,
        looks_back=LAG,
        source=Text("lagged delinquency", "递延（滞后）逾期率"),
    ),
    Definition(
        "late_2p_balance_seasoned_3",
        Text(
            "Late by two steps or more, seasoned accounts", "逾期二级及以上余额占比（账龄满3个月）"
        ),
        Text(
            "balance of open accounts with MOB 3 or more that are two buckets or more late",
            "账龄（MOB）满3个月且逾期两个阶段及以上的在贷余额",
        ),
        Text("what open accounts with MOB 3 or more owe", "账龄（MOB）满3个月的在贷余额"),
        Text(
            "The late share of the balance of accounts old enough to be late.",
            "只看已有足够账龄的账户时的逾期余额比例。",
        ),
        window="current",
        weight="amount",
        needs=OPENED,
        cohort=Text(
            "open accounts opened three civil months ago or earlier; the month of opening is MOB 0",
            "放款已满三个自然月的在贷账户；放款当月为MOB 0",
        ),
        steps=2,
        source=Text(
            "balance late over balance lent three months ago or earlier",
            "以放款满三个月的余额为分母",
        ),
    ),
    Definition(
        "late_2p_balance_disbursed",
        Text("Late by two steps or more over all disbursed", "逾期二级及以上余额 / 累计放款"),
        Text(
            "balance of those of them that are open and two buckets or more late",
            "其中逾期两个阶段及以上的在贷余额",
        ),
        Text(
            "opening balances of all accounts opened so far inside the book's months",
            "账面期间内累计新放款账户的期初余额",
        ),
        Text(
            "Of all that was lent so far, how much is owed by accounts two steps late or more.",
            "累计放款中，现由逾期两级及以上账户所欠的比例。",
        ),
        window="current",
        weight="amount",
        needs=OPENED,
        cohort=Text(
            "accounts opened inside the book's months and first seen within a month of opening; "
            "opening balance = balance of the first month seen",
            "在账面期间内放款、且放款当月或次月即可见的账户；期初余额取首个可见月份的余额",
        ),
        steps=2,
        looks_back=None,
        charge_off=Text(
            "Charged-off accounts stay in the denominator; their balance is no longer counted as "
            "late",
            "已核销账户的放款额仍留在分母中，其余额不再计入逾期",
        ),
        source=Text("balance late over cumulative disbursed", "逾期余额比累计放款"),
    ),
)


def denominator_sums(panel: Panel, parts: Segments, tape: Tape) -> Sums:
    """Late balances, and what else each of `DENOMINATORS` needs that the book gives."""
    late = np.flatnonzero(panel.late(2))
    lost, amount = charge_offs(panel)
    weight = np.where(panel.is_open(), panel.owed, 0.0)
    still = panel.is_open().astype(np.float64)
    owed, then = panel.owed[late], owed_before(panel, late)
    sums = _named(
        "gone", parts.tally(panel, None, 1, [None, amount, amount * amount], lost)
    ) | _named("whole", parts.tally(panel, None, 1, [still, weight, weight * weight]))
    again = np.flatnonzero(charged_off_before(panel) & panel.is_open())
    due = panel.owed[again]
    sums |= _named("again", parts.tally(panel, None, 1, [None, due, due * due], again))
    bad = np.where(panel.late(2)[again], due, 0.0)
    sums |= _named("again_late", parts.tally(panel, None, 1, [None, bad, bad * bad], again))
    late_weights = [None, owed, owed * owed, owed * then]
    sums |= _named("late", parts.tally(panel, None, 1, late_weights, late))
    if tape.has("accounts.opened_on"):
        sums |= _seasoned(panel, parts) | _disbursed(panel, parts, late)
    return sums


def denominator_moments(sums: Sums) -> dict[str, Moments]:
    """Moments of every definition of `DENOMINATORS` that the sums allow."""
    flat = {name: table[:, :, 0] for name, table in sums.items()}
    late, late2 = flat["late"], flat["late2"]
    gone_n, gone, gone2 = (_running(flat[f"gone{end}"]) for end in ("_n", "", "2"))
    n, whole, whole2 = (flat[f"whole{end}"] for end in ("_n", "", "2"))
    then_n, then, then2 = (_shift(table, LAG) for table in (n, whole, whole2))
    once_n, once, once2 = (flat[f"again{end}"] for end in ("_n", "", "2"))
    part = late + gone - flat["again_late"]
    part2 = late2 + gone2 - flat["again_late2"]
    base, base2 = whole + gone - once, whole2 + gone2 - once2
    made = {
        "late_2p_balance_incl_charge_off": Moments(
            part, base, n + gone_n - once_n, part2, part2, base2
        ),
        "late_2p_balance_lagged_2": Moments(
            late, then, then_n, late2, flat["late_cross"], then2, part=False
        ),
    }
    if "ripe" in sums:
        part, part2 = flat["ripe_late"], flat["ripe_late2"]
        made["late_2p_balance_seasoned_3"] = Moments(
            part, flat["ripe"], flat["ripe_n"], part2, part2, flat["ripe2"]
        )
        lent_n, lent, lent2 = (_running(flat[f"lent{end}"]) for end in ("_n", "", "2"))
        made["late_2p_balance_disbursed"] = Moments(
            flat["lent_late"],
            lent,
            lent_n,
            flat["lent_late2"],
            flat["lent_late_cross"],
            lent2,
            part=False,
        )
    return made


def charge_offs(panel: Panel) -> tuple[Rows, Floats]:
    """The first charged-off row of each account that has one, and the balance it took away."""
    found = np.flatnonzero(panel.lost())
    rows = found[leading(panel.account[found])]
    previous = np.maximum(rows - 1, 0)
    same = (rows > 0) & (panel.account[previous] == panel.account[rows])
    before = np.where(same, panel.owed[previous], 0.0)
    return rows, np.where(panel.owed[rows] > 0, panel.owed[rows], before)


def charged_off_before(panel: Panel) -> Flags:
    """Rows of accounts that were charged off in an earlier month."""
    return panel.month > panel.first(panel.lost())[panel.account]


def owed_before(panel: Panel, rows: Rows) -> Floats:
    """Per row what its account owed `LAG` civil months before, if it was open then; else 0."""
    then = np.zeros(len(rows))
    for back in range(1, LAG + 1):
        earlier = np.maximum(rows - back, 0)
        match = (
            (panel.account[earlier] == panel.account[rows])
            & (panel.month[earlier] == panel.month[rows] - LAG)
            & (panel.state[earlier] < panel.buckets)
        )
        then = np.where(match, panel.owed[earlier], then)
    return then


def _seasoned(panel: Panel, parts: Segments) -> Sums:
    opened = panel.opened[panel.account]
    ripe = (panel.month - opened >= SEASONED) & panel.is_open() & (opened != UNKNOWN)
    rows = np.flatnonzero(ripe)
    owed = panel.owed[rows]
    late = np.where(panel.late(2)[rows], owed, 0.0)
    names = ("ripe_n", "ripe", "ripe2", "ripe_late", "ripe_late2")
    weights = [None, owed, owed * owed, late, late * late]
    return dict(zip(names, parts.tally(panel, None, 1, weights, rows), strict=True))


def _disbursed(panel: Panel, parts: Segments, late: Rows) -> Sums:
    lent = panel.opening_balance()
    cohort = np.flatnonzero(lent > 0).astype(np.int32)
    month = panel.month[panel.starts[cohort]]
    amount = lent[cohort]
    weights = [None, amount, amount * amount]
    sums = _named("lent", parts.tally_events(panel, cohort, month, 1, weights))
    opening = lent[panel.account[late]]
    late, opening = late[opening > 0], opening[opening > 0]
    owed = panel.owed[late]
    late_weights = [None, owed, owed * owed, owed * opening]
    return sums | _named("lent_late", parts.tally(panel, None, 1, late_weights, late))


def _named(name: str, tables: list[Floats]) -> Sums:
    """Number, sum, squares and (where there) products under one name."""
    return {f"{name}{end}": table for end, table in zip(ENDS, tables, strict=False)}


def _running(table: Floats) -> Floats:
    return np.cumsum(table, axis=1)


def _shift(table: Floats, months: int) -> Floats:
    moved = np.zeros_like(table)
    moved[:, months:] = table[:, : table.shape[1] - months]
    return moved
