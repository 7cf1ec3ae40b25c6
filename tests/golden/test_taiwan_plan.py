"""The shipped real book under its shipped policy: the limits bind, and each price holds."""

from pathlib import Path

import pytest

from ruqi.adapters.files import policy_file, tape_source
from ruqi.behaviour.scored import NotPossible
from ruqi.treatment.plan import Plan, build

TAIWAN = Path(__file__).parents[2] / "examples/taiwan_cards"


@pytest.fixture(scope="module")
def made() -> Plan:
    """The plan by the policy's prior chances, so that no score has to be learned here."""
    tape, _ = tape_source.read(TAIWAN)
    policy = policy_file.policy(TAIWAN, None)
    pack = policy_file.pack(policy, tape)
    return build(tape, NotPossible("left out", "略"), policy, pack, seed=42)


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
