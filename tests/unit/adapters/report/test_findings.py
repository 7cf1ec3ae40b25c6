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


def ranked(**shares):
    """The sentence where the orders find these shares, each within a point."""
    view = make_view()
    for row in view["evaluation"]["ranking"]:
        if row["order"] in shares:
            row["share_of_defaulted_balance"] = span(shares[row["order"]])
    return ranking_sentence(view)


def test_orders_are_told_with_their_intervals_and_one_decimal():
    told = ranked(plan=0.321, random=0.12)
    assert "hold 32.1% (31.1–33.1%) of the balance that later defaulted" in told.en
    assert "a random order finds 12.0%" in told.en
    assert "not benefit" in told.en


def test_orders_whose_intervals_overlap_find_about_as_much():
    told = ranked(plan=0.321, pd_x_balance=0.2, balance=0.323)
    assert "The best simple order, “Balance”, finds about as much (32.3%, 31.3–33.3%)" in told.en
    assert "与之相当" in told.zh
    assert "more of it" not in told.en


def test_a_simple_order_that_finds_more_is_not_hidden():
    assert "“Balance” finds more of it (34.1%" in ranked(plan=0.3, balance=0.341).en
    assert "finds less (20.0%" in ranked(plan=0.3, pd_x_balance=0.2, balance=0.1).en


def test_a_plan_that_finds_what_chance_finds_is_said_to():
    assert "no more than chance" in ranked(plan=0.13, random=0.12).en
    assert "no more than chance" not in ranked(plan=0.15, random=0.12).en


def test_where_the_whole_plan_waits_the_reason_stands_in_short():
    view = make_view()
    view["plan_summary"] |= {"all_wait_en": "No costs in EUR.", "all_wait_zh": "无成本。"}
    told = [one.en for one in findings(view, read_book(view))]
    assert "No costs in EUR." in told
    assert not any("this rests on priors" in one or "adds" in one for one in told)
    assert "Worth of today's plan" not in [one.name.en for one in headlines(view, read_book(view))]


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
