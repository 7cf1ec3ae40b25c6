"""Who is treated how by group, with intervals; small groups are hidden."""

from math import sqrt

import polars as pl
import pytest

from plans import account, book, plan
from ruqi.treatment.fairness import treated_by_group, wilson


def made(groups, late=lambda _: "M2", limits=None):
    """Accounts a00 … of the given groups, and one that is not late."""
    names = [f"a{k:03}" for k in range(len(groups))]
    accounts = [account(name, late(k), 9_000) for k, name in enumerate(names)]
    protected = pl.DataFrame({"account_id": [*names, "z"], "sex": [*groups, "f"]})
    tape = book(*accounts, account("z", "M0", 9_000), protected=protected)
    chances = dict.fromkeys([*names, "z"], 0.9)
    found = plan(tape, chances, limits)
    return found, treated_by_group(tape, found.frame)


def of(rows, group, treatment):
    return next(r for r in rows if (r["group"], r["treatment"]) == (group, treatment))


def test_shares_are_of_the_late_accounts_of_a_group_with_their_interval():
    plan_, rows = made(["f"] * 40 + ["m"] * 60, limits={"hardship_slots": 0, "agent_minutes": 320})
    called = plan_.frame.filter(pl.col("treatment") == "call")["account_id"].to_list()
    assert len(called) == 40
    women = of(rows, "f", "call")
    got = sum(name < "a040" for name in called)
    assert (women["n"], women["accounts"]) == (40, got)
    assert women["share"] == got / 40
    assert women["low"] <= women["share"] <= women["high"]
    assert women["expected_share"] == pytest.approx(0.4)
    assert of(rows, "f", "call")["accounts"] + of(rows, "m", "call")["accounts"] == 40


def test_what_the_same_lateness_gets_stands_beside_a_groups_share():
    _, rows = made(
        ["f"] * 40 + ["m"] * 60,
        late=lambda k: "M2" if k < 40 else "M1",
        limits={"hardship_slots": 40},
    )
    women = of(rows, "f", "hardship_offer")
    assert women["share"] == 1.0
    assert women["expected_share"] == pytest.approx(1.0)
    assert of(rows, "m", "hardship_offer")["expected_share"] == 0.0


def test_a_small_group_is_counted_and_not_described():
    _, rows = made(["f"] * 40 + ["x"] * 5)
    small = [r for r in rows if r["group"] == "x"]
    assert small
    assert all(
        r["suppressed"] and r["n"] == 5 and r["share"] is r["accounts"] is None for r in small
    )


def test_nothing_protected_or_nobody_late_gives_no_rows():
    tape = book(account("a", "M2", 9_000))
    assert treated_by_group(tape, plan(tape).frame) == []
    calm = pl.DataFrame({"account_id": ["a"], "sex": ["f"]})
    tape = book(account("a", "M0", 9_000), protected=calm)
    assert treated_by_group(tape, plan(tape).frame) == []


def test_the_plan_is_the_same_whatever_the_groups():
    first, _ = made(["f"] * 40 + ["m"] * 40, limits={"agent_minutes": 99})
    other, _ = made(["m"] * 40 + ["f"] * 40, limits={"agent_minutes": 99})
    assert first.frame.equals(other.frame)


def test_the_interval_is_wilsons():
    p, z, n = 0.3, 1.959963984540054, 50
    low, high = wilson(15, n)
    for end in (low, high):  # both ends solve (p - end)^2 = z^2 end (1 - end) / n
        assert abs(p - end) == pytest.approx(z * sqrt(end * (1 - end) / n))
    assert wilson(0, 9)[0] == 0.0
    assert wilson(9, 9)[1] == 1.0
