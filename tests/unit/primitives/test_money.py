import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruqi.primitives.errors import InvariantBroken
from ruqi.primitives.money import (
    Money,
    Rounding,
    allocate,
    exact,
    major,
    round_minor,
    round_ratio,
)

WEIGHTS = st.lists(st.integers(0, 1000), min_size=1, max_size=12).filter(any)


@pytest.mark.parametrize(
    ("numerator", "even", "up", "down", "away"),
    [
        (5, 2, 3, 2, 3),  # 2.5
        (7, 4, 4, 3, 4),  # 3.5
        (-5, -2, -3, -2, -3),
        (1, 0, 1, 0, 1),
        (4, 2, 2, 2, 2),
        (-1, 0, -1, 0, -1),
    ],
)
def test_halves_round_as_asked_and_a_reversal_is_equal_and_opposite(
    numerator, even, up, down, away
):
    assert round_ratio(numerator, 2, Rounding.HALF_EVEN) == even
    assert round_ratio(numerator, 2, Rounding.HALF_UP) == up
    assert round_ratio(numerator, 2, Rounding.DOWN) == down
    assert round_ratio(numerator, 2, Rounding.UP) == away
    for mode in Rounding:
        assert round_ratio(-numerator, 2, mode) == -round_ratio(numerator, 2, mode)


@given(st.fractions(), st.sampled_from(list(Rounding)))
def test_rounding_is_never_a_whole_unit_off(value, mode):
    assert abs(round_minor(value, mode) - value) < 1


def test_thirds_and_ties_go_to_the_earlier_place():
    assert allocate(100, [1, 1, 1]) == (34, 33, 33)
    assert allocate(-100, [1, 1, 1]) == (-34, -33, -33)
    assert allocate(2, [1, 1, 1, 1]) == (1, 1, 0, 0)
    assert allocate(0, [1, 2]) == (0, 0)
    assert allocate(10, [0, 3, Fraction(1, 2)]) == (0, 9, 1)
    assert allocate(7, [Fraction(1, 3)]) == (7,)


@given(st.integers(-(10**15), 10**15), WEIGHTS)
def test_shares_add_up_and_none_is_a_unit_off(total, weights):
    shares = allocate(total, weights)
    assert sum(shares) == total
    whole = sum(weights)
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share - Fraction(total * weight, whole)) < 1
        assert weight or not share


@pytest.mark.parametrize("weights", [[0, 0], [1, -1], [2, -1]])
def test_weights_must_mean_something(weights):
    with pytest.raises(InvariantBroken, match=r"^weights must be positive in sum"):
        allocate(1, weights)


@pytest.mark.parametrize("denominator", [0, -2])
def test_nothing_is_divided_by_nothing(denominator):
    with pytest.raises(InvariantBroken, match=r"^a denominator must be positive"):
        round_ratio(1, denominator, Rounding.DOWN)


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [("1234.50", "CNY", 123450), ("100", "JPY", 100), ("1.005", "KWD", 1005), ("-0.01", "CNY", -1)],
)
def test_the_exponent_is_the_currencys(text, currency, minor):
    assert Money.parse(text, currency).minor == minor
    assert Money.parse(major(minor, currency), currency).minor == minor


@pytest.mark.parametrize(("text", "currency"), [("0.001", "CNY"), ("1.5", "JPY"), ("x", "CNY")])
def test_what_a_currency_cannot_hold_is_no_money(text, currency):
    with pytest.raises(ValueError, match=re.escape(text)):
        Money.parse(text, currency)


def test_two_currencies_do_not_add():
    with pytest.raises(InvariantBroken, match=r"^two currencies"):
        Money(1, "CNY") + Money(1, "USD")


def test_arithmetic_and_words():
    held = Money(10, "CNY")
    assert held + held - Money(5, "CNY") == Money(15, "CNY")
    assert held.times(Fraction(1, 3), Rounding.UP) == Money(4, "CNY")
    assert [m.minor for m in held.split([1, 2])] == [3, 7]
    assert (str(Money(-5, "CNY")), major(7, "JPY"), major(0, "KWD")) == ("-0.05 CNY", "7", "0.000")
    with pytest.raises(InvariantBroken, match=r"^money is a whole number"):
        Money(1.5, "CNY")
    with pytest.raises(KeyError, match="RMB"):
        Money(1, "RMB")


@pytest.mark.parametrize("text", ["1e31", "1e-31", "1e99999999", "1" * 65, "e", "1e", "x"])
def test_numbers_beyond_reason_are_none(text):
    with pytest.raises(ValueError, match=r"."):
        exact(text)


def test_numbers_within_reason_are_exact():
    assert exact("1e30") == 10**30
    assert exact("1E-30") == Fraction(1, 10**30)
    assert exact("1" * 64) == int("1" * 64)
