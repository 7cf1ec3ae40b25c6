"""What a borrower types, read as they would write it; what cannot be read answers with a mend.

Each reader returns the value, or the sentence that says what is wrong and how to mend it.
"""

import re
import unicodedata
from datetime import date
from fractions import Fraction

from ruqi.adapters.report.numbers import amount_of
from ruqi.adapters.report.words import Text
from ruqi.apps.web.words import both
from ruqi.primitives.currency import exponent

MOST = 100_000_000  # major units; more than anybody's household owes
MOST_RATE = 1000  # percent a year
FIRST, LAST = date(2000, 1, 1), date(2099, 12, 31)
NUMBER = re.compile(r"(\d{1,15}|\d{1,3}(,\d{3}){1,5})(\.\d{1,8})?")
SIGNS = re.compile(r"^(CN¥|NT\$|HK\$|US\$|[¥€£$])|(元|圆|块)$")


def plain(text: str) -> str:
    """The text without width variants, blanks and signs of currency."""
    return SIGNS.sub("", re.sub(r"\s", "", unicodedata.normalize("NFKC", text)))


def _number(text: str) -> Fraction | None:
    """A decimal number, thousands apart by commas or not; None where it is none."""
    found = NUMBER.fullmatch(plain(text))
    return Fraction(found.group().replace(",", "")) if found else None


def amount(text: str, currency: str, least: int = 0) -> int | Text:
    """Minor units of an amount in major units, from `least` (minor) up."""
    if not text.strip():
        return both("field.amount_absent")
    found = _number(text)
    if found is None:
        return both("field.amount_unclear")
    unit: int = 10 ** exponent(currency)
    minor = found * unit
    if found > MOST:
        return both("field.amount_large", most=amount_of(MOST * unit, currency))
    if minor.denominator != 1:
        return both("field.amount_fine", places=exponent(currency))
    if minor < least:
        return both("field.amount_small", least=amount_of(least, currency))
    return minor.numerator


def rate(text: str) -> Fraction | Text:
    """A yearly rate from percent: `24` and `24%` are 0.24."""
    if not text.strip():
        return both("field.rate_absent")
    found = _number(plain(text).removesuffix("%"))
    if found is None:
        return both("field.rate_unclear")
    return found / 100 if found <= MOST_RATE else both("field.rate_large", most=MOST_RATE)


def day(text: str) -> date | Text:
    """A day, `2026-11-30`."""
    return _day(plain(text).replace("/", "-"), "field.day_unclear")


def month(text: str) -> date | Text:
    """The first day of a month, `2026-11`."""
    return _day(plain(text).replace("/", "-") + "-01", "field.month_unclear")


def _day(text: str, unclear: str) -> date | Text:
    parts = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text)
    try:
        found = date(*map(int, parts.groups())) if parts else None
    except ValueError:
        found = None
    if found is None:
        return both(unclear)
    return found if FIRST <= found <= LAST else both("field.day_far", first=FIRST, last=LAST)


def whole(text: str, low: int, high: int) -> int | Text:
    """A whole number from `low` to `high`."""
    found = plain(text)
    if not re.fullmatch(r"\d{1,6}", found) or not low <= int(found) <= high:
        return both("field.whole", low=low, high=high)
    return int(found)
