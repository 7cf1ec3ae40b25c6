"""Books with a known truth for the scores: a latent quality drives conduct and default."""

from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from ruqi.behaviour import model, quality
from ruqi.behaviour.boosting import BoostedBag
from ruqi.tape.columns import OUTCOMES, PERFORMANCE, STATUS, Tape
from tapes import MONTHS, make_tape

SHIPPED = Path(__file__).parents[1] / "examples" / "taiwan_cards"
START = 2024 * 12  # January 2024


def light(patch: pytest.MonkeyPatch) -> None:
    """Small bags and few draws, where a test is of what surrounds them."""
    small = partial(BoostedBag, members=3, trees=25)
    patch.setattr(model, "BoostedBag", small)
    patch.setattr(quality, "DRAWS_MOST", 60)
    patch.setattr(quality, "DRAWS_LEAST", 60)


def book(accounts: int = 400, months: int = 7, seed: int = 0, **more: Any) -> Tape:
    """A seeded book by months late, January 2024 on, with balance, paid, limit and outcomes.

    Sex is drawn apart from quality, age with it; the channel carries a little of it.
    """
    random = np.random.Generator(np.random.PCG64(seed))
    quality = random.normal(size=accounts)
    limit = np.round(np.exp(9 + 0.3 * quality + 0.3 * random.normal(size=accounts))) * 100
    late = np.zeros(accounts, dtype=np.int64)
    balance = limit * random.uniform(0.2, 0.9, accounts)
    ids = np.array([f"A{i:05d}" for i in range(accounts)])
    frames = []
    for month in range(months):
        share = np.clip(0.25 + 0.15 * quality + 0.1 * random.normal(size=accounts), 0, 1)
        worse = random.random(accounts) < 1 / (1 + np.exp(1.2 + 1.2 * quality))
        paid = np.where(worse, 0, balance * share)
        late = np.where(worse, np.minimum(late + 1, 3), np.maximum(late - 1, 0))
        balance = np.clip(balance - paid + 0.2 * limit * random.random(accounts), 0, 1.2 * limit)
        frames.append(_month(ids, START + month, late, balance, paid))
    chance = 1 / (1 + np.exp(2.2 - 0.9 * late + 0.8 * quality))
    defaulted = random.random(accounts) < chance
    tape = make_tape(
        [{"account_id": ids[0], "on": "2024-01", "bucket": 0}],
        by="months",
        accounts=[
            {"account_id": a, "limit_minor": int(m)} for a, m in zip(ids, limit, strict=True)
        ],
        protected=pl.DataFrame(
            {
                "account_id": ids,
                "sex": random.choice(["f", "m"], accounts),
                "age": np.clip(40 + 8 * quality + 8 * random.normal(size=accounts), 18, 80).round(),
            }
        ),
        features=pl.DataFrame(
            {
                "account_id": ids,
                "channel": np.where(quality + random.normal(size=accounts) > 0, "app", "shop"),
            }
        ),
        **more,
    )
    performance = pl.concat(frames).select(*PERFORMANCE).sort("account_id", "on")
    outcomes = pl.DataFrame({"account_id": ids[defaulted], "event": "default"}).with_columns(
        on=pl.lit(_day(START + months))
    )
    return _with(tape, performance, outcomes.select(*OUTCOMES).sort("account_id"))


def _month(ids: Any, month: int, late: Any, balance: Any, paid: Any) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "account_id": ids,
            "month": pl.Series([month] * len(ids), dtype=pl.Int32),
            "bucket": pl.Series(late, dtype=pl.Int8),
            "months_past_due": pl.Series(late, dtype=pl.Int32),
            "balance_minor": pl.Series(balance.astype(np.int64)),
            "paid_minor": pl.Series(paid.astype(np.int64)),
        }
    ).with_columns(
        on=pl.lit(_day(month)),
        status=pl.lit("open").cast(STATUS),
        code=pl.col("bucket").cast(pl.String),
        dpd_days=pl.lit(None, pl.Int32),
        due_minor=pl.lit(None, pl.Int64),
        limit_minor=pl.lit(None, pl.Int64),
    )


def _with(tape: Tape, performance: pl.DataFrame, outcomes: pl.DataFrame) -> Tape:
    from dataclasses import replace

    given = {"balance", "paid", "months_past_due", "account_id", "on"}
    return replace(
        tape,
        delinquency=MONTHS,
        as_of=performance["on"].max(),
        performance=performance,
        outcomes=outcomes,
        mapped=frozenset({f"performance.{name}" for name in given} | {"accounts.limit"}),
    )


def _day(month: int) -> date:
    """The last day of a month number."""
    after = month + 1
    return date.fromordinal(date(after // 12, after % 12 + 1, 1).toordinal() - 1)
