from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from ruqi.behaviour import outcome as room
from ruqi.behaviour.outcome import outcome, source_order
from ruqi.behaviour.scored import FRAME, NotPossible, Scored
from scored_books import book, light


@pytest.fixture(scope="module", autouse=True)
def _light():
    with pytest.MonkeyPatch.context() as patch:
        light(patch)
        yield


@pytest.fixture(scope="module")
def tape():
    return book(accounts=700, months=5)


@pytest.fixture(scope="module")
def scored(tape):
    made = outcome(tape, [], 42)
    assert isinstance(made, Scored)
    return made


def test_one_row_an_account_and_three_ways_of_judging(tape, scored):
    assert scored.frame.schema == pl.Schema(FRAME)
    assert scored.frame["account_id"].to_list() == tape.accounts["account_id"].to_list()
    splits = [(one["split"], one["protected_used"]) for one in scored.quality["scores"]]
    assert splits == [
        ("cross_fitted_5", False),
        ("fixed_70_30_seed_42", False),
        ("fixed_70_30_seed_42", True),
    ]
    cross = scored.quality["scores"][0]
    assert cross["n"] == 700
    assert cross["auc"]["value"] > 0.7
    assert cross["calibration"]["slope"]["value"] == pytest.approx(1, abs=0.3)
    cost = scored.quality["protected_cost"]["auc"]
    assert cost["low"] <= cost["value"] <= cost["high"]


def test_no_account_is_scored_by_a_model_that_saw_it(tape, scored):
    """Turning one account's outcome round leaves its own score as it was."""
    target = scored.frame["account_id"][11]
    had = target in tape.outcomes["account_id"]
    rest = tape.outcomes.filter(pl.col("account_id") != target)
    if not had:
        row = tape.outcomes.head(1).with_columns(account_id=pl.lit(target))
        rest = pl.concat([tape.outcomes, row]).sort("account_id")
    # The same folds as before: what is compared is the model, not the deal of accounts.
    y = scored.frame["account_id"].is_in(tape.outcomes["account_id"].implode())
    folds = room._folds(y.cast(pl.Float64).to_numpy(), 42)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(room, "_folds", lambda *_: folds)
        turned = outcome(replace(tape, outcomes=rest), [], 42)
    before, after = (
        one.frame.filter(pl.col("account_id") == target)["probability"][0]
        for one in (scored, turned)
    )
    assert before == after
    assert not turned.frame["probability"].equals(scored.frame["probability"])


def test_equal_input_gives_equal_bytes_whatever_the_order_of_rows(tape, scored):
    turned = replace(tape, performance=tape.performance.reverse(), outcomes=tape.outcomes.reverse())
    again = outcome(turned, [], 42)
    assert again.frame.equals(scored.frame)
    assert again.quality == scored.quality
    assert again.fairness == scored.fairness


def test_no_protected_attribute_moves_a_score(tape, scored):
    permuted = replace(tape, protected=tape.protected.with_columns(pl.col("age").shuffle(seed=2)))
    without = replace(tape, protected=tape.protected.select("account_id"))
    assert outcome(permuted, [], 42).frame.equals(scored.frame)
    bare = outcome(without, [], 42)
    assert bare.frame.equals(scored.frame)
    assert bare.quality["protected_cost"] is None
    assert len(bare.quality["scores"]) == 2


def test_permuted_outcomes_teach_nothing():
    tape = book(accounts=1200, months=4, seed=4)
    ids = tape.accounts["account_id"].sample(tape.outcomes.height, seed=5).sort()
    noise = replace(tape, outcomes=tape.outcomes.with_columns(account_id=ids))
    for one in outcome(noise, [], 42).quality["scores"]:
        assert one["auc"]["value"] == pytest.approx(0.5, abs=0.07)


def test_labels_are_defaults_after_the_day_only(tape):
    first = tape.accounts["account_id"][0]
    rows = [
        {"account_id": first, "on": tape.as_of, "event": "default"},
        {
            "account_id": tape.accounts["account_id"][1],
            "on": tape.outcomes["on"][0],
            "event": "cure",
        },
    ]
    others = tape.outcomes.filter(~pl.col("account_id").is_in([row["account_id"] for row in rows]))
    outcomes = pl.concat([others, pl.DataFrame(rows, schema=others.schema)])
    accounts, y = room.labels(tape, outcomes)
    assert first not in accounts  # defaulted before there was anything to foresee
    assert len(accounts) == 699
    assert y[0] == 0  # a cure is no default
    assert y.sum() == others.height


def test_closed_accounts_have_no_outcome_score(tape):
    closed = replace(
        tape,
        performance=tape.performance.with_columns(
            status=pl.when((pl.col("account_id") == "A00003") & (pl.col("on") == tape.as_of))
            .then(pl.lit("paid_off"))
            .otherwise(pl.col("status").cast(pl.String))
            .cast(tape.performance.schema["status"])
        ),
    )
    assert "A00003" not in room.labels(closed, tape.outcomes)[0]


@pytest.mark.parametrize("table", [None, "few"])
def test_refusals_say_what_is_needed(tape, table):
    outcomes = None if table is None else tape.outcomes.head(5)
    refused = outcome(replace(tape, outcomes=outcomes), [], 42)
    assert isinstance(refused, NotPossible)
    assert refused.needs == ("outcomes",)
    assert refused.reason_en
    assert refused.reason_zh


def test_source_order_is_by_number_where_all_ids_are_numbers():
    numbers = pl.Series(["1", "10", "2", "30"])
    assert source_order(numbers).tolist() == [0, 2, 1, 3]
    words = pl.Series(["1", "10", "2", "x"])
    np.testing.assert_array_equal(source_order(words), [0, 1, 2, 3])


def test_a_large_book_is_learned_from_a_seeded_draw_and_scored_whole(tape, scored, monkeypatch):
    monkeypatch.setattr(room, "ROWS_MOST", 300)
    drawn = outcome(tape, [], 42)
    assert drawn.frame.height == 700
    assert not drawn.frame.equals(scored.frame)
    assert drawn.frame.equals(outcome(tape, [], 42).frame)
    assert room._some(np.arange(500), 1).tolist() == sorted(set(room._some(np.arange(500), 1)))
    assert len(room._some(np.arange(500), 1)) == 300


def test_its_card_tells_five_models_and_the_last_outcome(tape, scored):
    told = scored.quality["card"]
    assert told["algorithm"]["models"] == 5
    assert told["learned"]["accounts"] == told["learned"]["rows"] == 700
    assert told["learned"]["event_to"] == tape.outcomes["on"].max().isoformat() > str(tape.as_of)
    assert "protected" not in {one["family"] for one in told["features"]}
