"""A break in the coding is marked and never called a trend."""

from report_view import make_view, measure
from ruqi.adapters.report.book import read_book
from ruqi.adapters.report.trend import (
    breaks_at,
    ceiling,
    first_trends,
    known_points,
    read_trend,
    trend_definitions,
    trend_section,
)
from ruqi.adapters.report.words import say


def panel(view, place=0):
    return trend_section(view, read_book(view)).blocks[1].panels[place].blocks


def test_the_run_s_own_verdict_is_printed_with_its_remark():
    view = make_view()
    sentence, caveat = read_trend(view, read_book(view), "late_1p_count")
    assert caveat
    assert sentence.en == (
        "It rose until August. September is not comparable and is no trend. See remark [2]."
    )
    assert sentence.zh == "至8月上升。9月不可比，不构成趋势。见数据提示 [2]。"


def test_a_young_book_s_verdict_is_a_caveat_without_a_remark():
    view = make_view()
    view["remarks"] = []
    sentence, caveat = read_trend(view, read_book(view), "late_2p_count")
    assert caveat
    assert sentence.en == "Until May the accounts are young."


def test_where_the_run_says_nothing_nothing_is_made_up():
    view = make_view()
    view["remarks"], view["trend"] = [], {"trends": []}
    sentence, caveat = read_trend(view, read_book(view), "late_1p_count")
    assert (sentence.en, sentence.zh, caveat) == ("", "", False)


def test_the_chart_marks_the_point_and_does_not_join_it():
    view = make_view()
    chart = panel(view)[1].chart
    lines = [s for s in chart.options["series"] if "symbolSize" in s]
    assert [line["symbol"] for line in lines] == ["circle", "emptyDiamond"]
    assert lines[0]["data"][5] is None
    assert lines[1]["data"][:5] == [None] * 5
    marks = [s for s in chart.options["series"] if "markLine" in s]
    assert marks[0]["markLine"]["data"] == [{"xAxis": 5}]
    assert marks[0]["data"] == [None] * 6
    joined = [s for s in chart.options["series"] if all(s["data"][place] for place in (4, 5))]
    assert joined == []


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


def test_a_caveat_that_definitions_share_is_said_once():
    view = make_view()
    for row in view["trend"]["trends"]:
        row |= {"caveat_en": "Young until May.", "caveat_zh": "五月前尚浅。"}
        row |= {"verdict_en": "Young until May. It rose.", "verdict_zh": "五月前尚浅。上升。"}
    (_, first), (_, second) = first_trends(view, read_book(view), 2)
    assert first.en.startswith("Young until May. It rose.")
    assert second.en.startswith("It rose.")
    assert second.zh.startswith("上升。")
    view["trend"]["trends"][1] |= {
        "verdict_en": "Young until May.",
        "caveat_en": "Young until May.",
    }
    assert [one.en for _, one in first_trends(view, read_book(view), 2)][1] != ""
