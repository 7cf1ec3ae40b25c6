"""Days past due, buckets, and the history of both, by a stored anchor rule.

*Contractual* days count from the oldest unpaid due date, whatever was agreed since. *Policy* days
leave out amounts within the tolerance, days before the last day to pay (due dates on days off),
and, due by due, the days of pauses and kept hardship plans that overlap its unpaid window.
Grace is something else: it delays what lateness costs, never the count. Paying the oldest of
three dues lowers the count, paying the newest does not.

Source: ADR 0102 (anchor); glossary.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from ruqi.loans.state import Due, Line, Pause, Purchase
from ruqi.loans.terms import Anchor, Bucket
from ruqi.primitives.dates import ONE_DAY

Spans = tuple[tuple[int, int], ...]  # (low, high] as ordinals, in order, apart


def overdue(purchase: Purchase, on: date) -> Iterator[Due]:
    """Dues of this purchase whose due date has passed unpaid, oldest first."""
    for due in purchase.dues:
        if due.due_on >= on:  # dues stand in order of date
            return
        if any(purchase.claim(due)):
            yield due


def contractual_dpd(line: Line, on: date) -> int:
    """Calendar days since the oldest unpaid due date; 0 if none has passed."""
    return (on - min((_oldest(purchase, on) for purchase in line.active), default=on)).days


def _oldest(purchase: Purchase, on: date) -> date:
    """The oldest unpaid due date before a day, whatever was agreed since; the day if none is."""
    if purchase.re_aged or purchase.restructured_on:
        unpaid = (due.contract_on for due in purchase.dues if any(purchase.claim(due)))
        return min((on, *unpaid))
    oldest = next(overdue(purchase, on), None)
    return oldest.due_on if oldest else on


def policy_dpd(line: Line, on: date) -> int:
    """Days past due as the lender's policy counts them; 0 exactly when nothing is in arrears."""
    return _counted(line, _in_arrears(line, on), on.toordinal(), line.arrears_since)


class Arrear(NamedTuple):
    """A due above the tolerance, days as ordinals; its clock stood still over the spans."""

    pay_by: int
    due_on: int
    spans: Spans

    def days(self, day: int) -> int:
        """Days past due on a day, pauses left out; 0 while it may still be paid."""
        return (
            day - self.due_on - _stopped(self.spans, self.due_on, day) if self.pay_by < day else 0
        )


def _in_arrears(line: Line, before: date) -> list[Arrear]:
    """Dues above the tolerance whose last day to pay lies before a day."""
    return [
        Arrear(due.pay_by.toordinal(), due.due_on.toordinal(), _still(line, purchase.id))
        for purchase in line.active
        for due in overdue(purchase, before)
        if in_arrears(purchase, due, before)
    ]


def _counted(line: Line, arrears: Sequence[Arrear], day: int, since: date | None) -> int:
    """Policy days past due on a day, by the anchor that the product stores."""
    counted = max((arrear.days(day) for arrear in arrears), default=0)
    if counted and since and line.terms.anchor is Anchor.START_OF_ARREARS:
        start = since.toordinal()
        return max(counted, day - start - _stopped(_still(line, None), start, day))
    return counted


def in_arrears(purchase: Purchase, due: Due, on: date) -> bool:
    """Whether a due is late under policy: past its last day to pay, and above the tolerance."""
    return due.pay_by < on and sum(purchase.claim(due)) > purchase.terms.tolerance_minor


def paused_days(line: Line, purchase_id: str | None, start: date, on: date) -> int:
    """Days in (start, on] on which the clock stood still for a purchase; pauses never overlap."""
    return _stopped(_still(line, purchase_id), start.toordinal(), on.toordinal())


def _stopped(spans: Spans, start: int, day: int) -> int:
    return sum(max(0, min(high, day) - max(low, start)) for low, high in spans)


def _still(line: Line, purchase_id: str | None) -> Spans:
    """Spans (low, high] in which the clock stood still, merged; an open one ends never."""
    if not line.pauses and not line.arrangements:
        return ()
    spans = [
        (pause.start.toordinal(), (pause.end_of(purchase_id) or date.max).toordinal())
        for pause in line.pauses
        if pause.covers(purchase_id)
    ]
    spans += [
        (held.start.toordinal(), (held.ended_on or date.max).toordinal())
        for held in line.arrangements
        if held.kind == "hardship_plan" and held.status != "broken"
    ]
    merged: list[tuple[int, int]] = []
    for low, high in sorted(spans):
        if merged and low <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return tuple(merged)


def bucket(line: Line, on: date) -> tuple[Bucket, int]:
    """The line's bucket under policy, and the days past due that put it there."""
    days = policy_dpd(line, on)
    return line.terms.bucket(days), days


def in_flight_covers(line: Line) -> bool:
    """Whether a payment is on its way: no reminder and no new fee until it arrives or fails."""
    return bool(line.in_flight)


def late_stopped(line: Line, purchase_id: str, on: date) -> bool:
    """Whether penalty interest rests on this day: a pause that says so, or an arrangement."""
    paused = any(pause.stops_late for pause in _paused(line, purchase_id, on))
    return paused or any(held.status == "active" for held in line.arrangements)


def interest_stopped(line: Line, purchase_id: str, on: date) -> bool:
    """Whether the night before this day costs no interest: a pause that says so."""
    return any(pause.stops_interest for pause in _paused(line, purchase_id, on))


def _paused(line: Line, purchase_id: str, on: date) -> Iterator[Pause]:
    for pause in line.pauses:
        if pause.covers(purchase_id) and pause.start < on <= (pause.end_of(purchase_id) or on):
            yield pause


def note_days(line: Line, until: date) -> Line:
    """Write down how each day from `line.on` to the eve of `until` ended.

    Buckets entered, start of arrears, worst days seen; nothing but time may pass in between.
    """
    if not line.active and line.arrears_since is None and not line.buckets:
        return line
    eve = until - ONE_DAY
    since, entered = line.arrears_since, line.buckets
    arrears = _telling(_in_arrears(line, eve))
    name = entered[-1][1] if entered else line.terms.bucket(0).name
    days = range(line.on.toordinal(), until.toordinal())
    for day in days if arrears else days[:1]:
        count = _counted(line, arrears, day, since)
        if not count:
            since = None
        elif since is None:
            oldest = min(arrear.due_on for arrear in arrears if arrear.pay_by < day)
            since = date.fromordinal(oldest)
        found = line.terms.bucket(count).name
        if found != name:
            name = found
            entered = (*entered, (date.fromordinal(day), name, count))
    worst = tuple(_worst(purchase, eve) for purchase in line.active)
    return line._replace(arrears_since=since, buckets=entered, active=worst)


def _telling(arrears: list[Arrear]) -> list[Arrear]:
    """Without pauses, only those that are older than all that fell into arrears before them."""
    if any(arrear.spans for arrear in arrears):
        return arrears
    told: list[Arrear] = []
    for arrear in sorted(arrears):
        if not told or arrear.due_on < told[-1].due_on:
            told.append(arrear)
    return told


def _worst(purchase: Purchase, on: date) -> Purchase:
    days = (on - _oldest(purchase, on)).days
    return purchase._replace(worst_dpd=days) if days > purchase.worst_dpd else purchase


def open_pause(line: Line, purchase_id: str | None, on: date) -> Pause | None:
    """The pause that stands on this day for a purchase (None: for the whole line)."""
    return next((pause for pause in line.pauses if pause.stands(purchase_id, on)), None)
