"""Rows scored a second: Ruqi's bag beside LightGBM and scikit-learn on the same rows, in one run.

python -m bench scoring [--rows 200000]

The shipped real book gives rows and outcome (repeated up to `--rows`). The same eight boosters
are asked through LightGBM's own predict, so that answers can be compared and only speed differs.
"""

import argparse
import time
from pathlib import Path

import lightgbm
import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from ruqi.adapters.files.tape_source import read
from ruqi.behaviour import outcome
from ruqi.behaviour.boosting import SETTINGS
from ruqi.behaviour.model import families_of, learn

BOOK = Path(__file__).parents[1] / "examples" / "taiwan_cards"


def main(words: list[str]) -> int:
    """Print rows a second and ratios; exit 1 where the answers differ."""
    asked = argparse.ArgumentParser(prog="bench scoring")
    asked.add_argument("--rows", type=int, default=200_000)
    rows = asked.parse_args(words).rows
    tape, _ = read(BOOK)
    accounts, y = outcome.labels(tape, tape.outcomes)
    features = outcome._known(tape, accounts)
    bag = learn(features.columns, features.values, y, 42)
    boosters = _boosters(bag, features.values, y)
    peer = HistGradientBoostingClassifier(max_iter=160, random_state=0).fit(features.values, y)
    X = np.ascontiguousarray(np.resize(features.values, (rows, features.values.shape[1])))

    score, p = _timed(lambda: bag.predict(X))
    told, answer = _timed(lambda: bag.answer(X))
    plain, raw = _timed(lambda: _mean(boosters, X))
    few = X[: rows // 20]
    shap, given = _timed(lambda: [one.predict(few, pred_contrib=True) for one in boosters], 1)
    shap *= rows / len(few)
    single, _ = _timed(lambda: boosters[0].predict(X, num_threads=1))
    hist, _ = _timed(lambda: peer.predict_proba(X), 1)

    print(f"{rows:,} rows x {X.shape[1]} columns; {len(boosters)} members of {bag.trees} trees")
    _line("ruqi  score", score, rows)
    _line("LightGBM predict, the same boosters", plain, rows, score)
    _line("LightGBM predict, one of them", single, rows)
    _line("scikit-learn HistGradientBoosting, 160 x 31", hist, rows, score)
    _line("ruqi  score, interval and reasons", told, rows)
    _line("LightGBM predict + pred_contrib", plain + shap, rows, told)
    gap = float(np.abs(raw * bag.slope_ + bag.intercept_ - np.log(p / (1 - p))).max())
    families = families_of(features.columns)
    places = [families.index(column.family) for column in features.columns]
    sums = np.stack(
        [
            np.mean([one[:, :-1][:, np.equal(places, k)].sum(axis=1) for one in given], axis=0)
            for k in range(len(families))
        ],
        axis=1,
    )
    reasons_gap = float(np.abs(sums * bag.slope_ - answer[3][: len(few), :-1]).max())
    print(f"largest difference: log-odds {gap:.1e}, reasons {reasons_gap:.1e}")
    return 0 if max(gap, reasons_gap) < 1e-9 else 1


def _boosters(bag, X, y):
    """The bag's members as LightGBM holds them."""
    group = bag._groups(y, None)
    settings = {**SETTINGS, "monotone_constraints": list(bag.signs), "seed": bag.seed}
    grid = lightgbm.Dataset(X, y, params=settings, free_raw_data=False).construct()
    return [
        lightgbm.train(settings, grid.subset(np.flatnonzero(group != k).tolist()), bag.trees)
        for k in range(bag.members)
    ]


def _mean(boosters, X):
    return np.mean([one.predict(X, raw_score=True, num_threads=1) for one in boosters], axis=0)


def _timed(work, times=3):
    best, made = 9e9, None
    for _ in range(times):
        start = time.perf_counter()
        made = work()
        best = min(best, time.perf_counter() - start)
    return best, made


def _line(what, seconds, rows, ours=None):
    ratio = "" if ours is None else f"   {seconds / ours:6.1f} x ruqi's time"
    print(f"{what:44} {rows / seconds:12,.0f} rows/s{ratio}")


if __name__ == "__main__":
    raise SystemExit(main([]))
