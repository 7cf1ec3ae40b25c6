"""Civil days: months that keep their anchor, year fractions, and working days as dated data.

A day is a date in the product's own zone; instants are UTC. Nothing here asks what day it is.

Sources: ISDA 2006 definitions 4.16 (day counts); ADR 0101, 0102.
"""

from calendar import isleap
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)
MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def month_number(day: date) -> int:
    """Months since year 0, so that adjacent months differ by one."""
    return day.year * 12 + day.month - 1


def add_months(start: date, months: int, anchor_day: int | None = None) -> date:
    """The day `months` after `start`, on `anchor_day` (default: its own day), clamped per month.

    The anchor is kept, never the clamped day: 31 Jan → 29 Feb → 31 Mar.
    """
    year, month = divmod(month_number(start) + months, 12)
    last = 29 if month == 1 and isleap(year) else MONTH_DAYS[month]
    return date(year, month + 1, min(anchor_day or start.day, last))


def months_and_days(start: date, end: date, anchor_day: int | None = None) -> tuple[int, int]:
    """Whole months from `start` that fit before `end`, and the odd days that remain (both ≥ 0).

    The anchor counts only where `start` itself stands on it (clamped or not).
    """
    if anchor_day and add_months(start, 0, anchor_day) != start:
        anchor_day = None
    months = month_number(end) - month_number(start)
    if months and add_months(start, months, anchor_day) > end:
        months -= 1
    reached = add_months(start, months, anchor_day) if months else start
    return months, (end - reached).days


class DayCount(StrEnum):
    """How the days between two dates become a part of a year."""

    EQUAL_MONTHS = "equal_months"  # a month is 1/12; odd days are 1/360 each
    ACT_365 = "act_365"
    ACT_360 = "act_360"
    ACT_ACT = "act_act"  # each day is 1/366 in a leap year, else 1/365, year by year
    ACT_366_IF_LEAP_DAY = "act_366_if_leap_day"  # 366 where the period holds a 29 February


@lru_cache(maxsize=4096)  # schedules and replays ask for the same periods again and again
def year_fraction(
    start: date, end: date, count: DayCount, anchor_day: int | None = None
) -> Fraction:
    """The part of a year from `start` (included) to `end` (not included), exactly."""
    days = (end - start).days
    if count is DayCount.EQUAL_MONTHS:
        months, odd = months_and_days(start, end, anchor_day)
        return Fraction(months, 12) + Fraction(odd, 360)
    if count is DayCount.ACT_ACT:
        return sum(
            (
                Fraction(
                    (min(end, date(year + 1, 1, 1)) - max(start, date(year, 1, 1))).days,
                    365 + isleap(year),
                )
                for year in range(start.year, end.year + 1)
            ),
            Fraction(0),
        )
    if count is DayCount.ACT_366_IF_LEAP_DAY:
        return Fraction(days, 365 + holds_leap_day(start, end))
    return Fraction(days, 360 if count is DayCount.ACT_360 else 365)


def holds_leap_day(start: date, end: date) -> bool:
    """Whether a 29 February lies in (start, end]."""
    years = (year for year in range(start.year, end.year + 1) if isleap(year))
    return any(start < date(year, 2, 29) <= end for year in years)


def civil_day(instant: datetime, zone: str) -> date:
    """The civil day of an instant in a zone (`Asia/Shanghai`), by that zone's own rules."""
    return instant.astimezone(ZoneInfo(zone)).date()


def last_instant(day: date, zone: str) -> datetime:
    """The last microsecond of a civil day in a zone, as UTC; right on days of 23 or 25 hours."""
    start = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)) + ONE_DAY
    return start.astimezone(UTC) - timedelta(microseconds=1)


@dataclass(frozen=True)
class Calendar:
    """Working days of one country as it announced them, with make-up days (调休).

    `holidays` are days off (with a name), `workdays` are weekend days that are worked. After
    `announced_to` nothing is official: such days are *projected* from weekends and fixed dates.
    """

    name: str
    announced_from: date
    announced_to: date
    holidays: Mapping[date, str] = field(default_factory=dict)
    workdays: frozenset[date] = frozenset()
    fixed: Mapping[tuple[int, int], str] = field(default_factory=dict)  # (month, day), projected
    source: str = ""

    def is_business_day(self, day: date) -> bool:
        """Whether banks of this country settle on `day`."""
        if day in self.workdays:
            return True
        if day in self.holidays or (self.projected(day) and (day.month, day.day) in self.fixed):
            return False
        return day.weekday() < 5

    def projected(self, day: date) -> bool:
        """Whether `day` lies outside what has been announced."""
        return not self.announced_from <= day <= self.announced_to

    def roll(self, day: date, way: "Roll") -> date:
        """`day` itself where it is worked (or `way` is none), else the next or previous one."""
        if way is Roll.NONE:
            return day
        step = ONE_DAY if way is Roll.FOLLOWING else -ONE_DAY
        while not self.is_business_day(day):
            day += step
        return day


class Roll(StrEnum):
    """Where a collection goes that falls on a day off."""

    NONE = "none"
    FOLLOWING = "following"
    PRECEDING = "preceding"


NO_CALENDAR = Calendar("none", date.min, date.max)
