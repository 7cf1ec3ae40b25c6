import pytest
from django.db import DatabaseError, connection, transaction

from desk_books import held_run
from ruqi.adapters.postgres import shelf
from ruqi.adapters.postgres.models import (
    Act,
    ContactRow,
    HistoryRow,
    MeasureRow,
    PaymentRow,
    Run,
)

pytestmark = pytest.mark.django_db


def test_a_run_comes_back_as_it_went_in(desk):
    run = held_run()
    assert shelf.documents(desk)["limits.json"] == run.documents["limits.json"]
    assert shelf.plan(desk)["balance_minor"].sum() == run.frames["plan"]["balance_minor"].sum()
    assert shelf.known(run.sha256) == desk
    assert shelf.known("b" * 64) is None
    assert HistoryRow.objects.count() == run.frames["history"].height
    assert PaymentRow.objects.count() == run.frames["payments"].height
    assert ContactRow.objects.count() == run.frames["contacts"].height
    assert MeasureRow.objects.count() == run.frames["measures"].height
    assert [one.id for one in shelf.runs()] == [desk]


def test_half_a_run_is_never_there(db):
    run = held_run()
    broken = {**run.frames, "history": run.frames["history"].with_columns(nonsense=1)}
    with pytest.raises(DatabaseError), transaction.atomic():
        shelf.put(type(run)(run.folder, run.sha256, run.documents, broken))
    assert not Run.objects.exists()


def test_a_run_without_payments_and_contacts_comes_too(db):
    run = held_run()
    frames = {name: run.frames[name] for name in run.frames if name not in ("payments", "contacts")}
    assert shelf.put(type(run)(run.folder, run.sha256, run.documents, frames))
    assert not PaymentRow.objects.exists()


def test_an_account_has_its_rows_and_a_stranger_none(desk):
    rows = shelf.account(desk, "A1")
    assert rows.plan["account_id"] == "A1"
    assert [step["treatment"] for step in rows.steps] == ["wait", "call"]  # the gentlest first
    assert rows.scores[0]["families"][0] == {"family": "lateness", "contribution": 1.5}
    assert [str(row["on"]) for row in rows.history] == ["2005-08-31", "2005-09-30"]
    assert rows.others == []
    assert shelf.account(desk, "nobody") is None


def test_acts_are_on_record(db):
    shelf.note(None, "export", {"rows": 3})
    assert Act.objects.get().detail == {"rows": 3}


def test_queries_of_a_page_do_not_grow_with_its_rows(desk, django_assert_num_queries):
    with django_assert_num_queries(5):
        shelf.account(desk, "A1")
    assert connection.vendor == "postgresql"
