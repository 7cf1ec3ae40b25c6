"""Whether a score's distribution has moved, judged against what so few accounts move by chance.

Population stability index. Without drift its expectation is about (B-1)(1/n + 1/m), so the common
threshold of .1 fires on 38 % of stable books of 200 accounts; the critical value here knows n.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from ruqi.behaviour.panel import Floats

BINS = 10
SMOOTHING = 0.5  # accounts added to each bin of both samples, so that an empty bin has a logarithm


class Degenerate(ValueError):
    """A distribution without spread, or with too few accounts, has no stability index."""


@dataclass(frozen=True)
class Psi:
    """A stability index with the value that chance alone exceeds in 5 % of stable books."""

    value: float
    critical: float
    expected_by_chance: float
    bins: int
    n_reference: int
    n_now: int
    smoothing: float

    @property
    def moved(self) -> bool:
        """Whether the move is larger than chance explains."""
        return self.value > self.critical

    def as_json(self) -> dict[str, Any]:
        """Its fields and `moved`."""
        return {**self.__dict__, "moved": self.moved}


def psi_of_shares(expected: Floats, actual: Floats) -> float:
    """PSI of two vectors of shares, each summing to 1 and without a zero."""
    if (expected <= 0).any() or (actual <= 0).any():
        raise Degenerate("a share of zero has no logarithm; count with smoothing instead")
    return float(((actual - expected) * np.log(actual / expected)).sum())


def psi(reference: Floats, now: Floats, n_reference: int | None = None) -> Psi:
    """PSI of `now` against `reference`, over equal-count bins of the reference.

    `n_reference` is the number of independent accounts behind `reference` where rows repeat them.
    Raises Degenerate where fewer than two bins can be told apart or a sample is below ten a bin.
    """
    from scipy.special import chdtri

    independent = len(reference) if n_reference is None else n_reference
    if min(independent, len(now)) < 10 * BINS:
        raise Degenerate(f"fewer than {10 * BINS} accounts in one of the samples")
    edges = np.unique(np.quantile(reference, np.arange(1, BINS) / BINS, method="higher"))
    edges = edges[edges > reference.min()]
    used = len(edges) + 1
    if used < 2:
        raise Degenerate("the reference takes a single value")
    counts = [
        np.bincount(np.searchsorted(edges, sample, side="right"), minlength=used) + SMOOTHING
        for sample in (reference, now)
    ]
    noise = 1 / independent + 1 / len(now)
    return Psi(
        value=psi_of_shares(*(count / count.sum() for count in counts)),
        critical=float(chdtri(used - 1, 0.05)) * noise,
        expected_by_chance=(used - 1) * noise,
        bins=used,
        n_reference=independent,
        n_now=len(now),
        smoothing=SMOOTHING,
    )
