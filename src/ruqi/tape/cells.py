"""What one cell's text means: exact, or a refusal that says what was expected.

These functions are the rule. Faster paths over whole columns may only give the same answers.
"""

import calendar
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from fractions import Fraction
from functools import cache
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ruqi.tape.manifest import NumberForm

WHITE = " \t\n\v\f\r\u3000\u00a0"  # trimmed from both ends of every cell
INT64_MAX = 2**63 - 1
INT32_MAX = 2**31 - 1
EPOCH = date(1970, 1, 1).toordinal()
_INSTANT_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
YES = frozenset(("true", "1", "yes", "y", "t", "是"))
NO = frozenset(("false", "0", "no", "n", "f", "否"))
NOTHING = frozenset(("-", "NA", "null", "NaN"))  # no text of any column, unless under `missing`


@dataclass(frozen=True)
class Unfit:
    """Why a cell does not say what its column needs."""

    expected: str
    mend: str
    kind: Literal["unparsable", "unknown_code"] = "unparsable"


@dataclass(frozen=True)
class AmountRule:
    """How a column's text becomes whole minor units: its form, decimals kept, sign allowed."""

    form: NumberForm
    decimals: int  # of the currency where amounts are major units, else 0
    negative: bool = True


# --- numbers ------------------------------------------------------------------------------------


def amount(text: str, rule: AmountRule) -> int | Unfit:
    """Minor units, exactly: no rounding, no binary fractions."""
    form = rule.form
    parts = _split(text, form, accounting=True)
    if parts is None:
        return Unfit(_a_number(form), _number_mend(text, form))
    negative, whole, fraction = parts
    value: Fraction = int(whole + fraction) * form.scale * 10**rule.decimals
    value /= 10 ** len(fraction)
    if value.denominator != 1:
        return Unfit(
            f"at most {rule.decimals} decimals" if rule.decimals else "a whole number of units",
            "round at the source, or state `amounts` and `scale` as the file means them",
        )
    minor = -value.numerator if negative != form.negate else value.numerator
    if abs(minor) > INT64_MAX:
        return Unfit("an amount below 2^63 minor units", "check the unit and `scale`")
    if minor < 0 and not rule.negative:
        return Unfit("zero or more", "correct the limit, or state `sign: -1` if all are negative")
    return minor


def whole(text: str, form: NumberForm = NumberForm()) -> int | Unfit:
    """A whole number of zero or more, such as days or months late."""
    parts = _split(text, form, accounting=False)
    if parts is None:
        return Unfit("a whole number", _number_mend(text, form))
    negative, digits, fraction = parts
    value: Fraction = int(digits + fraction) * form.scale / 10 ** len(fraction)
    if value.denominator != 1:
        return Unfit("a whole number", "round at the source, or state `scale`")
    number = -value.numerator if negative != form.negate else value.numerator
    if number < 0:
        return Unfit("zero or more", f"say under `codes` what {text} means")
    if number > INT32_MAX:
        return Unfit("a whole number below 2^31", "check the column")
    return number


@cache
def _number_pattern(thousands: str, decimal: str) -> re.Pattern[str]:
    plain = "[0-9]+"
    if thousands:
        mark = re.escape(thousands)
        plain = f"[0-9]{{1,3}}(?:{mark}[0-9]{{2,3}})*{mark}[0-9]{{3}}|[0-9]+"
    point = re.escape(decimal)
    return re.compile(f"({plain})?(?:{point}([0-9]*))?", re.ASCII)


def _split(text: str, form: NumberForm, accounting: bool) -> tuple[bool, str, str] | None:
    """Sign, whole digits and decimals of a number's text; None where it is no number."""
    negative = False
    if text[:1] in ("-", "+"):
        negative, text = text[0] == "-", text[1:]
    elif accounting and text[:1] == "(" and text[-1:] == ")":
        negative, text = True, text[1:-1]
    elif accounting and text[-1:] == "-":
        negative, text = True, text[:-1]
    match = _number_pattern(form.thousands, form.decimal).fullmatch(text)
    if match is None or not ((match[1] or "") + (match[2] or "")):
        return None
    digits = match[1] or "0"
    if form.thousands:
        digits = digits.replace(form.thousands, "")
    return negative, digits, match[2] or ""


def _a_number(form: NumberForm) -> str:
    grouped = f"1{form.thousands}234{form.decimal}50"
    return f"a number such as {grouped}"


def _number_mend(text: str, form: NumberForm) -> str:
    if text.lower() in ("-", "--", "na", "n/a", "nan", "null", "none", "#n/a", "无", "空"):
        return f"list `{text}` under `missing` for this column, or leave the cell empty"
    if not form.thousands and re.fullmatch(r"[-+(]?\d{1,3}(,\d{3})+(\.\d*)?\)?", text):
        return 'state `thousands: ","` for this column'
    if form.decimal == "." and re.fullmatch(r"[-+]?\d+,\d{1,2}", text):
        return 'state `decimal: ","` for this column'
    if re.fullmatch(r"[-+]?[0-9.]+[eE][-+]?[0-9]+", text):
        return "write the number out in full; a spreadsheet has shortened it"
    if "%" in text:
        return "write the number without a percent sign"
    return "write a plain number, or list this text under `missing` if it means none"


# --- dates --------------------------------------------------------------------------------------

_DATES = (
    re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?", re.ASCII),
    re.compile(r"(\d{4})/(\d{1,2})/(\d{1,2})(?: 0?0:00(?::00)?)?", re.ASCII),
    re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII),
    re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日", re.ASCII),
    re.compile(r"(\d{4})[-/](\d{1,2})", re.ASCII),
    re.compile(r"(\d{4})(\d{2})", re.ASCII),
    re.compile(r"(\d{4})年(\d{1,2})月", re.ASCII),
)
_DIGITS = {"Y": 4, "y": 2, "m": 2, "d": 2, "H": 2, "M": 2, "S": 2, "j": 3}
DATE_EXAMPLES = "2024-03-31, 20240331, 2024/3/31 or 2024年3月31日"


def day(text: str, pattern: str | None, first_of_month: bool = False) -> int | Unfit:
    """Days since 1970-01-01. Without a day: the last of that month, or the first if asked."""
    parts = _default_parts(text) if pattern is None else _patterned(text, pattern)
    like = f"a date such as {DATE_EXAMPLES}" if pattern is None else f"a date like {pattern}"
    if parts is None:
        if _number_mend(text, NumberForm()).startswith("list"):
            return Unfit(like, _number_mend(text, NumberForm()))
        return Unfit(like, "correct the cell, or state the column's `format`")
    year, month, of_month = parts
    if not (1 <= month <= 12 and year >= 1):
        return Unfit(like, "that month does not exist; correct the cell")
    last = calendar.monthrange(year, month)[1]
    if of_month is None:
        of_month = 1 if first_of_month else last
    if not 1 <= of_month <= last:
        return Unfit(like, "that day does not exist; correct the cell")
    return date(year, month, of_month).toordinal() - EPOCH


def _default_parts(text: str) -> tuple[int, int, int | None] | None:
    for pattern in _DATES:
        match = pattern.fullmatch(text)
        if match:
            year, month, *rest = (int(part) for part in match.groups())
            return year, month, rest[0] if rest else None
    return None


@cache
def _regex_of(pattern: str) -> re.Pattern[str] | None:
    """A regular expression for a pattern of numbers; None where strptime must read names."""
    made, seen = "", set()
    pieces = re.findall(r"%.|[^%]+", pattern)
    for place, piece in enumerate(pieces):
        if piece[0] != "%":
            made += re.escape(piece)
            continue
        letter = piece[1]
        if letter == "f":
            made += "([0-9]{1,6})" if "f" not in seen else "[0-9]{1,6}"
        elif letter not in _DIGITS or letter in seen:
            return None
        else:
            follower = pieces[place + 1][0] if place + 1 < len(pieces) else "-"
            before = pieces[place - 1][0] if place else "-"
            loose = letter in "mdHMS" and follower != "%" and before != "%"
            width = _DIGITS[letter]
            made += f"(?P<{letter}>[0-9]{{{'1,' if loose else ''}{width}}})"
        seen.add(letter)
    return re.compile(made, re.ASCII)


def _patterned(text: str, pattern: str) -> tuple[int, int, int | None] | None:
    regex = _regex_of(pattern)
    has_day = any(word in pattern for word in ("%d", "%e", "%j", "%x", "%D", "%F"))
    if regex is not None and "%j" not in pattern:
        match = regex.fullmatch(text)
        if match is None:
            return None
        held = match.groupdict()
        if any(int(held.get(part) or 0) > most for part, most in (("H", 23), ("M", 59), ("S", 59))):
            return None
        year = int(held["Y"]) if "Y" in held else _century(int(held["y"]))
        return year, int(held["m"]), int(held["d"]) if has_day else None
    try:
        read = datetime.strptime(text, pattern)
    except ValueError:
        return None
    return read.year, read.month, read.day if has_day else None


def _century(two_digits: int) -> int:
    return two_digits + (1900 if two_digits >= 69 else 2000)


# --- instants -----------------------------------------------------------------------------------

_INSTANT = re.compile(
    r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?"
    r"\s*(Z|z|UTC|[+-]\d{2}(?::?\d{2})?)?",
    re.ASCII,
)


@cache
def is_zone(name: str) -> bool:
    """Whether a name is of the IANA time zones."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def instant(text: str, pattern: str | None, zone: ZoneInfo | None) -> int | Unfit:
    """Microseconds since 1970-01-01T00:00Z; civil times are of the book's `time_zone`."""
    like = "an instant such as 2024-03-31T09:30:00+08:00" if pattern is None else pattern
    read = _instant_parts(text) if pattern is None else _instant_patterned(text, pattern)
    if read is None:
        return Unfit(like, "write date and time, with a zone or in the book's `time_zone`")
    if read.tzinfo is None:
        if zone is None:
            return Unfit("an instant with its zone", "state the book's `time_zone` in tape.yaml")
        civil, read = read, read.replace(tzinfo=zone)
        if read.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != civil:
            return Unfit(f"a civil time that exists in {zone}", "clocks were set forward over it")
    return (read.astimezone(UTC) - _INSTANT_EPOCH) // timedelta(microseconds=1)


def _instant_parts(text: str) -> datetime | None:
    match = _INSTANT.fullmatch(text)
    if match is None:
        return None
    year, month, of_month, hour, minute = (int(match[i]) for i in range(1, 6))
    micro = int((match[7] or "0").ljust(6, "0")[:6])
    try:
        civil = datetime(year, month, of_month, hour, minute, int(match[6] or 0), micro)
        return civil if match[8] is None else civil.replace(tzinfo=_offset(match[8]))
    except ValueError:
        return None


def _offset(text: str) -> timezone:
    if text in ("Z", "z", "UTC"):
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    span = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-span if text[0] == "-" else span)


def _instant_patterned(text: str, pattern: str) -> datetime | None:
    try:
        return datetime.strptime(text, pattern)
    except ValueError:
        return None


# --- words --------------------------------------------------------------------------------------


def flag(text: str) -> bool | Unfit:
    """true/false, 1/0, yes/no, 是/否; letters in either case."""
    word = text.lower()
    if word in YES:
        return True
    if word in NO:
        return False
    return Unfit("true or false, 1 or 0, yes or no, 是 or 否", "recode the value under `codes`")


def listed(text: str) -> list[str]:
    """The items of a list joined by `|`, trimmed, empty ones left out."""
    return [item for item in (part.strip(WHITE) for part in text.split("|")) if item]


def nothing(text: str) -> Unfit:
    """The refusal of a text of `NOTHING` where words stand."""
    return Unfit("a text that says something", _number_mend(text, NumberForm()))


def recoded(text: str, codes: Mapping[str, str] | None) -> str | Unfit:
    """The target of a code table; the text itself where there is none."""
    if codes is None:
        return text
    if text not in codes:
        return Unfit(
            f"one of {known(codes)}",
            f"add `{text}` to the code table, or correct the cell",
            "unknown_code",
        )
    return codes[text]


def known(words: Mapping[str, str] | tuple[str, ...]) -> str:
    """The first words of a table, for a person."""
    some = list(words)[:12]
    return ", ".join(some) + (", …" if len(words) > 12 else "")


def reader(kind: str, pattern: str | None, zone: ZoneInfo | None) -> Callable[[str], object]:
    """The function that reads the cells of a column of dates, instants, flags or lists."""
    if kind == "date":
        return lambda text: day(text, pattern)
    if kind == "instant":
        return lambda text: instant(text, pattern, zone)
    if kind == "flag":
        return flag
    return listed
