import pytest

from ruqi.primitives.currency import CODES, exponent


@pytest.mark.parametrize(("code", "decimals"), [("CNY", 2), ("TWD", 2), ("JPY", 0), ("KWD", 3)])
def test_decimals_of_a_currency(code, decimals):
    assert exponent(code) == decimals


def test_unknown_code_is_refused():
    with pytest.raises(KeyError, match="RMB"):
        exponent("RMB")


def test_codes_are_three_capitals():
    assert all(len(code) == 3 and code.isupper() for code in CODES)
