"""Numbers, money and dates as a reader of either language expects them.

Sources: CLDR conventions for en-GB and zh-Hans; compact amounts count in 万 and 亿 in Chinese.
"""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Context, Decimal
from typing import Any

from ruqi.adapters.report.words import Text, same
from ruqi.primitives.currency import exponent

UNKNOWN = "–"
SMALL_COLUMN = 10_000  # a column of amounts below this shows its decimals
_SYMBOLS = {"CNY": ("CN¥", "¥"), "TWD": ("NT$", "NT$"), "USD": ("US$", "US$"), "EUR": ("€", "€")}
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_LONG = (
    "January February March April May June July August September October November December".split()
)


def symbol(currency: str) -> Text:
    """A currency's sign before an amount; its ISO code where it has no common one."""
    if currency in _SYMBOLS:
        return Text(*_SYMBOLS[currency])
    return same(f"{currency} ")


def mark(currency: str) -> Text:
    """A currency's sign alone, as the heads of columns show it."""
    sign = symbol(currency)
    return Text(sign.en.strip(), sign.zh.strip())


def percent(share: float | None, digits: int = 1) -> str:
    """A share in [0, 1] as percent; small shares get one more digit."""
    if share is None:
        return UNKNOWN
    if 0 < abs(share) < 0.01:
        digits += 1
    return f"{share * 100:.{digits}f}%"


def span(low: float | None, high: float | None, digits: int = 1) -> str:
    """An interval of shares, e.g. `14.4–15.2%`; empty where there is none."""
    if low is None or high is None:
        return ""
    if 0 < abs(high) < 0.01:
        digits += 1
    return f"{low * 100:.{digits}f}–{high * 100:.{digits}f}%"


def plain(value: float | None, digits: int = 3) -> str:
    """A pure number with fixed digits; a true minus sign."""
    return UNKNOWN if value is None else f"{value:.{digits}f}".replace("-", "−")


def plain_span(low: float | None, high: float | None, digits: int = 3) -> str:
    """An interval of pure numbers; empty where there is none."""
    if low is None or high is None:
        return ""
    joint = " – " if low < 0 else "–"  # a dash beside a minus sign reads badly
    return f"{plain(low, digits)}{joint}{plain(high, digits)}"


def count(value: float | None) -> str:
    """A whole number with separators."""
    return UNKNOWN if value is None else f"{round(value):,}".replace("-", "−")


def money(minor: float | None, currency: str, digits: int | None = None) -> str:
    """An amount without its sign of currency (that stands in the header), in major units."""
    if minor is None:
        return UNKNOWN
    places = exponent(currency)
    shown = places if digits is None else digits
    major = Decimal(minor).scaleb(-places, Context(prec=60))  # an amount of any size to the cent
    return f"{major:,.{shown}f}".replace("-", "−")


def amount_of(minor: int, currency: str) -> Text:
    """An amount to the cent with its sign, for a borrower: `CN¥1,234.50`, `¥1,234.50`."""
    mark = symbol(currency)
    shown = money(abs(minor), currency)
    sign = "−" if minor < 0 else ""
    return Text(f"{sign}{mark.en}{shown}", f"{sign}{mark.zh}{shown}")


def digits_for(minors: Iterable[float | None], currency: str) -> int:
    """Decimals for a column of amounts: none where any amount is large, else the currency's."""
    most = max((abs(minor) for minor in minors if minor is not None), default=0)
    return 0 if most >= SMALL_COLUMN * 10 ** exponent(currency) else exponent(currency)


def compact(minor: float | None, currency: str) -> Text:
    """An amount for prose and headlines: `NT$1.54bn`, `NT$15.4亿`."""
    if minor is None:
        return same(UNKNOWN)
    sign = "−" if minor < 0 else ""
    major = abs(minor) / 10 ** exponent(currency)
    mark = symbol(currency)
    return Text(
        sign + mark.en + _scaled(major, ((1e9, "bn"), (1e6, "m"), (1e4, "k", 1e3))),
        sign + mark.zh + _scaled(major, ((1e8, "亿"), (1e4, "万"))),
    )


def _scaled(major: float, steps: tuple[tuple[Any, ...], ...]) -> str:
    for step in steps:
        least, unit = step[0], step[1]
        size = step[2] if len(step) > 2 else least
        if major >= least:
            value = major / size
            return f"{value:,.{2 if value < 10 else 1 if value < 1000 else 0}f}{unit}"
    return f"{major:,.0f}" if major >= 1000 else f"{major:,.2f}"


def as_date(value: Any) -> date | None:
    """A date from a date, an instant, or ISO text; None where there is none."""
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else date.fromisoformat(str(value)[:10])


def long_day(value: Any) -> Text:
    """A day in prose: `30 September 2005`, `2005年9月30日`."""
    day = as_date(value)
    if day is None:
        return same(UNKNOWN)
    return Text(
        f"{day.day} {_LONG[day.month - 1]} {day.year}", f"{day.year}年{day.month}月{day.day}日"
    )


def short_day(value: Any) -> Text:
    """A day in a borrower's table: `30 Sep 2005`, `2005-09-30`."""
    day = as_date(value)
    if day is None:
        return same(UNKNOWN)
    return Text(f"{day.day} {_MONTHS[day.month - 1]} {day.year}", day.isoformat())


def month(value: Any) -> Text:
    """A month: `Sep 2005`, `2005年9月`."""
    day = as_date(value)
    if day is None:
        return same(UNKNOWN)
    return Text(f"{_MONTHS[day.month - 1]} {day.year}", f"{day.year}年{day.month}月")


def iso(value: Any) -> str:
    """A day in a table: ISO 8601 in both languages."""
    day = as_date(value)
    return UNKNOWN if day is None else day.isoformat()
