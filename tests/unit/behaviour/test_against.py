"""The forward score on what really came of the accounts."""

from dataclasses import replace

import numpy as np
import polars as pl

from ruqi.behaviour.against import SPLIT, against_outcome
from ruqi.behaviour.quality import auc
from ruqi.behaviour.scored import Scored
from scored_books import book


def told(tape, probability):
    ids = tape.open_at_end()["account_id"]
    frame = pl.DataFrame({"account_id": ids, "probability": probability})
    return against_outcome(tape, Scored("forward", frame, {}), ["x"], 1)


def test_it_ranks_later_defaults_and_claims_no_calibration():
    tape = book(accounts=400)
    defaulted = tape.open_at_end()["account_id"].is_in(tape.outcomes["account_id"].implode())
    y = defaulted.cast(pl.Float64).to_numpy()
    p = np.random.Generator(np.random.PCG64(1)).random(400) + 0.5 * y
    made = told(tape, p)
    assert made["split"] == SPLIT
    assert (made["n"], made["events"]) == (400, int(y.sum()))
    assert made["auc"]["value"] == auc(y, p)
    assert made["calibration"] is None
    assert "another event" in made["calibration_note_en"]
    assert made["remark_ids"] == ["x"]


def test_without_outcomes_of_both_kinds_nothing_is_told():
    tape = book(accounts=60)
    p = np.linspace(0, 1, 60)
    assert told(replace(tape, outcomes=None), p) is None
    assert told(replace(tape, outcomes=tape.outcomes.clear()), p) is None
