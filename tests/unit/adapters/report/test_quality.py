"""How good the scores are: intervals, what is not claimed, what fairness costs."""

from report_view import make_view, score, span
from ruqi.adapters.report.book import read_book
from ruqi.adapters.report.quality import nothing_added, quality_section, score_name, within_state


def blocks(view):
    return quality_section(view, read_book(view)).blocks


def notes(view):
    return [block.text.en for block in blocks(view) if block.kind == "note"]


def tables(view):
    return [block for block in blocks(view) if block.kind == "table"]


def test_every_figure_has_its_interval_and_no_claim_is_a_dash():
    rows = tables(make_view())[0].rows
    assert [cell.text.en for cell in rows[0][1:]] == [
        "30,000",
        "0.787",
        "0.435",
        "0.133",
        "0.0120",
        "–",
        "–",
    ]
    assert rows[0][2].small.en == "0.777–0.797"
    assert rows[1][6].text.en == "1.000"


def test_forward_and_outcome_are_told_apart_and_the_comparison_is_named():
    names = [score_name(row).en for row in make_view()["evaluation"]["scores"]]
    assert names == [
        "Forward score, back-tested on a later month",
        "Outcome score, cross-fitted in five parts",
        "Outcome score, fixed 70/30 split (with protected attributes)",
    ]


def test_what_protected_attributes_cost_is_told_with_its_interval():
    assert any("costs 0.0020 of AUC" in n and "0.0010–0.0030" in n for n in notes(make_view()))


def test_a_moved_distribution_is_told():
    assert any("PSI 0.2000; chance explains up to 0.0100" in n for n in notes(make_view()))
    view = make_view()
    view["evaluation"]["drift"]["forward"]["moved"] = False
    assert any("no more than chance" in note for note in notes(view))


def test_where_no_calibration_is_claimed_the_plot_says_so():
    view = make_view()
    curve = view["evaluation"]["scores"][1]["curve"]
    view["evaluation"]["scores"][0] |= {"curve": curve, "calibration_note_en": "Coding changed."}
    switch = next(block for block in blocks(view) if block.kind == "switch")
    first = switch.panels[0].blocks[0]
    assert first.tone == "mark"
    assert first.text.en == "No calibration is claimed for this score. Coding changed."


def test_calibration_points_and_whiskers():
    switch = next(block for block in blocks(make_view()) if block.kind == "switch")
    options = switch.panels[0].blocks[-1].chart.options
    assert options["series"][2]["data"] == [[10.0, 11.0], [60.0, 58.0]]
    assert options["series"][1]["data"][0] == [10.0, 9.0, 13.0]
    assert options["xAxis"]["max"] == 80


def test_groups_too_small_are_not_described():
    switch = [block for block in blocks(make_view()) if block.kind == "switch"][1]
    rows = switch.panels[0].blocks[0].rows
    assert [row[1].text.en for row in rows] == ["1", "2"]
    assert rows[1][1].small.zh == "人数过少，不作描述"
    assert rows[0][6].small.en == "0.95–0.97"


def test_reasons_by_family_say_how_stable_they_are():
    table = tables(make_view())[-1]
    assert table.rows[0][1].text.en == "80.0%"
    assert "99.0%" in table.foot.en


def test_what_could_not_be_learned_is_said():
    view = make_view()
    refused = {"reason_en": "No outcomes.", "reason_zh": "没有结果。", "needs": ["outcomes"]}
    view["evaluation"] = {"scores": [], "not_possible": [refused]}
    assert notes(view) == ["No outcomes."]
    assert notes({"evaluation": {"needs": ["outcomes"]}}) == ["A score needs outcomes."]
    assert notes({}) == ["No score could be learned from this book."]


def test_a_figure_without_a_value_is_a_dash():
    view = make_view()
    unknown = {"value": None, "low": None, "high": None}
    view["evaluation"]["scores"] = [score("forward", "x", auc=unknown, ks=span(0.4))]
    assert tables(view)[0].rows[0][2].text.en == "–"


def by_state(view):
    states = [
        {"state": "not_yet", "name_en": "not yet", "name_zh": "未达", "n": 25590, "events": 991},
        {"state": "already", "name_en": "already", "name_zh": "已达", "n": 4410, "events": 2139},
    ]
    states[0]["auc"], states[1]["auc"] = span(0.739), None
    view["evaluation"]["scores"][0]["by_state"] = states
    return view


def test_ranking_within_a_state_stands_before_the_whole_book_which_is_named_so():
    rows = tables(by_state(make_view()))[0].rows
    assert [row[0].text.en for row in rows[:3]] == [
        "Forward score: not yet",
        "Forward score: already",
        "Forward score, back-tested on a later month (whole book)",
    ]
    assert [cell.text.en for cell in rows[0][1:4]] == ["25,590", "0.739", "–"]
    assert rows[0][1].small.en == "991 events"
    assert rows[1][2].text.en == "–"
    assert rows[2][2].text.en == "0.787"
    assert within_state(make_view()["evaluation"]["scores"][0]) is None


def test_a_score_that_adds_nothing_to_lateness_alone_is_told_so():
    view = make_view()
    row = view["evaluation"]["scores"][0]
    row["over_lateness_alone"] = {"auc": span(-0.0002, 0.001)}
    assert any("adds nothing to lateness alone" in note for note in notes(view))
    row["over_lateness_alone"] = {"auc": span(-0.1)}
    assert "worse than lateness alone" in nothing_added(row).en
    row["over_lateness_alone"] = {"auc": span(0.083)}
    assert nothing_added(row).en == ""
    row["over_lateness_alone"] = None
    assert nothing_added(row).en == ""


def test_what_the_forward_score_was_not_taught_is_told():
    view = make_view()
    view["evaluation"]["notes"] = {"forward": {"en": ["M1: 12 accounts."], "zh": ["M1：12 户。"]}}
    assert "M1: 12 accounts." in notes(view)
