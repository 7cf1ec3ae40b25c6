"""Days past due, buckets, and the history of both, by a stored anchor rule.

*Contractual* days count from the oldest unpaid due date, whatever was agreed since. *Policy* days
leave out amounts within the tolerance, days before the last day to pay (due dates on days off),
and, due by due, the days of pauses and kept hardship plans that overlap its unpaid window.
Grace is something else: it delays what lateness costs, never the count. Paying the oldest of
three dues lowers the count, paying the newest does not.

Source: ADR 0102 (anchor); glossary.
"""

from collections.abc import Iterator
from datetime import date

from ruqi.loans.state import Due, Line, Pause, Purchase
from ruqi.loans.terms import Anchor, Bucket


def overdue(purchase: Purchase, on: date) -> Iterator[Due]:
    """Dues of this purchase whose due date has passed unpaid."""
    return (due for due in purchase.dues if due.due_on < on and any(purchase.claim(due)))


def contractual_dpd(line: Line, on: date) -> int:
    """Calendar days since the oldest unpaid due date; 0 if none has passed."""
    oldest = min(
        (due.due_on for purchase in line.active for due in overdue(purchase, on)), default=on
    )
    return (on - oldest).days


def policy_dpd(line: Line, on: date) -> int:
    """Days past due as the lender's policy counts them; 0 exactly when nothing is in arrears."""
    counted = max((_policy_days(line, purchase, on) for purchase in line.active), default=0)
    if counted and line.terms.anchor is Anchor.START_OF_ARREARS and line.arrears_since:
        stopped = paused_days(line, None, line.arrears_since, on)
        return max(counted, (on - line.arrears_since).days - stopped)
    return counted


def _policy_days(line: Line, purchase: Purchase, on: date) -> int:
    days = 0
    for due in purchase.dues:
        if in_arrears(purchase, due, on):
            stopped = paused_days(line, purchase.id, due.due_on, on)
            days = max(days, (on - due.due_on).days - stopped)
    return days


def in_arrears(purchase: Purchase, due: Due, on: date) -> bool:
    """Whether a due is late under policy: past its last day to pay, and above the tolerance."""
    return due.pay_by < on and sum(purchase.claim(due)) > purchase.terms.tolerance_minor


def paused_days(line: Line, purchase_id: str | None, start: date, on: date) -> int:
    """Days in (start, on] on which the clock stood still for a purchase; pauses never overlap."""
    stopped = 0
    for low, high in _still(line, purchase_id, on):
        stopped += max(0, (min(high, on) - max(low, start)).days)
    return min(stopped, (on - start).days)


def _still(line: Line, purchase_id: str | None, on: date) -> list[tuple[date, date]]:
    """Spans (low, high] in which the clock stood still, merged."""
    spans = [
        (pause.start, pause.end or on)
        for pause in line.pauses
        if pause.purchase is None or pause.purchase == purchase_id
    ]
    spans += [
        (held.start, held.ended_on or on)
        for held in line.arrangements
        if held.kind == "hardship_plan" and held.status != "broken"
    ]
    merged: list[tuple[date, date]] = []
    for low, high in sorted(spans):
        if merged and low <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return merged


def bucket(line: Line, on: date) -> tuple[Bucket, int]:
    """The line's bucket under policy, and the days past due that put it there."""
    days = policy_dpd(line, on)
    return line.terms.bucket(days), days


def in_flight_covers(line: Line) -> bool:
    """Whether a payment is on its way: no reminder and no new fee until it arrives or fails."""
    return bool(line.in_flight)


def late_stopped(line: Line, purchase_id: str, on: date) -> bool:
    """Whether penalty interest rests on this day: a pause that says so, or an arrangement."""
    paused = any(
        pause.stops_late
        and pause.start < on <= (pause.end or on)
        and (pause.purchase is None or pause.purchase == purchase_id)
        for pause in line.pauses
    )
    return paused or any(held.status == "active" for held in line.arrangements)


def note_day(line: Line) -> Line:
    """Write down how the day `line.on` ended: bucket entered, worst days seen, start of arrears."""
    on = line.on
    if not line.active and line.arrears_since is None and not line.buckets:
        return line
    found, days = bucket(line, on)
    since = line.arrears_since
    if not days:
        since = None
    elif since is None:
        since = min(
            due.due_on
            for purchase in line.active
            for due in purchase.dues
            if in_arrears(purchase, due, on)
        )
    if since != line.arrears_since:
        line = line._replace(arrears_since=since)
    last = line.buckets[-1][1] if line.buckets else line.terms.bucket(0).name
    if found.name != last:
        line = line._replace(buckets=(*line.buckets, (on, found.name, days)))
    worst = tuple(_worst(purchase, on) for purchase in line.active)
    if any(after is not before for after, before in zip(worst, line.active, strict=True)):
        line = line._replace(active=worst)
    return line


def _worst(purchase: Purchase, on: date) -> Purchase:
    # Dues stand in order of date, so the first overdue one is the oldest.
    oldest = next(overdue(purchase, on), None)
    days = (on - oldest.due_on).days if oldest else 0
    return purchase._replace(worst_dpd=days) if days > purchase.worst_dpd else purchase


def open_pause(line: Line, purchase_id: str | None, on: date) -> Pause | None:
    """The pause that stands on this day for a purchase (None: for the whole line)."""
    for pause in line.pauses:
        same = pause.purchase is None or purchase_id is None or pause.purchase == purchase_id
        if same and pause.start <= on and (pause.end is None or on < pause.end):
            return pause
    return None
