"""Laying what is still to pay again: over the same dates, fewer, more, or other ones.

Every change of terms goes through here. What time has already earned is kept, to the cent, and
carried into the first new due; only future interest is worked out anew. What was paid stays
visible as the paid rest of the old dues.
"""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from ruqi.loans.parts import NOTHING, total
from ruqi.loans.schedule import lay, period_fee, principal_rows
from ruqi.loans.state import Due, Purchase, checked
from ruqi.loans.terms import Method, Product
from ruqi.primitives.dates import year_fraction
from ruqi.primitives.money import allocate


def lower(purchase: Purchase, on: date) -> Purchase:
    """Smaller instalments on the same dates, after future principal was paid."""
    future = _future(purchase, on)
    return _relaid(purchase, on, future, len(future), None)


def shorten(purchase: Purchase, on: date) -> Purchase:
    """The same instalment on fewer dates, after future principal was paid, last due first."""
    future = _future(purchase, on)
    if purchase.terms.method is not Method.EQUAL_INSTALMENT or not future:
        return repriced(purchase, on)
    level = max(due.billed.principal + due.billed.interest for due in future[:2])
    principal = sum(due.left.principal for due in future)
    count = 0
    for factor in _factors(purchase, on, future):
        count += 1
        principal -= max(level - purchase.terms.round(principal * factor), 0)
        if principal <= 0:
            break
    return _relaid(purchase, on, future, count, level)


def _future(purchase: Purchase, on: date) -> list[Due]:
    """Instalments to come, the running one first."""
    return [due for due in purchase.dues if due.due_on > on and due.kind == "instalment"]


def _factors(purchase: Purchase, on: date, future: Sequence[Due]) -> list[Fraction]:
    """The interest factor of each due to come: of the running one, what is left of its period."""
    rate = purchase.terms.annual_rate
    return [rate * _rest_of_period(purchase, due, on) for due in future]


def _relaid(
    purchase: Purchase, on: date, future: Sequence[Due], count: int, level: int | None
) -> Purchase:
    """Put principal anew over the first `count` future dues, then price them.

    Interest the running due has earned is part of its instalment, so that it is no larger.
    """
    principal = sum(due.left.principal for due in future)
    if not principal:
        return repriced(purchase, on)
    factors = _factors(purchase, on, future[:count])
    earned = future[0].owed_now.interest
    rows = principal_rows(principal, factors, purchase.terms, level, earned)
    parts = [part for part, _ in rows] + [0] * (len(future) - count)
    dues = {due.number: due for due in purchase.dues}
    for due, part in zip(future, parts, strict=True):
        paid = due.billed.principal - due.left.principal
        dues[due.number] = due._replace(
            billed=due.billed._replace(principal=paid + part),
            left=due.left._replace(principal=part),
        )
    return repriced(purchase._replace(dues=tuple(dues.values())), on)


def repriced(purchase: Purchase, on: date) -> Purchase:
    """Future interest on what principal is left; earned interest and every fee stay.

    A due whose principal is gone keeps its fee: a flat fee is on what was bought.
    """
    terms = purchase.terms
    balance = sum(due.left.principal for due in purchase.dues if due.due_on > on)
    dues = []
    for due in purchase.dues:
        if due.due_on <= on or due.kind != "instalment":
            dues.append(due)
            continue
        rest = terms.round(balance * terms.annual_rate * _rest_of_period(purchase, due, on))
        interest = due.earned_interest + rest
        gone = due.billed.interest - due.left.interest  # already paid
        interest = max(interest, gone)
        dues.append(
            checked(
                due._replace(
                    billed=due.billed._replace(interest=interest),
                    left=due.left._replace(interest=interest - gone),
                    base_on=max(on, due.start_on),
                    base_interest=due.earned_interest,
                    base_fee=due.earned_fee,
                )
            )
        )
        balance -= due.left.principal
    return purchase._replace(dues=tuple(dues))


def _rest_of_period(purchase: Purchase, due: Due, on: date) -> Fraction:
    """The part of a year that is left of a due's period from `on`."""
    terms = purchase.terms
    whole = year_fraction(due.start_on, due.due_on, terms.day_count, purchase.anchor)
    if on <= due.start_on:
        return whole
    days = (due.due_on - due.start_on).days
    return whole * Fraction((due.due_on - on).days, days)


def moved(
    purchase: Purchase, on: date, dates: Sequence[date], terms: Product, past_due_too: bool
) -> Purchase:
    """Lay everything unpaid (or only what is still to come) over other dates.

    Penalty interest, charges and what was earned and not paid go, as they are, into the first of
    them: nothing is capitalised, so there is no interest on interest.
    """
    old = [due for due in purchase.dues if any(due.left) and (past_due_too or due.due_on > on)]
    carried = total(due.owed_now for due in old)
    numbers = {due.number for due in old}
    kept = tuple(due for due in purchase.dues if due.number not in numbers)
    rests = tuple(_paid_rest(due) for due in old if due.billed.total > due.left.total)
    start = max(on, purchase.on)
    number = max((due.number for due in (*kept, *rests)), default=0) + 1
    first_factor = _to_first(purchase, old, start, dates[0], terms)
    new = lay(carried.principal, start, dates, terms, 0, number, first_factor)
    for place, fee in enumerate(_future_fees(purchase, old, on, len(new))):
        billed = new[place].billed._replace(fee=fee)
        new[place] = new[place]._replace(billed=billed, left=billed)
    first, extra = new[0], carried._replace(principal=0)
    new[0] = first._replace(
        billed=first.billed.plus(extra),
        left=first.left.plus(extra),
        earned_interest=extra.interest,
        earned_fee=extra.fee,
        base_on=start,
        base_interest=extra.interest,
        base_fee=extra.fee,
    )
    new = _remembering(old, new, on, terms)
    return purchase._replace(terms=terms).with_dues((*kept, *rests, *new))


def _remembering(old: Sequence[Due], new: Sequence[Due], on: date, terms: Product) -> list[Due]:
    """The new dues with what moving does not undo: since when money is owed, and its penalties.

    Money that was past due counts from its old due date, oldest first; what is carried beside
    principal lies in the first due. Penalty interest charged so far uses up the new dues' most.
    """
    past = sorted((due.contract_on, due.left.principal) for due in old if due.contract_on < on)
    posted = allocate(sum(due.late_posted for due in old), [due.left.principal for due in new])
    made: list[Due] = []
    before = 0
    for due, late in zip(new, posted, strict=True):
        since = past[0][0] if past and not made else _due_at(past, before)
        raw = late * terms.late.daily_rate.denominator
        made.append(due._replace(first_due_on=since, late_posted=late, late_raw=raw))
        before += due.left.principal
    return made


def _due_at(past: Sequence[tuple[date, int]], place: int) -> date | None:
    """When the unit of principal at a place in the queue was due; None beyond its end."""
    for due_on, principal in past:
        place -= principal
        if place < 0:
            return due_on
    return None


def _to_first(
    purchase: Purchase, old: Sequence[Due], on: date, first: date, terms: Product
) -> Fraction | None:
    """Interest to the first new due: what is left of the running period, then whole ones."""
    running = next((due for due in old if due.start_on <= on < due.due_on), None)
    if running is None or first < running.due_on or terms.annual_rate != purchase.terms.annual_rate:
        return None
    more = year_fraction(running.due_on, first, terms.day_count, purchase.anchor)
    return terms.annual_rate * (_rest_of_period(purchase, running, on) + more)


def _future_fees(purchase: Purchase, old: Sequence[Due], on: date, count: int) -> list[int]:
    """The instalment fees of `count` new dues: each period's is owed once, more periods cost more.

    What the old dues had still to earn comes first; only dues beyond their number cost a new fee.
    """
    kept = purchase.amount_minor - purchase.refunded_minor
    fees = [due.future_fee for due in old if due.due_on > on]
    more = count - sum(1 for due in old if due.left.principal)
    fees += [period_fee(purchase.terms, kept)] * max(more, 0)
    return (fees + [0] * count)[:count]


def _paid_rest(due: Due) -> Due:
    """The part of a due that was paid, as a due of its own with nothing left."""
    billed = due.billed.minus(due.left)
    return due._replace(
        billed=billed,
        left=NOTHING,
        earned_interest=billed.interest,
        earned_fee=billed.fee,
        base_on=None,
        base_interest=0,
        base_fee=0,
    )
