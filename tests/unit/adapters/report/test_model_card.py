"""A card for each score: what the run tells of it, and that the rest is unknown."""

import pytest

from report_view import make_view
from ruqi.adapters.report.book import read_book
from ruqi.adapters.report.model_card import cards_section, cards_with_prints

FACTS = (
    "Purpose",
    "Target",
    "Learned from",
    "Tested on",
    "Algorithm",
    "Features used",
    "Left out, and why",
    "Performance",
    "Fairness",
    "Limits",
    "Priors and synthetic data",
    "Not to be used for",
    "Seed and model",
)


def cards(view):
    section = cards_section(view, read_book(view))
    tables = [block for block in section.blocks if block.kind == "table"]
    return [{row[0].text.en: row[1].text for row in table.rows} for table in tables]


def test_each_score_has_a_card_with_every_fact():
    forward, outcome = cards(make_view())
    assert tuple(forward) == tuple(outcome) == FACTS
    assert "9,000 account-months of 3,000 accounts, 450" in forward["Learned from"].en
    assert "2005-04-30 至 2005-08-31" in forward["Learned from"].zh
    assert "Lateness: lateness now ↑." in forward["Features used"].en
    assert "Seed 42" in forward["Seed and model"].en
    assert "0d" * 32 in forward["Seed and model"].zh
    assert "back-tested on a later month: AUC 0.787 (95%: 0.777" in forward["Performance"].en
    assert "Sex 1" in outcome["Fairness"].en


def test_what_the_run_does_not_tell_is_said_to_be_unknown():
    view = make_view()
    del view["evaluation"]["cards"]  # a run of before
    forward, _ = cards(view)
    for fact in ("Learned from", "Algorithm", "Features used", "Seed and model"):
        assert forward[fact].en == "Not known of this run."
    assert forward["Fairness"].en.startswith("Not measured")


def test_what_was_left_out_is_named_with_its_reason():
    view = make_view()
    tables = view["data_card"]["tables"]
    tables += [{"table": "accounts", "rows": 1, "columns": ["region"]}]
    tables += [{"table": "contacts", "rows": 1, "columns": ["at"]}]
    said = cards(view)[0]["Left out, and why"]
    assert "Protected attributes (Sex)" in said.en
    assert "Region: stands in for who" in said.en
    assert "Partner" not in said.en  # the book has no such column
    assert "触达记录" in said.zh


def test_limits_priors_and_synthetic_parts_are_marked():
    view = make_view()
    unused = {"used": False, "label_en": "M1 (1-30 days)", "label_zh": "M1（1-30 天）"}
    view["evaluation"]["scores"][0]["by_bucket"] = [unused]
    view["evaluation"]["notes"] = {"forward": {"en": ["Know this."], "zh": ["须知。"]}}
    forward, outcome = cards(view)
    assert (
        "prior instead of the score in: M1 (1-30 days)." in forward["Priors and synthetic data"].en
    )
    assert "合成数据：借款人" in forward["Priors and synthetic data"].zh
    assert "No calibration is claimed" in forward["Limits"].en
    assert "has moved" in forward["Limits"].en
    assert "Know this." in forward["Limits"].en
    assert "No calibration" not in outcome["Limits"].en
    assert "prior stands in" in outcome["Priors and synthetic data"].en


def test_the_desk_adds_the_fingerprints_that_the_report_has_at_its_end():
    view = make_view()
    *_, prints = cards_with_prints(view, read_book(view)).blocks
    assert [row[1].text.en for row in prints.rows] == ["ab12" * 16, "1 · cd34", "0.1.0", "42"]
    report = cards_section(view, read_book(view))
    assert "ab12" not in str(report)


@pytest.mark.parametrize("found", [None, {}, {"scores": []}])
def test_without_a_score_there_is_no_card(found):
    view = make_view()
    view["evaluation"] = found
    section = cards_section(view, read_book(view))
    assert [block.kind for block in section.blocks] == ["note"]
