import pytest

from desk_books import earlier_run
from ruqi.adapters.postgres import shelf
from ruqi.apps.console import changes
from ruqi.apps.console.changes import change_blocks, found_changes, points, step
from ruqi.apps.console.opened import opened

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def forget():
    changes._found.cache_clear()


def blocks(run):
    return change_blocks(run, found_changes(run))


def test_the_first_run_teaches(desk):
    lead, mend = blocks(opened(desk))
    assert "first run" in lead.text.en
    assert "下一个月" in mend.text.zh


def test_a_run_that_was_loaded_later_but_stands_earlier_is_found(desk):
    run = opened(desk)
    assert len(blocks(run)) == 2
    shelf.put(earlier_run())
    lead, policy, figures, plan, moves, buckets = blocks(run)
    assert "31 August 2005" in lead.text.en
    assert "before" in policy.text.en
    assert figures.rows[0][3].text.en == "not comparable"  # the coding changed in September
    assert figures.rows[0][4].text.en.startswith("⚑")
    told = [[cell.text.en for cell in row] for row in moves.rows]
    assert ["Wait", "Call", "1", "NT$5,000"] in told
    assert any("not in the last plan" in row for row in told)
    assert "4 accounts keep" in moves.foot.en
    names = [row[0].text.en for row in buckets.rows]
    assert names[0].startswith("M0 (")
    assert plan.rows[0][1].text.en == "5"


def test_changes_are_told_with_arrows_and_no_colour():
    assert points(0.0123).en == "▲ 1.23 pp"
    assert points(-0.0123).zh == "▼ 1.23 个百分点"
    assert points(0.0).en == "= 0.00 pp"
    assert [step(one, "7") for one in (7, -7, 0)] == ["▲ 7", "▼ 7", "="]
