"""Numbers as each reader expects them."""

from datetime import date, datetime

import pytest

from ruqi.adapters.report import numbers
from ruqi.adapters.report.words import Text, same


@pytest.mark.parametrize(
    ("share", "shown"),
    [(0.148, "14.8%"), (1.0, "100.0%"), (0.0, "0.0%"), (0.0004, "0.04%"), (None, "–")],
)
def test_percent(share, shown):
    assert numbers.percent(share) == shown


def test_spans():
    assert numbers.span(0.144, 0.152) == "14.4–15.2%"
    assert numbers.span(None, 0.1) == ""
    assert numbers.plain_span(-0.05, 0.02) == "−0.050 – 0.020"
    assert numbers.plain_span(0.77, 0.79) == "0.770–0.790"
    assert numbers.plain_span(None, 1.0) == ""


@pytest.mark.parametrize(
    ("minor", "currency", "en", "zh"),
    [
        (154_000_000_000, "TWD", "NT$1.54bn", "NT$15.4亿"),
        (12_345_678_900, "CNY", "CN¥123.5m", "¥1.23亿"),
        (123_456_700, "CNY", "CN¥1.23m", "¥123.5万"),
        (12_345_600, "CNY", "CN¥123.5k", "¥12.3万"),
        (123_450, "CNY", "CN¥1,234", "¥1,234"),
        (305, "TWD", "NT$3.05", "NT$3.05"),
        (-12_345_600, "CNY", "−CN¥123.5k", "−¥12.3万"),
        (5_000_000, "JPY", "JPY 5.00m", "JPY 500.0万"),
        (None, "CNY", "–", "–"),
    ],
)
def test_compact_counts_in_wan_and_yi(minor, currency, en, zh):
    assert numbers.compact(minor, currency) == Text(en, zh)


def test_money_knows_the_currencys_decimals():
    assert numbers.money(123_456, "CNY") == "1,234.56"
    assert numbers.money(123_456, "JPY") == "123,456"
    assert numbers.money(-123_456, "CNY", 0) == "−1,235"
    assert numbers.money(None, "CNY") == "–"


def test_a_column_of_small_amounts_keeps_its_decimals():
    assert numbers.digits_for([999_999, None], "CNY") == 2
    assert numbers.digits_for([1_000_000, 5], "CNY") == 0
    assert numbers.digits_for([], "JPY") == 0


def test_days_and_months():
    assert numbers.long_day("2005-09-30") == Text("30 September 2005", "2005年9月30日")
    assert numbers.month(date(2005, 9, 30)) == Text("Sep 2005", "2005年9月")
    assert numbers.iso(datetime(2005, 9, 30, 12)) == "2005-09-30"
    assert numbers.long_day(None) == numbers.month("") == same("–")
    assert numbers.as_date(None) is None


def test_counts():
    assert numbers.count(30000) == "30,000"
    assert numbers.count(-2.4) == "−2"
    assert numbers.count(None) == "–"
    assert numbers.plain(None) == "–"


def test_an_amount_of_any_size_is_told_to_the_cent():
    assert numbers.money(2**63 - 1, "CNY") == "92,233,720,368,547,758.07"
    assert numbers.money(-(2**70) - 1, "CNY") == "−11,805,916,207,174,113,034.25"
    assert numbers.money(12.5, "CNY", 3) == "0.125"


def test_a_borrower_reads_amounts_to_the_cent_and_days_in_few_letters():
    assert numbers.amount_of(123_450, "CNY") == Text("CN¥1,234.50", "¥1,234.50")
    assert numbers.amount_of(-5, "CNY").zh == "−¥0.05"
    assert numbers.amount_of(1200, "JPY").en == "JPY 1,200"
    assert numbers.short_day("2005-09-30") == Text("30 Sep 2005", "2005-09-30")
    assert numbers.short_day(None).en == numbers.UNKNOWN
