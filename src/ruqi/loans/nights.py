"""Many nights of one due in one go: what it earns and what its lateness costs, in whole numbers.

Over nights without an event, what is left to pay changes by penalty alone. So every due runs by
itself, and is rebuilt once however many nights passed. Exact amounts are carried; each night posts
the rounded running total less what was posted before, so no cent drifts.

Source: ADR 0101, 0104.
"""

from datetime import date

from ruqi.ledger.entry import Entry, Leg
from ruqi.loans.delinquency import in_flight_covers, interest_stopped, late_stopped
from ruqi.loans.parts import INCOME, RECEIVABLE
from ruqi.loans.state import Due, Line, Purchase
from ruqi.loans.terms import Product
from ruqi.primitives.dates import ONE_DAY
from ruqi.primitives.money import round_ratio

POSTED = ("fee", "interest", "late")  # in order of their accounts' names, as in every entry


class Nights:
    """The openings `first` to `last` (days as ordinals), and what became real at each."""

    def __init__(self, first: date, last: date) -> None:
        self.until, self.first, self.last = last, first.toordinal(), last.toordinal()
        self.fee, self.interest, self.late = ([0] * (self.last - self.first + 1) for _ in POSTED)

    def entries(self, currency: str) -> list[Entry]:
        """One entry for each opening at which anything became real."""
        made = []
        days = zip(self.fee, self.interest, self.late, strict=True)
        for day, amounts in enumerate(days, start=self.first):
            if any(amounts):
                parts = [(part, n) for part, n in zip(POSTED, amounts, strict=True) if n]
                legs = [Leg(RECEIVABLE[part], n) for part, n in parts]
                legs += [Leg(INCOME[part], -n) for part, n in parts]
                on = date.fromordinal(day)
                made.append(Entry(on, "day", "accrual", currency, tuple(legs)))
        return made


def through(nights: Nights, line: Line, purchase: Purchase) -> Purchase:
    """The purchase after these nights, which follow `line.on`; nothing is earned on a loss."""
    if purchase.charged_off_on is not None:
        return purchase
    resting = late_stopped(line, purchase.id, line.on + ONE_DAY)
    free = interest_stopped(line, purchase.id, line.on + ONE_DAY)
    covered = in_flight_covers(line)
    dues, changed = [], False
    for due in purchase.dues:
        after = due
        if due.start_on < nights.until and _earns(due):
            after = _earn(after, purchase.terms, free, nights)
        if due.pay_by < nights.until and sum(due.left) > purchase.terms.tolerance_minor:
            after = after if resting else _run_late(after, purchase.terms, covered, nights)
        changed = changed or after is not due
        dues.append(after)
    return purchase._replace(dues=tuple(dues)) if changed else purchase


def _earns(due: Due) -> bool:
    """Whether time has still to make some of its cost real."""
    billed = due.billed
    return due.earned_interest < billed.interest or due.earned_fee < billed.fee


def _earn(due: Due, terms: Product, free: bool, nights: Nights) -> Due:
    """Earn interest and fee in a straight line from the night after the due's start.

    The interest of `free` nights is not asked at all: the bill is lower by it.
    """
    start = (due.base_on or due.start_on).toordinal()
    full = max(due.due_on.toordinal(), start + 1)  # the opening at which all of it is earned
    first = max(nights.first, due.start_on.toordinal() + 1)
    days = range(first, min(nights.last, max(full, first)) + 1)
    interest, fee = due.earned_interest, due.earned_fee
    span_interest, span_fee = due.billed.interest - due.base_interest, due.billed.fee - due.base_fee
    length, mode = full - start, terms.rounding
    for day in days:
        run, place = min(day - start, length), day - nights.first
        total = due.base_interest + round_ratio(span_interest * run, length, mode)
        if total > interest:
            nights.interest[place] += 0 if free else total - interest
            interest = total
        if span_fee:
            total = due.base_fee + round_ratio(span_fee * run, length, mode)
            if total > fee:
                nights.fee[place] += total - fee
                fee = total
    if free and interest > due.earned_interest:
        due = _unasked(due, interest - due.earned_interest)
        interest = due.earned_interest
    return due._replace(earned_interest=interest, earned_fee=fee)


def _unasked(due: Due, minor: int) -> Due:
    """The due without that much of its future interest; what is still to come stays as it was."""
    return due._replace(
        billed=due.billed._replace(interest=due.billed.interest - minor),
        left=due.left._replace(interest=due.left.interest - minor),
        base_interest=due.base_interest - minor,
    )


def _run_late(due: Due, terms: Product, covered: bool, nights: Nights) -> Due:
    """Penalty interest from the last day to pay, posted once grace has passed; a late fee once."""
    pay_by, late = due.pay_by.toordinal(), terms.late
    first = max(nights.first, pay_by + 1)
    left, unit = due.left, late.daily_rate.denominator
    base = left.principal if late.base == "principal" else left.principal + left.interest + left.fee
    a_night = base * late.daily_rate.numerator
    from_day = max(first, pay_by + terms.grace_days + 1)
    raw = due.late_raw + a_night * (min(from_day, nights.last + 1) - first)
    posted, cap = due.late_posted, _late_cap(due, terms)
    fee = late.fee_minor if from_day <= nights.last and _fee_falls(due, covered) else 0
    if fee:
        nights.late[from_day - nights.first] += fee
    for place in range(from_day - nights.first, len(nights.late)):
        raw += a_night
        total = round_ratio(raw, unit, terms.rounding)
        total = total if cap is None else min(total, cap)
        if total > posted:
            nights.late[place] += total - posted
            posted = total
    more = posted - due.late_posted + fee
    return due._replace(
        late_raw=raw,
        late_posted=posted,
        late_fee_done=due.late_fee_done or fee > 0,
        billed=due.billed._replace(late=due.billed.late + more),
        left=left._replace(late=left.late + more),
    )


def _fee_falls(due: Due, covered: bool) -> bool:
    """A late fee falls once a due; never on what a bank returned, never on money on its way."""
    return not due.late_fee_done and due.kind != "returned" and not covered


def _late_cap(due: Due, terms: Product) -> int | None:
    """Most penalty interest on a due, None where there is no such limit."""
    share = terms.late.cap_share
    return None if share is None else terms.round(share * due.billed.principal)
