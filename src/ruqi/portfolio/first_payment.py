"""First payment default: who left the very first due unpaid, as far as month ends can show.

An account enters the denominator only when its first due month (and the one after, for 7 and 30
days) has passed and was seen.
"""

import numpy as np

from ruqi.portfolio.definition import DAYS_30, Definition, Text, has_days
from ruqi.portfolio.intervals import Moments, Sums
from ruqi.portfolio.panel import Flags, Floats, Ints, Panel, Rows, days_from, filled
from ruqi.portfolio.segments import Segments
from ruqi.tape.columns import Tape

Events = tuple[Ints, Ints, Flags]  # account, month, whether the first due was missed
FIRST_DUE = Text(
    "The first due is in the first month in which the book asks for something (`due`), or, where "
    "it has no `due`, in the month after opening",
    "首期为账面首次列示应还款的月份；账面无应还款列时，为放款次月",
)
COHORT = Text(
    "accounts opened inside the book's months, first seen by the month after opening, whose first "
    "due month has passed and was seen",
    "在账面期间内放款、最迟放款次月可见，且首期月份已过并可见的账户",
)
CHARGED = Text("A charge-off on the day counts as missed", "观察日已核销即视为首期未还")
TWO_MONTHS = Text(
    "accounts whose first due fell in the month before, seen on both days or ended on the first",
    "首期应还落在上月、两个观察日均可见（或首个观察日已终结）的账户数",
)


def _missed(days: int) -> Text:
    return Text(
        f"those whose first due was {days} days or more late on one of the two days",
        f"其中首期应还在任一观察日已逾期{days}天及以上的账户",
    )


def _left(days: int) -> Text:
    return Text(
        f"Of a hundred accounts, how many left the first due unpaid for {days} days, as far as "
        "two observation days can show.",
        f"每一百个账户中，首期应还逾期满{days}天的有多少个（以两个观察日可见者为限）。",
    )


FIRST_PAYMENT = (
    Definition(
        "fpd_1_count",
        Text("First payment default, 1 day (FPD1)", "首期逾期率（FPD1）"),
        Text("those late or charged off on that day", "其中该观察日已逾期或核销的账户"),
        Text("accounts whose first due fell in the month", "首期应还落在当月的账户数"),
        Text(
            "Of a hundred accounts with their first due in the month, how many had not paid it by "
            "the observation day.",
            "每一百个首期应还落在当月的账户中，到观察日仍未还的有多少个。",
        ),
        window="ever",
        weight="count",
        needs=("accounts.opened_on",),
        cohort=COHORT,
        day_convention=FIRST_DUE,
        charge_off=CHARGED,
        steps=1,
        source=Text("FPD1", "首逾（FPD1）"),
    ),
    Definition(
        "fpd_7_count",
        Text("First payment default, 7 days (FPD7)", "首期逾期率（FPD7）"),
        _missed(7),
        TWO_MONTHS,
        _left(7),
        window="ever",
        weight="count",
        needs=("accounts.opened_on", "performance.dpd_days"),
        cohort=COHORT,
        day_convention=FIRST_DUE,
        charge_off=CHARGED,
        looks_back=1,
        source=Text("FPD7", "首逾（FPD7）"),
    ),
    Definition(
        "fpd_30_count",
        Text("First payment default, 30 days (FPD30)", "首期逾期率（FPD30）"),
        _missed(30),
        TWO_MONTHS,
        _left(30),
        window="ever",
        weight="count",
        needs=("accounts.opened_on",),
        cohort=COHORT,
        day_convention=DAYS_30,
        charge_off=CHARGED,
        days=30,
        looks_back=1,
        source=Text("FPD30", "首逾（FPD30）"),
    ),
)


def first_payment_sums(panel: Panel, parts: Segments, tape: Tape) -> Sums:
    """Accounts by month and by whether they missed, for each of `FIRST_PAYMENT` that can be."""
    if not tape.has("accounts.opened_on"):
        return {}
    rows = first_due_rows(panel, tape)
    missed = panel.late(1)[rows] | panel.lost()[rows]
    events = (panel.account[rows], panel.month[rows], missed)
    sums = {"fpd_1_count": _counted(panel, parts, events)}
    for days in (7, 30):
        if tape.has("performance.dpd_days") or (days == 30 and has_days(tape, days)):
            events = _a_month_later(panel, tape, rows, days)
            sums[f"fpd_{days}_count"] = _counted(panel, parts, events)
    return sums


def first_payment_moments(sums: Sums) -> dict[str, Moments]:
    """Moments of every definition of `FIRST_PAYMENT` that the sums allow."""
    made = {}
    for d in FIRST_PAYMENT:
        if d.id in sums:
            whole = sums[d.id].sum(axis=2)
            made[d.id] = Moments(sums[d.id][:, :, 1], whole, whole)
    return made


def first_due_rows(panel: Panel, tape: Tape) -> Rows:
    """The row of each cohort account's first due month, in account order."""
    near = (panel.opened >= 0) & (panel.month[panel.starts] <= panel.opened + 1)
    if tape.has("performance.due"):
        asked = panel.first(filled(panel.rows["due_minor"]) > 0)
    else:
        asked = panel.opened + np.int32(1)
    asked = np.where(near, asked, np.int32(-1))
    return np.flatnonzero(panel.month == asked[panel.account])


def _a_month_later(panel: Panel, tape: Tape, rows: Rows, days: int) -> Events:
    """Missed by `days` on the first due's own day or the next month's; told of the latter month.

    A month later the first due is still the oldest only if lateness is at least as long as the
    time between the two days.
    """
    rows = rows[panel.month[rows] + 1 < panel.months]
    following = np.minimum(rows + 1, len(panel.month) - 1)
    seen = (following > rows) & panel.adjacent[following]
    missed = _reached(panel, tape, rows, np.full(len(rows), days), days)
    days_on = panel.rows["on"].to_physical().to_numpy()
    span = np.maximum(days_on[following] - days_on[rows], days)
    missed |= seen & _reached(panel, tape, following, span, days)
    missed |= panel.lost()[rows] | (seen & panel.lost()[following])
    kept = seen | ~panel.is_open()[rows] | missed
    month = panel.month[rows[kept]] + np.int32(1)
    return panel.account[rows[kept]], month, missed[kept]


def _reached(panel: Panel, tape: Tape, rows: Rows, least: Rows, days: int) -> Flags:
    if tape.has("performance.dpd_days"):
        late = filled(panel.rows["dpd_days"])[rows] >= least
    else:
        first = days_from(panel.book.delinquency, days)
        late = panel.state[rows] >= (panel.buckets if first is None else first)
    return late & panel.is_open()[rows]


def _counted(panel: Panel, parts: Segments, events: Events) -> Floats:
    account, month, missed = events
    cell = month * np.int32(2) + missed.astype(np.int32)
    return parts.tally_events(panel, account, cell, 2, [None])[0]
