"""What a score is: one probability an account, its interval, its reasons, and how good it was."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import polars as pl

from ruqi.behaviour.panel import Floats
from ruqi.primitives.errors import ensure
from ruqi.tape.columns import Delinquency

ScoreId = Literal["forward", "outcome"]

FRAME: dict[str, Any] = {
    "account_id": pl.String,
    "score_id": pl.String,
    "probability": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "families": pl.List(pl.Struct({"family": pl.String, "contribution": pl.Float64})),
}


@dataclass(frozen=True)
class Target:
    """The event of the forward score: this bucket or a worse one, `horizon_months` later."""

    min_bucket_index: int
    horizon_months: int = 1


@dataclass(frozen=True)
class Scored:
    """A score over a book.

    `frame` has the columns of `FRAME`, sorted by account_id. `quality` is JSON-ready:
    `{"scores": [...], "reasons": {...}, "drift": {...} | None, "protected_cost": {...} | None}`,
    each entry of `scores` in the shape of evaluation.json. `fairness` holds its `fairness` rows.
    `set_aside` are the accounts whose probability a plan does not use, with why in two languages.
    """

    score_id: ScoreId
    frame: pl.DataFrame
    quality: Mapping[str, Any]
    fairness: list[dict[str, Any]] = field(default_factory=list)
    notes_en: tuple[str, ...] = ()
    notes_zh: tuple[str, ...] = ()
    set_aside: pl.Series = field(default_factory=lambda: pl.Series(dtype=pl.String))
    set_aside_en: str = ""
    set_aside_zh: str = ""

    def used(self) -> pl.DataFrame:
        """The rows of `frame` whose probability a plan uses."""
        return self.frame.filter(~pl.col("account_id").is_in(self.set_aside.implode()))

    def uncalibrated(self) -> tuple[str, str] | None:
        """Why no calibration is claimed for the plan's chances; None where it is."""
        for row in self.quality.get("scores", ()):
            if row["split"] == "forward_backtest" and row["calibration"] is None:
                return row["calibration_note_en"], row["calibration_note_zh"]
        return None


@dataclass(frozen=True)
class NotPossible:
    """Why a score cannot be learned from this book; `needs` names what would make it possible."""

    reason_en: str
    reason_zh: str
    needs: tuple[str, ...] = ()


def two_months_late(delinquency: Delinquency) -> Target:
    """The target where policy names none: at least two months late next month.

    From 2 months, or 31 days; where the days of the stages are not stated, the second late bucket.
    """
    ensure(len(delinquency.buckets) > 0, "a book has at least one bucket")
    least = 2 if delinquency.unit == "months" else 31
    for index, bucket in enumerate(delinquency.buckets):
        if bucket.low is not None and bucket.low >= least:
            return Target(index)
    return Target(min(2, len(delinquency.buckets) - 1))


def frame_of(
    score_id: ScoreId,
    accounts: pl.Series,
    answer: tuple[Floats, Floats, Floats, Floats],
    families: tuple[str, ...],
) -> pl.DataFrame:
    """`FRAME` from what `BoostedBag.answer` gave for `accounts`; families by size, largest first.

    Equal sizes keep the order of `families`, so that the same account always reads the same.
    """
    probability, low, high, reasons = answer
    parts = reasons[:, :-1]
    order = np.argsort(-np.abs(parts), axis=1, kind="stable")
    flat = pl.DataFrame(
        {
            "family": pl.Series(families, dtype=pl.String).gather(order.ravel()),
            "contribution": np.take_along_axis(parts, order, axis=1).ravel(),
        }
    )
    lists = flat.to_struct("families").reshape(parts.shape).arr.to_list()
    return pl.DataFrame(
        {
            "account_id": accounts,
            "score_id": pl.repeat(score_id, len(accounts), dtype=pl.String, eager=True),
            "probability": probability,
            "low": low,
            "high": high,
            "families": lists,
        },
        schema=FRAME,
    ).sort("account_id")
