"""Rates per year, exact: a fraction of whole numbers, never a float."""

from dataclasses import dataclass
from fractions import Fraction

from ruqi.primitives.errors import ensure
from ruqi.primitives.money import Rounding, round_minor


@dataclass(frozen=True, slots=True, order=True)
class Rate:
    """A yearly rate: 0.24 is 24 % a year. `per_period` divides it; nothing here compounds."""

    per_year: Fraction

    def __post_init__(self) -> None:
        ensure(type(self.per_year) is Fraction, "a rate is an exact fraction")

    @classmethod
    def parse(cls, text: str) -> "Rate":
        """Read `"0.18"`, `"18%"` or `"7/365"`, exactly. ValueError where it is no number."""
        return cls(share(text))

    def per_period(self, periods_a_year: int | Fraction) -> Fraction:
        """The nominal rate of one of `periods_a_year` periods."""
        return self.per_year / periods_a_year

    def __str__(self) -> str:
        return decimal_text(self.per_year, 8)


def share(text: str) -> Fraction:
    """Read a share or rate written as a decimal, a percentage or a fraction, exactly."""
    text = str(text).strip()
    return Fraction(text[:-1].strip()) / 100 if text.endswith("%") else Fraction(text)


def decimal_text(value: Fraction, decimals: int, mode: Rounding = Rounding.HALF_EVEN) -> str:
    """`value` as a decimal text, rounded at `decimals` places."""
    scaled = round_minor(value * 10**decimals, mode)
    sign, digits = ("-" if scaled < 0 else ""), str(abs(scaled)).rjust(decimals + 1, "0")
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}" if decimals else f"{sign}{digits}"


def percent_text(value: Fraction, decimals: int = 2, mode: Rounding = Rounding.HALF_EVEN) -> str:
    """`value` as a percentage for people: 0.108964 is `10.90%` at two places.

    An annual percentage rate of the EU has at least one place, half up (2008/48/EC, annex I).
    """
    return decimal_text(value * 100, decimals, mode) + "%"
