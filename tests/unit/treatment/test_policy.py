"""Policies as values: lateness in months, limits by size, the target in a book's own buckets."""

from copy import deepcopy
from importlib.resources import files

import pytest
import yaml

from plans import policy
from ruqi.adapters.files.policy_file import shipped_policy
from ruqi.tape.columns import Bucket, Delinquency
from ruqi.treatment.policy import (
    Ladder,
    Limit,
    contradictions,
    months_late_of,
    policy_from,
    scaled,
    with_minutes,
)
from tapes import DAYS, MONTHS, STAGES


def document():
    text = files("ruqi").joinpath("policies/default.yaml").read_text("utf-8")
    return yaml.load(text, Loader=yaml.BaseLoader)  # all text; enough for contradictions


def numbers():
    made = deepcopy(document())
    for entry in made["treatments"].values():
        for key in ("from_months_late", "to_months_late"):
            if key in entry:
                entry[key] = int(entry[key])
    priors = made["priors"]
    for prior in (*priors["effects"].values(), priors["default_chance"], priors["loss_share"]):
        for step in prior["by_months_late"]:
            step["from_months_late"] = int(step["from_months_late"])
    return made


def test_a_ladder_holds_each_value_until_the_next_step():
    ladder = Ladder(((1, 0.1), (3, 0.06)))
    assert [ladder.at(month) for month in range(5)] == [0.0, 0.1, 0.1, 0.06, 0.06]


@pytest.mark.parametrize(
    ("rule", "months"),
    [(DAYS, [0, 1, 2, 3, 4]), (MONTHS, [0, 1, 2, 3]), (STAGES, [0, 1, 2, 3])],
)
def test_every_bucket_has_its_months_late(rule, months):
    assert [months_late_of(rule, index) for index in range(len(rule.buckets))] == months


def test_the_target_is_the_first_bucket_that_is_late_enough():
    assert shipped_policy().target(DAYS).min_bucket_index == 2  # 31-60 days
    assert shipped_policy().target(MONTHS).min_bucket_index == 2
    assert shipped_policy().target(STAGES).min_bucket_index == 2
    assert shipped_policy().target(DAYS).horizon_months == 1
    two = Delinquency("days", (Bucket("ok", 0, 0), Bucket("late", 1, None)))
    assert shipped_policy().target(two).min_bucket_index == 1  # the latest there is


def test_limits_grow_with_the_book_or_stand_still():
    growing = Limit("sms", None, 100)
    assert [growing.of(n) for n in (0, 1, 10, 15, 30_000)] == [0, 1, 1, 2, 3000]
    assert Limit("sms", 7, None).of(30_000) == 7


def test_scaling_touches_every_effect_and_never_passes_certainty():
    halved, huge = scaled(policy(), 0.5), scaled(policy(), 100)
    for name, one in policy().treatments.items():
        assert halved.treatments[name].effect.value.at(4) == one.effect.value.at(4) / 2
        assert huge.treatments[name].effect.value.at(4) == min(1.0, one.effect.value.at(4) * 100)
    assert halved.loss_share == policy().loss_share


def test_other_minutes_leave_the_other_limits_as_they_are():
    changed = with_minutes(policy({"sms": 3}), 90)
    assert {one.resource: one.of(1) for one in changed.limits}["agent_minutes"] == 90
    assert {one.resource: one.of(1) for one in changed.limits}["sms"] == 3
    assert len(changed.limits) == len(policy().limits)


def test_every_prior_says_what_it_stands_on_in_both_languages():
    shipped = shipped_policy()
    for one in shipped.treatments.values():
        assert one.effect.ground_en
        assert one.effect.ground_zh
    assert shipped.loss_share.ground_en
    assert shipped.default_chance.ground_zh


def test_a_document_that_agrees_with_itself_has_no_contradictions():
    assert contradictions(numbers()) == []


@pytest.mark.parametrize(
    ("break_it", "place"),
    [
        (lambda d: d["priors"]["effects"].pop("call"), ("treatments", "call")),
        (
            lambda d: d["treatments"]["sms"].update(to_months_late=0),
            ("treatments", "sms"),
        ),
        (
            lambda d: d["priors"]["loss_share"]["by_months_late"].reverse(),
            ("priors", "loss_share", "by_months_late"),
        ),
        (
            lambda d: d["priors"]["effects"]["sms"]["by_months_late"].append(
                {"from_months_late": 3, "value": 0.1}
            ),
            ("priors", "effects", "sms", "by_months_late"),
        ),
    ],
)
def test_each_contradiction_is_found_at_its_place(break_it, place):
    broken = numbers()
    break_it(broken)
    assert [tuple(where) for where, _, _ in contradictions(broken)] == [place]


def test_a_policy_is_known_by_its_content():
    one = shipped_policy()
    assert one.version == "default 2026.11"
    assert one.stamp == f"default 2026.11 sha256:{one.hash[:12]}"


def test_a_treatment_that_policy_leaves_out_is_never_given():
    made = numbers()
    del made["treatments"]["call"]
    for entry in made["treatments"].values():
        entry["uses"] = {}
    for costs in made["costs"].values():
        for key in costs:
            costs[key] = int(float(costs[key]))
    made["limits"] = {}
    made["target"] = {"months_late": 2, "horizon_months": 1}
    assert "call" not in policy_from(made).treatments
