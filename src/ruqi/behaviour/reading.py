"""Which of the buckets held now the forward score has learned enough of for a plan to use it.

A score says something of an account only if it saw accounts in that state. Where it did not, its
answer is that of another state, and a prior that is called a prior is the better chance.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from ruqi.behaviour.pairs import Rows
from ruqi.behaviour.scored import Target

ROWS_LEAST = 30  # account-months of a bucket; fewer show no share within 18 points
ROWS_CROSSED = 200  # … where codes changed their meaning, so that few rows may all be another kind
EVENTS_CROSSED = 10  # … and events among them


@dataclass(frozen=True)
class Reading:
    """A bucket held now (None: lateness not stated), and what was learned of it."""

    bucket: int | None
    accounts: int
    rows: int
    events: int
    used: bool


def readings(
    now: pl.DataFrame, learned: Rows, target: Target, crossed: Sequence[object]
) -> list[Reading]:
    """Every bucket of the accounts `now` (column `bucket`), mildest first, not stated last.

    `crossed` (months at which the coding changed) demands more. A bucket beyond the target keeps
    the score where a milder one from the target on was learned: more lateness never lowers the
    chance, and "still there or worse" is the same question there.
    """
    held = now.group_by("bucket").len().sort("bucket", nulls_last=True)
    counted = pl.DataFrame({"bucket": learned.lateness, "event": learned.y}).select(
        pl.col("bucket").fill_nan(None).cast(pl.Int64), pl.col("event").cast(pl.Int64)
    )
    seen = {
        bucket: (rows, events)
        for bucket, rows, events in counted.group_by("bucket")
        .agg(pl.len(), pl.col("event").sum())
        .iter_rows()
    }
    rows_least = ROWS_CROSSED if crossed else ROWS_LEAST
    events_least = EVENTS_CROSSED if crossed else 0
    enough = {
        bucket
        for bucket, (rows, events) in seen.items()
        if rows >= rows_least and events >= events_least
    }
    bounded = min((b for b in enough if b is not None and b >= target.min_bucket_index), default=0)
    return [
        Reading(
            bucket,
            accounts,
            *seen.get(bucket, (0, 0)),
            used=bucket in enough or bool(bucket and bounded and bucket > bounded),
        )
        for bucket, accounts in held.iter_rows()
    ]


def set_aside(now: pl.DataFrame, found: Sequence[Reading]) -> pl.Series:
    """Sorted ids of the accounts `now` whose bucket was not learned."""
    lacking = [one.bucket for one in found if not one.used]
    unread = pl.col("bucket").is_in([b for b in lacking if b is not None])
    if None in lacking:
        unread = unread | pl.col("bucket").is_null()
    return now.filter(unread.fill_null(False))["account_id"].unique().sort()
