import pytest

from desk_books import earlier_run, held_run
from ruqi.adapters.postgres import past, shelf

pytestmark = pytest.mark.django_db


@pytest.fixture
def before(db):
    return shelf.put(earlier_run())


def test_earlier_runs_stand_at_an_earlier_day_or_were_loaded_before(before, desk):
    again = shelf.put(held_run(sha256="c" * 64))
    other = held_run(sha256="d" * 64)
    other.documents["run.json"]["tape"] = "another book"
    stranger = shelf.put(other)
    assert [one.id for one in past.earlier(again)] == [desk, before]
    assert [one.id for one in past.earlier(desk)] == [before]
    assert past.earlier(before) == past.earlier(stranger) == past.earlier(10**6) == []


def test_what_moved_counts_every_account_once(before, desk):
    rows = past.moved(before, desk)
    assert sum(row["accounts"] for row in rows) == 6
    (came,) = (row for row in rows if row["came"])
    assert (came["accounts"], came["bucket"], came["treatment_before"]) == (1, "M0", None)
    (moved,) = (row for row in rows if row["treatment_before"] == "wait" != row["treatment"])
    assert (moved["treatment"], moved["bucket_before"], moved["bucket"]) in [("call", "M0", "M2")]
    assert moved["balance_minor"] == 500_000
    (gone,) = (row for row in past.moved(desk, before) if row["gone"])
    assert gone["balance_minor"] == 60_000


def test_an_account_is_told_as_each_run_knew_it(before, desk):
    rows = past.known_of("A1", past.earlier(desk))
    assert [(row["run_id"], row["balance_minor"], row["bucket"]) for row in rows] == [
        (before, 12_300, "M0")
    ]
    assert [str(rows[0][one])[:10] for one in ("last_paid", "last_contact")] == [
        "2005-08-07",
        "2005-08-03",
    ]
    assert past.known_of("A6", past.earlier(desk)) == past.known_of("A1", []) == []
