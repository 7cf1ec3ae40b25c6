import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction

from ruqi.adapters.postgres import roles
from ruqi.adapters.postgres.models import ADDED_ONLY, READ, Assignment, SavedView


@pytest.mark.django_db
def test_an_account_is_worked_by_one_person(desk):
    person = User.objects.create_user("li").pk
    add = (
        "INSERT INTO desk_assignment (run_id, account_id, person_id, at) "
        "VALUES (%s, 'A1', %s, now())"
    )
    connection.cursor().execute(add, [desk, person])
    with pytest.raises(IntegrityError), transaction.atomic():
        connection.cursor().execute(add, [desk, person])


def test_the_application_may_change_both_and_the_reader_sees_neither():
    tables = [one._meta.db_table for one in (Assignment, SavedView)]
    assert not {*tables} & {one._meta.db_table for one in ADDED_ONLY}
    said = roles.grants(tables, [], [one._meta.db_table for one in READ])
    for table in tables:
        assert f'GRANT SELECT, INSERT, UPDATE, DELETE ON "{table}" TO ruqi_app' in said
    assert not any("SELECT" in one and one.endswith("TO ruqi_reader") for one in said)
