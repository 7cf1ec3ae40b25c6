"""The treatments: gentlest first, waiting always among them, each with its channel."""

import pytest

from ruqi.law.rules import CHANNELS
from ruqi.treatment.actions import ACTIONS, IDS, RESOURCES, WAIT, action


def test_waiting_comes_first_and_reaches_nobody():
    assert IDS[WAIT] == "wait"
    assert ACTIONS[WAIT].channel is None


def test_the_guard_knows_every_channel_and_names_are_unique():
    assert {one.channel for one in ACTIONS} - {None} <= set(CHANNELS)
    assert len(set(IDS)) == len(IDS) == 7
    assert len({one.id for one in RESOURCES}) == len(RESOURCES)


def test_gentle_comes_before_hard():
    order = ["wait", "in_app", "sms", "email", "call", "hardship_offer", "legal_review"]
    assert list(IDS) == order


def test_a_treatment_is_found_by_its_id():
    assert action("call").name_zh == "人工电话"
    with pytest.raises(ValueError):
        action("visit")
