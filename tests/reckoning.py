"""A second, slow reckoning of one line, written from the terms alone, day by day, in fractions.

It knows one purchase with equal instalments, equal principal or a flat fee, penalty after grace,
and repayments that pay what is due and then the next instalments ahead; no code of the house but
the calendar.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

from ruqi.primitives.dates import add_months


def cents(value: Fraction) -> int:
    """Half to even, by the decimal module."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_EVEN))


@dataclass
class Bill:
    """What one instalment asks, by part."""

    start: date
    on: date
    owed: dict[str, int]
    full: dict[str, int]
    shown: dict[str, int] = field(default_factory=lambda: {"interest": 0, "fee": 0, "late": 0})
    late_sum: Fraction = Fraction(0)


@dataclass
class Deal:
    """The terms of a purchase, in plain numbers."""

    method: str  # level, principal, flat
    months: int
    rate: Fraction  # a year
    fee: Fraction  # share of the price a month
    late: Fraction  # a day on overdue principal
    grace: int


def schedule(deal: Deal, price: int, on: date) -> list[Bill]:
    monthly = deal.rate / 12
    payment = Fraction(price, deal.months)
    if deal.method == "level":
        payment = price * monthly / (1 - 1 / (1 + monthly) ** deal.months)
    bills, left, start = [], price, on
    fees = cents(deal.fee * price * deal.months)
    for k in range(1, deal.months + 1):
        interest = cents(left * monthly)
        fee = cents(deal.fee * price)
        part = cents(payment) - interest if deal.method == "level" else cents(payment)
        if k == deal.months:
            part, fee = left, fees - cents(deal.fee * price) * (deal.months - 1)
        day = add_months(on, k)
        full = {"principal": part, "interest": interest, "fee": fee}
        bills.append(Bill(start, day, {**full, "late": 0, "charge": 0}, full))
        left, start = left - part, day
    return bills


def night(deal: Deal, bills: Sequence[Bill], on: date) -> None:
    """What the night before `on` brought."""
    for bill in bills:
        length, run = (bill.on - bill.start).days, (on - bill.start).days
        for part in ("interest", "fee"):
            if 0 < run <= length:
                whole = bill.full[part]
                bill.shown[part] = max(bill.shown[part], cents(Fraction(whole * run, length)))
        if on > bill.on and sum(bill.owed.values()):
            bill.late_sum += bill.owed["principal"] * deal.late
            if (on - bill.on).days > deal.grace:
                more = cents(bill.late_sum) - bill.shown["late"]
                bill.shown["late"] += more
                bill.owed["late"] += more


ORDER = ("late", "charge", "fee", "interest", "principal")


def pay(bills: Sequence[Bill], minor: int, until: date) -> int:
    for bill in sorted(bills, key=lambda b: b.on):
        if bill.on > until:
            continue
        for part in ORDER:
            taken = min(minor, bill.owed[part])
            bill.owed[part] -= taken
            minor -= taken
            if part in bill.shown and part != "late":
                paid = bill.full[part] - bill.owed[part]
                bill.shown[part] = max(bill.shown[part], paid)
    return minor


def owed_now(bills: Sequence[Bill]) -> dict[str, int]:
    total = dict.fromkeys(("principal", "interest", "fee", "charge", "late"), 0)
    for bill in bills:
        for part in total:
            future = bill.full[part] - bill.shown[part] if part in ("interest", "fee") else 0
            total[part] += bill.owed[part] - future
    return total


def reckon(deal: Deal, price: int, bought: date, paid: dict[date, int], to: date) -> dict[str, int]:
    """What is owed on the day `to`, part by part, and the credit balance."""
    bills = schedule(deal, price, bought)
    credit, on = 0, bought
    while on <= to:
        if on > bought:
            night(deal, bills, on)
        rest = pay(bills, credit + paid.get(on, 0), on)
        settled = sum(owed_now(bills).values())
        if rest and on in paid:
            if rest >= settled:  # enough for everything: cost to come falls away
                for bill in bills:
                    bill.owed = dict.fromkeys(bill.owed, 0)
                    bill.full = {"principal": 0, **{p: bill.shown[p] for p in ("interest", "fee")}}
                rest -= settled
            else:
                rest = pay(bills, rest, date.max)
        credit, on = rest, on + timedelta(days=1)
    return {**owed_now(bills), "credit": credit}
