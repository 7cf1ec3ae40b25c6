"""95 % intervals for shares and ratios, never outside what can be.

Sources: Wilson (1927) for counts; ratio estimator by linearisation with the account as the
cluster (Cochran 1977, §6; Wolter 2007, §6) for amounts; its Wilson form with an effective number
of accounts (Korn & Graubard 1998; Franco et al. 2019) where the amount is a part of the whole.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

Array = npt.NDArray[np.float64]
Sums = dict[str, Array]  # named sums over accounts, groups x months (x cells); parts add up
Z95 = 1.959963984540054


@dataclass(frozen=True)
class Moments:
    """Sums over accounts that a ratio and its interval are made of; arrays of one shape.

    `n` accounts stand in the denominator. With `numerator2` (sum of squares), `cross` (of
    products) and `denominator2` None, numerator and denominator are counts of accounts.
    `observations`: how many there are where an account gives more than one. `part` says that the
    numerator is a part of the denominator, so the ratio lies in [0, 1].
    """

    numerator: Array
    denominator: Array
    n: Array
    numerator2: Array | None = None
    cross: Array | None = None
    denominator2: Array | None = None
    observations: Array | None = None
    part: bool = True

    def each(self, change: Callable[[Array], Array]) -> "Moments":
        """The same moments with `change` done to every array."""
        arrays = {
            name: None if table is None else change(table)
            for name, table in vars(self).items()
            if name != "part"
        }
        return Moments(**arrays, part=self.part)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Estimate:
    """A ratio and its 95 % interval; NaN where the denominator is zero."""

    value: Array
    low: Array
    high: Array


def estimate(moments: Moments) -> Estimate:
    """The ratio of `moments` with the interval that fits it."""
    value = ratio(moments.numerator, moments.denominator)
    if moments.numerator2 is None or moments.cross is None or moments.denominator2 is None:
        low, high = wilson(value, moments.denominator)
        return Estimate(value, low, high)
    variance = _variance(moments, value)
    if moments.part:
        low, high = wilson(value, _effective(moments, value, variance))
        return Estimate(value, low, high)
    half = Z95 * np.sqrt(variance)
    high = np.where(moments.numerator > 0, value + half, _most_unseen(moments, value))
    known = moments.n > 1  # of one account, no spread is known
    return Estimate(
        value,
        np.where(known, np.maximum(value - half, 0.0), np.nan),
        np.where(known, high, np.nan),
    )


def _most_unseen(moments: Moments, value: Array) -> Array:
    """How high a ratio may be of which nothing was seen: no spread is no proof of nought."""
    assert moments.denominator2 is not None
    return wilson(value, ratio(moments.denominator * moments.denominator, moments.denominator2))[1]


def ratio(numerator: Array, denominator: Array) -> Array:
    """Elementwise quotient; NaN where the denominator is zero."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(denominator > 0, numerator / denominator, np.nan)


def wilson(value: Array, n: Array) -> tuple[Array, Array]:
    """Wilson's score interval for a share `value` of `n`; NaN where `n` is zero."""
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = Z95 * Z95 / n
        middle = value + spread / 2
        half = np.sqrt(value * (1 - value) * spread + spread * spread / 4)
        low = (middle - half) / (1 + spread)
        high = (middle + half) / (1 + spread)
    low, high = np.clip(low, 0.0, 1.0), np.clip(high, 0.0, 1.0)
    # At 0 and 1 the formula meets the border exactly; rounding must not move it past the value.
    return np.minimum(low, value), np.maximum(high, value)


def _variance(moments: Moments, value: Array) -> Array:
    """Variance of a ratio: squared residuals of the accounts over the squared denominator."""
    assert moments.numerator2 is not None
    assert moments.cross is not None
    assert moments.denominator2 is not None
    squares = moments.numerator2 - 2 * value * moments.cross + value * value * moments.denominator2
    # A few heavy accounts carry little knowledge: both corrections go by Kish's number of accounts.
    accounts = np.maximum(ratio(moments.denominator * moments.denominator, moments.denominator2), 2)
    small = accounts / (accounts - 1) * (stdtrit(accounts - 1, 0.975) / Z95) ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = small * np.maximum(squares, 0.0) / (moments.denominator * moments.denominator)
    return np.where(moments.denominator > 0, variance, np.nan)


def _effective(moments: Moments, value: Array, variance: Array) -> Array:
    """How many equal, independent accounts would give this variance; at 0 and 1, Kish's number."""
    assert moments.denominator2 is not None
    with np.errstate(divide="ignore", invalid="ignore"):
        kish = moments.denominator * moments.denominator / moments.denominator2
        seen = value * (1 - value) / variance
    inside = (value > 0) & (value < 1) & (variance > 0)
    most = moments.n if moments.observations is None else moments.observations
    return np.minimum(np.where(inside, seen, kish), np.maximum(most, 1.0))
