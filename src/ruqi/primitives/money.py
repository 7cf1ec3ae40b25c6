"""Money in whole minor units, and the only ways to round and to divide it.

A sum is an integer of the currency's smallest unit (cents, yen, fils); the exponent comes from
ISO 4217, never from a guess of 100. Rounding is always asked for by name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from ruqi.primitives.currency import exponent
from ruqi.primitives.errors import ensure


class Rounding(StrEnum):
    """What happens to the part of a unit that cannot be paid."""

    HALF_EVEN = "half_even"
    HALF_UP = "half_up"
    DOWN = "down"  # towards zero
    UP = "up"  # away from zero


def round_ratio(numerator: int, denominator: int, mode: Rounding) -> int:
    """Round numerator/denominator to a whole number; exact for any size and sign.

    `half_up` and `up` work away from zero, so that a reversal is always equal and opposite.
    """
    ensure(denominator > 0, "a denominator must be positive")
    if numerator < 0:
        return -round_ratio(-numerator, denominator, mode)
    whole, rest = divmod(numerator, denominator)
    if rest == 0 or mode is Rounding.DOWN:
        return whole
    twice = 2 * rest
    up = (
        mode is Rounding.UP
        or twice > denominator
        or (twice == denominator and (mode is Rounding.HALF_UP or whole % 2 == 1))
    )
    return whole + up


def round_minor(value: Fraction, mode: Rounding) -> int:
    """Round an exact amount of minor units to whole ones."""
    return round_ratio(value.numerator, value.denominator, mode)


def allocate(total: int, weights: Sequence[int | Fraction]) -> tuple[int, ...]:
    """Divide `total` minor units by `weights`, to the last unit (largest remainder).

    Ties go to the earlier place, so the answer is stable. A negative total divides as its
    positive twin, negated. Weights are not negative and not all zero.

    >>> allocate(100, [1, 1, 1])
    (34, 33, 33)
    """
    whole = sum(Fraction(weight) for weight in weights)
    ensure(whole > 0 and min(weights) >= 0, "weights must be positive in sum and none negative")
    if total < 0:
        return tuple(-share for share in allocate(-total, weights))
    exact = [Fraction(weight) * total / whole for weight in weights]
    shares = [value.numerator // value.denominator for value in exact]
    by_rest = sorted(range(len(exact)), key=lambda place: (shares[place] - exact[place], place))
    for place in by_rest[: total - sum(shares)]:
        shares[place] += 1
    return tuple(shares)


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in one currency, in minor units. Sums of two currencies are a bug, not a number."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        ensure(type(self.minor) is int, "money is a whole number of minor units")
        exponent(self.currency)

    @classmethod
    def parse(cls, text: str, currency: str) -> "Money":
        """Read major units, e.g. `"1234.50"` CNY; ValueError for more decimals than it has."""
        scaled = Fraction(text) * 10 ** exponent(currency)
        if scaled.denominator != 1:
            raise ValueError(f"{text} has more than {exponent(currency)} decimals ({currency})")
        return cls(scaled.numerator, currency)

    def __add__(self, other: "Money") -> "Money":
        ensure(self.currency == other.currency, "two currencies cannot be added")
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return self + -other

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def times(self, factor: int | Fraction, mode: Rounding) -> "Money":
        """This amount multiplied, rounded once."""
        return Money(round_minor(Fraction(factor) * self.minor, mode), self.currency)

    def split(self, weights: Sequence[int | Fraction]) -> tuple["Money", ...]:
        """This amount divided by `weights` to the last unit; see `allocate`."""
        return tuple(Money(share, self.currency) for share in allocate(self.minor, weights))

    def __str__(self) -> str:
        return f"{major(self.minor, self.currency)} {self.currency}"


def major(minor: int, currency: str) -> str:
    """Minor units as a plain decimal text of major units: `123456` CNY is `1234.56`."""
    decimals = exponent(currency)
    sign, digits = ("-" if minor < 0 else ""), str(abs(minor)).rjust(decimals + 1, "0")
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}" if decimals else f"{sign}{digits}"
