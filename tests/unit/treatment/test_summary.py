"""What a plan rests on, told with it."""

import re
from dataclasses import replace
from pathlib import Path

import polars as pl

from china import china
from plans import account, book, plan, policy, scored
from ruqi.treatment.plan import build


def test_every_rule_that_bars_something_is_told_with_its_source():
    made = plan(book(account("a", "M2", 9_000, holds=["dispute"], consent=["sms"])), {"a": 0.9})
    told = {one["rule"]: one for one in made.summary["rules"]}
    assert {"HOLD_DISPUTE", "NO_CONSENT_CALL", "MISSING_FACT"} <= set(told)
    assert told["HOLD_DISPUTE"]["source"] == "CN-CARD"
    listed = set(made.frame["bars"].str.split("|").explode().to_list()) - {""}
    assert listed <= set(told)


def test_every_prior_stands_in_the_summary_with_its_ground():
    named = {one["prior"] for one in plan(book(account("a", "M1", 1))).summary["priors"]}
    assert {"effect.call", "effect.sms", "default_chance", "loss_share"} <= named


def test_a_stand_in_pack_and_a_synthetic_register_are_said_to_be_so():
    tape = book(account("a", "M1", 1), synthetic=frozenset({"borrowers"}))
    made = plan(tape, law_stand_in=True, law_note_en="stands in", law_note_zh="代替")
    assert made.summary["law"]["stand_in"] is True
    assert made.summary["law"]["note_en"] == "stands in"
    assert made.summary["register_synthetic"] is True
    assert made.summary["synthetic"] == ["borrowers"]
    real = plan(replace(tape, synthetic=frozenset()))
    assert real.summary["register_synthetic"] is False


def test_rules_that_are_not_applied_are_listed_with_why():
    unapplied = plan(book(account("a", "M1", 1))).summary["law"]["unapplied"]
    assert {
        "parameter": "content.required_call",
        "why": "unattested",
        "confidence": "M",
    } in unapplied


def test_the_choices_gap_to_the_best_possible_is_certified():
    made = plan(book(account("a", "M2", 9_000)), {"a": 0.9}, {"agent_minutes": 8})
    assert made.summary["bound_minor"] >= made.summary["objective_minor"] > 0
    assert 0 <= made.summary["gap_share"] < 0.01


def test_treatments_are_counted_the_unused_too():
    counted = plan(book(account("a", "M0", 1))).summary["by_treatment"]
    assert counted[0]["treatment"] == "wait"
    assert [one["accounts"] for one in counted] == [1, 0, 0, 0, 0, 0, 0]


def test_what_is_not_calibrated_and_what_is_a_prior_is_said_with_why():
    tape = book(account("a", "M1", 9_000), account("b", "M2", 9_000))
    by_prior = plan(tape).summary
    assert by_prior["calibrated"] is False
    assert "prior" in by_prior["calibrated_note_en"]
    assert by_prior["prior_note_en"] == "too few months"
    note = {"calibration_note_en": "coding", "calibration_note_zh": "编码"}
    row = {"split": "forward_backtest", "calibration": None, **note}
    forward = replace(
        scored({"a": 0.07, "b": 0.9}),
        quality={"scores": [row]},
        set_aside=pl.Series(["a"]),
        set_aside_en="M1",
        set_aside_zh="一期",
    )
    made = build(tape, forward, policy(), china())
    told = made.summary
    assert (told["calibrated"], told["calibrated_note_zh"]) == (False, "编码")
    assert (told["prior_chances"], told["prior_note_en"], told["prior_note_zh"]) == (
        1,
        "M1",
        "一期",
    )
    assert "prior" in made.frame["reason_en"][0]
    assert "uncalibrated score" in made.frame["reason_en"][1]
    calm = build(tape, scored({"a": 0.07, "b": 0.9}), policy(), china()).summary
    assert (calm["calibrated"], calm["calibrated_note_en"], calm["prior_note_en"]) == (True, "", "")


def test_every_key_is_described_in_the_reference():
    page = (Path(__file__).parents[3] / "docs/reference/run.md").read_text(encoding="utf-8")
    told = re.findall(r"`([a-z_]+\*?)`", page)
    for key in plan(book(account("a", "M1", 1))).summary:
        assert key in told or f"{key[:-2]}*" in told, key
