from datetime import date
from pathlib import Path

import pytest
from beancount import loader

from ruqi.apps.money_wiring import beancount, payoff, quote, replay
from ruqi.primitives.errors import NotThere

EXAMPLE = Path(__file__).parents[3] / "examples/credit_line"
EVENTS, PRODUCT = EXAMPLE / "events.jsonl", EXAMPLE / "products/instalments_12.yaml"


def test_each_word_is_one_call():
    assert quote(PRODUCT, "1200", date(2025, 1, 31))["refusals"] == []
    assert replay(EVENTS, [PRODUCT])["dpd_days"] == 3
    assert payoff(EXAMPLE / "debts.yaml")["best"] == "avalanche"


def test_replay_takes_both_times():
    told = replay(EVENTS, [PRODUCT], date(2025, 4, 10), "2025-05-01")
    assert (told["dpd_days"], told["state"]["as_of"]) == (10, "2025-04-10")
    with pytest.raises(ValueError, match=r"."):
        replay(EVENTS, [PRODUCT], None, "yesterday")


def test_a_product_is_a_file_or_a_shipped_name():
    told = replay(EVENTS, ["instalments_12", "flat_fee_12"])
    assert told == replay(EVENTS, [str(PRODUCT)])
    with pytest.raises(NotThere):
        quote("gold", "1", date(2025, 1, 31))


def test_the_example_as_a_beancount_file():
    assert loader.load_string(beancount(EVENTS, PRODUCT, date(2025, 8, 1)))[1] == []


def test_a_file_that_is_not_there():
    with pytest.raises(FileNotFoundError):
        replay(EXAMPLE / "none.jsonl", [PRODUCT])
