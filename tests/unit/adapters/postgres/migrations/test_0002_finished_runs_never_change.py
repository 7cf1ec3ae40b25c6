import pytest
from django.db import IntegrityError, connection, transaction

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "words",
    [
        "UPDATE desk_planrow SET treatment = 'wait'",
        "DELETE FROM desk_historyrow",
        "TRUNCATE desk_document",
        "UPDATE desk_run SET folder = ''",
        "DELETE FROM desk_act",
    ],
)
def test_not_even_the_owner_changes_a_finished_run(desk, words):
    with pytest.raises(IntegrityError, match="only ever added"), transaction.atomic():
        connection.cursor().execute(words)


def test_a_finished_run_takes_no_more_rows(desk):
    cursor = connection.cursor()
    words = (
        "INSERT INTO desk_run (book_id, as_of, currency, folder, sha256, accounts, loaded_at, "
        "sealed_in) SELECT book_id, as_of, currency, folder, 'c', accounts, loaded_at, "
        "sealed_in - 1 FROM desk_run RETURNING id"
    )
    cursor.execute(words)  # as if an earlier transaction had added it
    earlier = cursor.fetchone()[0]
    add = "INSERT INTO desk_document (run_id, name, body) VALUES (%s, 'late.json', '{}')"
    with pytest.raises(IntegrityError, match="takes no more rows"), transaction.atomic():
        cursor.execute(add, [earlier])
    with pytest.raises(IntegrityError, match="takes no more rows"), transaction.atomic():
        cursor.execute(add, [earlier + 1000])  # of no run at all
    cursor.execute(add, [desk])  # this transaction's own
