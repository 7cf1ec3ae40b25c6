"""Whether a predicted probability means what it says: slope, intercept, ECE and the curve.

Cox (1958) recalibration: the event's log-odds regressed on the predicted log-odds; slope 1 and
intercept 0 are perfect. ECE: mean distance of predicted and observed over ten equal-count bins.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ruqi.behaviour.panel import Floats
from ruqi.primitives.errors import ensure

BINS = 10
Z95 = 1.959963984540054
_EDGE = 1e-6


@dataclass(frozen=True)
class Line:
    """A fitted recalibration line on the log-odds scale, with standard errors."""

    intercept: float
    slope: float
    intercept_se: float
    slope_se: float

    def as_json(self) -> dict[str, dict[str, float]]:
        """`{"intercept": {"value", "low", "high"}, "slope": {...}}`, 95 % Wald intervals."""
        pairs = {
            "intercept": (self.intercept, self.intercept_se),
            "slope": (self.slope, self.slope_se),
        }
        return {
            name: {"value": value, "low": value - Z95 * se, "high": value + Z95 * se}
            for name, (value, se) in pairs.items()
        }


def logit(p: Floats) -> Floats:
    """Log-odds of probabilities, held inside [1e-6, 1 - 1e-6]."""
    held = np.clip(p, _EDGE, 1 - _EDGE)
    return np.log(held / (1 - held))


def expit(x: Floats) -> Floats:
    """Probability of log-odds."""
    return 0.5 * (1 + np.tanh(0.5 * np.asarray(x, dtype=np.float64)))


def line(y: Floats, x: Floats) -> Line:
    """Regress the event `y` (0 or 1, shape (n,)) on predicted log-odds `x` (shape (n,)).

    Both classes must be present. A ridge of one part in a million keeps it finite where the
    prediction separates the classes.
    """
    ensure(0 < y.sum() < len(y), "calibration needs both classes")
    ridge = 1e-6 * len(x)
    a, b = float(np.log(y.mean() / (1 - y.mean()))), 0.0
    for _ in range(50):
        p = expit(a + b * x)
        inverse = _inverse(p, x, ridge)
        uphill = np.array([(y - p).sum(), ((y - p) * x).sum() - ridge * b])
        # Sums by hand: a threaded matrix product would round by the number of threads.
        step = np.clip([(row * uphill).sum() for row in inverse], -2, 2)
        a, b = a + float(step[0]), b + float(step[1])
        if np.abs(step).max() < 1e-10:
            break
    covariance = _inverse(expit(a + b * x), x, ridge)
    return Line(a, b, float(np.sqrt(covariance[0, 0])), float(np.sqrt(covariance[1, 1])))


def _inverse(p: Floats, x: Floats, ridge: float) -> Floats:
    """Inverse of the information matrix of intercept and slope."""
    w = p * (1 - p)
    cross = (w * x).sum()
    return np.linalg.pinv(np.array([[w.sum(), cross], [cross, (w * x * x).sum() + ridge]]))


def ece(y: Floats, p: Floats, bins: int = BINS) -> float:
    """Expected calibration error over `bins` equal-count bins of `p`."""
    parts = _equal_counts(p, bins)
    return float(sum(abs(y[part].sum() - p[part].sum()) for part in parts) / len(p))


def _equal_counts(p: Floats, bins: int) -> list[npt.NDArray[np.int64]]:
    order = np.argsort(p, kind="stable")
    cuts = -(-len(p) * np.arange(1, bins) // bins)  # rounded up, as in quality's weighted bins
    return [part for part in np.split(order, cuts) if len(part)]


def ece_by_chance(p: Floats, seed: int, draws: int = 200) -> tuple[float, float]:
    """The ECE if `p` were exactly right, of noise alone: its mean and its 97.5 % quantile."""
    random = np.random.Generator(np.random.PCG64(seed))
    ordered = np.sort(p)
    drawn = [ece((random.random(len(p)) < ordered).astype(float), ordered) for _ in range(draws)]
    return float(np.mean(drawn)), float(np.quantile(drawn, 0.975))


def wilson(events: float, n: int) -> tuple[float, float]:
    """95 % Wilson interval of a share `events` / `n`."""
    ensure(n > 0, "a share needs rows")
    share, z2 = events / n, Z95 * Z95
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z95 * np.sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return max(0.0, float(centre - half)), min(1.0, float(centre + half))


def curve(y: Floats, p: Floats, bins: int = BINS) -> list[dict[str, Any]]:
    """Reliability by equal-count bins: predicted, observed with its Wilson interval, and n."""
    points = []
    for part in _equal_counts(p, bins):
        low, high = wilson(float(y[part].sum()), len(part))
        points.append(
            {
                "predicted": float(p[part].mean()),
                "observed": float(y[part].mean()),
                "low": low,
                "high": high,
                "n": len(part),
            }
        )
    return points
