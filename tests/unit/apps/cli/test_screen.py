"""One screen: short, narrow, plain, honest, in both languages."""

import pytest

from report_view import make_view, score, span
from ruqi.apps.cli.lines import WIDTH, width
from ruqi.apps.cli.screen import screen


@pytest.mark.parametrize("language", ["en", "zh"])
def test_it_fits_and_needs_no_colour(language):
    lines = screen(make_view(), language).split("\n")
    assert len(lines) <= 40
    assert max(width(line) for line in lines) <= WIDTH <= 100
    assert not any("\x1b" in line or "\u00a0" in line for line in lines)


def test_it_says_what_a_head_of_collections_needs():
    text = " ".join(screen(make_view(), "en").split())
    for told in (
        "small-book · as of 30 September 2005",
        "Synthetic data: the tables borrowers",
        "pack CN, read at 2026-11-01, is not the law of this book",
        "Late by one step or more: M1 (1-30 days) or worse 22.7% (22.2–23.2%) !",
        "is no trend",
        "Call 2 9,000.00 16 1,500.00 80.00",
        "expected from the policy's priors, not seen in this book",
        "Not to be contacted by rule: 1 of 6 accounts.",
        "16 of 16 used; one more hour, solved again, adds NT$58.15",
        "Text messages: 16 of 16 used; one more message would add nothing today",
        "Forward score: AUC 0.787 (0.777–0.797)",
        "not benefit",
    ):
        assert told in text


def test_ranking_within_the_state_comes_first_and_what_adds_nothing_is_said():
    view = make_view()
    rows = view["evaluation"]["scores"]
    rows[0]["by_state"] = [{"state": "not_yet", "n": 25590, "events": 991, "auc": span(0.739)}]
    rows[0]["over_lateness_alone"] = {"auc": span(-0.0002, 0.001)}
    rows.append(score("forward", "forward_against_outcome", auc=span(0.723)))
    lines = screen(view, "en").split("\n")
    assert len(lines) <= 40
    text = " ".join(" ".join(lines).split())
    within = "not yet at the target: AUC 0.739 (0.729–0.749) (25,590 accounts, 991 events)"
    assert within in text
    assert text.index(within) < text.index("over the whole book: AUC 0.787 (0.777–0.797)")
    assert "adds nothing to lateness alone" in text
    assert "AUC 0.723 (0.713–0.733)" in text
    assert "against the real outcome" in text


def test_a_plan_where_everybody_waits_says_why_and_what_to_add():
    view = make_view()
    view["limits"] = [row | {"used": 0} for row in view["limits"]]
    view["plan_summary"] |= {"all_wait_en": "The whole plan waits: add x.", "all_wait_zh": "静默"}
    text = screen(view, "en")
    assert "  The whole plan waits: add x." in text
    assert "LIMITS" not in text  # nothing is used, so nothing binds
    assert "priors" not in text
    assert "Not to be contacted by rule: 1 of 6 accounts." in text


def test_remarks_are_left_to_the_report():
    assert "[" not in screen(make_view(), "en")
    assert "见数据提示" not in screen(make_view(), "zh")


def test_chinese_says_the_same():
    text = screen(make_view(), "zh").replace("\n", "").replace(" ", "")
    for told in (
        "截至2005年9月30日",
        "合成数据",
        "不构成趋势",
        "先验",
        "不得触达",
        "再多一小时重新求解，增加NT$58.15",
    ):
        assert told in text


def test_columns_stand_under_each_other_in_both_languages():
    for language, head in (("en", "PLAN OF THE DAY"), ("zh", "当日处置方案")):
        lines = screen(make_view(), language).split("\n")
        at = next(place for place, line in enumerate(lines) if line.startswith(head))
        assert len({width(line) for line in lines[at : at + 4]}) == 1


def test_a_run_without_plan_scores_or_limits_still_speaks():
    text = screen({"run": {"tape": "bare", "as_of": "2024-01-31"}}, "en")
    assert "bare" in text
    assert "No account is open." in text


def test_days_of_which_the_book_holds_nothing_are_told():
    view = make_view()
    as_of = view["run"]["as_of"]
    view["run"] = {**view["run"], "as_of_asked": "2030-01-01"}
    text = " ".join(screen(view, "en").split())
    assert f"As of 2030-01-01 was asked for; the book's last observed day is {as_of}" in text
    view["data_card"] = {**view["data_card"], "last_on": "2005-06-24"}
    assert (
        f"The newest row is of 2005-06-24: accounts stand here as they did then, not at {as_of}"
        in (" ".join(screen(view, "en").split()))
    )
    assert "所求截止日为 2030-01-01" in screen(view, "zh")
    view["run"] = {**view["run"], "as_of_asked": "2005-09-01"}
    assert "asked for" not in screen(view, "en")


def test_accounts_without_a_row_are_told():
    view = make_view()
    view["plan_summary"] |= {"absent_en": "Not in the plan: 2 accounts.", "absent_zh": "2 个账户"}
    assert "  Not in the plan: 2 accounts." in screen(view, "en")
