import pytest
from django.db import ProgrammingError, connection

from ruqi.adapters.postgres.migrate import migrate
from ruqi.adapters.postgres.roles import APPLICATION, READER

RUN_ROWS = "document planrow steprow scorerow historyrow paymentrow contactrow measurerow".split()


@pytest.mark.django_db
def test_roles_have_the_least_they_need():
    migrate("default")

    def may(role, table, right):
        with connection.cursor() as cursor:
            cursor.execute("SELECT has_table_privilege(%s, %s, %s)", [role, table, right])
            return cursor.fetchone()[0]

    assert may(APPLICATION, "desk_planrow", "INSERT")
    for right in ("UPDATE", "DELETE", "TRUNCATE"):
        assert not may(APPLICATION, "desk_planrow", right)
        assert not may(READER, "desk_planrow", right)
    assert may(APPLICATION, "desk_planrow", "MAINTAIN")
    assert not may(READER, "desk_planrow", "MAINTAIN")
    assert may(APPLICATION, "desk_entrylink", "UPDATE")
    assert may(READER, "desk_planrow", "SELECT")
    with connection.cursor() as cursor:
        read = {t for t in connection.introspection.table_names(cursor) if may(READER, t, "SELECT")}
    assert read == {"desk_book", "desk_run", *(f"desk_{name}" for name in RUN_ROWS)}
    assert not may(APPLICATION, "django_migrations", "INSERT")


@pytest.mark.django_db
def test_nobody_is_without_rights_while_they_are_given_again(monkeypatch):
    migrate("default")
    words = ["REVOKE ALL ON desk_run FROM ruqi_reader", "no words at all"]
    monkeypatch.setattr("ruqi.adapters.postgres.roles.grants", lambda *_: words)
    with pytest.raises(ProgrammingError):
        migrate("default")
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(%s, 'desk_run', 'SELECT')", [READER])
        assert cursor.fetchone()[0]
