from datetime import UTC, date, datetime

import pytest

from desk_books import earlier_run
from ruqi.adapters.postgres import shelf
from ruqi.apps.console.account_known import known_blocks
from ruqi.apps.console.opened import opened
from ruqi.services.show_account import show_account

pytestmark = pytest.mark.django_db


def blocks(run_id, account):
    run = opened(run_id)
    return known_blocks(run, show_account(run_id, account, run.view, shelf).story)


def test_each_run_is_told_as_it_stood_then(desk):
    before = shelf.put(earlier_run())
    _, table = blocks(desk, "A1")
    now, then = [[cell.text.en for cell in row] for row in table.rows]
    assert now[:6] == [
        "2005-09-30",
        f"#{desk}, this one",
        "M2 (31-60 days)",
        "5,000.00",
        "10.0%",
        "Call",
    ]
    assert then[:6] == ["2005-08-31", f"#{before}", "M0 (0 days)", "123.00", "10.0%", "Wait"]
    assert table.rows[1][1].link == f"/run/{before}/account/?id=A1"
    assert table.rows[0][1].link == ""


def test_payments_and_contacts_stand_as_each_run_knew_them(desk):
    shelf.put(earlier_run())
    run = opened(desk)
    page = show_account(desk, "A1", run.view, shelf)
    last = datetime(2005, 9, 30, 16, 30, tzinfo=UTC)  # by the book's clock the next day
    _, table = known_blocks(run, page.story, date(2005, 9, 9), last)
    told = [[cell.text.en for cell in row][7:9] for row in table.rows]
    assert told == [["2005-09-09", "2005-10-01"], ["2005-08-07", "2005-08-03"]]
    story = show_account(desk, "A2", run.view, shelf).story
    _, table = known_blocks(run, story)
    assert len(table.columns) == 8  # no run knows of any


def test_an_account_that_no_earlier_run_held_teaches(desk):
    shelf.put(earlier_run())
    (note,) = blocks(desk, "A6")
    assert "first run" in note.text.en


def test_the_page_of_the_earlier_run_knows_nothing_of_the_later(desk):
    before = shelf.put(earlier_run())
    (note,) = blocks(before, "A1")
    assert note.kind == "note"
