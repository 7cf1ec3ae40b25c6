"""What every section needs to know of a run."""

from datetime import date

from report_view import BREAK, make_view
from ruqi.adapters.report.book import (
    bucket_order,
    citations,
    limit_name,
    read_book,
    rule_says,
    treatment_name,
    whole,
)
from ruqi.adapters.report.words import Text, same


def test_a_bucket_never_stands_without_its_days():
    book = read_book(make_view())
    assert book.bucket("M1") == Text("M1 (1-30 days)", "M1（1-30 天）")
    assert book.bucket("M9") == Text("M9 (days not stated)", "M9（天数未说明）")
    assert book.bucket("charged_off") == Text("charged off", "核销")
    assert book.bucket(None) == same("–")
    assert book.bucket_head("M1") == Text("M1\n(1-30 days)", "M1\n（1-30 天）")


def test_labels_come_from_the_rolls_where_there_is_no_data_card():
    view = {"rolls": {"buckets": ["A"], "labels_en": ["A (1 day)"], "labels_zh": ["A（1 天）"]}}
    assert read_book(view).bucket("A") == Text("A (1 day)", "A（1 天）")
    assert bucket_order(view) == ["A"]
    assert bucket_order(make_view()) == ["M0", "M1", "M2", "M3"]


def test_remarks_are_numbered_and_cited_in_runs():
    book = read_book(make_view())
    assert [remark.number for remark in book.remarks.values()] == [1, 2]
    assert citations(book.cited([BREAK, "jump-stage-2005-05", "unknown"])) == "[1–2]"
    assert citations(book.cited([BREAK])) == "[2]"
    assert citations([]) == ""


def test_only_a_change_of_coding_in_that_month_breaks():
    book = read_book(make_view())
    ids = [BREAK, "jump-stage-2005-05"]
    assert [r.id for r in book.breaks(ids, date(2005, 9, 1))] == [BREAK]
    assert book.breaks(ids, date(2005, 8, 31)) == []
    assert book.breaks(ids, date(2005, 5, 31)) == []
    assert list(book.broken_months()) == [date(2005, 9, 1)]


def test_names_come_from_the_rooms_that_own_them():
    assert treatment_name("hardship_offer") == Text("Hardship offer", "纾困协商")
    assert treatment_name("new") == same("new")
    assert limit_name("agent_minutes") == Text("Agent minutes", "坐席分钟")
    assert limit_name("new") == same("new")
    assert rule_says("HOLD_DECEASED").en.startswith("The borrower has died")
    assert rule_says("NO_SUCH").en == ""


def test_amounts_name_their_currency_in_the_header():
    header = read_book(make_view()).money_header(Text("Balance", "余额"))
    assert header == Text("Balance (NT$)", "余额(NT$)")


def test_definitions_of_the_reports_own_figures_stand_beside_the_registry():
    book = read_book(make_view())
    assert book.definition("late_1p_count").en == "Late by one step or more"
    assert book.definition("plan_value").zh == "处置的预期价值"
    assert book.definition("unknown") == same("unknown")


def test_a_measures_name_says_from_which_days_it_counts():
    book = read_book(make_view())
    assert book.measured("late_1p_count").en == "Late by one step or more: M1 (1-30 days) or worse"
    assert book.measured("late_1p_count").zh == "逾期一级及以上：M1（1-30 天）及以上"
    assert book.measured("open_balance").en == "Open balance"


def test_the_whole_book_by_day():
    rows = whole(make_view(), "late_1p_count")
    assert [row["on"].month for row in rows] == [4, 5, 6, 7, 8, 9]
