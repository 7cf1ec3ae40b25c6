from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruqi.law.price import all_in_rate
from ruqi.loans.schedule import draw, due_dates, flow, flows, period_fee
from ruqi.loans.terms import Fee, Method, plain
from ruqi.primitives.dates import DayCount
from ruqi.primitives.money import Rounding

DAY = date(2025, 1, 31)
LEVEL = plain(method=Method.EQUAL_INSTALMENT, instalments=12, annual_rate=Fraction(12, 100))
FLAT = Fee("f", "费", "period", Fraction(5, 1000), 0, "lender")


def billed(terms, amount, on=DAY):
    return [due.billed for due in draw("p", terms, amount, on).dues]


def test_twelve_thousand_at_one_percent_a_month():
    # 1,066.1855 a month, 794.2256 of interest; 120 interest and 946.1855 principal first.
    parts = billed(LEVEL, 1_200_000)
    assert {p.total for p in parts[:-1]} == {106_619}
    assert parts[-1].total == 106_614
    assert sum(p.interest for p in parts) == 79_423
    assert (parts[0].interest, parts[0].principal) == (12_000, 94_619)


def test_the_residue_lies_in_the_last_instalment():
    # 1,000.00 at 0.90803 % a month: 11 x 88.33 and 88.36.
    terms = plain(
        method=Method.EQUAL_INSTALMENT, instalments=12, annual_rate=12 * Fraction("0.0090803")
    )
    assert [p.total for p in billed(terms, 100_000)] == [8_833] * 11 + [8_836]


def test_equal_principal_costs_seven_hundred_and_eighty():
    terms = plain(method=Method.EQUAL_PRINCIPAL, instalments=12, annual_rate=Fraction(12, 100))
    parts = billed(terms, 1_200_000)
    assert (parts[0].total, parts[-1].total) == (112_000, 101_000)
    assert sum(p.interest for p in parts) == 78_000


def test_thirds_of_a_hundred():
    assert [p.principal for p in billed(plain(instalments=3), 10_000)] == [3333, 3333, 3334]
    first = plain(instalments=3, residue="first")
    assert [p.principal for p in billed(first, 10_000)] == [3334, 3333, 3333]


@pytest.mark.parametrize("method", list(Method))
@pytest.mark.parametrize("amount", [1, 2, 11, 12, 18, 23, 99, 100_001])
def test_no_amount_is_too_small_and_no_term_is_shortened(method, amount):
    rate = Fraction(18, 100) if method.value.startswith("equal") else Fraction(0)
    parts = billed(plain(method=method, instalments=12, annual_rate=rate), amount)
    assert len(parts) == 12
    assert sum(p.principal for p in parts) == amount
    assert min(min(p) for p in parts) >= 0
    if amount >= 12:
        assert all(p.principal for p in parts)


@given(
    st.sampled_from(list(Method)),
    st.integers(1, 10**9),
    st.integers(1, 60),
    st.integers(0, 360),
    st.sampled_from(list(DayCount)),
    st.dates(date(2023, 1, 1), date(2026, 12, 31)),
)
def test_every_schedule_adds_up(method, amount, count, per_mille, day_count, on):
    rate = Fraction(per_mille, 1000) if method.value.startswith("equal") else Fraction(0)
    terms = plain(
        method=method, instalments=count, annual_rate=rate, day_count=day_count, fees=(FLAT,)
    )
    purchase = draw("p", terms, amount, on)
    parts = [due.billed for due in purchase.dues]
    assert sum(p.principal for p in parts) == amount
    assert min(min(p) for p in parts) >= 0
    assert sum(p.fee for p in parts) >= terms.round(Fraction(amount * count, 200)) - count
    if method is Method.EQUAL_INSTALMENT and count > 1 and amount > 100 * count:
        usual = parts[0].principal + parts[0].interest
        last = parts[-1].principal + parts[-1].interest
        assert abs(usual - last) <= 2 * count


def test_a_down_payment_and_one_off_fees_are_due_at_once():
    opening = Fee("o", "开", "purchase", Fraction(1, 100), 5, "platform")
    terms = plain(instalments=3, down_payment=Fraction(1, 4), fees=(opening,))
    first, *rest = draw("p", terms, 10_000, DAY).dues
    assert (first.number, first.due_on, first.pay_by) == (0, DAY, DAY)
    assert (first.billed.principal, first.billed.fee, first.earned_fee) == (2500, 105, 105)
    assert [due.billed.principal for due in rest] == [2500, 2500, 2500]


def test_period_fees_add_up_to_the_exact_rate():
    terms = plain(method=Method.FLAT_FEE, instalments=12, fees=(FLAT,))
    assert period_fee(terms, 9_999) == 50
    assert sum(p.fee for p in billed(terms, 9_999)) == 600
    assert sum(p.fee for p in billed(terms, 1_050)) == 63  # 5.25 each: 11 x 5 and 8


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        (plain(instalments=3), [(2, 28), (3, 31), (4, 30)]),
        (plain(instalments=2, due_day=5), [(2, 5), (3, 5)]),
        (plain(instalments=2, due_day=31), [(2, 28), (3, 31)]),
        (plain(instalments=2, period_days=14), [(2, 14), (2, 28)]),
    ],
)
def test_due_dates(terms, expected):
    days = due_dates(terms, DAY, terms.instalments)
    assert [(day.month, day.day) for day in days] == expected


def test_a_due_day_in_the_purchases_own_month():
    assert due_dates(plain(due_day=20), date(2025, 1, 5), 1) == [date(2025, 1, 20)]
    # Sixteen odd days are 16/360 of a year, not a whole month.
    terms = plain(
        method=Method.EQUAL_PRINCIPAL, instalments=1, due_day=5, annual_rate=Fraction(36, 100)
    )
    assert billed(terms, 10_000, date(2024, 1, 20))[0].interest == 160


def test_a_first_date_that_is_given_keeps_the_anchor():
    days = due_dates(plain(), date(2024, 1, 31), 2, date(2024, 2, 29))
    assert days == [date(2024, 2, 29), date(2024, 3, 31)]
    days = due_dates(plain(), date(2024, 1, 31), 2, date(2024, 2, 15))
    assert days == [date(2024, 2, 15), date(2024, 3, 15)]


def test_flows_of_a_schedule_on_time_return_its_rate():
    purchase = draw("p", LEVEL, 10**9, DAY)
    rate = all_in_rate(flows(purchase, DAY), Fraction(12))
    assert abs(rate - Fraction(12, 100)) < Fraction(1, 10**7)


def test_rounding_down_is_a_term_too():
    terms = plain(instalments=1, method=Method.EQUAL_PRINCIPAL, annual_rate=Fraction(1, 10))
    assert billed(terms, 100)[0].interest == 1
    up = plain(
        instalments=1,
        method=Method.EQUAL_PRINCIPAL,
        annual_rate=Fraction(1, 10),
        rounding=Rounding.DOWN,
    )
    assert billed(up, 100)[0].interest == 0


def test_a_flow_stands_in_whole_periods_and_a_part_of_one():
    by_days = plain(method=Method.SINGLE, period_days=30)
    placed = flow(by_days, DAY, date(2025, 3, 17), 5)
    assert (placed.whole, placed.odd, placed.minor) == (1, Fraction(15, 30), 5)
    by_months = flow(LEVEL, DAY, date(2025, 3, 10), 5)
    assert (by_months.whole, by_months.odd) == (1, Fraction(10, 30))
