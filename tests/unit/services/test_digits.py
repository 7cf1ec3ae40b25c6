import pytest

from ruqi.services.digits import digits


@pytest.mark.parametrize(("text", "number"), [("7", 7), (" 07 ", 7), ("0", 0), ("100", 99)])
def test_digits_are_a_number_up_to_the_most(text, number):
    assert digits(text, 99) == number


def test_more_digits_than_can_be_read_are_the_most():
    assert digits("9" * 5000, 10**6) == 10**6  # beyond what `int` takes


@pytest.mark.parametrize("text", ["", "-1", "+1", "1.0", "1e3", "²", "１", "٣", "1 0", "1_0", "a"])
def test_what_is_no_plain_number_is_none(text):
    assert digits(text, 99) is None
