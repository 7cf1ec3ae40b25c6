"""How a score treats groups that it was never shown: predicted, observed, and who is flagged.

The adverse impact ratio is the share of a group *not* flagged, divided by that of the best-off
group of at least 2 % of the accounts; the riskiest fifth is flagged. 95 % interval by the log
method (Katz et al. 1978). Groups below `SMALL` accounts are counted and not described.
"""

from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl

from ruqi.behaviour.calibration import Z95
from ruqi.behaviour.entry import decided
from ruqi.behaviour.panel import Flags, Floats

SMALL = 30
REFERENCE_SHARE = 0.02
DISTINCT_MOST = 12  # a number with more values than this is read in bands
AGE_EDGES = (30, 40, 50, 60)


def fairness(
    score_id: str, protected: pl.DataFrame, accounts: pl.Series, p: Floats, y: Floats | None
) -> list[dict[str, Any]]:
    """Rows of evaluation.json's `fairness`; `y` None where nothing observed may be compared.

    `protected` is keyed by account_id; `accounts`, `p` and `y` have one entry a scored account.
    """
    keyed = pl.DataFrame({"account_id": accounts}).join(
        protected, on="account_id", how="left", maintain_order="left"
    )
    flagged = decided(p)
    rows: list[dict[str, Any]] = []
    for attribute in (name for name in protected.columns if name != "account_id"):
        groups = bands(keyed[attribute])
        members = {
            group: (groups == group).to_numpy() for group in sorted(groups.unique(), key=natural)
        }
        rates = {group: _calm(of, flagged) for group, of in members.items()}
        best = _best(rates, len(p))
        for group, of in members.items():
            head = {"score_id": score_id, "attribute": attribute, "group": group}
            ratio = _ratio(rates[group], rates[best] if best else None, group == best)
            rows.append({**head, **_group(of, p, y, ratio)})
    return rows


def bands(column: pl.Series) -> pl.Series:
    """Group names of an attribute: its own values, ten-year bands of ages, quarters of the rest."""
    numbers = column.cast(pl.String).cast(pl.Float64, strict=False)
    numeric = column.drop_nulls().len() == numbers.drop_nulls().len()
    if not numeric:
        return column.cast(pl.String).fill_null("")
    if numbers.n_unique() <= DISTINCT_MOST:
        return pl.Series(["" if number is None else f"{number:g}" for number in numbers])
    values = numbers.fill_null(np.nan).to_numpy()
    known = values[~np.isnan(values)]
    is_age = known.min() >= 0 and known.max() <= 120 and bool((known % 1 == 0).all())
    edges = AGE_EDGES if is_age else tuple(np.unique(np.quantile(known, [0.25, 0.5, 0.75])))
    place = np.searchsorted(np.asarray(edges, dtype=np.float64), values, side="right")
    inner = [
        f"{low:g}-{high - 1:g}" if is_age else f"{low:g}-{high:g}" for low, high in pairwise(edges)
    ]
    names = [f"<{edges[0]:g}", *inner, f"{edges[-1]:g}+"]
    return pl.Series(
        ["" if np.isnan(value) else names[at] for value, at in zip(values, place, strict=True)]
    )


def natural(group: str) -> tuple[int, float, str]:
    """Numbers by size, bands from the lowest, then words; what is unknown last."""
    if group == "":
        return 2, 0.0, ""
    head = group.lstrip("<").split("-")[0].rstrip("+")
    try:
        return 0, float(head) - (0.5 if group.startswith("<") else 0), group
    except ValueError:
        return 1, 0.0, group


def _calm(of: Flags, flagged: Flags) -> tuple[int, int]:
    """How many of a group are not flagged, and how many it has."""
    return int((of & ~flagged).sum()), int(of.sum())


def _best(rates: dict[str, tuple[int, int]], total: int) -> str | None:
    least = max(SMALL, REFERENCE_SHARE * total)
    large = {group: calm / n for group, (calm, n) in rates.items() if n >= least and calm}
    return max(large, key=lambda group: large[group]) if large else None


def _ratio(
    group: tuple[int, int], best: tuple[int, int] | None, is_best: bool
) -> dict[str, float | None]:
    if best is None or group[0] == 0:
        return {"adverse_impact_ratio": None, "low": None, "high": None}
    if is_best:
        return {"adverse_impact_ratio": 1.0, "low": 1.0, "high": 1.0}
    own, top = group[0] / group[1], best[0] / best[1]
    error = np.sqrt((1 - own) / group[0] + (1 - top) / best[0])
    value = own / top
    return {
        "adverse_impact_ratio": float(value),
        "low": float(value * np.exp(-Z95 * error)),
        "high": float(value * np.exp(Z95 * error)),
    }


def _group(
    of: Flags, p: Floats, y: Floats | None, ratio: dict[str, float | None]
) -> dict[str, Any]:
    n = int(of.sum())
    blank: dict[str, Any] = {
        "n": n,
        "events": None,
        "mean_predicted": None,
        "observed": None,
        "calibration_ratio": None,
        "calibration_low": None,
        "calibration_high": None,
        "adverse_impact_ratio": None,
        "low": None,
        "high": None,
        "suppressed": n < SMALL,
    }
    if n < SMALL:
        return blank
    told = {**blank, **ratio, "mean_predicted": float(p[of].mean())}
    if y is None:
        return told
    events = int(y[of].sum())
    told |= {"events": events, "observed": events / n}
    expected = float(p[of].sum())
    if events == 0:
        return told | {"calibration_ratio": 0.0}
    # Given the probabilities, the count of events varies by sum p(1-p).
    error = np.sqrt(float((p[of] * (1 - p[of])).sum())) / events
    value = events / expected
    return told | {
        "calibration_ratio": value,
        "calibration_low": float(value * np.exp(-Z95 * error)),
        "calibration_high": float(value * np.exp(Z95 * error)),
    }
