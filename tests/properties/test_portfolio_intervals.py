"""95 % intervals of roll rates hold the truth in 93 to 97 of 100 small books."""

import numpy as np
import polars as pl
import pytest

from ruqi.portfolio.rolls import rolls
from ruqi.tape.columns import PERFORMANCE
from tapes import MONTHS, make_tape

TRUTH = np.array([[0.90, 0.10, 0, 0], [0.40, 0.35, 0.25, 0], [0.15, 0.05, 0.3, 0.5], [0, 0, 0, 1]])
BOOKS, ACCOUNTS, STEPS = 300, 150, 6


@pytest.fixture(scope="module")
def told():
    dice = np.random.Generator(np.random.PCG64(20240601))
    blank = make_tape([{"account_id": "x", "on": "2024-01", "months_past_due": 0}], by="months")
    return [rolls(_book(dice, blank)) for _ in range(BOOKS)]


def _book(dice, blank):
    states = np.zeros((ACCOUNTS, STEPS), dtype=np.int8)
    states[:, 0] = dice.integers(0, 3, ACCOUNTS)
    bounds = TRUTH.cumsum(axis=1)
    for step in range(1, STEPS):
        drawn = dice.random(ACCOUNTS)[:, None] > bounds[states[:, step - 1]]
        states[:, step] = drawn.sum(axis=1).clip(0, 3)
    # Balances differ a hundredfold between accounts and change from month to month.
    size = np.exp(dice.normal(9, 1, (ACCOUNTS, 1)) + dice.normal(0, 0.3, (ACCOUNTS, STEPS)))
    kept = dice.random((ACCOUNTS, STEPS)) > 0.05  # gaps and exits must not bias anything
    account, month = np.nonzero(kept)
    frame = pl.DataFrame(
        {
            "account_id": [f"A{a:03d}" for a in account],
            "on": [blank.as_of.replace(month=m + 1, day=28) for m in month],
            "month": month + blank.as_of.year * 12,
            "bucket": states[kept],
            "status": "open",
            "balance_minor": size[kept].astype(np.int64),
        }
    )
    missing = [pl.lit(None).alias(name) for name in PERFORMANCE if name not in frame.columns]
    frame = frame.with_columns(missing)
    rows = frame.select(pl.col(name).cast(kind) for name, kind in PERFORMANCE.items())
    mapped = blank.mapped | {"performance.balance"}
    return type(blank)(**{**vars(blank), "performance": rows, "mapped": mapped})


@pytest.mark.parametrize("weight", ["count", "balance"])
def test_intervals_of_all_months_together_cover_the_truth(told, weight):
    held = [
        rate["low"] <= TRUTH[place(rate["from"]), place(rate["to"])] <= rate["high"]
        for book in told
        for rate in book["rates"]
        if rate["on"] is None and rate["weight"] == weight
        if rate["to"] in names() and 0 < TRUTH[place(rate["from"]), place(rate["to"])] < 1
    ]
    assert len(held) > 2000
    assert 0.93 <= np.mean(held) <= 0.97


def test_rates_are_not_biased_by_gaps_and_exits(told):
    total = np.zeros((4, 4))
    for book in told:
        for rate in book["rates"]:
            if rate["on"] is None and rate["weight"] == "count" and rate["to"] in names():
                total[place(rate["from"]), place(rate["to"])] += rate["numerator"]
    found = total / total.sum(axis=1, keepdims=True)
    assert np.abs(found - TRUTH).max() < 0.006


def names():
    return [bucket.name for bucket in MONTHS.buckets]


def place(name):
    return names().index(name)
