import json
from pathlib import Path

import pytest
from beancount import loader

from ruqi.apps.cli.main import main

EXAMPLE = Path(__file__).parents[4] / "examples" / "credit_line"
SHIPPED = Path(__file__).parents[4] / "src/ruqi/policies/products"


def ruqi(capsys, *words):
    with pytest.raises(SystemExit) as ending:
        main([str(word) for word in words])
    said = capsys.readouterr()
    return ending.value.code, said.out, said.err


def test_a_flat_half_percent_a_month_costs_what_it_costs(capsys):
    words = ["--amount", "12000", "--on", "2026-01-31", "--json"]
    code, out, _ = ruqi(capsys, "quote", "--product", SHIPPED / "flat_fee_12.yaml", *words)
    told = json.loads(out)
    assert code == 0
    assert round(told["all_in_rate"], 6) == 0.108964
    assert round(told["effective_rate"], 6) == 0.114574
    assert {"schedule", "cap_rate", "rule"} <= set(told)
    assert ruqi(capsys, "quote", "--product", "flat_fee_12", *words)[1] == out


def test_a_refused_quote_ends_with_four_and_one_document(capsys):
    words = ["--product", "flat_fee_12", "--amount", "0", "--on", "2026-01-31", "--json"]
    code, out, _ = ruqi(capsys, "quote", *words)
    assert code == 4
    assert json.loads(out)["refusals"]


def test_an_unknown_product_is_wrong_usage(capsys):
    words = ["--product", "nosuch", "--amount", "1", "--on", "2026-01-31", "--json"]
    code, out, err = ruqi(capsys, "quote", *words)
    assert (code, out) == (2, "")
    assert "flat_fee_12" in err


def test_a_replay_lists_its_refusals_and_ends_with_nought(capsys):
    words = ["replay", EXAMPLE / "events.jsonl", "--product", "instalments_12", "--json"]
    code, out, _ = ruqi(capsys, *words)
    told = json.loads(out)
    assert code == 0
    assert {"state", "schedule", "dpd_days", "bucket", "entries", "refusals"} <= set(told)
    assert told["refusals"]
    for entry in told["entries"]:
        debits = sum(line["debit_minor"] for line in entry["lines"])
        assert debits == sum(line["credit_minor"] for line in entry["lines"])


def test_a_bad_instant_is_wrong_usage(capsys):
    words = ["replay", EXAMPLE / "events.jsonl", "--product", "instalments_12"]
    code, _, err = ruqi(capsys, *words, "--as-known-at", "yesterday")
    assert code == 2
    assert "yesterday" in err


def test_a_payoff_answers_in_both_tongues_and_as_json(capsys):
    code, out, _ = ruqi(capsys, "payoff", EXAMPLE / "debts.yaml", "--json")
    assert code == 0
    assert json.loads(out)["plans"]
    assert "还清" in ruqi(capsys, "payoff", EXAMPLE / "debts.yaml", "--language", "zh")[1]
    assert ruqi(capsys, "payoff", "nowhere.yaml")[0] == 2


def test_a_statement_stands_in_place_of_the_line(capsys):
    words = ["replay", EXAMPLE / "events.jsonl", "--product", "instalments_12"]
    _, out, _ = ruqi(capsys, *words, "--account", "cash", "--language", "en")
    assert out.startswith("Cash at bank (1002) as of 2025-07-03, in CNY\n\ndate ")
    told = json.loads(ruqi(capsys, *words, "--account", "cash", "--json")[1])
    assert [row["kind"] for row in told["statement"]["rows"]][:1] == ["repayment"]
    code, out, err = ruqi(capsys, *words, "--account", "till", "--json")
    assert (code, out) == (2, "")
    assert "cash, merchant" in err


def test_the_books_go_into_a_new_beancount_file(capsys, tmp_path):
    words = ["replay", EXAMPLE / "events.jsonl", "--product", "instalments_12"]
    books = tmp_path / "line.beancount"
    code, out, _ = ruqi(capsys, *words, "--beancount", books, "--json")
    entries, errors, _ = loader.load_file(str(books))
    assert (code, errors) == (0, [])
    assert sum(hasattr(e, "postings") for e in entries) == len(json.loads(out)["entries"])
    code, out, err = ruqi(capsys, *words, "--beancount", books)
    assert (code, out) == (2, "")
    assert "nothing is overwritten" in err


@pytest.mark.parametrize(
    "words",
    [
        ["quote", "--product", "flat_fee_12", "--amount", "1200", "--on", "9999-12-31"],
        ["replay", EXAMPLE / "events.jsonl", "--product", "flat_fee_12", "--as-of", "9999-12-31"],
        ["replay", EXAMPLE / "events.jsonl", "--product", "x", "--as-of", "1899-12-31"],
        [
            "replay",
            EXAMPLE / "events.jsonl",
            "--product",
            "flat_fee_12",
            "--as-known-at",
            "9999-12-31",
        ],
    ],
)
def test_a_day_near_the_end_of_time_is_wrong_usage(capsys, words):
    code, out, err = ruqi(capsys, *words)
    assert (code, out) == (2, "")
    assert "1900-01-01" in err
