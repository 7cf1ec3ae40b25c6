from datetime import date, datetime

import polars as pl
import pytest

from ruqi.services.changes import Move, changes
from ruqi.services.held import RunHead

BEFORE = RunHead(1, "book", date(2024, 1, 31), 2, datetime(2024, 2, 1), "f")


def row(bucket, now, treatment, treated, accounts, **marks):
    return {
        "bucket_before": bucket,
        "bucket": now,
        "treatment_before": treatment,
        "treatment": treated,
        "accounts": accounts,
        "balance_minor": accounts * 100,
        "came": False,
        "gone": False,
    } | marks


ROWS = [
    row("M0", "M0", "wait", "wait", 50),
    row("M0", "M1", "wait", "sms", 7),
    row("M1", "M0", "sms", "wait", 2),
    row("M1", "M1", "sms", "sms", 3),
    row(None, "M1", None, "sms", 4, came=True),
    row("M1", None, "call", None, 1, gone=True),
]


class Past:
    def __init__(self, runs):
        self.runs = runs

    def earlier(self, run_id):
        return self.runs

    def moved(self, before, after):
        assert (before, after) == (1, 2)
        return ROWS


def view(value, policy, accounts):
    plan = pl.DataFrame(
        {
            "treatment": ["wait", *["sms"] * (accounts - 1)],
            "eligible": [True] * accounts,
            "balance_minor": [100] * accounts,
            "agent_minutes": [0] * accounts,
            "value_minor": [None, *[5] * (accounts - 1)],
            "cost_minor": [1] * accounts,
        }
    )
    known = {"definition_id": "late", "segment": "all", "on": "2024-01-31", "value": value}
    rows = [known, known | {"on": "2023-12-31", "value": 0.9}, known | {"segment": "region=N"}]
    rows += [known | {"on": "2024-03-31", "value": None}, known | {"definition_id": "other"}]
    law = {"version": f"CN @ its {accounts}th day", "hash": "content"}  # read anew each month
    run = {"policy": {"version": policy}, "law": law}
    return {"measures": rows, "plan": plan, "run": run}


@pytest.fixture
def found():
    views = {1: view(0.1, "1", 3)}
    return changes(2, view(0.2, "2", 4), Past([BEFORE]), views.get, ["late", "nowhere"])


def test_the_first_run_of_a_book_has_no_changes():
    assert changes(2, view(0.1, "1", 2), Past([]), {}.get, ["late"]) is None


def test_figures_are_the_newest_known_of_the_whole_book(found):
    assert [(old["value"], new["value"]) for old, new in found.figures] == [(0.1, 0.2)]


def test_every_account_is_in_one_move_or_keeps_its_treatment(found):
    assert found.same_treatment == 53
    assert found.moves[0] == Move("wait", "sms", 7, 700)
    assert Move(None, "sms", 4, 400) in found.moves
    assert Move("call", None, 1, 100) in found.moves
    assert sum(one.accounts for one in found.moves) + 53 == sum(one["accounts"] for one in ROWS)


def test_a_bucket_is_what_it_was_less_what_left_and_what_came(found):
    flows = {one.bucket: one for one in found.flows}
    assert set(flows) == {"M0", "M1"}
    assert (flows["M1"].before, flows["M1"].left, flows["M1"].came, flows["M1"].now) == (
        6,
        3,
        11,
        14,
    )
    for one in found.flows:
        assert one.before - one.left + one.came == one.now


def test_sums_and_a_changed_policy_are_told(found):
    totals = {one.name: (one.before, one.now) for one in found.totals}
    assert totals["open"] == (3, 4)
    assert totals["treated"] == (2, 3)
    assert totals["worth"] == (10, 15)
    assert found.renewed == [("policy", "1", "2")]


def test_a_pack_of_other_content_is_told():
    views = {1: view(0.1, "1", 3), 2: view(0.2, "1", 4)}
    views[2]["run"]["law"]["hash"] = "more content"
    found = changes(2, views[2], Past([BEFORE]), views.get, [])
    assert [name for name, _, _ in found.renewed] == ["law"]
