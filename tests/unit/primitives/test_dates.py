from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import chinese_calendar
import holidays
import pytest

from ruqi.adapters.files.product_file import shipped_calendar
from ruqi.primitives.dates import (
    NO_CALENDAR,
    DayCount,
    Roll,
    add_months,
    civil_day,
    is_zone,
    last_instant,
    months_and_days,
    year_fraction,
)

CN = shipped_calendar("CN")


def test_the_anchor_day_is_kept_and_clamped_never_drifting():
    start = date(2024, 1, 31)
    days = [add_months(start, k) for k in range(1, 5)]
    assert days == [date(2024, 2, 29), date(2024, 3, 31), date(2024, 4, 30), date(2024, 5, 31)]
    assert add_months(date(2025, 2, 28), 1, 31) == date(2025, 3, 31)
    assert add_months(date(2024, 3, 31), -1) == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("start", "end", "anchor", "expected"),
    [
        (date(2024, 1, 31), date(2024, 2, 29), None, (1, 0)),
        (date(2024, 2, 29), date(2024, 3, 31), 31, (1, 0)),
        (date(2024, 2, 29), date(2024, 3, 31), None, (1, 2)),
        (date(2024, 2, 29), date(2024, 3, 30), 31, (0, 30)),
        (date(2024, 1, 20), date(2024, 2, 5), 5, (0, 16)),  # the start is not on the anchor
        (date(2024, 1, 5), date(2024, 3, 4), None, (1, 28)),
        (date(2024, 1, 5), date(2024, 1, 5), None, (0, 0)),
    ],
)
def test_months_and_odd_days(start, end, anchor, expected):
    assert months_and_days(start, end, anchor) == expected


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (DayCount.EQUAL_MONTHS, Fraction(2, 12)),
        (DayCount.ACT_365, Fraction(62, 365)),
        (DayCount.ACT_360, Fraction(62, 360)),
        (DayCount.ACT_ACT, Fraction(31, 365) + Fraction(31, 366)),
        (DayCount.ACT_366_IF_LEAP_DAY, Fraction(62, 365)),
    ],
)
def test_day_counts_over_a_new_year(count, expected):
    assert year_fraction(date(2023, 12, 1), date(2024, 2, 1), count) == expected


def test_odd_days_add_to_whole_months():
    months = DayCount.EQUAL_MONTHS
    assert year_fraction(date(2024, 1, 5), date(2024, 3, 15), months) == Fraction(2, 12) + Fraction(
        10, 360
    )
    assert year_fraction(date(2024, 1, 20), date(2024, 2, 5), months, 5) == Fraction(16, 360)
    assert year_fraction(date(2024, 2, 29), date(2024, 3, 31), months, 31) == Fraction(1, 12)


def test_a_leap_day_counts_where_it_lies_in_the_period():
    rule = DayCount.ACT_366_IF_LEAP_DAY
    assert year_fraction(date(2024, 2, 28), date(2024, 2, 29), rule) == Fraction(1, 366)
    assert year_fraction(date(2024, 2, 29), date(2024, 3, 1), rule) == Fraction(1, 365)
    assert year_fraction(date(2024, 1, 1), date(2025, 1, 1), DayCount.ACT_ACT) == 1


def test_civil_days_are_the_zones_own():
    late = datetime(2025, 3, 1, 17, 0, tzinfo=UTC)
    assert civil_day(late, "Asia/Shanghai") == date(2025, 3, 2)
    assert civil_day(late, "UTC") == date(2025, 3, 1)


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2025, 3, 30), 23), (date(2025, 10, 26), 25), (date(2025, 6, 1), 24)]
)
def test_a_day_ends_where_its_zone_says(day, hours):
    end = last_instant(day, "Europe/Berlin")
    before = last_instant(day - timedelta(days=1), "Europe/Berlin")
    assert (end - before) == timedelta(hours=hours)
    assert civil_day(end, "Europe/Berlin") == day
    assert civil_day(end + timedelta(microseconds=1), "Europe/Berlin") > day
    assert end.tzinfo is UTC


def test_the_calendar_agrees_with_two_libraries():
    other = holidays.country_holidays("CN", years=[2024, 2025, 2026])
    day, differing = date(2024, 1, 1), []
    while day <= date(2026, 12, 31):
        ours = CN.is_business_day(day)
        if ours != chinese_calendar.is_workday(day) or ours != other.is_working_day(day):
            differing.append(day)
        day += timedelta(days=1)
    assert differing == []


def test_days_after_the_announcement_are_projected_and_say_so():
    assert CN.projected(CN.announced_from - timedelta(days=1))
    assert not CN.projected(CN.announced_from)
    assert not CN.projected(date(2026, 12, 31))
    assert CN.projected(date(2027, 1, 1))
    assert not CN.is_business_day(date(2027, 10, 1))  # a fixed date
    assert CN.is_business_day(date(2027, 10, 8))


def test_rolling_over_days_off():
    eve = date(2025, 10, 1)
    assert CN.roll(eve, Roll.FOLLOWING) == date(2025, 10, 9)
    assert CN.roll(eve, Roll.PRECEDING) == date(2025, 9, 30)
    assert CN.roll(eve, Roll.NONE) == eve
    assert CN.is_business_day(date(2025, 10, 11))  # a Saturday worked instead
    assert not NO_CALENDAR.projected(date(2099, 1, 1))


def test_zones_that_are_there():
    assert is_zone("Asia/Shanghai")
    assert not any(is_zone(name) for name in ("Mars/X", "Asia", "", "../x"))
