"""What a score was taught of each bucket decides whether a plan may use it there."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from ruqi.behaviour.pairs import Rows
from ruqi.behaviour.reading import readings, set_aside
from ruqi.behaviour.scored import Target

CHANGED = (date(2024, 6, 30),)


def learned(*groups: tuple[float, int, int]) -> Rows:
    """Rows of (bucket, rows, events)."""
    lateness = np.concatenate([np.full(rows, bucket) for bucket, rows, _ in groups])
    y = np.concatenate([np.arange(rows) < events for _, rows, events in groups]).astype(float)
    ids = pl.Series([f"a{k}" for k in range(len(y))])
    account = np.arange(len(y))
    return Rows(np.zeros((len(y), 0)), y, ids, account, lateness >= 2, lateness, ())


def now(*buckets: int | None) -> pl.DataFrame:
    ids = [f"n{k}" for k in range(len(buckets))]
    return pl.DataFrame({"account_id": ids, "bucket": pl.Series(buckets, dtype=pl.Int8)})


def used(rows, held, crossed):
    return {one.bucket: one.used for one in readings(held, rows, Target(2), crossed)}


def test_rows_and_events_are_counted_for_each_bucket_held_now():
    found = readings(now(0, 1, 1, None), learned((0, 300, 3), (1, 40, 7)), Target(2), ())
    assert [(one.bucket, one.accounts, one.rows, one.events) for one in found] == [
        (0, 1, 300, 3),
        (1, 2, 40, 7),
        (None, 1, 0, 0),
    ]


@pytest.mark.parametrize(
    ("rows", "events", "crossed", "expected"),
    [
        (29, 29, (), False),
        (30, 0, (), True),  # few events among enough rows are a low chance, not an unknown one
        (199, 50, CHANGED, False),
        (200, 9, CHANGED, False),
        (200, 10, CHANGED, True),
    ],
)
def test_a_change_of_coding_demands_more_of_a_bucket(rows, events, crossed, expected):
    assert used(learned((0, 900, 20), (1, rows, events)), now(1), crossed) == {1: expected}


@pytest.mark.parametrize("crossed", [(), CHANGED])
def test_beyond_a_learned_target_few_rows_are_borne_and_before_it_they_are_not(crossed):
    rows = learned((0, 900, 20), (1, 5, 0), (2, 400, 200), (4, 6, 5))
    assert used(rows, now(0, 1, 2, 3, 4), crossed) == {0: True, 1: False, 2: True, 3: True, 4: True}
    poor = learned((0, 900, 20), (2, 9, 9), (4, 6, 5))
    assert used(poor, now(2, 4), crossed) == {2: False, 4: False}


def test_lateness_not_stated_is_learned_of_its_own_kind_only():
    rows = learned((0, 900, 20), (np.nan, 50, 5))
    assert used(rows, now(0, None), ()) == {0: True, None: True}
    assert used(rows, now(0, None), CHANGED) == {0: True, None: False}


def test_the_accounts_of_buckets_not_learned_are_set_aside():
    held = now(1, 0, None, 1)
    found = readings(held, learned((0, 900, 20)), Target(2), ())
    assert set_aside(held, found).to_list() == ["n0", "n2", "n3"]
    assert set_aside(now(0), readings(now(0), learned((0, 900, 20)), Target(2), ())).is_empty()
