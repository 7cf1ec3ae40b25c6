"""How well a score ranks and fits: AUC, KS, Brier and ECE, with seeded bootstrap intervals.

AUC and KS treat equal scores as tied (Mann-Whitney; KS only between distinct scores). Intervals
are 95 % percentile bootstrap over accounts. Noise only ever adds to an ECE, so its `low` gives up
what resampling added; whether chance alone explains it is told by `calibration.ece_by_chance`.
"""

from collections.abc import Iterator

import numpy as np

from ruqi.behaviour.calibration import BINS
from ruqi.behaviour.panel import Floats
from ruqi.primitives.errors import ensure

DRAWS_MOST = 1000
DRAWS_LEAST = 100
_CELLS = 6_000_000  # rows times draws that a bootstrap may touch

Interval = dict[str, float]


def auc(y: Floats, score: Floats) -> float:
    """Chance that an event scores above a non-event, ties counting half."""
    return _Ranked(y, score).measure(np.ones(len(y)))["auc"]


def ks(y: Floats, score: Floats) -> float:
    """Largest distance between the score distributions of events and non-events."""
    return _Ranked(y, score).measure(np.ones(len(y)))["ks"]


def brier(y: Floats, p: Floats) -> float:
    """Mean squared distance of probability and event."""
    return float(np.mean((p - y) ** 2))


class _Ranked:
    """Rows sorted by score once, so that each bootstrap draw is a pass of cumulative sums."""

    def __init__(self, y: Floats, p: Floats) -> None:
        ensure(len(y) == len(p), "one score a row")
        ensure(0 < y.sum() < len(y), "quality needs both classes")
        self.order = np.argsort(p, kind="stable")
        self.y, self.p = y[self.order].astype(np.float64), p[self.order]
        self.ends = np.flatnonzero(np.append(np.diff(self.p) > 0, True))

    def measure(self, weight: Floats) -> dict[str, float]:
        """The four figures with each sorted row counted `weight` times."""
        events = np.cumsum(weight * self.y)
        all_rows = np.cumsum(weight)
        at, of = events[self.ends], all_rows[self.ends]
        total, rows = events[-1], all_rows[-1]
        calm = of - at
        step_events, step_calm = np.diff(at, prepend=0.0), np.diff(calm, prepend=0.0)
        below = calm - step_calm
        calm_total = rows - total
        if total == 0 or calm_total == 0:
            return {"auc": np.nan, "ks": np.nan, "brier": np.nan, "ece": np.nan}
        return {
            "auc": float((step_events * (below + step_calm / 2)).sum() / (total * calm_total)),
            "ks": float(np.abs(calm / calm_total - at / total).max()),
            "brier": float((weight * (self.p - self.y) ** 2).sum() / rows),
            "ece": self._ece(weight, events, all_rows),
        }

    def _ece(self, weight: Floats, events: Floats, rows: Floats) -> float:
        predicted = np.cumsum(weight * self.p)
        wanted = rows[-1] * np.arange(1, BINS + 1) / BINS
        cut = np.minimum(np.searchsorted(rows, wanted - 1e-9), len(rows) - 1)
        gaps = np.diff(events[cut] - predicted[cut], prepend=0.0)
        return float(np.abs(gaps).sum() / rows[-1])


def draws_for(rows: int) -> int:
    """How many bootstrap draws this many rows can bear."""
    return int(np.clip(_CELLS // max(rows, 1), DRAWS_LEAST, DRAWS_MOST))


def measures(y: Floats, p: Floats, seed: int) -> dict[str, Interval]:
    """AUC, KS, Brier and ECE, each `{"value", "low", "high"}`; `y` and `p` have shape (rows,)."""
    ranked = _Ranked(y, p)
    value = ranked.measure(np.ones(len(y)))
    drawn = [ranked.measure(w) for w in _draws(len(y), seed)]
    return {name: _interval(name, value[name], [one[name] for one in drawn]) for name in value}


def difference(y: Floats, first: Floats, second: Floats, seed: int) -> dict[str, Interval]:
    """AUC and KS of `first` minus `second`; each draw takes the same accounts for both."""
    one, two = _Ranked(y, first), _Ranked(y, second)
    whole = np.ones(len(y))
    drawn = [
        (one.measure(weight[one.order]), two.measure(weight[two.order]))
        for weight in _draws(len(y), seed)
    ]
    value = (one.measure(whole), two.measure(whole))
    return {
        name: _interval(
            name, value[0][name] - value[1][name], [a[name] - b[name] for a, b in drawn]
        )
        for name in ("auc", "ks")
    }


def _draws(n: int, seed: int) -> Iterator[Floats]:
    random = np.random.Generator(np.random.PCG64(seed))
    for _ in range(draws_for(n)):
        yield np.bincount(random.integers(0, n, n), minlength=n).astype(np.float64)


def _interval(name: str, value: float, drawn: list[float]) -> Interval:
    known = [one for one in drawn if not np.isnan(one)]
    low, high = (float(q) for q in np.quantile(known or [value], [0.025, 0.975]))
    if name == "ece":
        # Each resampling adds the noise that the sample itself added to the truth: twice in all.
        low = max(0.0, low - 2 * (float(np.mean(known or [value])) - value))
    return {"value": value, "low": min(low, value), "high": max(high, value)}
