import json
from pathlib import Path

from ruqi.adapters.files.debts_file import read_debts
from ruqi.classroom.payoff import Way
from ruqi.services.payoff import payoff

EXAMPLE = Path(__file__).parents[3] / "examples/credit_line/debts.yaml"
WALLET, CHANGES = read_debts(EXAMPLE)
DOCUMENT = payoff(WALLET, CHANGES)


def test_every_way_and_every_what_if_is_told():
    assert [plan["order"] for plan in DOCUMENT["plans"]] == [
        "avalanche",
        "snowball",
        "minimum",
        "custom",
    ]
    assert [one["name_en"] for one in DOCUMENT["what_ifs"]] == [
        "200 more a month",
        "income down 20 % from September",
    ]
    json.dumps(DOCUMENT, allow_nan=False)


def test_the_dearest_first_is_never_dearer_than_another_order():
    costs = {plan["order"]: plan["cost_minor"] for plan in DOCUMENT["plans"]}
    assert costs["avalanche"] <= min(costs["snowball"], costs["custom"])
    assert costs["minimum"] > costs["avalanche"]
    assert DOCUMENT["best"] == "avalanche"


def test_more_money_ends_sooner_and_less_money_later():
    more, less = DOCUMENT["what_ifs"]
    best = next(plan for plan in DOCUMENT["plans"] if plan["order"] == DOCUMENT["best"])
    assert more["months"] <= best["months"] < less["months"]


def test_it_says_what_to_do_and_when_money_runs_short():
    assert DOCUMENT["plans"][0]["first_missed"]["on"] in DOCUMENT["says_en"]
    assert "先还利率最高的" in DOCUMENT["says_zh"]
    assert DOCUMENT["safe_instalment_minor"] == 234_000


def test_what_ifs_may_be_asked_of_another_way():
    small = payoff(WALLET, CHANGES, Way.SNOWBALL)
    assert [one["order"] for one in small["what_ifs"]] == ["snowball"] * 2
    assert small["what_ifs"][0]["cost_minor"] > DOCUMENT["what_ifs"][0]["cost_minor"]
    assert small["best"] == DOCUMENT["best"]
