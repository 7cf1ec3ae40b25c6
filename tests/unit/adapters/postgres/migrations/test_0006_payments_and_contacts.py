import pytest
from django.db import IntegrityError, connection, transaction

pytestmark = pytest.mark.django_db
ADD = {
    "desk_paymentrow": "(run_id, account_id, place, value_on, amount_minor) "
    "VALUES (%s, 'A1', 99, '2005-09-01', 1)",
    "desk_contactrow": "(run_id, borrower_id, place, at, channel) "
    "VALUES (%s, 'B1', 99, '2005-09-01T00:00Z', 'sms')",
}


@pytest.mark.parametrize("table", ADD)
@pytest.mark.parametrize("words", ["DELETE FROM {}", "UPDATE {} SET place = 0", "TRUNCATE {}"])
def test_not_even_the_owner_changes_them(desk, table, words):
    with pytest.raises(IntegrityError, match="only ever added"), transaction.atomic():
        connection.cursor().execute(words.format(table))


@pytest.mark.parametrize("table", ADD)
def test_they_come_with_their_run_or_not_at_all(desk, table):
    cursor = connection.cursor()
    cursor.execute(f"INSERT INTO {table} {ADD[table]}", [desk])  # this transaction's own run
    with pytest.raises(IntegrityError, match="takes no more rows"), transaction.atomic():
        cursor.execute(f"INSERT INTO {table} {ADD[table]}", [desk + 1000])
