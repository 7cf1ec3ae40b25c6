"""Where each measure is heading, and where its points must not be compared.

A step at a month in which the coding of lateness changed is never read as a trend. Elsewhere the
slope is of a straight line weighted by the denominators, with Student's t over the wider of the
points' own sampling errors and their spread around the line.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl
from scipy.special import stdtrit

from ruqi.portfolio.definition import Definition, lacks
from ruqi.portfolio.intervals import Z95
from ruqi.portfolio.measures import MEASURES
from ruqi.tape.columns import Tape
from ruqi.tape.remarks import Remark, coding_changes

FEWEST_POINTS = 4
GROWS_BY_ITSELF = frozenset(
    (
        "ever_late_1p_count",
        "ever_late_2p_count",
        "late_2p_balance_incl_charge_off",
        "late_2p_balance_disbursed",
    )
)


@dataclass(frozen=True)
class Slope:
    """Change a month with its 95 % interval: points of share, or a part of the mean for others."""

    first: date
    last: date
    points: int
    value: float
    low: float
    high: float

    @property
    def direction(self) -> str:
        """`up` or `down` where the interval leaves out nought, else `unclear`."""
        if self.low > 0:
            return "up"
        return "down" if self.high < 0 else "unclear"


def trends(figures: pl.DataFrame, tape: Tape, remarks: Sequence[Remark]) -> list[dict[str, Any]]:
    """One record per measure that the book allows, for the whole book.

    `figures` is what `measure` returned. A record: definition_id, points (on, value, low, high,
    remark_ids), breaks (ISO months' days at which coding changed), comparable, stretches (from,
    to, points, slope, low, high, direction), verdict_en, verdict_zh.
    """
    changed = coding_changes(remarks)
    whole = figures.filter(pl.col("segment") == "all").partition_by("definition_id", as_dict=True)
    return [
        _trend(definition, whole[(definition.id,)], changed)
        for definition in MEASURES
        if not lacks(definition, tape)
    ]


def _trend(definition: Definition, rows: pl.DataFrame, changed: list[date]) -> dict[str, Any]:
    points = rows.filter(pl.col("value").is_not_null()).sort("on")
    breaks = _breaks(definition, points["on"].to_list(), changed)
    stretches = [
        slope
        for part in _stretches(definition, points, breaks)
        if definition.id not in GROWS_BY_ITSELF
        if (slope := _slope(part, definition.unit)) is not None
    ]
    en, zh = _verdict(definition, points.height, breaks, stretches)
    return {
        "definition_id": definition.id,
        "points": [
            row | {"on": row["on"].isoformat()}
            for row in points.select("on", "value", "low", "high", "remark_ids").to_dicts()
        ],
        "breaks": [on.isoformat() for on in breaks],
        "comparable": not breaks,
        "stretches": [
            {
                "from": slope.first.isoformat(),
                "to": slope.last.isoformat(),
                "points": slope.points,
                "slope": slope.value,
                "low": slope.low,
                "high": slope.high,
                "direction": slope.direction,
            }
            for slope in stretches
        ],
        "verdict_en": en,
        "verdict_zh": zh,
    }


def _breaks(definition: Definition, ons: list[date], changed: list[date]) -> list[date]:
    """The points at which a change of coding falls, if the measure reads lateness at all."""
    if definition.steps is None and definition.days is None:
        return []
    months = {(on.year, on.month) for on in changed}
    reads_before = definition.looks_back != 0
    later = ons if reads_before else ons[1:]
    return [on for on in later if (on.year, on.month) in months]


def _stretches(
    definition: Definition, points: pl.DataFrame, breaks: list[date]
) -> list[pl.DataFrame]:
    """Runs of points between breaks; a step across a break stands alone and is left out."""
    edges = [date.min, *breaks, date.max]
    parts = []
    for low, high in pairwise(edges):
        inside = (pl.col("on") >= low) & (pl.col("on") < high)
        if definition.window == "step" and low != date.min:
            inside &= pl.col("on") > low
        parts.append(points.filter(inside))
    return parts


def _slope(points: pl.DataFrame, unit: str) -> Slope | None:
    """A weighted straight line through four points or more."""
    n = points.height
    if n < FEWEST_POINTS:
        return None
    days = points["on"].to_list()
    month = np.array([day.year * 12 + day.month for day in days], dtype=np.float64)
    value = points["value"].to_numpy()
    error = ((points["high"] - points["low"]) / (2 * Z95)).fill_null(0.0).to_numpy()
    scale = 1.0 if unit == "share" else abs(float(value.mean())) or 1.0
    value, error = value / scale, error / scale
    weight = points["denominator"].to_numpy() / points["denominator"].max()
    centre = month - np.sum(weight * month) / weight.sum()
    spread = np.sum(weight * centre**2)
    slope = float(np.sum(weight * centre * value) / spread)
    residual = value - np.sum(weight * value) / weight.sum() - slope * centre
    around = float(np.sum(weight * residual**2)) / (n - 2) / spread
    sampled = float(np.sum((weight * centre * error) ** 2)) / spread**2
    half = float(stdtrit(n - 2, 0.975)) * float(np.sqrt(max(around, sampled)))
    return Slope(days[0], days[-1], n, slope, slope - half, slope + half)


def _verdict(
    definition: Definition, points: int, breaks: list[date], stretches: list[Slope]
) -> tuple[str, str]:
    en, zh = [], []
    if breaks:
        months = [f"{on:%Y-%m}" for on in breaks]
        en.append(
            f"The coding of lateness changes in {', '.join(months)}: the points before and after "
            "are not comparable, and no trend is read across."
        )
        zh.append(f"{'、'.join(months)}逾期编码口径发生变化，前后各点不可比，不作趋势解读。")
    if definition.id in GROWS_BY_ITSELF:
        en.append("It adds up over time and moves with the book's age; no trend is read from it.")
        zh.append("该指标随时间累积、随账龄变动，不作趋势解读。")
    elif not stretches:
        enough = points >= FEWEST_POINTS and bool(breaks)
        en.append(
            "No stretch between changes has four points, too few to read a direction."
            if enough
            else "Fewer than four points: too few to read a direction."
        )
        zh.append(
            "可比区间内不足四个点，无法判断方向。" if enough else "不足四个点，无法判断方向。"
        )
    for slope in stretches:
        said = _said(slope, definition.unit)
        en.append(said[0])
        zh.append(said[1])
    return " ".join(en), "".join(zh)


def _said(slope: Slope, unit: str) -> tuple[str, str]:
    first, last = f"{slope.first:%Y-%m}", f"{slope.last:%Y-%m}"
    if slope.direction == "unclear":
        return (
            f"From {first} to {last} there is no clear direction.",
            f"{first}至{last}无明显方向。",
        )
    sides = sorted((abs(slope.low), abs(slope.high)))
    low, high = (f"{100 * side:.2f}" for side in sides)
    value = f"{100 * abs(slope.value):.2f}"
    points = unit == "share"
    up = slope.direction == "up"
    return (
        f"From {first} to {last} it {'rose' if up else 'fell'} by {value} "
        f"{'percentage points' if points else '% of its mean'} a month (95 %: {low} to {high}).",
        f"{first}至{last}每月{'上升' if up else '下降'}{value}"
        f"{'个百分点' if points else '%（相对均值）'}（95%区间：{low}至{high}）。",
    )
