import pytest

from ruqi.adapters.postgres import jobs, uploads
from ruqi.services.work import Kind, Outcome, State
from some_uploads import kept_upload

pytestmark = pytest.mark.django_db


def test_confirmed_uploads_are_known_by_their_folders():
    kept_upload(key="a" * 32)
    assert uploads.keys() == {"a" * 32}
    assert uploads.find(10**9) is None


def test_the_list_says_where_each_stands():
    first, second = kept_upload("one"), kept_upload("two")
    jobs.order(first, Kind.DRAFT, None)
    jobs.finish(jobs.take(), Outcome(State.DONE))
    jobs.order(first, Kind.CHECK, None)
    listed = list(uploads.newest(0, 10))
    assert [one.pk for one in listed] == [second, first]
    assert (listed[0].state, listed[1].kind, listed[1].state) == (None, "check", "waiting")
    assert uploads.unfinished(first) and not uploads.unfinished(second)
    assert uploads.total() == 2


def test_a_books_history_holds_all_of_its_uploads():
    first, second = kept_upload("book"), kept_upload("book")
    for upload in (first, second):
        jobs.order(upload, Kind.CHECK, None)
    jobs.order(kept_upload("other"), Kind.CHECK, None)
    assert [one.upload_id for one in uploads.history("book")] == [second, first]
    assert uploads.last_job(first).kind == "check"
    assert uploads.last_job(first, Kind.RUN) is None
