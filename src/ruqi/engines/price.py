"""All-in rates of many schedules at once in floating point; near a cap, exact signs judge.

A float may say "above" or "below" only where its own rounding error cannot turn the sign; every
other schedule goes to `law.price.costs_more_than`. So the verdicts are those of the exact test.
`dated_rate` is the effective yearly rate over actual days / 365, as spreadsheets have it (XIRR).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from ruqi.law.price import Flow, costs_more_than
from ruqi.primitives.errors import ensure
from ruqi.primitives.rate import Rate

LOWEST, HIGHEST = -0.999_999, 1e6  # effective yearly rates between which one is looked for
EXACT = 2**53  # below it a float holds every whole number


@dataclass(frozen=True)
class Schedules:
    """Flows in whole periods, period by period: schedule k is `minor[first[k]:first[k + 1]]`."""

    flows: Sequence[Sequence[Flow]]
    first: NDArray[np.int64]  # [n+1]
    minor: NDArray[np.float64]  # net flow of each period, 0 where none
    plain: NDArray[np.bool_]  # [n] whole periods only, amounts that floats hold exactly


def laid_out(flows: Sequence[Sequence[Flow]]) -> Schedules:
    """Schedules as columns; those with odd days are kept for the exact way."""
    sizes = [1 + max((flow.whole for flow in one), default=0) for one in flows]
    first = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    at = [
        start + flow.whole
        for start, one in zip(first[:-1].tolist(), flows, strict=True)
        for flow in one
    ]
    minor = np.zeros(int(first[-1]))
    np.add.at(minor, at, [float(flow.minor) for one in flows for flow in one])
    plain = [
        not any(flow.odd for flow in one) and sum(abs(flow.minor) for flow in one) < EXACT
        for one in flows
    ]
    return Schedules(flows, first, minor, np.array(plain, np.bool_))


def above(
    schedules: Schedules, cap: Rate, periods_a_year: Any
) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """[n] whether each all-in rate lies above the cap, and which of them needed the exact test."""
    rate = float(cap.per_period(periods_a_year))
    ensure(rate >= 0, "a cap is never negative")
    signs = np.zeros(len(schedules.flows), np.int8)
    _signs(schedules.first, schedules.minor, rate, signs)
    near = np.flatnonzero((signs == 0) | ~schedules.plain)
    verdicts = signs > 0
    for place in near.tolist():
        verdicts[place] = costs_more_than(schedules.flows[place], cap, periods_a_year)
    return verdicts, near


def rates(schedules: Schedules, periods_a_year: float) -> NDArray[np.float64]:
    """[n] nominal yearly all-in rates, for screening and ranking; NaN where none was found.

    Good to about 1e-11; a figure that is printed or judged comes from `law.price`.
    """
    found = np.full(len(schedules.flows), np.nan)
    _rates(schedules.first, schedules.minor, found)
    found[~schedules.plain] = np.nan
    return found * periods_a_year


def dated_rate(flows: Sequence[tuple[date, int]]) -> float | None:
    """The effective yearly rate at which dated flows are worth nothing; actual days / 365.

    Minor units, positive when the borrower pays. None where all have one sign or no rate is found
    between -99.9999 % and 100 million %.
    """
    start = min(day for day, _ in flows)
    years = np.array([(day - start).days / 365 for day, _ in flows])
    minor = np.array([float(amount) for _, amount in flows])

    def worth(rate: float) -> float:
        return float(np.sum(minor * (1 + rate) ** -years))

    low, high = LOWEST, HIGHEST
    if (worth(low) > 0) == (worth(high) > 0):
        return None
    side = worth(low) > 0
    while high - low > 1e-13 * max(1.0, abs(low)):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if (worth(middle) > 0) == side else (low, middle)
    return (low + high) / 2


@njit(cache=True, nogil=True, error_model="numpy")
def _signs(first: Any, minor: Any, rate: Any, signs: Any) -> None:
    """Sign of each worth at a rate of one period; 0 where rounding could have turned it.

    Horner: n periods round 2n times, each by at most half an ulp of what has been summed so far.
    """
    discount = 1.0 / (1.0 + rate)
    for k in range(len(signs)):
        total, size = 0.0, 0.0
        for place in range(first[k + 1] - 1, first[k] - 1, -1):
            total = total * discount + minor[place]
            size = size * discount + abs(minor[place])
        doubt = size * 4.0 * (first[k + 1] - first[k] + 2) * 2.0**-52
        if total > doubt:
            signs[k] = 1
        elif total < -doubt:
            signs[k] = -1


@njit(cache=True, nogil=True, error_model="numpy")
def _rates(first: Any, minor: Any, found: Any) -> None:
    """Newton's steps on the discount factor, from the rate that the plain sum suggests."""
    for k in range(len(found)):
        lent, paid, weight = -minor[first[k]], 0.0, 0.0
        for place in range(first[k] + 1, first[k + 1]):
            paid += minor[place]
            weight += minor[place] * (place - first[k])
        if lent <= 0.0 or paid <= 0.0:
            continue
        rate = max((paid - lent) * paid / (weight * lent), 0.0) if paid > lent else 0.0
        discount = 1.0 / (1.0 + rate)
        for _ in range(60):
            total, slope = 0.0, 0.0
            for place in range(first[k + 1] - 1, first[k] - 1, -1):
                slope = slope * discount + total
                total = total * discount + minor[place]
            step = total / slope
            discount -= step
            if discount <= 0.0:
                discount = (discount + step) / 2
            if abs(step) < 1e-15:
                break
        if abs(step) < 1e-12:
            found[k] = 1.0 / discount - 1.0
