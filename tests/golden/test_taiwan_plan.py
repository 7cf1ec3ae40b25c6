"""The shipped real book under its shipped policy: the limits bind, and each price holds."""

from pathlib import Path

import polars as pl
import pytest

from ruqi.adapters.files import policy_file, tape_source
from ruqi.behaviour.forward import forward
from ruqi.behaviour.scored import NotPossible
from ruqi.treatment.evaluate import ranking
from ruqi.treatment.plan import Plan, build
from scored_books import light

TAIWAN = Path(__file__).parents[2] / "examples/taiwan_cards"


@pytest.fixture(scope="module")
def made() -> Plan:
    """The plan by the policy's prior chances, so that no score has to be learned here."""
    tape, _ = tape_source.read(TAIWAN)
    policy = policy_file.policy(TAIWAN, None)
    pack = policy_file.pack(policy, tape)
    return build(tape, NotPossible("left out", "略"), policy, pack)


def test_minutes_texts_and_hardship_cases_bind_as_shipped(made):
    rows = {one["limit"]: one for one in made.limits}
    assert {name: one["available"] for name, one in rows.items()} == {
        "agent_minutes": 12_000,
        "sms": 3_000,
        "hardship_slots": 150,
        "legal_slots": 30,
    }
    for name in ("agent_minutes", "sms", "hardship_slots"):
        assert rows[name]["used"] > rows[name]["available"] - 8, name
        assert rows[name]["shadow_price_minor"] > 0, name


def test_each_price_stands_between_one_unit_more_and_one_less(made):
    for one in made.limits:
        more = one["objective_plus_one_minor"] - one["objective_minor"]
        less = one["objective_minor"] - one["objective_minus_one_minor"]
        assert 0 <= min(more, less) <= one["shadow_price_minor"] <= max(more, less)


def test_every_account_is_planned_once_and_nobody_is_contacted_against_a_rule(made):
    assert made.frame.height == 30_000
    assert made.frame["account_id"].is_unique().all()
    contacted = made.frame.filter(~made.frame["treatment"].is_in(["wait", "legal_review"]))
    assert contacted["eligible"].all()
    assert not contacted["bars"].str.contains("HOLD_|MISSING_FACT").any()
    assert contacted.height > 4_000


def test_the_choice_is_as_good_as_can_be_and_hangs_little_on_the_size_of_the_priors(made):
    assert made.summary["gap_share"] <= 0.0005
    assert all(one["same_treatment_share"] > 0.8 for one in made.stability)


def test_law_is_said_to_stand_in_and_the_register_to_be_synthetic(made):
    assert made.summary["law"]["stand_in"] is True
    assert made.summary["law"]["read_at"] == "2026-11-01"
    assert made.summary["register_synthetic"] is True


def test_one_month_late_which_the_score_never_saw_is_planned_by_the_prior(monkeypatch):
    """September's coding brings M1; learned from some twenty accounts, none of which got worse."""
    light(monkeypatch)
    tape, remarks = tape_source.read(TAIWAN)
    policy = policy_file.policy(TAIWAN, None)
    pack = policy_file.pack(policy, tape)
    score = forward(tape, remarks, policy.target(tape.delinquency), 42)
    plan = build(tape, score, policy, pack)

    late = plan.frame.filter(pl.col("bucket") == "M1")
    assert late.height == plan.summary["prior_chances"] == len(score.set_aside) == 3_688
    assert late["reasons"].str.contains("PRIOR_PD").all()
    priors = plan.steps.group_by("months_late").agg(pl.col("chance_is_prior").mean())
    assert dict(priors.iter_rows()) == {k: float(k == 1) for k in range(1, 9)}
    assert (late["treatment"] == "call").sum() > 50
    assert plan.summary["calibrated"] is False
    assert "M1 (1 month): 3,688 accounts" in plan.summary["prior_note_en"]
    assert score.frame.height == 30_000

    rows = ranking(tape, {"forward": score.used()}, policy, pack, 42)["ranking"]
    found = {
        row["capacity_minutes"]: row["share_of_defaulted_balance"]["value"]
        for row in rows
        if row["order"] == "plan"
    }
    assert found[12_000] == pytest.approx(0.316, abs=0.006)
    assert found[24_000] == pytest.approx(0.411, abs=0.006)
