from dataclasses import replace
from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from lines import event, take
from ruqi.classroom.debts import Foreign, Own
from ruqi.classroom.payoff import HORIZON, Change, Means, Wallet, Way, plan, safe_instalment
from ruqi.loans.terms import Method, plain

START = date(2025, 1, 1)
CARD = Foreign("card", 200_000, Fraction(24, 100), 10, 10_000)
LOAN = Foreign("loan", 90_000, Fraction(6, 100), 20, 5_000)
WALLET = Wallet("CNY", START, (CARD, LOAN), Means(150_000, 100_000))


def test_dearest_and_smallest_first_end_in_their_own_order():
    dear, small = plan(WALLET, Way.AVALANCHE), plan(WALLET, Way.SNOWBALL)
    assert [name for name, _ in dear.ended] == ["card", "loan"]
    assert [name for name, _ in small.ended] == ["loan", "card"]
    assert dear.cost_minor < small.cost_minor


def test_paid_is_owed_plus_cost_to_the_cent():
    for way in Way:
        told = plan(replace(WALLET, order=("loan",)), way)
        assert told.paid_minor == 290_000 + told.cost_minor
        assert sum(month.paid_minor for month in told.months) == told.paid_minor
        assert told.months[-1].left_minor == 0


def test_a_hand_reckoned_month():
    first = plan(WALLET, Way.AVALANCHE).months[0]
    assert (first.paid_minor, first.left_minor) == (50_000, 240_000)
    second = plan(WALLET, Way.AVALANCHE).months[1]
    # card 155,000 + 2 % = 158,100 and loan 85,000 + 0.5 % = 85,425, less 50,000
    assert second.left_minor == 158_100 + 85_425 - 50_000


def test_the_first_day_on_which_money_does_not_reach():
    told = plan(replace(WALLET, means=Means(112_000, 100_000)), Way.AVALANCHE)
    assert (told.missed.on, told.missed.debt, told.missed.short_minor) == (
        date(2025, 1, 20),
        "loan",
        3_000,
    )


def test_what_only_grows_never_ends():
    told = plan(replace(WALLET, means=Means(100_100, 100_000)), Way.MINIMUM)
    assert (told.ends_on, told.cost_minor, len(told.months)) == (None, None, HORIZON)


def test_without_means_minimums_and_the_extra_are_paid():
    wallet = Wallet("CNY", START, (CARD, LOAN), None, extra_minor=20_000)
    assert plan(wallet, Way.AVALANCHE).months[0].paid_minor == 35_000
    assert plan(wallet, Way.MINIMUM).months[0].paid_minor == 15_000


def test_changes_hold_from_their_month():
    more = Change("more", "多", date(2025, 3, 1), extra_minor=10_000)
    told = plan(WALLET, Way.AVALANCHE, more)
    assert [month.paid_minor for month in told.months[:3]] == [50_000, 50_000, 60_000]
    less = Change("less", "少", date(2025, 2, 1), income_share=Fraction(8, 10))
    assert plan(WALLET, Way.AVALANCHE, less).months[1].paid_minor == 20_000


def test_a_safe_promise_keeps_a_cushion():
    assert safe_instalment(WALLET) == 45_000
    assert safe_instalment(replace(WALLET, means=None)) is None


def test_our_own_line_ends_to_the_cent():
    terms = plain(method=Method.EQUAL_INSTALMENT, instalments=3, annual_rate=Fraction(12, 100))
    line = take(terms, event("p", "purchase", START, amount_minor=30_000)).line
    wallet = Wallet("CNY", START, (Own("p", line, Fraction(12, 100)),), None)
    told = plan(wallet, Way.MINIMUM)
    assert (told.paid_minor, told.cost_minor, told.ends_on) == (30_602, 602, date(2025, 4, 1))


@given(st.integers(1_000, 500_000), st.integers(1_000, 500_000), st.integers(20_000, 200_000))
def test_dearest_first_costs_no_more_than_smallest_first(one, two, free):
    debts = (CARD._replace(balance_minor=one), LOAN._replace(balance_minor=two))
    wallet = Wallet("CNY", START, debts, Means(free, 0))
    dear, small = plan(wallet, Way.AVALANCHE), plan(wallet, Way.SNOWBALL)
    assert dear.ends_on is not None
    # Whole cents are rounded debt by debt, so the two may differ by one a month the other way.
    assert dear.cost_minor <= small.cost_minor + len(dear.months)


def test_a_plan_that_starts_within_a_month_takes_its_passed_bills_as_paid():
    wallet = replace(WALLET, start=date(2025, 1, 20))
    first, second = plan(wallet, Way.AVALANCHE).months[:2]
    # The card's bill of 100.00 went out on the 10th; 400.00 are left, 50.00 for the loan's bill.
    assert (first.on, first.paid_minor, first.left_minor) == (date(2025, 1, 20), 40_000, 250_000)
    # Twelve days to February: 165,000 at 2 % a month is 1,320, 85,000 at 0.5 % is 170.
    assert second.left_minor == 166_320 + 85_170 - 50_000


def test_a_plan_from_the_last_of_a_month_pays_nothing_twice():
    debt = Foreign("a", 100_000, Fraction(12, 100), 1, 900)
    first, second, *_ = plan(Wallet("CNY", date(2025, 1, 31), (debt,), None), Way.MINIMUM).months
    assert (first.paid_minor, first.left_minor) == (0, 100_000)
    assert (second.on, second.paid_minor, second.left_minor) == (date(2025, 2, 1), 900, 99_133)
