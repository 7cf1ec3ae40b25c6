"""Roll rates beside transitionMatrix 0.5.1: equal on complete panels, right where it is biased."""

import numpy as np
import pandas as pd
import polars as pl
import pytest

from peers import cohort_estimate
from ruqi.portfolio.rolls import matrix, rolls
from ruqi.tape.columns import Bucket, Delinquency
from tapes import make_tape

TRUTH = np.array(
    [
        [0.975, 0.025, 0, 0, 0],
        [0.35, 0.20, 0.45, 0, 0],
        [0.10, 0.05, 0.15, 0.70, 0],
        [0.03, 0, 0, 0.12, 0.85],
        [0, 0, 0, 0.02, 0.98],
    ]
)
ACCOUNTS, MONTHS = 1200, 12
LADDER = Delinquency(
    "months", tuple(Bucket(f"M{k}", k, k if k < 4 else None) for k in range(len(TRUTH)))
)


@pytest.fixture(scope="module")
def full():
    dice = np.random.Generator(np.random.PCG64(5))
    states = np.zeros((ACCOUNTS, MONTHS), dtype=np.int64)
    states[:, 0] = dice.integers(0, 5, ACCOUNTS)
    bounds = TRUTH.cumsum(axis=1)
    for step in range(1, MONTHS):
        states[:, step] = (dice.random(ACCOUNTS)[:, None] > bounds[states[:, step - 1]]).sum(axis=1)
    account, month = np.indices(states.shape)
    return pd.DataFrame({"ID": account.ravel(), "Time": month.ravel(), "State": states.ravel()})


def ours(panel: pd.DataFrame) -> np.ndarray:
    rows = pl.from_pandas(panel).select(
        pl.format("A{}", pl.col("ID").cast(pl.String).str.zfill(5)).alias("account_id"),
        pl.format("2024-{}", (pl.col("Time") + 1).cast(pl.String).str.zfill(2)).alias("on"),
        pl.col("State").alias("months_past_due"),
    )
    told = matrix(rolls(make_tape(rows, delinquency=LADDER)))
    return np.array(told, dtype=float)[:, : len(TRUTH)]


def test_equal_on_a_complete_panel(full):
    assert ours(full) == pytest.approx(cohort_estimate(full, len(TRUTH)), abs=1e-8)


def test_the_peer_loses_mass_when_accounts_leave_and_we_do_not(full):
    dice = np.random.Generator(np.random.PCG64(6))
    last = dice.integers(2, MONTHS, ACCOUNTS)
    left = full[full["Time"] <= last[full["ID"]]]
    peer, found = cohort_estimate(left, len(TRUTH)), ours(left)
    lost = 1 - peer.sum(axis=1)  # the bias, kept visible: most where accounts stay to the end
    assert (lost > 0.02).all()
    assert (lost[[0, 4]] > 0.12).all()
    assert found.sum(axis=1) == pytest.approx(np.ones(len(TRUTH)))
    stay = (0, 0), (4, 4)
    assert all(abs(found[cell] - TRUTH[cell]) < 0.005 for cell in stay)
    assert all(TRUTH[cell] - peer[cell] > 0.1 for cell in stay)


def test_the_peer_takes_a_gap_for_a_step_and_we_do_not(full):
    dice = np.random.Generator(np.random.PCG64(7))
    gaps = full[dice.random(len(full)) > 0.10]
    peer, found = cohort_estimate(gaps, len(TRUTH)), ours(gaps)
    assert peer[0, 2] > 0.0003  # M0 to M2 in one month: impossible here
    assert peer[1, 3] > 0.01
    assert found[0, 2] == 0
    assert found[1, 3] == 0
