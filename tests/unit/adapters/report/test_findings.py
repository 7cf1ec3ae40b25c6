"""What a board reads first."""

from report_view import make_view, span
from ruqi.adapters.report.book import read_book
from ruqi.adapters.report.findings import findings, headlines, ranking_sentence


def test_four_to_six_headlines_each_with_a_known_definition():
    view = make_view()
    book = read_book(view)
    found = headlines(view, book)
    assert 4 <= len(found) <= 6
    assert all(one.definition in book.definitions for one in found)
    assert [one.value.en for one in found] == ["22.7%", "5.0%", "3", "NT$1,550", "0.787"]


def test_a_figure_after_a_change_of_coding_is_marked():
    view = make_view()
    first = headlines(view, read_book(view))[0]
    assert first.marked
    assert first.small.en == "95% interval 22.2–23.2% · coding changed, not a trend"
    view["remarks"] = []
    assert not headlines(view, read_book(view))[0].marked


def test_the_headline_is_of_the_score_that_the_plan_uses_and_says_so():
    view = make_view()
    rows = view["evaluation"]["scores"]
    rows[0]["by_state"] = [{"state": "not_yet", "n": 9, "events": 3, "auc": span(0.739)}]
    last = headlines(view, read_book(view))[-1]
    assert last.name.en == "Ranking of risk (AUC), Forward score"
    assert last.value.en == "0.739"
    assert last.small.en == ("used by the plan · not yet at the target · 95% interval 0.729–0.749")
    del rows[0]["by_state"]
    assert "whole book" in headlines(view, read_book(view))[-1].small.en
    del rows[0]
    last = headlines(view, read_book(view))[-1]
    assert "Outcome score" in last.name.en
    assert last.small.en.startswith("only a test, not used by the plan")


def test_the_findings_say_prior_and_not_benefit():
    view = make_view()
    told = findings(view, read_book(view))
    assert len(told) == 5
    assert "this rests on priors" in told[2].en
    assert "3 of 6 open accounts" in told[2].en
    assert "先验假设" in told[2].zh


def test_a_simple_order_that_finds_more_is_not_hidden():
    view = make_view()
    told = ranking_sentence(view)
    assert "hold 30% of the balance that later defaulted; a random order finds 12%" in told.en
    assert "The simple order “Balance” finds more of it (34%)" in told.en
    assert "not benefit" in told.en
    for row in view["evaluation"]["ranking"]:
        if row["order"] != "plan":
            row["share_of_defaulted_balance"]["value"] /= 4
    assert "The best simple order, “Balance”, finds 8%" in ranking_sentence(view).en


def test_nothing_is_said_of_what_was_not_tested():
    assert ranking_sentence({}).en == ""
    view = make_view()
    view["evaluation"]["ranking"] = [
        row for row in view["evaluation"]["ranking"] if row["order"] != "random"
    ]
    assert ranking_sentence(view).en == ""


def test_a_test_as_if_contact_were_allowed_says_so():
    view = make_view()
    assert "as if contact were allowed" not in ranking_sentence(view).en
    view["evaluation"]["bars_ignored"] = True
    assert "as if contact were allowed" in ranking_sentence(view).en
    assert "视同允许联系" in ranking_sentence(view).zh
