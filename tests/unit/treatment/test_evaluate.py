"""The ranking on real outcomes: hand-countable books, intervals, and what it needs."""

from dataclasses import replace

import polars as pl
import pytest

from china import china
from plans import account, book, names, policy, scored
from ruqi.treatment.evaluate import ranking

EIGHT = names(range(8))
CHANCES = {name: 0.25 + 0.08 * place for place, name in enumerate(EIGHT)}


def a_book(defaults, **more):
    accounts = [account(name, "M1", 1_000 + 1_000 * (7 - i)) for i, name in enumerate(EIGHT)]
    outcomes = [{"account_id": name, "on": None, "event": "default"} for name in defaults]
    return book(*accounts, outcomes=outcomes, **more)


def ranked(tape, minutes, chances=CHANCES, seed=5):
    scores = {} if chances is None else {"forward": scored(chances).frame}
    return ranking(tape, scores, policy({"agent_minutes": minutes}), china(), seed)


def found(result, order, capacity):
    return next(
        one
        for one in result["ranking"]
        if (one["order"], one["capacity_minutes"]) == (order, capacity)
    )


def test_every_order_stands_at_three_capacities():
    result = ranked(a_book(["a07"]), 16)
    assert sorted({one["capacity_minutes"] for one in result["ranking"]}) == [8, 16, 32]
    orders = [one["order"] for one in result["ranking"]][:6]
    assert sorted(orders) == ["balance", "months_late", "pd", "pd_x_balance", "plan", "random"]


def test_shares_by_hand():
    # a07 has the largest chance and the smallest balance (1,000); a00 the other way round (8,000)
    result = ranked(a_book(["a00", "a07"]), 16)
    pd_order = found(result, "pd", 8)
    assert pd_order["worked_accounts"] == 1
    assert pd_order["share_of_defaulted_balance"]["value"] == pytest.approx(1 / 9)
    assert found(result, "balance", 8)["share_of_defaulted_balance"]["value"] == pytest.approx(
        8 / 9
    )
    assert found(result, "balance", 8)["share_of_balance"] == pytest.approx(8 / 36)


def test_random_finds_its_fair_share():
    result = ranked(a_book(EIGHT), 16)
    share = found(result, "random", 32)["share_of_defaulted_balance"]["value"]
    assert share == pytest.approx(0.5, abs=0.05)
    assert found(result, "random", 32)["worked_accounts"] == 4


def test_nobody_works_an_account_that_law_or_lateness_closes():
    tape = book(
        account("a", "M1", 9_000, holds=["dispute"]),
        account("b", "M0", 9_000),
        account("c", "M1", 1_000),
        outcomes=[{"account_id": name, "on": None, "event": "default"} for name in "abc"],
    )
    result = ranked(tape, 80, {"a": 0.9, "b": 0.9, "c": 0.9})
    for one in result["ranking"]:
        assert one["worked_accounts"] == 1
        assert one["share_of_defaulted_balance"]["value"] == pytest.approx(1 / 19)


def test_intervals_hold_the_value_and_follow_the_seed():
    tape = a_book(["a00", "a02", "a05", "a07"])
    one = ranked(tape, 32)["ranking"]
    assert one == ranked(tape, 32)["ranking"]
    assert one != ranked(tape, 32, seed=6)["ranking"]
    for row in one:
        share = row["share_of_defaulted_balance"]
        assert share["low"] <= share["value"] <= share["high"]


def test_more_minutes_never_find_less():
    result = ranked(a_book(["a00", "a02", "a05", "a07"]), 32)
    for order in ("plan", "pd", "balance", "pd_x_balance", "months_late", "random"):
        shares = [
            found(result, order, capacity)["share_of_defaulted_balance"]["value"]
            for capacity in (16, 32, 64)
        ]
        assert shares == sorted(shares)


def test_it_says_that_ranking_is_not_benefit_in_both_languages():
    result = ranked(a_book(["a00"]), 16)
    assert "not whether working it helps" in result["says_en"]
    assert "不说明处置是否有效" in result["says_zh"]
    assert "With 16 agent minutes" in result["says_en"]
    assert result["needs"] == []


@pytest.mark.parametrize(
    ("tape", "needs"),
    [
        (book(account("a", "M1", 9)), ["outcomes"]),
        (
            book(
                account("a", "M1", 9),
                outcomes=[{"account_id": "a", "on": None, "event": "prepaid"}],
            ),
            ["outcomes.event=default"],
        ),
        (a_book(["a00"], currency="EUR"), ["policy.costs.EUR"]),
    ],
)
def test_it_says_what_it_would_need(tape, needs):
    result = ranked(tape, 16, None)
    assert (result["ranking"], result["needs"]) == ([], needs)
    assert needs[0] in result["says_en"]
    assert needs[0] in result["says_zh"]


def test_without_a_score_the_plan_goes_by_its_priors():
    result = ranked(a_book(["a00"]), 16, None)
    plans = [one for one in result["ranking"] if one["order"] == "plan"]
    assert [one["score_id"] for one in plans] == [None] * 3
    assert {one["order"] for one in result["ranking"]} == {
        "plan",
        "balance",
        "months_late",
        "random",
    }


def test_two_scores_make_two_plans():
    scores = {"forward": scored(CHANCES).frame, "outcome": scored(CHANCES).frame}
    result = ranking(a_book(["a00"]), scores, policy({"agent_minutes": 16}), china(), 1)
    plans = {one["score_id"] for one in result["ranking"] if one["order"] == "plan"}
    assert plans == {"forward", "outcome"}


def test_defaults_of_accounts_that_are_not_open_do_not_count():
    tape = a_book(["a00"])
    more = pl.DataFrame({"account_id": ["zz"], "on": [None], "event": ["default"]})
    more = more.cast(tape.outcomes.schema)
    other = replace(tape, outcomes=pl.concat([tape.outcomes, more]))
    assert ranked(tape, 16)["ranking"] == ranked(other, 16)["ranking"]


def test_a_default_up_to_the_day_of_the_plan_is_no_outcome_of_it():
    tape = a_book(["a00"])
    earlier = tape.outcomes.with_columns(pl.lit(tape.as_of).alias("on"))
    result = ranked(replace(tape, outcomes=earlier), 16)
    assert result["ranking"] == []
    assert result["needs"] == ["outcomes.event=default"]


def test_where_minutes_are_not_limited_the_plans_own_are_the_capacity():
    free = replace(policy(), limits=())
    result = ranking(a_book(["a00"]), {"forward": scored(CHANCES).frame}, free, china(), 1)
    capacities = sorted({one["capacity_minutes"] for one in result["ranking"]})
    assert capacities[1] > 0
    assert capacities == [capacities[1] // 2, capacities[1], capacities[1] * 2]


def without_register(defaults):
    accounts = [account(name, "M1", 1_000 + 1_000 * (7 - i)) for i, name in enumerate(EIGHT)]
    late_no_more = account("b00", "M0", 9_000)
    outcomes = [{"account_id": name, "on": None, "event": "default"} for name in defaults]
    return book(*accounts, late_no_more, register=False, outcomes=outcomes)


def test_without_a_register_the_orders_are_tested_as_if_contact_were_allowed():
    result = ranked(without_register(["a00", "a07"]), 16)
    assert (result["bars_ignored"], result["needs"]) == (True, [])
    assert "as if contact were allowed" in result["says_en"]
    assert "视同允许联系" in result["says_zh"]
    assert found(result, "pd", 8)["share_of_defaulted_balance"]["value"] == pytest.approx(1 / 9)
    assert found(result, "balance", 8)["share_of_defaulted_balance"]["value"] == pytest.approx(
        8 / 9
    )
    assert all(row["worked_accounts"] > 0 for row in result["ranking"])
    everything = ranked(without_register(EIGHT), 1_000)["ranking"]
    orders = [row for row in everything if row["order"] != "plan"]
    assert {row["worked_accounts"] for row in orders} == {8}  # lateness still closes b00


def test_a_register_without_the_facts_that_contact_needs_is_no_register():
    accounts = [account(n, "M1", 9_000, time_zone=None, consent=None) for n in EIGHT[:-1]]
    held = account("a07", "M1", 9_000, time_zone=None, consent=None, holds=["deceased"])
    outcomes = [{"account_id": name, "on": None, "event": "default"} for name in EIGHT]
    result = ranked(book(*accounts, held, outcomes=outcomes), 1_000)
    assert result["bars_ignored"]
    assert found(result, "balance", 1_000)["worked_accounts"] == 7  # a known hold still bars


def test_where_law_lets_somebody_be_contacted_every_bar_stands():
    assert ranked(a_book(["a00"]), 16)["bars_ignored"] is False


def test_amounts_of_any_size_give_shares_between_nought_and_one():
    most = (2**63 - 1) // 100
    accounts = [account(name, "M1", most) for name in EIGHT[:3]]
    outcomes = [{"account_id": name, "on": None, "event": "default"} for name in EIGHT[:2]]
    result = ranked(book(*accounts, outcomes=outcomes), 8)
    row = found(result, "balance", 8)
    assert row["share_of_defaulted_balance"]["value"] == pytest.approx(1 / 2)
    assert row["share_of_balance"] == pytest.approx(1 / 3)
    for one in result["ranking"]:
        share = one["share_of_defaulted_balance"]
        assert 0 <= share["low"] <= share["value"] <= share["high"] <= 1


def test_defaults_that_owed_nothing_test_no_order():
    accounts = [account("a00", "M1", 0), account("a01", "M1", 5)]
    outcomes = [{"account_id": "a00", "on": None, "event": "default"}]
    result = ranked(book(*accounts, outcomes=outcomes), 16)
    assert (result["ranking"], result["needs"]) == ([], ["outcomes.event=default"])
