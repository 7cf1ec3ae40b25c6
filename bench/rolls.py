"""One roll matrix from a million transitions: Ruqi beside transitionMatrix 0.5.1, in one run.

python -m bench rolls [--transitions 1000000] [--peer 1000000]

`--peer` bounds the peer's share (it walks row by row); its time is then scaled up, and said so.
"""

import argparse
import importlib
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl

from bench.book import START, synthetic_book
from ruqi.portfolio.panel import panel
from ruqi.portfolio.rolls import matrix, rolls, transitions
from ruqi.tape.columns import Bucket, Delinquency

STATES, MONTHS = 8, 11


def main(words: list[str]) -> int:
    """Print seconds and ratios; exit 1 where the matrices differ."""
    asked = argparse.ArgumentParser(prog="bench rolls")
    asked.add_argument("--transitions", type=int, default=1_000_000)
    asked.add_argument("--peer", type=int, default=1_000_000)
    given = asked.parse_args(words)
    accounts = given.transitions // (MONTHS - 1)
    tape, states = _book(accounts)
    best = dict.fromkeys(("panel", "steps", "rolls", "bincount"), 9e9)
    for _ in range(5):
        book = _timed(best, "panel", lambda: panel(tape))
        _timed(best, "steps", lambda b=book: transitions(b))
        told = _timed(best, "rolls", lambda b=book: rolls(tape, [], b))
        _timed(best, "bincount", lambda: np.bincount((states[:, :-1] * 8 + states[:, 1:]).ravel()))
    print(f"{accounts * (MONTHS - 1):,} transitions of {accounts:,} accounts, 8 states")
    print(f"numpy bincount on numbered states   {best['bincount'] * 1e3:9.1f} ms")
    print(f"ruqi  roll matrix by month          {best['steps'] * 1e3:9.1f} ms")
    print(f"ruqi  rolls.json, all intervals      {best['rolls'] * 1e3:9.1f} ms")
    print(f"ruqi  from unnumbered rows          {(best['panel'] + best['rolls']) * 1e3:9.1f} ms")
    some = min(given.peer, given.transitions) // (MONTHS - 1)
    seconds, peer = _peer(states[:some])
    scaled = seconds * accounts / some
    note = "" if some == accounts else f" (measured on {some * (MONTHS - 1):,}, scaled)"
    print(f"transitionMatrix 0.5.1              {scaled * 1e3:9.1f} ms{note}")
    print(f"ratio to ruqi's roll matrix         {scaled / best['steps']:9.0f} x")
    print(f"ratio to ruqi's rolls.json          {scaled / best['rolls']:9.0f} x")
    mine = np.array(matrix(told), dtype=float)[:, :STATES]
    if some == accounts:
        gap = float(np.nanmax(np.abs(mine - peer)))
        print(f"largest difference                  {gap:.1e}")
        return 0 if gap < 1e-8 else 1
    return 0


def _timed(best: dict[str, float], name: str, work):
    start = time.perf_counter()
    made = work()
    best[name] = min(best[name], time.perf_counter() - start)
    return made


def _book(accounts: int):
    """A complete panel of `accounts` over `MONTHS` months."""
    dice = np.random.Generator(np.random.PCG64(11))
    chance = np.zeros((STATES, STATES))
    for k in range(STATES):
        chance[k, max(k - 1, 0)] += 0.3
        chance[k, 0] += 0.1
        chance[k, k] += 0.2
        chance[k, min(k + 1, STATES - 1)] += 0.4
    chance[0] = [0.95, 0.05] + [0] * 6
    states = np.zeros((accounts, MONTHS), dtype=np.int64)
    states[:, 0] = dice.integers(0, STATES, accounts)
    bounds = chance.cumsum(axis=1)
    for month in range(1, MONTHS):
        drawn = dice.random(accounts)[:, None] > bounds[states[:, month - 1]]
        states[:, month] = np.minimum(drawn.sum(axis=1), STATES - 1)
    blank = synthetic_book(200)
    names = pl.Series([f"A{k:07d}" for k in range(accounts)])
    account, month = np.indices(states.shape)
    ends = blank.performance["on"].unique().sort()
    frame = pl.DataFrame(
        {
            "account_id": names.gather(account.ravel()),
            "on": ends.gather(month.ravel()),
            "month": (month.ravel() + START).astype(np.int32),
            "bucket": states.ravel().astype(np.int8),
            "balance_minor": dice.integers(1_000, 900_000, states.size),
        }
    )
    absent = [
        pl.lit("open" if name == "status" else None).cast(kind).alias(name)
        for name, kind in blank.performance.schema.items()
        if name not in frame.columns
    ]
    frame = frame.with_columns(absent).select(blank.performance.columns)
    ladder = tuple(Bucket(f"M{k}", k, k if k < STATES - 1 else None) for k in range(STATES))
    own = {
        "performance": frame,
        "accounts": blank.accounts.clear(),
        "delinquency": Delinquency("months", ladder),
    }
    return type(blank)(**{**vars(blank), **own}), states


def _peer(states: np.ndarray) -> tuple[float, np.ndarray]:
    """Seconds and matrix of transitionMatrix's cohort estimator."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
    estimate = importlib.import_module("peers").cohort_estimate
    account, month = np.indices(states.shape)
    frame = pd.DataFrame({"ID": account.ravel(), "Time": month.ravel(), "State": states.ravel()})
    start = time.perf_counter()
    made = estimate(frame, STATES)
    return time.perf_counter() - start, made
