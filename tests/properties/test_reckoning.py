"""A second reckoning, written apart, finds the same cents."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lines import event, take
from reckoning import Deal, reckon
from ruqi.law.price import NO_CAPS
from ruqi.loans import terms as t
from ruqi.loans.state import Line

METHODS = {
    "level": t.Method.EQUAL_INSTALMENT,
    "principal": t.Method.EQUAL_PRINCIPAL,
    "flat": t.Method.FLAT_FEE,
}


def product(deal: Deal) -> t.Product:
    fee = t.Fee("f", "费", "period", deal.fee, 0, "lender")
    return t.plain(
        method=METHODS[deal.method],
        instalments=deal.months,
        annual_rate=deal.rate,
        fees=(fee,) if deal.fee else (),
        late=t.Late(deal.late),
        grace_days=deal.grace,
    )


def ours(line: Line) -> dict[str, int]:
    owed = dict.fromkeys(("principal", "interest", "fee", "charge", "late"), 0)
    for purchase in line.active:
        for part in owed:
            owed[part] += getattr(purchase.owed_now, part)
    return {**owed, "credit": line.credit_minor}


DEALS = st.one_of(
    st.builds(
        Deal,
        st.sampled_from(["level", "principal"]),
        st.integers(1, 8),
        st.integers(1, 240).map(lambda n: Fraction(n, 1000)),
        st.just(Fraction(0)),
        st.sampled_from([Fraction(0), Fraction(5, 10_000), Fraction(1, 3_000)]),
        st.integers(0, 5),
    ),
    st.builds(
        Deal,
        st.just("flat"),
        st.integers(1, 8),
        st.just(Fraction(0)),
        st.integers(1, 9).map(lambda n: Fraction(n, 1000)),
        st.sampled_from([Fraction(0), Fraction(5, 10_000)]),
        st.integers(0, 5),
    ),
)


@settings(max_examples=120, deadline=None)
@given(
    DEALS,
    st.integers(10_000, 900_000),
    st.dates(date(2023, 12, 20), date(2024, 3, 31)),
    st.dictionaries(st.integers(0, 200), st.integers(1, 200_000), max_size=6),
    st.integers(0, 260),
)
def test_both_find_the_same_cents(deal, price, bought, payments, days):
    paid = {bought + timedelta(days=after): minor for after, minor in payments.items()}
    to = bought + timedelta(days=max([days, *payments]))
    events = [event("p", "purchase", bought, amount_minor=price)]
    events += [
        event(f"r{on}", "repayment", on, amount_minor=minor) for on, minor in sorted(paid.items())
    ]
    terms = product(deal)
    life = take(terms, *events, to=to, caps=NO_CAPS)
    assert ours(life.line) == reckon(deal, price, bought, paid, to)


@pytest.mark.parametrize("late", [0, 1, 30])
def test_the_second_reckoning_sees_a_cent(late):
    deal = Deal("flat", 3, Fraction(0), Fraction(5, 1000), Fraction(1, 1000), 0)
    on = date(2024, 2, 29) + timedelta(days=late)
    one = reckon(deal, 90_000, date(2024, 1, 29), {on: 30_450}, on)
    two = reckon(deal, 90_000, date(2024, 1, 29), {on: 30_449}, on)
    assert one != two
