"""Where each measure is heading, and where its points must not be compared.

A step at a month in which the coding of lateness changed is never read as a trend, and neither is
the ageing of a book that began with young accounts. Elsewhere the slope is of a straight line by
feasible generalised least squares with first-order autoregressive errors, since months share
accounts: Perron and Yabu (2009), Journal of Econometrics 151, 56-69, made careful for short series.
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
from ruqi.portfolio.panel import Floats
from ruqi.tape.columns import Tape, closings_known, month_of
from ruqi.tape.remarks import Remark, coding_changes

MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
FEWEST_POINTS = 4
AGE_MOST = 12  # months; older accounts count as this old, since lateness no longer moves with age
SMALL_START = 0.5  # a first month below this part of the last one's age (or of most accounts)
STEADY = 0.9  # accounts are about as old as at the end from this part of the last month's age on
AS_A_WALK = 0.7  # errors that keep this part from month to month are taken to keep all of it
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

    course: tuple[tuple[date, float], ...]  # the measure itself, by its months
    value: float
    low: float
    high: float

    @property
    def direction(self) -> str:
        """`up` or `down` where interval and ends agree on it, else `unclear`."""
        rise = self.course[-1][1] - self.course[0][1]
        if self.low > 0 and rise > 0:
            return "up"
        return "down" if self.high < 0 and rise < 0 else "unclear"


def trends(figures: pl.DataFrame, tape: Tape, remarks: Sequence[Remark]) -> list[dict[str, Any]]:
    """One record per measure that the book allows, for the whole book.

    `figures` is what `measure` returned. A record: definition_id, points (on, value, low, high,
    remark_ids), breaks (ISO months' days at which coding changed), comparable, ageing_until (the
    last point left out because the book was young until then, or null), stretches (from, to,
    points, slope, low, high, direction), verdict_en, verdict_zh, and caveat_en, caveat_zh (how
    the verdict begins where something is not read, as in a young book; else empty).
    """
    changed = coding_changes(remarks)
    steady = steady_from(tape)
    whole = figures.filter(pl.col("segment") == "all").partition_by("definition_id", as_dict=True)
    return [
        _trend(definition, whole[(definition.id,)], changed, steady)
        for definition in MEASURES
        if not lacks(definition, tape)
    ]


def steady_from(tape: Tape) -> date | None:
    """First day of the month from which a young book's accounts are about as old as at its end.

    None where the book was not young at first. Without opening dates an account counts as opened
    when first seen, and only in a book that begins with few accounts beside those it grows to.
    """
    rows = tape.performance.filter(pl.col("status") == "open").select("account_id", "month")
    if tape.has("accounts.closed_on"):
        ends = closings_known(tape.accounts, tape.as_of).select("account_id", "closed_on")
        over = pl.col("month") >= month_of(pl.col("closed_on"))
        rows = rows.join(ends.drop_nulls(), on="account_id", how="left")
        rows = rows.filter(~over.fill_null(False)).drop("closed_on")
    if tape.has("accounts.opened_on"):
        day = pl.col("opened_on")
        opened = tape.accounts.select(
            "account_id", (day.dt.year() * 12 + day.dt.month() - 1).alias("opened")
        ).drop_nulls()
    else:
        counts = rows.group_by("month").len().sort("month")["len"].to_list()
        if not counts or counts[0] >= SMALL_START * max(counts):
            return None
        opened = rows.group_by("account_id").agg(pl.col("month").min().alias("opened"))
    age = (pl.col("month") - pl.col("opened")).clip(0, AGE_MOST)
    ages = (
        rows.join(opened, on="account_id")
        .group_by("month")
        .agg((age.sum() / pl.len()).alias("age"))
        .sort("month")
    )
    month, old = ages["month"].to_list(), ages["age"].to_list()
    if not old or old[0] >= SMALL_START * old[-1]:
        return None
    young = [place for place, one in enumerate(old) if one < STEADY * old[-1]]
    first = month[max(young) + 1]
    return date(first // 12, first % 12 + 1, 1)


def _trend(
    definition: Definition, rows: pl.DataFrame, changed: list[date], steady: date | None
) -> dict[str, Any]:
    points = rows.filter(pl.col("value").is_not_null()).sort("on")
    breaks = _breaks(definition, points["on"].to_list(), changed)
    read = points
    if steady is not None and definition.unit not in ("count", "minor"):
        read = points.filter(pl.col("on") >= steady)
    ageing = points["on"][points.height - read.height - 1] if read.height < points.height else None
    stretches = [
        slope
        for part in _stretches(definition, read, breaks)
        if definition.id not in GROWS_BY_ITSELF
        if (slope := _slope(part, definition.unit)) is not None
    ]
    caveats = _not_read(definition, points.height, breaks, stretches, ageing)
    en, zh = _verdict(definition, points, breaks, stretches, caveats)
    caveat_en, caveat_zh = joined(caveats)
    return {
        "definition_id": definition.id,
        "points": [
            row | {"on": row["on"].isoformat()}
            for row in points.select("on", "value", "low", "high", "remark_ids").to_dicts()
        ],
        "breaks": [on.isoformat() for on in breaks],
        "comparable": not breaks,
        "ageing_until": None if ageing is None else ageing.isoformat(),
        "stretches": [
            {
                "from": slope.course[0][0].isoformat(),
                "to": slope.course[-1][0].isoformat(),
                "points": len(slope.course),
                "slope": slope.value,
                "low": slope.low,
                "high": slope.high,
                "direction": slope.direction,
            }
            for slope in stretches
        ],
        "verdict_en": en,
        "verdict_zh": zh,
        "caveat_en": caveat_en,
        "caveat_zh": caveat_zh,
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
    """A straight line through four points or more, by months whose errors hang together.

    Its interval is Student's t over the wider of the spread around the line and the points' own
    sampling errors.
    """
    n = points.height
    if n < FEWEST_POINTS:
        return None
    days = points["on"].to_list()
    month = np.array([day.year * 12 + day.month for day in days], dtype=np.float64)
    value = points["value"].to_numpy()
    error = ((points["high"] - points["low"]) / (2 * Z95)).fill_null(0.0).to_numpy()
    course = tuple(zip(days, value.tolist(), strict=True))
    scale = 1.0 if unit == "share" else abs(float(value.mean())) or 1.0
    value, error = value / scale, error / scale
    month, value = month - month.mean(), value - value.mean()
    whitened = _whitened(month, _kept(month, value))
    level = whitened.sum(axis=1)
    centre = _without(level, np.sum(whitened * month, axis=1))
    spread = np.sum(centre**2)
    weight = np.sum(whitened * centre[:, None], axis=0) / spread
    slope = float(np.sum(weight * value))
    residual = _without(level, np.sum(whitened * (value - slope * month), axis=1))
    around = float(np.sum(residual**2)) / (n - 2) / spread
    sampled = float(np.sum((weight * error) ** 2))
    half = float(stdtrit(n - 2, 0.975)) * float(np.sqrt(max(around, sampled)))
    return Slope(course, slope, slope - half, slope + half)


def _kept(month: Floats, value: Floats) -> float:
    """The part of an error that the next month keeps, 0 to 1; both arguments have a mean of nought.

    Found in the residuals of the plain line, which understate it in a short series: their bias of
    -(2 + 4 kept) / n is taken out, one standard error is added, and from `AS_A_WALK` on it is 1.
    """
    residual = value - month * np.sum(month * value) / np.sum(month**2)
    before, n = np.sum(residual[:-1] ** 2), len(value)
    if before == 0:
        return 0.0
    found = float(np.sum(residual[1:] * residual[:-1]) / before)
    found += (2 + 4 * found) / n
    found += float(np.sqrt(max(1 - found**2, 0) / n))
    return 1.0 if found >= AS_A_WALK else max(found, 0.0)


def _whitened(month: Floats, kept: float) -> Floats:
    """The matrix [months, months] that takes from each month what it keeps of the month before."""
    matrix = np.eye(len(month))
    matrix[0, 0] = np.sqrt(1 - kept**2)
    for row, gap in enumerate(np.diff(month).astype(int), start=1):
        size = np.sqrt(np.sum(kept ** (2.0 * np.arange(gap))))
        matrix[row, row - 1], matrix[row, row] = -(kept**gap) / size, 1 / size
    return matrix


def _without(level: Floats, column: Floats) -> Floats:
    """A column without its part along the level; a walk has none."""
    length = np.sum(level**2)
    return column - level * np.sum(level * column) / length if length > 0 else column


def _verdict(
    definition: Definition,
    points: pl.DataFrame,
    breaks: list[date],
    stretches: list[Slope],
    caveats: list[tuple[str, str]],
) -> tuple[str, str]:
    """Why something is not read, and every stretch and break at its place in time."""
    told = [(on, 0, _broken(definition, points, on)) for on in breaks]
    told += [(slope.course[0][0], 1, _said(slope, definition.unit)) for slope in stretches]
    return joined([*caveats, *(words for _, _, words in sorted(told))])


def joined(said: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """Sentences after each other in both languages."""
    return " ".join(en for en, _ in said), "".join(zh for _, zh in said)


def _not_read(
    definition: Definition,
    points: int,
    breaks: list[date],
    stretches: list[Slope],
    ageing: date | None,
) -> list[tuple[str, str]]:
    if definition.id in GROWS_BY_ITSELF:
        return [
            (
                "It adds up over time and moves with the book's age; no trend is read from it.",
                "该指标随时间累积、随账龄变动，不作趋势解读。",
            )
        ]
    if ageing is not None:
        en, zh = _month(ageing)
        young = (
            f"Until {en} the book's accounts are younger than at its end, and lateness grows with "
            "age: those months are left out of the trend.",
            f"至{zh}为止，账簿中的账户账龄尚浅，逾期会随账龄上升，这些月份不计入趋势。",
        )
        few = (
            "The months after that are too few to read a direction.",
            "其后月份不足，无法判断方向。",
        )
        return [young] if stretches else [young, few]
    if stretches:
        return []
    if points >= FEWEST_POINTS and breaks:
        return [
            (
                "No stretch between changes has four points, too few to read a direction.",
                "可比区间内不足四个点，无法判断方向。",
            )
        ]
    return [
        (
            "Fewer than four points: too few to read a direction.",
            "不足四个点，无法判断方向。",
        )
    ]


def _broken(definition: Definition, points: pl.DataFrame, on: date) -> tuple[str, str]:
    en, zh = _month(on)
    near = points.filter(pl.col("on") <= on)["value"].to_list()[-2:]
    if definition.unit != "share" or len(near) < 2:
        return (
            f"The coding of lateness changes in {en}: the points before and after are not "
            "comparable, and the step is no trend.",
            f"{zh}逾期编码发生变更，前后各点不可比，不构成趋势。",
        )
    before, after = (_percent(one) for one in near)
    return (
        f"{en} reads {after}, but the lender's coding of lateness changes that month: the step "
        f"from {before} is not comparable and is no trend.",
        f"{zh}为 {after}，但当月逾期编码发生变更，与此前的 {before} 不可比，不构成趋势。",
    )


def _said(slope: Slope, unit: str) -> tuple[str, str]:
    (began, begins), (ended, ends) = slope.course[0], slope.course[-1]
    (first, first_zh), (last, last_zh) = _month(began), _month(ended)
    share = unit == "share"
    if slope.direction == "unclear":
        en, zh = _range(slope) if share else ("", "")
        return (
            f"From {first} to {last} there is no clear trend{en}.",
            f"{first_zh}至{last_zh}没有明确趋势{zh}。",
        )
    en = f", beginning at {_percent(begins)} and ending at {_percent(ends)}" if share else ""
    zh = f"，期初 {_percent(begins)}，期末 {_percent(ends)}" if share else ""
    sides = sorted((abs(slope.low), abs(slope.high)))
    low, high = (f"{100 * side:.2f}" for side in sides)
    value = f"{100 * abs(slope.value):.2f}"
    up = slope.direction == "up"
    return (
        f"From {first} to {last} it {'rose' if up else 'fell'} by {value} "
        f"{'percentage points' if share else '% of its mean'} a month (95%: {low} to {high}){en}.",
        f"{first_zh}至{last_zh}每月{'上升' if up else '下降'} {value} "
        f"{'个百分点' if share else '%（相对均值）'}（95% 区间 {low}–{high}）{zh}。",
    )


def _range(slope: Slope) -> tuple[str, str]:
    """The highest and the lowest share with their months, the first where several are equal."""
    high = max(slope.course, key=lambda point: point[1])
    low = min(slope.course, key=lambda point: point[1])
    (top, top_zh), (bottom, bottom_zh) = _month(high[0]), _month(low[0])
    most, least = _percent(high[1]), _percent(low[1])
    if most == least:
        return f": {most} throughout", f"：始终为 {most}"
    return (
        f": highest {most} in {top}, lowest {least} in {bottom}",
        f"：最高为{top_zh}的 {most}，最低为{bottom_zh}的 {least}",
    )


def _month(on: date) -> tuple[str, str]:
    return f"{MONTHS[on.month - 1]} {on.year}", f"{on.year}年{on.month}月"


def _percent(share: float) -> str:
    return f"{100 * share:.{2 if 0 < abs(share) < 0.01 else 1}f}%"
