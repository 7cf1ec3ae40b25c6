import json
import random
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from ruqi.adapters.files.events_file import read_events
from ruqi.adapters.files.product_file import read_product, shipped_chart
from ruqi.services.replay import beancount, known_instant, replay

EXAMPLE = Path(__file__).parents[3] / "examples/credit_line"
FILE = read_product(EXAMPLE / "products/instalments_12.yaml")
EVENTS = read_events(EXAMPLE / "events.jsonl")
PRODUCTS = {FILE.product.id: FILE.product}


def told(events=None, **when):
    given = EVENTS if events is None else events
    return replay(given, PRODUCTS, FILE.caps, shipped_chart(), **when)


def test_the_contract_keys_stand():
    document = told()
    assert {"state", "schedule", "dpd_days", "bucket", "entries", "refusals"} <= set(document)
    line = document["entries"][0]["lines"][0]
    assert {"account", "debit_minor", "credit_minor"} <= set(line)
    assert {"on", "posted_on", "lines"} <= set(document["entries"][0])
    json.dumps(document, allow_nan=False)


def test_the_order_of_lines_means_nothing():
    one = json.dumps(told())
    for seed in range(5):
        shuffled = list(EVENTS)
        random.Random(seed).shuffle(shuffled)
        assert json.dumps(told(shuffled)) == one


def test_as_known_then_is_not_what_we_know_now():
    march = told(as_of=date(2025, 4, 10), as_known_at=known_instant("2025-05-01", "Asia/Shanghai"))
    later = told(as_of=date(2025, 4, 10))
    assert (march["dpd_days"], later["dpd_days"]) == (10, 0)
    assert [row["id"] for row in later["refusals"]] == ["tv"]
    assert march["refusals"] == []
    assert march["state"]["as_known_at"] == "2025-05-01T15:59:59.999999+00:00"


def test_entries_of_a_closed_day_never_change():
    then = told(as_known_at=known_instant("2025-05-15", "Asia/Shanghai"))["entries"]
    now = [e for e in told()["entries"] if e["posted_on"] <= "2025-05-15"]
    assert then == now


def test_the_trial_balance_agrees_with_the_state():
    document = told()
    rows = {
        row["account"]: row["debit_minor"] - row["credit_minor"]
        for row in document["trial_balance"]
    }
    owed = document["state"]["outstanding"]
    assert rows["principal"] == owed["principal_minor"]
    assert rows["interest_due"] == owed["interest_minor"]
    assert sum(rows.values()) == 0


def test_before_anything_happened_there_is_no_line():
    document = told(as_of=date(2024, 1, 1))
    assert (document["state"]["status"], document["dpd_days"], document["bucket"]) == (
        "not_open",
        0,
        "M0",
    )
    assert told([])["entries"] == []


def test_a_day_after_the_last_event_is_looked_forward_to():
    document = told(as_of=date(2025, 12, 1))
    assert document["state"]["as_of"] == "2025-12-01"
    assert document["dpd_days"] > 100


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2025-03-01T08:00:00Z", datetime(2025, 3, 1, 8, tzinfo=UTC)),
        ("2025-03-01T08:00:00+08:00", datetime(2025, 3, 1, 0, tzinfo=UTC)),
        ("2025-03-01T08:00:00", datetime(2025, 3, 1, 8, tzinfo=UTC)),
        ("2025-03-01", datetime(2025, 3, 1, 15, 59, 59, 999999, tzinfo=UTC)),
    ],
)
def test_instants(text, instant):
    assert known_instant(text, "Asia/Shanghai") == instant


def test_instants_of_far_years_are_none():
    for text in ("9999-12-31", "1899-12-31T23:00:00Z"):
        with pytest.raises(ValueError, match=text):
            known_instant(text, "Asia/Shanghai")


def test_a_correction_names_the_event_that_came_late():
    told = replay(EVENTS, PRODUCTS, FILE.caps, shipped_chart(), date(2025, 8, 1))
    mended = [entry for entry in told["entries"] if entry["reverses"] or entry["corrects"]]
    assert {entry["because"] for entry in mended} == {"pay-2"}
    assert any(entry["because"] is None for entry in told["entries"])


def test_a_statement_is_one_accounts_part_of_the_entries():
    told = replay(
        EVENTS, PRODUCTS, FILE.caps, shipped_chart(), date(2025, 8, 1), account="late_due"
    )
    statement = told["statement"]
    (row,) = [row for row in told["trial_balance"] if row["account"] == "late_due"]
    balance = row["debit_minor"] - row["credit_minor"]
    assert statement["rows"][-1]["balance_minor"] == balance
    assert [row["on"] for row in statement["rows"]] == sorted(r["on"] for r in statement["rows"])
    assert {row["because"] for row in statement["rows"]} == {None, "pay-2"}
    assert statement["name_zh"] == "应收罚息"


def test_the_same_entries_as_a_beancount_file():
    day = date(2025, 8, 1)
    told = replay(EVENTS, PRODUCTS, FILE.caps, shipped_chart(), day)
    text = beancount(EVENTS, PRODUCTS, FILE.caps, shipped_chart(), "line", day)
    assert text.count("  entry: ") == len(told["entries"])
    assert text.count('  because: "pay-2"') == sum(
        1 for entry in told["entries"] if entry["because"]
    )
