"""The test on outcomes says ranking, not benefit."""

from report_view import make_view
from ruqi.adapters.report.book import read_book
from ruqi.adapters.report.evaluation import agent_hours, capacities, evaluation_section, order_name


def blocks(view):
    return evaluation_section(view, read_book(view)).blocks


def test_it_says_that_it_tests_ranking_and_not_benefit():
    texts = [b.text for b in blocks(make_view()) if b.kind == "note"]
    assert any("not benefit" in text.en and "不是处置效果" in text.zh for text in texts)


def test_the_table_has_every_order_at_every_capacity_with_intervals():
    table = next(b for b in blocks(make_view()) if b.kind == "table")
    assert [row[0].text.en for row in table.rows] == [
        "The plan · forward score",
        "PD × balance · forward score",
        "Balance",
        "Random",
    ]
    assert [cell.text.en for cell in table.rows[0][1:]] == [
        "15.0%",
        "750",
        "30.0%",
        "1,500",
        "60.0%",
        "3,000",
    ]
    assert table.rows[0][3].small.en == "29.0–31.0%"
    assert table.columns[1].text.zh == "100 个坐席小时"


def test_the_chart_has_a_grid_for_each_capacity():
    chart = next(b for b in blocks(make_view()) if b.kind == "chart")
    assert len(chart.options["grid"]) == len(chart.options["title"]) == 3
    points = [s for s in chart.options["series"] if s["type"] == "scatter"]
    assert [p["value"] for p in points[1]["data"]] == [[30, 0], [33, 1], [34, 2], [12, 3]]
    assert points[0]["data"][0]["itemStyle"]["color"] == "@brand"
    whiskers = [s for s in chart.options["series"] if s["type"] == "custom"]
    assert whiskers[1]["data"][0] == [0, 29.0, 31.0]


def test_an_order_missing_at_a_capacity_is_a_dash():
    view = make_view()
    view["evaluation"]["ranking"] = view["evaluation"]["ranking"][:-1]
    table = next(b for b in blocks(view) if b.kind == "table")
    assert table.rows[-1][5].text.en == "–"


def test_without_outcomes_it_names_what_it_needs():
    assert "needs outcomes" in blocks({"evaluation": {"needs": ["outcomes"]}})[0].text.en
    assert "no outcomes" in blocks({})[0].text.en


def test_names():
    assert order_name({"order": "pd", "score_id": None}).zh == "按违约概率"
    assert capacities(make_view()["evaluation"]["ranking"]) == [6000, 12000, 24000]


def test_one_hour_is_one():
    assert [agent_hours(m).en for m in (60, 90.5, 6000)] == [
        "1 agent hour",
        "2 agent hours",
        "100 agent hours",
    ]
