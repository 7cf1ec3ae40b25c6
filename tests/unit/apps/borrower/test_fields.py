from datetime import date
from fractions import Fraction

import pytest

from ruqi.adapters.report.words import Text
from ruqi.apps.borrower import fields


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("1200", 120_000),
        (" 1,200.50 ", 120_050),
        ("¥1 200", 120_000),
        ("１２００．５", 120_050),
        ("CN¥1,000,000", 100_000_000),
        ("300元", 30_000),
        ("0", 0),
    ],
)
def test_amounts_are_read_as_people_write_them(text, minor):
    assert fields.amount(text, "CNY") == minor


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Type an amount"),
        ("-5", "no minus"),
        ("1,5", "no amount"),
        ("1.234,50", "no amount"),
        ("1e9", "no amount"),
        ("twelve", "no amount"),
        ("<b>1</b>", "no amount"),
        ("9" * 400, "no amount"),
        ("100000001", "CN¥100,000,000.00"),
        ("1.005", "has 2"),
        ("0.00", "CN¥0.01"),
    ],
)
def test_what_is_no_amount_is_told_with_its_mend(text, says):
    answer = fields.amount(text, "CNY", least=1)
    assert isinstance(answer, Text)
    assert says in answer.en
    assert answer.zh


def test_decimals_are_those_of_the_currency():
    assert fields.amount("1200", "JPY") == 1200
    assert "has 0" in fields.amount("1200.5", "JPY").en


def test_rates_are_percent_a_year():
    assert fields.rate("18.25%") == Fraction(1825, 10_000)
    assert fields.rate("0") == 0
    assert [isinstance(fields.rate(text), Text) for text in ("", "-1", "1001", "a")] == [True] * 4


def test_days_and_months():
    assert fields.day("2026/2/28") == date(2026, 2, 28)
    assert fields.month("2027-03") == date(2027, 3, 1)
    for text in ("2026-02-30", "30.11.2026", "", "9999-12-31", "1999-12-31"):
        assert isinstance(fields.day(text), Text), text
    assert isinstance(fields.month("2027-13"), Text)


def test_whole_numbers_have_bounds():
    assert fields.whole("31", 1, 31) == 31
    for text in ("0", "32", "", "1.5", "-1"):
        assert "1 to 31" in fields.whole(text, 1, 31).en
