"""One account's story: facts, worths, bars with their rules, prices, and what would change it."""

import json

import polars as pl
import pytest

from plans import account, book, explain, plan, row
from ruqi.behaviour.features import FAMILIES
from ruqi.treatment.explain import story

LATENESS = FAMILIES["lateness"]


@pytest.fixture(scope="module")
def made():
    tape = book(
        account("a", "M2", 9_000, consent=["sms", "email", "call"]),
        account("b", "M2", 90_000),
        account("c", "M0", 90_000),
        account("d", "M2", 5_000, holds=["dispute"]),
    )
    chances = {"a": 0.6, "b": 0.6, "c": 0.1, "d": 0.6}
    return plan(tape, chances, {"agent_minutes": 8, "hardship_slots": 0, "sms": 1})


def test_a_story_tells_facts_score_worths_limits_and_law(made):
    told = explain(made, "a")
    assert (told["account_id"], told["bucket"], told["months_late"]) == ("a", "M2", 2)
    assert told["bucket_en"] == "M2 (31-60 days)"
    assert told["score"]["chance"] == 0.6
    assert told["score"]["target"]["says_en"] == "being 2 or more months late next month"
    assert told["score"]["score_id"] == "forward"
    assert told["treatment"] == row(made, "a")["treatment"]
    assert told["limits"][0]["limit"] == "agent_minutes"
    assert told["law"]["version"].startswith("CN 2026.11")
    assert "priors" in told["priors_note_en"]


def test_every_allowed_treatment_has_its_worth_and_the_chosen_one_the_largest_after_rent(made):
    told = explain(made, "a")
    by = {one["treatment"]: one for one in told["treatments"]}
    assert set(by) == {"wait", "in_app", "sms", "email", "call", "hardship_offer"}
    assert by["call"]["value_minor"] > by["email"]["value_minor"] > by["wait"]["value_minor"] == 0
    assert [name for name, one in by.items() if one["chosen"]] == [told["treatment"]]
    rent = by["call"]["limits_rent_minor"]
    assert by["call"]["value_after_rent_minor"] == by["call"]["value_minor"] - rent


def test_bars_come_with_rule_sentence_and_source(made):
    told = explain(made, "d")
    (bar,) = told["bars"]
    assert (bar["rule"], bar["source"]) == ("HOLD_DISPUTE", "CN-CARD")
    assert "dispute" in bar["says_en"]
    assert "异议" in bar["says_zh"]


def test_what_would_change_it_names_price_and_never_the_removal_of_a_bar(made):
    told = explain(made, "a")
    what = {one["treatment"]: one for one in told["what_would_change_it"]}
    assert "agent minutes" in what["call"]["says_en"]
    assert "in_app" not in what
    assert explain(made, "d")["what_would_change_it"] == []
    by = {one["treatment"]: one for one in told["treatments"]}
    assert by["in_app"]["bars"][0]["rule"] == "NO_CONSENT_APP"
    assert told["treatment"] not in what


def test_a_not_late_account_has_a_short_story(made):
    told = explain(made, "c")
    assert told["reasons"] == ["NOT_LATE"]
    assert told["treatments"] == []
    assert told["what_would_change_it"] == []


def test_a_stored_run_tells_the_same_story(made, tmp_path):
    """Through JSON and Parquet, as a run's folder keeps them."""
    made.frame.write_parquet(tmp_path / "plan.parquet")
    made.steps.write_parquet(tmp_path / "steps.parquet")
    limits, summary = json.loads(json.dumps([made.limits, made.summary]))
    mine = pl.col("account_id") == "a"
    stored = story(
        pl.read_parquet(tmp_path / "plan.parquet").filter(mine).to_dicts()[0],
        pl.read_parquet(tmp_path / "steps.parquet").filter(mine).to_dicts(),
        None,
        limits,
        summary,
    )
    assert stored == explain(made, "a")


def test_a_score_at_hand_adds_its_interval_and_families(made):
    score = {"probability": 0.6, "low": 0.5, "high": 0.7, "families": [{"family": "lateness"}]}
    steps = made.steps.filter(pl.col("account_id") == "a").to_dicts()
    told = story(row(made, "a"), steps, score, made.limits, made.summary)
    assert (told["score"]["low"], told["score"]["high"]) == (0.5, 0.7)
    (family,) = told["score"]["families"]
    assert (family["family"], family["name_en"], family["name_zh"]) == ("lateness", *LATENESS)


def test_what_is_not_the_books_own_is_labelled(made):
    bare = made.summary | {"synthetic": [], "register_synthetic": False}
    assert story(row(made, "a"), [], None, made.limits, bare)["labels"] == []
    stand_in = {"pack": "CN", "read_at": "2026-11-01", "stand_in": True}
    summary = bare | {"law": stand_in, "register_synthetic": True}
    told = story(row(made, "a"), [], None, made.limits, summary)
    assert [one["label"] for one in told["labels"]] == ["stand_in_law", "synthetic_register"]
    assert "并非本账簿" in told["labels"][0]["says_zh"]
    whole = story(row(made, "a"), [], None, made.limits, bare | {"synthetic": ["*"]})
    assert [one["label"] for one in whole["labels"]] == ["synthetic_book"]
