from fractions import Fraction

import pytest

from ruqi.primitives.errors import InvariantBroken
from ruqi.primitives.money import Rounding
from ruqi.primitives.rate import Rate, decimal_text, percent_text, share


@pytest.mark.parametrize(
    ("text", "value"),
    [("0.18", Fraction(18, 100)), ("18%", Fraction(18, 100)), (" 1/3 ", Fraction(1, 3))],
)
def test_a_rate_is_read_exactly(text, value):
    assert share(text) == value == Rate.parse(text).per_year


def test_a_period_is_a_plain_part_of_the_year():
    assert Rate.parse("12%").per_period(12) == Fraction(1, 100)


def test_only_exact_numbers_are_rates():
    with pytest.raises(InvariantBroken, match=r"^a rate is an exact fraction"):
        Rate(0.18)
    with pytest.raises(ValueError, match=r"."):
        share("much")


def test_texts_round_half_to_even():
    assert decimal_text(Fraction(1, 8), 2) == "0.12"
    assert decimal_text(Fraction(-1, 3), 4) == "-0.3333"
    assert decimal_text(Fraction(7), 0) == "7"
    assert decimal_text(Fraction(-1, 1000), 2) == "0.00"
    assert percent_text(Fraction(108964, 10**6), 4) == "10.8964%"
    assert percent_text(Fraction(108964, 10**6)) == "10.90%"
    assert str(Rate.parse("0.24")) == "0.24000000"


def test_a_text_that_must_not_say_too_little_rounds_as_it_is_asked():
    assert decimal_text(Fraction(12_341, 10**5), 4, Rounding.UP) == "0.1235"
    assert percent_text(Fraction(108_961, 10**6), 2, Rounding.UP) == "10.90%"
    assert percent_text(Fraction(108_999, 10**6), 2, Rounding.DOWN) == "10.89%"
