"""The price cap: what credit costs in all, and whether that is more than a rule allows.

Time is counted in whole periods and odd days; within an odd period growth is simple, as in
Regulation Z, appendix J. So a present value at any rational rate is itself rational, and the cap
test is the sign of one exact number. No rounding can let a price slip past a cap.

Nominal rate = rate of one period x periods a year; the effective rate compounds it.
Sources: 12 CFR 1026 appendix J; 中国人民银行公告〔2021〕第3号 (IRR over all costs); ADR 0103.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction
from math import lcm

from ruqi.primitives.errors import Refused, ensure
from ruqi.primitives.money import Rounding, round_minor
from ruqi.primitives.rate import Rate, percent_text

DECIMALS = 8
CEILING = Fraction(1000)  # 100 000 % a year: beyond it no rate is reported


@dataclass(frozen=True, slots=True)
class Flow:
    """Money between lender and borrower: minor units, positive when the borrower pays.

    It happens `whole` periods and `odd` (in [0, 1)) of one after the first flow.
    """

    whole: int
    odd: Fraction
    minor: int


@dataclass(frozen=True)
class Cap:
    """The highest nominal all-in rate a year, and the rule that says so."""

    rate: Rate
    rule: str
    source: str = ""


@dataclass(frozen=True)
class DatedCap:
    """A cap and the days on which it holds, both included (None: open)."""

    cap: Cap
    effective_from: date | None
    effective_until: date | None

    def holds(self, on: date) -> bool:
        """Whether `on` lies within its days."""
        return (self.effective_from is None or self.effective_from <= on) and (
            self.effective_until is None or on <= self.effective_until
        )


@dataclass(frozen=True)
class Caps:
    """Every cap that may bind a product; on a day the strictest one in force is the cap."""

    dated: tuple[DatedCap, ...] = ()  # of the all-in price
    late: tuple[DatedCap, ...] = ()  # of what lateness costs

    def on(self, day: date) -> Cap | None:
        """The cap of a day, None where none is in force. Of equal ones the first named wins."""
        return _strictest(self.dated, day)

    def late_on(self, day: date) -> Cap | None:
        """The cap on what lateness costs, likewise."""
        return _strictest(self.late, day)


def _strictest(dated: Sequence[DatedCap], day: date) -> Cap | None:
    found = [held.cap for held in dated if held.holds(day)]
    return min(found, key=lambda cap: cap.rate, default=None)


NO_CAPS = Caps()


def present_value(flows: Sequence[Flow], per_period: Fraction) -> Fraction:
    """Value at the first flow of everything the borrower pays, less what was lent; exact."""
    return Fraction(*_worth(flows, per_period))


def _worth(flows: Sequence[Flow], per_period: Fraction) -> tuple[int, int]:
    """The same as (numerator, denominator > 0), not reduced: whole numbers only, so it is quick.

    With growth a/b a period, value x a^n = sum of paid x b^k x a^(n-k), by Horner's rule.
    """
    a, b = per_period.numerator + per_period.denominator, per_period.denominator
    last = max((flow.whole for flow in flows), default=0)
    by_period, scale = _by_period(flows, per_period, last)
    total, power = by_period[last], 1
    for period in range(last - 1, -1, -1):
        power *= a
        total = total * b + by_period[period] * power
    return total, power * scale


def _by_period(flows: Sequence[Flow], per_period: Fraction, last: int) -> tuple[list[int], int]:
    """Flows by whole period, odd days discounted simply, all over one denominator."""
    sums = [0] * (last + 1)
    odd = [flow for flow in flows if flow.odd]
    scale = 1
    for flow in odd:
        scale = lcm(scale, (1 + per_period * flow.odd).numerator)
    for flow in flows:
        if flow.odd:
            growth = 1 + per_period * flow.odd
            sums[flow.whole] += flow.minor * growth.denominator * (scale // growth.numerator)
        else:
            sums[flow.whole] += flow.minor * scale
    return sums, scale


def costs_more_than(flows: Sequence[Flow], rate: Rate, periods_a_year: Fraction) -> bool:
    """Whether the all-in rate of `flows` lies above `rate`: the sign of the value at that rate."""
    return _worth(flows, rate.per_period(periods_a_year))[0] > 0


def all_in_rate(flows: Sequence[Flow], periods_a_year: Fraction) -> Fraction | None:
    """The nominal yearly rate that makes the flows worth nothing, to 8 decimals.

    None where there is none: nothing is lent, or more is paid at once than was ever lent. Where
    the borrower pays back less than was lent the rate is 0: a price is never negative.
    """
    paid, lent = sum(max(f.minor, 0) for f in flows), -sum(min(f.minor, 0) for f in flows)
    if lent == 0 or present_value(flows, CEILING / periods_a_year) > 0:
        return None
    if paid <= lent:
        return Fraction(0)
    return Fraction(_nearest(flows, periods_a_year), 10**DECIMALS)


def _nearest(flows: Sequence[Flow], periods_a_year: Fraction) -> int:
    """The root in units of the last decimal: by false position, each side an exact sign."""

    def worth(units: int | Fraction) -> tuple[int, int]:
        return _worth(flows, Fraction(units, 10**DECIMALS) / periods_a_year)

    def size(value: tuple[int, int]) -> int:
        return (value[0] << 32) // value[1]

    low, high = 0, 10**DECIMALS
    at_low = at_high = size(worth(low))
    while (value := worth(high))[0] > 0:
        low, high, at_low = high, 2 * high, size(value)
    at_high, weight_side = size(value), 0
    while high - low > 1:
        guess = low + (high - low) * at_low // max(at_low - at_high, 1)
        middle = min(max(guess, low + 1), high - 1)
        value = worth(middle)
        if value[0] > 0:
            low, at_low = middle, size(value)
            # Twice on one side: weigh the other less, or it would never move (Illinois).
            at_high = at_high // 2 if weight_side > 0 else at_high
            weight_side = 1
        else:
            high, at_high = middle, size(value)
            at_low = at_low // 2 if weight_side < 0 else at_low
            weight_side = -1
    return high if worth(Fraction(2 * low + 1, 2))[0] > 0 else low


def effective_rate(nominal: Fraction, periods_a_year: Fraction) -> Fraction:
    """The compounded yearly rate of a nominal one, to 8 decimals."""
    ensure(nominal >= 0, "a price is never negative")
    with localcontext() as context:
        context.prec = 40
        base = 1 + _decimal(nominal / periods_a_year)
        grown = base ** _decimal(periods_a_year) - 1
    value = Fraction(grown)
    return Fraction(round_minor(value * 10**DECIMALS, Rounding.HALF_EVEN), 10**DECIMALS)


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def refusal(flows: Sequence[Flow], periods_a_year: Fraction, cap: Cap) -> Refused | None:
    """Why these flows may not be offered under `cap`; None where they may.

    The verdict is exact; the rate in the sentence is rounded for reading.
    """
    if not costs_more_than(flows, cap.rate, periods_a_year):
        return None
    rate = all_in_rate(flows, periods_a_year)
    shown = percent_text(rate, 4) if rate is not None else "> 100000%"
    limit = percent_text(cap.rate.per_year, 2)
    return Refused(
        cap.rule,
        f"The all-in annual cost would be {shown}, above the cap of {limit} (rule {cap.rule}).",
        f"综合年化融资成本将为 {shown}，超过上限 {limit}（规则 {cap.rule}）。",
    )


DAYS_A_YEAR = 365


def late_refusal(daily_rate: Fraction, cap: Cap) -> Refused | None:
    """Why penalty interest may not run at this daily rate; None where it may.

    Overdue money bears penalty interest alone, so its yearly rate is the daily one times 365.
    """
    yearly = daily_rate * DAYS_A_YEAR
    if yearly <= cap.rate.per_year:
        return None
    day, year = percent_text(daily_rate, 4), percent_text(yearly, 2)
    limit = percent_text(cap.rate.per_year, 2)
    return Refused(
        cap.rule,
        f"Penalty interest of {day} a day is {year} a year, above the ceiling of {limit} on what "
        f"lateness costs (rule {cap.rule}).",
        f"罚息每日 {day}，折合年化 {year}，超过逾期成本上限 {limit}（规则 {cap.rule}）。",
    )


def not_in_force(caps: Caps, day: date) -> Refused | None:
    """Why no price can be judged on a day: caps are known, and none of them is in force then."""
    if not caps.dated or caps.on(day):
        return None
    rules = ", ".join(held.cap.rule for held in caps.dated)
    return Refused(
        "NOT_IN_FORCE",
        f"None of the known price caps ({rules}) is in force on {day}; what held then is not "
        "known here.",
        f"{day} 时已知的价格上限（{rules}）均未生效，当时适用的规定此处不详。",
    )
