"""The same late balance over other grounds: charge-offs, earlier balances, seasoned, disbursed.

One book's "30+" reads eight times higher on one of these than on another; growth alone makes the
coincident ones look better and leaves the lagged and seasoned ones alone.
"""

import numpy as np
import numpy.typing as npt

from ruqi.portfolio.definition import Definition, Text
from ruqi.portfolio.intervals import Moments
from ruqi.portfolio.levels import BALANCE
from ruqi.portfolio.panel import Panel, late_from, opened, opening_balance
from ruqi.portfolio.segments import Segments
from ruqi.tape.columns import Tape

Rows = npt.NDArray[np.int64]
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
            "(of the last month seen where that is nil); recoveries are not taken off",
            "自核销当月起计入分子和分母，按核销当月余额（为零时按此前最后余额）；不扣除核销后回收",
        ),
        source="balance, current, including write-offs",
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
        source="lagged delinquency (递延逾期率)",
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
        source="lagged: balance late / balance originated three months earlier or more",
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
        source="balance late / cumulative disbursed",
    ),
)


def denominator_measures(panel: Panel, parts: Segments, tape: Tape) -> dict[str, Moments]:
    """Moments of every definition of `DENOMINATORS` that the book allows, segments x months."""
    late = late_from(panel.delinquency) + 1
    rows = np.flatnonzero((panel.state >= late) & (panel.state < panel.buckets) & panel.known)
    made = {
        "late_2p_balance_incl_charge_off": _with_charge_offs(panel, parts, rows),
        "late_2p_balance_lagged_2": _lagged(panel, parts, rows),
    }
    if tape.has("accounts.opened_on"):
        months = opened(panel, tape)
        made["late_2p_balance_seasoned_3"] = _seasoned(panel, parts, months)
        made["late_2p_balance_disbursed"] = _disbursed(panel, parts, rows, months)
    return made


def charge_offs(panel: Panel) -> tuple[Rows, npt.NDArray[np.float64]]:
    """The first charged-off row of each account that has one, and the balance it took away."""
    found = np.flatnonzero(panel.state == panel.state_of("charged_off"))
    owner = panel.account[found]
    ahead = np.ones(len(found), dtype=bool)
    ahead[1:] = owner[1:] != owner[:-1]
    rows = found[ahead]
    previous = np.maximum(rows - 1, 0)
    same = (rows > 0) & (panel.account[previous] == panel.account[rows])
    before = np.where(same, panel.owed[previous], 0.0)
    return rows, np.where(panel.owed[rows] > 0, panel.owed[rows], before)


def _with_charge_offs(panel: Panel, parts: Segments, late: Rows) -> Moments:
    lost, amount = charge_offs(panel)
    gone, gone1, gone2 = (
        np.cumsum(table[:, :, 0], axis=1)
        for table in parts.tally(panel, None, 1, [None, amount, amount * amount], lost)
    )
    part, part2 = _squares(panel, parts, late)
    n, whole, whole2 = _open(panel, parts)
    return Moments(
        part + gone1, whole + gone1, n + gone, part2 + gone2, part2 + gone2, whole2 + gone2
    )


def _lagged(panel: Panel, parts: Segments, late: Rows) -> Moments:
    """Two months apart: an account's late balance now and its open balance then go together."""
    owed = panel.owed[late]
    then = np.zeros(len(late))
    for back in range(1, LAG + 1):
        earlier = np.maximum(late - back, 0)
        match = (
            (panel.account[earlier] == panel.account[late])
            & (panel.month[earlier] == panel.month[late] - LAG)
            & (panel.state[earlier] < panel.buckets)
        )
        then = np.where(match, panel.owed[earlier], then)
    part, part2, cross = (
        table[:, :, 0]
        for table in parts.tally(panel, None, 1, [owed, owed * owed, owed * then], late)
    )
    n, whole, whole2 = (_shift(table, LAG) for table in _open(panel, parts))
    return Moments(part, whole, n, part2, cross, whole2, part=False)


def _seasoned(panel: Panel, parts: Segments, months: npt.NDArray[np.int32]) -> Moments:
    ripe = (panel.month - months[panel.account] >= SEASONED) & (panel.state < panel.buckets)
    known = ripe & (months[panel.account] > -panel.first_month)  # its opening is known
    rows = np.flatnonzero(known)
    late = (panel.state[rows] > late_from(panel.delinquency)).astype(np.int32)
    owed = panel.owed[rows]
    count, total, squares = parts.tally(panel, late, 2, [None, owed, owed * owed], rows)
    part2 = squares[:, :, 1]
    return Moments(
        total[:, :, 1], total.sum(axis=2), count.sum(axis=2), part2, part2, squares.sum(axis=2)
    )


def _disbursed(panel: Panel, parts: Segments, late: Rows, months: npt.NDArray[np.int32]) -> Moments:
    lent = opening_balance(panel, months)
    cohort = np.flatnonzero(lent > 0).astype(np.int32)
    lent_out = lent[cohort]
    n, whole, whole2 = (
        np.cumsum(table[:, :, 0], axis=1)
        for table in parts.tally_accounts(
            panel.months,
            cohort,
            panel.month[panel.starts[cohort]],
            None,
            1,
            [None, lent_out, lent_out * lent_out],
        )
    )
    late = late[lent[panel.account[late]] > 0]
    owed, opening = panel.owed[late], lent[panel.account[late]]
    part, part2, cross = (
        table[:, :, 0]
        for table in parts.tally(panel, None, 1, [owed, owed * owed, owed * opening], late)
    )
    return Moments(part, whole, n, part2, cross, whole2, part=False)


def _squares(
    panel: Panel, parts: Segments, rows: Rows
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    owed = panel.owed[rows]
    total, squares = parts.tally(panel, None, 1, [owed, owed * owed], rows)
    return total[:, :, 0], squares[:, :, 0]


def _open(panel: Panel, parts: Segments) -> list[npt.NDArray[np.float64]]:
    """Number, balance and squared balance of open accounts, segments x months."""
    weight = np.where(panel.state < panel.buckets, panel.owed, 0.0)
    still = (panel.state < panel.buckets).astype(np.float64)
    tables = parts.tally(panel, None, 1, [still, weight, weight * weight])
    return [table[:, :, 0] for table in tables]


def _shift(table: npt.NDArray[np.float64], months: int) -> npt.NDArray[np.float64]:
    moved = np.zeros_like(table)
    moved[:, months:] = table[:, : table.shape[1] - months]
    return moved
