from datetime import date
from pathlib import Path

import pytest
from beancount import loader

from ruqi.apps.money_wiring import beancount, payoff, quote, replay, write_new
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
    for text in ("yesterday", "9999-12-31", "0001-01-01T00:00:00Z"):
        with pytest.raises(NotThere, match=text):
            replay(EVENTS, [PRODUCT], None, text)


def test_a_product_is_a_file_or_a_shipped_name():
    told = replay(EVENTS, ["instalments_12", "flat_fee_12"])
    assert told == replay(EVENTS, [str(PRODUCT)])
    with pytest.raises(NotThere):
        quote("gold", "1", date(2025, 1, 31))


def test_the_example_as_a_beancount_file():
    assert loader.load_string(beancount(EVENTS, [PRODUCT], date(2025, 8, 1)))[1] == []


def test_a_file_that_is_not_there():
    with pytest.raises(FileNotFoundError):
        replay(EXAMPLE / "none.jsonl", [PRODUCT])


def test_the_books_of_several_products_as_they_were_known(tmp_path):
    text = beancount(EVENTS, [PRODUCT, "flat_fee_12"], date(2025, 4, 10), "2025-04-10")
    write_new(text, tmp_path / "books" / "line.beancount")
    entries, errors, _ = loader.load_file(str(tmp_path / "books" / "line.beancount"))
    assert errors == []
    told = replay(EVENTS, [PRODUCT, "flat_fee_12"], date(2025, 4, 10), "2025-04-10")
    assert sum(hasattr(entry, "postings") for entry in entries) == len(told["entries"])


def test_a_statement_of_one_account():
    told = replay(EVENTS, [PRODUCT], account="cash")["statement"]
    assert told["rows"][-1]["balance_minor"] == sum(row["amount_minor"] for row in told["rows"])
    with pytest.raises(NotThere, match="accounts: cash, "):
        replay(EVENTS, [PRODUCT], account="till")
