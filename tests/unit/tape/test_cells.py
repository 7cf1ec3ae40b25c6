from datetime import UTC, date, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from ruqi.tape import cells
from ruqi.tape.cells import AmountRule, Unfit
from ruqi.tape.manifest import NumberForm

CENTS = AmountRule(NumberForm(), 2)
GROUPED = AmountRule(NumberForm(thousands=","), 2)


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("0", 0),
        ("-0.00", 0),
        ("1234.5", 123450),
        ("+5", 500),
        (".5", 50),
        ("5.", 500),
        ("1.500", 150),
        ("-12.34", -1234),
        ("(12.34)", -1234),
        ("12.34-", -1234),
        ("0.1", 10),
        ("92233720368547758.07", 2**63 - 1),
        ("000012", 1200),
    ],
)
def test_amounts_are_exact(text, minor):
    assert cells.amount(text, CENTS) == minor


@pytest.mark.parametrize(
    "text",
    [
        "1.234",
        "1e5",
        "1_000",
        "0x1",
        "inf",
        "nan",
        "",
        "-",
        ".",
        "1,234",
        "٣",
        "５",
        "--5",
        "5 5",
        "(-5)",
        "(5",
        "-5-",
        "$5",
        "92233720368547758.08",
        "1.2.3",
        "½",
    ],
)
def test_what_is_no_amount(text):
    assert isinstance(cells.amount(text, CENTS), Unfit)


def test_thousands_must_stand_where_thousands_are():
    assert cells.amount("1,234,567.89", GROUPED) == 123456789
    assert cells.amount("12,34,567", GROUPED) == 123456700  # as in India
    assert cells.amount("1234", GROUPED) == 123400
    for text in ("1,23", "1,2345", ",123", "1,,234", "1,234,", "1234,567"):
        assert isinstance(cells.amount(text, GROUPED), Unfit), text
    european = AmountRule(NumberForm(thousands=".", decimal=","), 2)
    assert cells.amount("1.234,5", european) == 123450


def test_scale_and_sign_are_exact():
    wan = AmountRule(NumberForm(scale=Fraction(10000), negate=True), 2)
    assert cells.amount("1.234567", wan) == -1234567
    third = AmountRule(NumberForm(scale=Fraction("0.01")), 0)
    assert cells.amount("1200", third) == 12
    assert isinstance(cells.amount("1201", third), Unfit)


def test_a_limit_is_not_negative():
    assert isinstance(cells.amount("-1", AmountRule(NumberForm(), 2, negative=False)), Unfit)


def test_mends_say_what_to_do():
    def mend(text, rule=CENTS):
        found = cells.amount(text, rule)
        assert isinstance(found, Unfit)
        return found.mend

    assert "`missing`" in mend("NA")
    assert 'thousands: ","' in mend("1,234.50")
    assert 'decimal: ","' in mend("12,5")
    assert "in full" in mend("1.2E+5")


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("30", 30), ("30.0", 30), ("007", 7)])
def test_whole_numbers(text, number):
    assert cells.whole(text) == number


@pytest.mark.parametrize("text", ["-1", "1.5", "", "1e2", str(2**31), "(3)", "3-"])
def test_what_is_no_whole_number(text):
    assert isinstance(cells.whole(text), Unfit)


def iso(days):
    return date.fromordinal(days + cells.EPOCH).isoformat()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-03-05", "2024-03-05"),
        ("2024-3-5", "2024-03-05"),
        ("2024/3/5", "2024-03-05"),
        ("20240305", "2024-03-05"),
        ("2024年3月5日", "2024-03-05"),
        ("2024-02", "2024-02-29"),
        ("2024/2", "2024-02-29"),
        ("202402", "2024-02-29"),
        ("2024年02月", "2024-02-29"),
        ("2024-03-05 00:00:00", "2024-03-05"),
        ("2024-03-05T00:00:00.000", "2024-03-05"),
    ],
)
def test_dates_without_a_format(text, day):
    assert iso(cells.day(text, None)) == day


@pytest.mark.parametrize(
    "text",
    [
        "2024-02-30",
        "2024-13",
        "2024-00-01",
        "05/03/2024",
        "2024",
        "24-03-05",
        "2024-03-05 12:00",
        "2024-03/05",
        "2024-03-0x",
        "٢٠٢٤-03",
        "NA",
        "45356",
    ],
)
def test_what_is_no_date(text):
    assert isinstance(cells.day(text, None), Unfit)


@pytest.mark.parametrize(
    ("text", "pattern", "day"),
    [
        ("20240305", "%Y%m%d", "2024-03-05"),
        ("05.03.2024", "%d.%m.%Y", "2024-03-05"),
        ("5.3.2024", "%d.%m.%Y", "2024-03-05"),
        ("2024年3月", "%Y年%m月", "2024-03-31"),
        ("0324", "%m%y", "2024-03-31"),
        ("31-Mar-24", "%d-%b-%y", "2024-03-31"),
        ("2024-03-05 23:59:59", "%Y-%m-%d %H:%M:%S", "2024-03-05"),
    ],
)
def test_dates_with_a_format(text, pattern, day):
    assert iso(cells.day(text, pattern)) == day


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("2024035", "%Y%m%d"),
        ("2024-03-05", "%Y%m%d"),
        ("2024-03-05 25:00:00", "%Y-%m-%d %H:%M:%S"),
        ("2024年13月", "%Y年%m月"),
    ],
)
def test_what_a_format_does_not_read(text, pattern):
    assert isinstance(cells.day(text, pattern), Unfit)


def test_a_month_of_opening_starts_on_its_first_day():
    assert iso(cells.day("2024-03", None, first_of_month=True)) == "2024-03-01"


def at(text, pattern=None, zone="Asia/Shanghai"):
    found = cells.instant(text, pattern, ZoneInfo(zone) if zone else None)
    assert not isinstance(found, Unfit), found
    return datetime.fromtimestamp(found / 1e6, UTC).isoformat()


@pytest.mark.parametrize(
    "text",
    [
        "2024-03-05 09:30",
        "2024-03-05T01:30:00Z",
        "2024-03-05T03:30:00+02:00",
        "2024/3/5 9:30:00",
        "2024-03-05 01:30:00 UTC",
        "2024-03-05T01:30:00.000000+0000",
        "2024-03-04T20:30-05",
    ],
)
def test_instants(text):
    assert at(text) == "2024-03-05T01:30:00+00:00"


def test_instants_with_a_format_or_without_a_zone():
    assert at("05.03.2024 09:30", "%d.%m.%Y %H:%M") == "2024-03-05T01:30:00+00:00"
    assert isinstance(cells.instant("2024-03-05 09:30", None, None), Unfit)
    assert at("2024-03-05 01:30Z", zone=None) == "2024-03-05T01:30:00+00:00"


def test_civil_times_that_do_not_exist():
    gap = cells.instant("2024-03-31 02:30", None, ZoneInfo("Europe/Berlin"))
    assert isinstance(gap, Unfit)
    for text in ("2024-03-05", "2024-02-30 10:00", "2024-03-05 24:00"):
        assert isinstance(cells.instant(text, None, ZoneInfo("UTC")), Unfit), text


def test_flags_and_lists():
    assert [cells.flag(t) for t in ("TRUE", "1", "yes", "是")] == [True] * 4
    assert [cells.flag(t) for t in ("false", "0", "No", "否")] == [False] * 4
    assert isinstance(cells.flag("maybe"), Unfit)
    assert cells.listed("sms| call||") == ["sms", "call"]


def test_codes_know_only_their_table():
    assert cells.recoded("x", None) == "x"
    assert cells.recoded("x", {"x": "y"}) == "y"
    missing = cells.recoded("y", {"x": "y"})
    assert isinstance(missing, Unfit)
    assert missing.kind == "unknown_code"


def test_zones():
    assert cells.is_zone("Asia/Shanghai")
    assert not any(cells.is_zone(name) for name in ("Asia", "Asia/Peking", "", "../x", "a" * 300))
