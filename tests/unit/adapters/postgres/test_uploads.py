from datetime import UTC, datetime

import pytest
from django.db import transaction

from ruqi.adapters.postgres import jobs, uploads
from ruqi.adapters.postgres.models import Upload
from ruqi.services.work import Kind, Outcome, State
from some_uploads import kept_upload

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 25, tzinfo=UTC)


def test_confirmed_uploads_are_known_by_their_folders():
    kept_upload(key="a" * 32)
    assert uploads.keys() == {"a" * 32: True}
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


def test_a_discarded_upload_is_gone_and_its_history_and_run_stay(desk):
    upload = kept_upload("book", [{"name": "a.csv", "bytes": 3}], key="d" * 32)
    Upload.objects.update(look={"files": ["row"]})
    job = jobs.order(upload, Kind.RUN, None)
    jobs.finish(jobs.take(), Outcome(State.DONE, {"faults": ["a cell"]}, desk))
    assert uploads.discard(upload, AT)
    assert uploads.find(upload) is None
    assert (uploads.total(), list(uploads.newest(0, 10))) == (0, [])
    assert uploads.keys() == {"d" * 32: False}  # its folder stays known: runs lie in it
    (told,) = uploads.history("book")
    assert (told.pk, told.run_id, told.result) == (job, desk, None)
    assert Upload.objects.get().look is None
    assert not uploads.discard(upload, AT)  # once


@pytest.mark.parametrize("taken", [False, True])
def test_an_upload_under_way_is_not_discarded(taken):
    upload = kept_upload()
    jobs.order(upload, Kind.CHECK, None)
    if taken:
        jobs.take()
    assert not uploads.discard(upload, AT)
    assert uploads.find(upload)


def test_nothing_is_ordered_on_a_discarded_upload():
    upload = kept_upload()
    assert uploads.discard(upload, AT)
    assert jobs.order(upload, Kind.CHECK, None) is None
    assert not uploads.discard(upload + 1000, AT)


def test_an_upload_is_held_only_where_it_is_free():
    upload = kept_upload()
    with transaction.atomic():
        assert uploads.hold(upload)
    jobs.order(upload, Kind.CHECK, None)
    with transaction.atomic():
        assert not uploads.hold(upload)
        assert not uploads.hold(upload + 1)
