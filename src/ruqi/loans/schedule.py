"""A repayment schedule: principal and cost laid over due dates, to the last minor unit.

Every instalment but one is rounded on its own; the residue goes to the last (or first, by the
product), so that principal adds up exactly and no instalment is forced to a whole unit.

Sources: annuity formula over exact period factors; ADR 0101 (day count), 0104 (rounding).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from ruqi.law.price import Flow
from ruqi.loans.parts import Parts
from ruqi.loans.state import Due, Purchase
from ruqi.loans.terms import Method, Product
from ruqi.primitives.dates import add_months, months_and_days, year_fraction
from ruqi.primitives.errors import ensure
from ruqi.primitives.money import Rounding


def due_dates(
    terms: Product, start: date, count: int, first: date | None = None, kept: int | None = None
) -> list[date]:
    """The due dates of `count` instalments; the anchor day is kept and clamped, never drifting.

    `first` is the first of them, `kept` the anchor so far (default: the terms', else `start`'s).
    """
    if terms.period_days is not None:
        origin = first or start + timedelta(days=terms.period_days)
        return [origin + timedelta(days=terms.period_days * step) for step in range(count)]
    if first is not None:
        anchor = anchor_day(first, kept or terms.due_day or start.day)
        return [add_months(first, step, anchor) for step in range(count)]
    if terms.due_day is None:
        return [add_months(start, step, start.day) for step in range(1, count + 1)]
    this_month = add_months(start, 0, terms.due_day)
    shift = 0 if this_month > start else 1
    return [add_months(start, shift + step, terms.due_day) for step in range(count)]


def anchor_day(first: date, kept: int) -> int:
    """The anchor of dues from `first` on: as kept where it falls on that day, else its own day."""
    return kept if add_months(first, 0, kept) == first else first.day


def lay(
    principal: int,
    start: date,
    dates: Sequence[date],
    terms: Product,
    period_fee: int,
    first_number: int = 1,
    first_factor: Fraction | None = None,
) -> list[Due]:
    """Lay `principal` over `dates`, each with interest from the date before it.

    `period_fee` is the instalment fee of each due; `first_factor` is the interest factor of the
    first due where it is not simply the time since `start`. Σ principal = `principal`, exactly.
    """
    factors, before = [], start
    for day in dates:
        factors.append(
            terms.annual_rate * year_fraction(before, day, terms.day_count, _anchor(dates))
        )
        before = day
    if first_factor is not None:
        factors[0] = first_factor
    rows = principal_rows(principal, factors, terms, None)
    if any(part == 0 for part, _ in rows[:-1]) and principal >= len(rows):
        # An instalment rounded up would end a tiny loan early: round it down instead.
        down = replace(terms, rounding=Rounding.DOWN)
        rows = principal_rows(principal, factors, down, None)
    dues, before = [], start
    for number, (day, (part, interest)) in enumerate(
        zip(dates, rows, strict=True), start=first_number
    ):
        billed = Parts(principal=part, interest=interest, fee=period_fee)
        dues.append(due(terms, number, "instalment", before, day, billed))
        before = day
    ensure(sum(d.billed.principal for d in dues) == principal, "a schedule lost principal")
    return dues


def due(terms: Product, number: int, kind: str, start: date, due_on: date, billed: Parts) -> Due:
    """One due with nothing paid and nothing earned; payable to the later of due and collection."""
    pay_by = max(due_on, terms.collect_on(due_on))
    return Due(number, kind, start, due_on, pay_by, billed, billed)


def _anchor(dates: Sequence[date]) -> int:
    return max(day.day for day in dates)


def principal_rows(
    principal: int,
    factors: Sequence[Fraction],
    terms: Product,
    level: int | None,
    carried: int = 0,
) -> list[tuple[int, int]]:
    """(principal, interest) of each due; `carried` is interest that the first one already owes."""
    count = len(factors)
    if terms.method is Method.EQUAL_INSTALMENT:
        wanted = _level(principal, factors, terms, carried) if level is None else level
    else:
        share = terms.round(Fraction(principal, count))
        # Rounding up must not eat the last share: with n units left, n dues still get theirs.
        wanted = min(share, principal // max(count - 1, 1)) if count > 1 else principal
    rows, left = [], principal
    residue_first = terms.residue == "first" and terms.method is not Method.EQUAL_INSTALMENT
    for place, factor in enumerate(factors):
        interest = terms.round(left * factor)
        if terms.method is Method.EQUAL_INSTALMENT:
            part = min(left, max(wanted - interest - (0 if place else carried), 0))
        else:
            part = principal - wanted * (count - 1) if residue_first and place == 0 else wanted
        if place == count - 1:
            part = left
        rows.append((part, interest))
        left -= part
    return rows


def _level(principal: int, factors: Sequence[Fraction], terms: Product, carried: int) -> int:
    """The equal instalment: what is owed over the sum of exact discount factors, rounded once."""
    over, under = 0, 1  # the worth of 1 paid on each due, from the last backwards
    for factor in reversed(factors):
        n, d = factor.numerator, factor.denominator
        over, under = d * (under + over), (d + n) * under
    return terms.round((principal + carried / (1 + factors[0])) * Fraction(under, over))


def period_fee(terms: Product, amount: int) -> int:
    """The fee that each instalment of a purchase of `amount` carries."""
    return sum(
        terms.round(fee.share * amount) + fee.minor for fee in terms.fees if fee.when == "period"
    )


def purchase_fee(terms: Product, amount: int) -> int:
    """The fees taken once, with the purchase."""
    return sum(
        terms.round(fee.share * amount) + fee.minor for fee in terms.fees if fee.when == "purchase"
    )


def draw(purchase_id: str, terms: Product, amount: int, on: date) -> Purchase:
    """A purchase with its schedule: down payment and one-off fees on the day, then the dues."""
    down = terms.round(terms.down_payment * amount)
    at_once = Parts(principal=down, fee=purchase_fee(terms, amount))
    dues = []
    if at_once.total:
        first = due(terms, 0, "down_payment", on, on, at_once)
        dues.append(first._replace(pay_by=on, earned_fee=at_once.fee))
    if amount - down:
        dates = due_dates(terms, on, terms.instalments)
        dues += lay(amount - down, on, dates, terms, period_fee(terms, amount))
        dues = [
            *dues[: -terms.instalments],
            *_spread_fee(dues[-terms.instalments :], terms, amount),
        ]
    return Purchase(purchase_id, terms, on, amount, tuple(dues))


def _spread_fee(dues: list[Due], terms: Product, amount: int) -> list[Due]:
    """Period fees add up to the exact total of the rate: the residue lies in the last due."""
    exact = sum(
        (fee.share * amount + fee.minor for fee in terms.fees if fee.when == "period"), Fraction(0)
    )
    residue = terms.round(exact * len(dues)) - sum(d.billed.fee for d in dues)
    last = dues[-1]
    fee = max(0, last.billed.fee + residue)
    billed = last.billed._replace(fee=fee)
    return [*dues[:-1], last._replace(billed=billed, left=billed)]


def flow(terms: Product, start: date, on: date, minor: int) -> Flow:
    """A payment placed in whole periods and odd days since the purchase."""
    if terms.period_days is not None:
        whole, odd = divmod((on - start).days, terms.period_days)
        return Flow(whole, Fraction(odd, terms.period_days), minor)
    whole, odd = months_and_days(start, on, terms.due_day)
    return Flow(whole, Fraction(odd, 30), minor)


def flows(purchase: Purchase, on: date) -> list[Flow]:
    """What a purchase costs if everything still owed is paid when due (overdue: on `on`).

    Penalty interest is left out: it is the cost of not performing, and is capped on its own.
    """
    terms, start = purchase.terms, purchase.on
    placed = [flow(terms, start, start, -purchase.amount_minor)]
    placed += [flow(terms, start, day, minor) for day, minor in purchase.flows]
    placed += [
        flow(terms, start, max(item.due_on, on), item.left.performing)
        for item in purchase.dues
        if item.left.performing
    ]
    return placed
