"""A break in the coding is marked and never called a trend."""

from report_view import make_view, measure
from ruqi.adapters.report.book import read_book
from ruqi.adapters.report.trend import (
    breaks_at,
    ceiling,
    known_points,
    read_trend,
    trend_definitions,
    trend_section,
)
from ruqi.adapters.report.words import say


def panel(view, place=0):
    return trend_section(view, read_book(view)).blocks[1].panels[place].blocks


def test_the_sentence_stops_before_the_break():
    view = make_view()
    sentence, broken = read_trend(view, read_book(view), "late_1p_count")
    assert broken
    assert "From Apr 2005 to Aug 2005 it rose from 10.3% to 14.8%." in sentence.en
    assert "to Sep 2005 it" not in sentence.en
    assert "Sep 2005 reads 22.7%" in sentence.en
    assert "is no trend" in sentence.en
    assert "remark [2]" in sentence.en
    assert "不构成趋势" in sentence.zh


def test_without_a_remark_the_last_month_is_compared():
    view = make_view()
    view["remarks"] = []
    sentence, broken = read_trend(view, read_book(view), "late_1p_count")
    assert not broken
    assert "From Apr 2005 to Sep 2005 it rose from 10.3% to 22.7%." in sentence.en


def test_overlapping_intervals_claim_no_direction():
    view = make_view()
    sentence, _ = read_trend(view, read_book(view), "late_2p_count")
    assert "without a clear direction" in sentence.en


def test_what_the_run_says_of_a_stretch_goes_before_our_own_reading():
    view = make_view()
    stretch = {"from": "2005-04-30", "to": "2005-08-31", "slope": 0.013, "low": 0.0044}
    stretch |= {"high": 0.0217, "direction": "up"}
    view["trend"] = {"trends": [{"definition_id": "late_1p_count", "stretches": [stretch]}]}
    sentence, _ = read_trend(view, read_book(view), "late_1p_count")
    assert "+1.30 points a month (95%: 0.44 to 2.17)" in sentence.en
    stretch["direction"] = "unclear"
    sentence, _ = read_trend(view, read_book(view), "late_1p_count")
    assert "without a clear direction" in sentence.en
    assert "points a month" not in sentence.en


def test_the_chart_marks_the_point_and_does_not_join_it():
    view = make_view()
    chart = panel(view)[1].chart
    lines = [s for s in chart.options["series"] if "symbolSize" in s]
    assert [line["symbol"] for line in lines] == ["circle", "emptyDiamond"]
    assert lines[0]["data"][5] is None
    assert lines[1]["data"][:5] == [None] * 5
    marks = [s for s in chart.options["series"] if "markLine" in s]
    assert marks[0]["markLine"]["data"] == [{"xAxis": 5}]
    assert marks[0]["lineStyle"]["type"] == "dotted"


def test_the_table_marks_the_same_point():
    table = panel(make_view())[1].table
    last = table.rows[-1]
    assert last[3].text == say("trend.not_comparable")
    assert last[4].text.en == "⚑ [2]"
    assert table.rows[1][3].text.en == "▼ 0.43 pp"
    assert table.definition == "late_1p_count"


def test_only_known_shares_of_several_months_are_offered_headlines_first():
    view = make_view()
    view["measures"].insert(0, measure("aaa", 0, 0.1))
    view["measures"] += [measure("zzz", 0, 0.1), measure("zzz", 1, 0.1)]
    assert trend_definitions(view) == ["late_1p_count", "late_2p_count", "zzz"]
    assert len(known_points(view, "late_1p_count")) == 6


def test_breaks_are_places_of_points():
    view = make_view()
    assert breaks_at(read_book(view), known_points(view, "late_1p_count")) == [5]


def test_the_axis_leaves_room_above_the_highest_point():
    assert ceiling(22.7) == 30
    assert ceiling(9.0) == 12
    assert ceiling(0.31) == 0.4
    assert all(ceiling(top) > top for top in (0.1, 1, 3.3, 12, 48, 80))


def test_nothing_to_show_is_said():
    section = trend_section({"measures": []}, read_book({}))
    assert section.blocks[0].text == say("trend.none")
