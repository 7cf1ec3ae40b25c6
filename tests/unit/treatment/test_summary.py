"""What a plan rests on, told with it."""

from dataclasses import replace

from plans import account, book, plan


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
