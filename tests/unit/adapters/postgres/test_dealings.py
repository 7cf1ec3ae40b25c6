from datetime import UTC, datetime

import pytest

from ruqi.adapters.postgres import dealings
from ruqi.adapters.postgres.models import ContactRow

pytestmark = pytest.mark.django_db


def test_the_newest_come_first_and_all_are_counted(desk):
    few = dealings.payments(desk, "A1")
    assert (few.total, len(few.rows), few.page) == (14, 10, None)
    assert few.minor == sum(10_000 + place for place in range(13)) - 500
    assert (str(few.first), str(few.last)) == ("2004-09-07", "2005-09-09")
    newest = [str(row["value_on"]) for row in few.rows]
    assert newest == sorted(newest, reverse=True) and newest[0] == "2005-09-09"
    assert few.rows[0]["kind"] == "chargeback"


def test_pages_hold_each_row_once_and_one_too_far_is_the_last(desk, monkeypatch):
    monkeypatch.setattr(dealings, "PAGE", 5)
    pages = [dealings.payments(desk, "A1", page) for page in (1, 2, 3)]
    assert [len(one.rows) for one in pages] == [5, 5, 4]
    places = [row["place"] for one in pages for row in one.rows]
    assert places == list(range(13, -1, -1))
    assert (pages[0].page, pages[0].pages) == (1, 3)
    assert dealings.payments(desk, "A1", 10**6) == pages[2]


@pytest.mark.parametrize("page", [None, 1, 2])
def test_nobody_has_nothing(desk, page):
    for found in (dealings.payments(desk, "A2", page), dealings.contacts(desk, "no", page)):
        assert (list(found.rows), found.total, found.minor, found.pages) == ([], 0, None, 1)
        assert found.first is found.last is None


def test_another_runs_rows_are_not_this_ones(desk):
    assert dealings.payments(desk + 1, "A1").total == 0


def test_contacts_of_a_stretch(desk):
    borrower = ContactRow.objects.values_list("borrower_id", flat=True).first()
    since, until = datetime(2005, 9, 28, 2, tzinfo=UTC), datetime(2005, 9, 30, 2, 15, tzinfo=UTC)
    found = dealings.contacts_between(desk, borrower, since, until)
    assert [row["at"] for row in found] == [since]  # its end is not of it
    assert dealings.contacts(desk, borrower).total == 4


def test_each_asks_once(desk, django_assert_num_queries):
    with django_assert_num_queries(1):
        dealings.payments(desk, "A1", 1)
