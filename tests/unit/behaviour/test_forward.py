from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from ruqi.behaviour.forward import forward
from ruqi.behaviour.scored import FRAME, NotPossible, Scored, Target
from ruqi.tape.remarks import Remark, find_remarks
from scored_books import START, book, light
from tapes import make_tape, path

NOW = START + 6


@pytest.fixture(scope="module", autouse=True)
def _light():
    with pytest.MonkeyPatch.context() as patch:
        light(patch)
        yield


@pytest.fixture(scope="module")
def tape():
    return book(accounts=600)


@pytest.fixture(scope="module")
def scored(tape):
    made = forward(tape, [], None, 42)
    assert isinstance(made, Scored)
    return made


def test_every_open_account_has_one_row(tape, scored):
    assert scored.frame.schema == pl.Schema(FRAME)
    assert scored.frame["account_id"].to_list() == tape.open_at_end()["account_id"].to_list()
    p, low, high = (scored.frame[name] for name in ("probability", "low", "high"))
    assert ((low <= p) & (p <= high) & (low >= 0) & (high <= 1)).all()


def test_it_ranks_next_month_and_says_how_well(scored):
    entry, *_ = scored.quality["scores"]
    assert entry["split"] == "forward_backtest"
    assert entry["auc"]["value"] > 0.85
    assert entry["calibration"]["slope"]["value"] == pytest.approx(1, abs=0.35)
    assert sum(part["n"] for part in entry["by_state"]) == entry["n"] == 600
    assert [part["state"] for part in entry["by_state"]] == ["not_yet", "already"]
    assert scored.quality["drift"]["n_now"] == 600
    assert {row["attribute"] for row in scored.fairness} == {"sex", "age"}


def test_where_outcomes_exist_it_is_held_against_them_too(tape, scored):
    _, against = scored.quality["scores"]
    assert against["split"] == "forward_against_outcome"
    assert against["auc"]["value"] > 0.7
    bare = forward(replace(tape, outcomes=None), [], None, 42)
    assert [row["split"] for row in bare.quality["scores"]] == ["forward_backtest"]


def test_equal_input_gives_equal_bytes_whatever_the_order_of_rows(tape, scored):
    turned = replace(
        tape,
        performance=tape.performance.sample(fraction=1, shuffle=True, seed=3),
        accounts=tape.accounts.reverse(),
        features=tape.features.reverse(),
    )
    again = forward(turned, [], None, 42)
    assert again.frame.equals(scored.frame)
    assert again.quality == scored.quality


def test_no_protected_attribute_moves_a_score(tape, scored):
    permuted = replace(
        tape,
        protected=tape.protected.with_columns(
            pl.col("sex").shuffle(seed=1), pl.col("age").shuffle(seed=2)
        ),
    )
    without = replace(tape, protected=tape.protected.select("account_id"))
    assert forward(permuted, [], None, 42).frame.equals(scored.frame)
    bare = forward(without, [], None, 42)
    assert bare.frame.equals(scored.frame)
    assert bare.fairness == []


def test_nothing_after_the_day_is_read(tape):
    earlier = tape.known_at(tape.performance.filter(pl.col("month") == NOW - 1)["on"].max())
    later = replace(tape, as_of=earlier.as_of)  # the later rows are still in the frame
    changed = replace(
        later,
        performance=later.performance.with_columns(
            bucket=pl.when(pl.col("month") == NOW).then(3).otherwise("bucket").cast(pl.Int8)
        ),
    )
    frames = [forward(one, [], None, 42).frame for one in (earlier, later, changed)]
    assert frames[0].equals(frames[1])
    assert frames[0].equals(frames[2])


def test_more_lateness_never_lowers_the_chance(tape, scored):
    raised = replace(
        tape,
        performance=tape.performance.with_columns(
            **{
                name: pl.when((pl.col("month") == NOW) & (pl.col("bucket") < 3))
                .then(pl.col(name) + 1)
                .otherwise(name)
                .cast(tape.performance.schema[name])
                for name in ("bucket", "months_past_due")
            }
        ),
    )
    # Only the rows that are scored differ: the months learned from end before them.
    from ruqi.behaviour.forward import _answer
    from ruqi.behaviour.history import history
    from ruqi.behaviour.model import learn
    from ruqi.behaviour.pairs import everyone, rows_of

    past = history(tape, [], Target(2))
    rows = rows_of(tape, past, Target(2), past.learned(NOW), everyone(tape, past, 10**6, 42))
    bag = learn(rows.columns, rows.X, rows.y, 42, rows.account)
    before, after = (_answer(one, past, bag, one.open_at_end())[0] for one in (tape, raised))
    np.testing.assert_array_equal(before, scored.frame["probability"].to_numpy())
    assert (after >= before - 1e-12).all()
    assert (after > before).mean() > 0.5


def change(tape):
    return Remark(
        "code_share-x",
        "code_share",
        "performance",
        "months_past_due",
        tape.as_of,
        1,
        0.1,
        None,
        "",
        "",
    )


def test_across_a_change_of_coding_ranking_is_told_and_calibration_is_not(tape, scored):
    across = forward(tape, [change(tape)], None, 42)
    entry, *_ = across.quality["scores"]
    assert entry["calibration"] is None
    assert f"{tape.as_of:%Y-%m}" in entry["calibration_note_en"]
    assert entry["calibration_note_zh"]
    assert entry["remark_ids"] == ["code_share-x"]
    assert entry["auc"] == scored.quality["scores"][0]["auc"]
    assert all(row["observed"] is None for row in across.fairness)
    assert across.notes_en[len(scored.notes_en)] == entry["calibration_note_en"]


def test_what_was_learned_of_each_bucket_held_now_is_told(tape, scored):
    entry, *_ = scored.quality["scores"]
    rows = entry["by_bucket"]
    assert [row["bucket"] for row in rows] == [0, 1, 2, 3]
    assert sum(row["accounts"] for row in rows) == 600
    assert all(row["rows"] > 30 and row["used"] for row in rows)
    assert rows[1]["label_zh"].startswith("M1（")
    assert scored.set_aside.is_empty()
    assert scored.used().equals(scored.frame)
    assert scored.set_aside_en == ""


def test_a_state_that_the_new_coding_brought_is_not_read_by_the_score(tape):
    """Before the change nobody stood one month late; now some do."""
    moved = pl.when((pl.col("bucket") == 1) & (pl.col("month") < NOW)).then(0)
    recoded = replace(
        tape,
        performance=tape.performance.with_columns(
            moved.otherwise(name).cast(tape.performance.schema[name]).alias(name)
            for name in ("bucket", "months_past_due")
        ),
    )
    across = forward(recoded, [change(tape)], None, 42)
    late = recoded.open_at_end().filter(pl.col("bucket") == 1)["account_id"]
    calm = recoded.open_at_end().filter(pl.col("bucket") == 0)["account_id"]
    assert across.frame.height == 600
    assert set(late) <= set(across.set_aside)
    assert set(calm) <= set(across.used()["account_id"])
    assert "M1 (1 month): " in across.set_aside_en
    assert across.set_aside_en == across.notes_en[-1]
    assert "先验" in across.set_aside_zh


def test_permuted_months_to_come_teach_nothing():
    """Accounts swap their last months at random: what is known then says nothing of what comes."""
    tape = book(accounts=1500, months=4, seed=2)
    frames = []
    random = np.random.Generator(np.random.PCG64(9))
    for month in range(START, START + 4):
        part = tape.performance.filter(pl.col("month") == month)
        order = random.permutation(part.height)
        moved = part.drop("account_id")[order]
        frames.append(moved.with_columns(account_id=part["account_id"]).select(part.columns))
    shuffled = replace(tape, performance=pl.concat(frames).sort("account_id", "on"))
    entry, *_ = forward(shuffled, [], Target(1), 42).quality["scores"]
    assert entry["auc"]["value"] == pytest.approx(0.5, abs=0.06)


def test_too_few_events_are_refused_with_their_count():
    tape = make_tape(
        [row for k in range(40) for row in path(f"a{k}", "2024-01", "M0 M0 M0 M0 M0 M0")]
    )
    refused = forward(tape, find_remarks(tape), None, 42)
    assert isinstance(refused, NotPossible)
    assert "0 of" in refused.reason_en
    assert refused.reason_zh


def test_a_quiet_test_month_leaves_quality_unknown_and_scores_all_the_same():
    tape = book(accounts=400, months=7, seed=3)
    calm = replace(
        tape,
        performance=tape.performance.with_columns(
            bucket=pl.when(pl.col("month") == NOW).then(0).otherwise("bucket").cast(pl.Int8)
        ),
    )
    made = forward(calm, [], None, 42)
    entry, *_ = made.quality["scores"]
    assert entry["events"] == 0
    assert entry["auc"]["value"] is None
    assert entry["calibration_note_en"]
    assert made.frame.height == 400


def test_its_card_tells_which_months_it_was_learned_from_and_tested_on(tape, scored):
    told = scored.quality["card"]
    assert told["learned"]["event_to"] == tape.as_of.isoformat()
    assert told["learned"]["conduct_from"] < told["learned"]["conduct_to"] < tape.as_of.isoformat()
    assert told["tested"]["event_to"] == tape.as_of.isoformat()
    assert told["learned"]["accounts"] == 600
    assert "protected" not in {one["family"] for one in told["features"]}
