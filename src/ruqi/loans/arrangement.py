"""Promised payments: hardship plans and discounted settlements, kept or broken.

While a promise stands, penalty interest rests; under a hardship plan the policy's clock rests too.
A broken promise brings back the contract as it was: nothing had been given up yet. A discounted
settlement waives the rest only once the last promised payment is in.
"""

from dataclasses import replace
from datetime import date, timedelta

from ruqi.loans.state import Arrangement, Line, Payment
from ruqi.primitives.dates import ONE_DAY


def active(line: Line, kind: str | None = None) -> Arrangement | None:
    """The arrangement that stands, of one kind or any."""
    for held in line.arrangements:
        if held.status == "active" and kind in (None, held.kind):
            return held
    return None


def breach_days(held: Arrangement) -> list[date]:
    """Openings at which an active arrangement is broken unless its promises were met by then."""
    if held.status != "active":
        return []
    return [on + timedelta(days=held.breach_days) + ONE_DAY for on, _ in held.promised]


def break_late_promises(line: Line) -> Line:
    """Break an active arrangement whose promises up to now were not met in time."""
    return line._replace(arrangements=tuple(judged(held, line.on) for held in line.arrangements))


def judged(held: Arrangement, on: date) -> Arrangement:
    """The arrangement at the opening of a day: broken where a promise was not met in time."""
    if held.status != "active":
        return held
    wait = timedelta(days=held.breach_days)
    promised = sum(minor for day, minor in held.promised if day + wait < on)
    if held.paid_minor < promised:
        return replace(held, status="broken", ended_on=on)
    return held


def note_paid(line: Line, paid: Payment, purchase_id: str | None) -> Line:
    """Count a payment towards what stands, unless it is for a purchase outside of it."""
    return line._replace(
        arrangements=tuple(
            replace(
                held,
                paid_minor=held.paid_minor + paid.minor,
                paid_by=(*held.paid_by, paid.id),
            )
            if held.status == "active" and purchase_id in (None, *held.purchases)
            else held
            for held in line.arrangements
        ),
    )


def fulfilled(held: Arrangement) -> bool:
    """Whether every promised payment is in."""
    return held.paid_minor >= sum(minor for _, minor in held.promised)


def end(line: Line, held: Arrangement, status: str) -> Line:
    """The line with one arrangement ended today."""
    return put(line, replace(held, status=status, ended_on=line.on))


def put(line: Line, changed: Arrangement) -> Line:
    """The line with this arrangement in place of the one with its id."""
    kept = tuple(changed if held.id == changed.id else held for held in line.arrangements)
    return line._replace(arrangements=kept)
