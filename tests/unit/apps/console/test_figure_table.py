import pytest

from ruqi.apps.console.figure_table import figure_table
from ruqi.apps.console.opened import opened
from ruqi.services.figures import EVERY, FigureQuery

pytestmark = pytest.mark.django_db


def rows(run, **more):
    found = [dict(one) for one in run.view["measures"] if one["definition_id"] == "late_1p_count"]
    return [row | more for row in found]


def test_a_month_has_bars_and_several_have_their_month(desk):
    run = opened(desk)
    one = figure_table(run, FigureQuery("late_1p_count", "", "2005-09-30"), rows(run)[-1:])
    assert [head.text.en for head in one.columns][:2] == ["Segment", "Value"]
    assert one.rows[0][1].bar == 1.0
    assert one.rows[0][-1].text.en.startswith("⚑")  # the remark that the coding changed
    assert one.caption.zh.endswith("2005年9月")
    several = figure_table(run, FigureQuery("late_1p_count", "", EVERY), rows(run))
    assert several.columns[1].text.en == "Month"
    assert several.rows[0][2].bar is None
    assert several.caption.en.endswith("every month")
    assert not several.long  # the page is about it


def test_what_cannot_be_known_says_which_columns_it_needs(desk):
    run = opened(desk)
    lacking = rows(run, value=None, low=None, high=None, needs=["due"], segment="region=N")[:1]
    table = figure_table(run, FigureQuery(EVERY, "", EVERY), lacking)
    told = [cell.text.zh for cell in table.rows[0]]
    assert "需要 due" in told
    assert "地区：N" in told
    unknown = figure_table(run, FigureQuery(EVERY, "", EVERY), rows(run, value=None, low=None))
    assert unknown.rows[0][3].text.en == "–"
