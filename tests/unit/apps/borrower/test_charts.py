from ruqi.adapters.report.words import same
from ruqi.apps.borrower import charts


def test_bars_are_as_high_as_what_is_paid():
    drawn = charts.bars([("2026-01-31", 5_000, 0), ("2026-02-28", 5_000, 5_000)], "CNY")
    first, second = drawn.bars
    assert float(first.price_height) == float(second.price_height) == float(second.cost_height)
    assert float(first.cost_height) == 0
    assert float(second.cost_y) == charts.TOP
    assert [mark.says.en for mark in drawn.marks][-2:] == ["Jan 2026", "Feb 2026"]


def test_one_payment_and_nothing_at_all_are_drawn_too():
    (bar,) = charts.bars([("2026-01-31", 0, 0)], "CNY").bars
    assert bar.price_height == "0.0"
    drawn = charts.curves([(same("a"), "this", [("2026-01", 0)])], "CNY")
    assert drawn.curves[0].points == f"{charts.LEFT}.0,{charts.HIGH - charts.BOTTOM}.0"
    assert len(drawn.marks) == 4


def test_curves_share_one_span_of_months():
    long = [("2026-01", 100), ("2026-02", 50), ("2026-03", 0)]
    drawn = charts.curves([(same("a"), "this", long[:2]), (same("b"), "other", long)], "CNY")
    short, whole = (curve.points.split() for curve in drawn.curves)
    assert short == whole[:2]
    assert [mark.says.en for mark in drawn.marks][-2:] == ["Jan 2026", "Mar 2026"]
