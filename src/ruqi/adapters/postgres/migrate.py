"""Bring the tables up to date as their owner, and give the other roles their rights."""

from typing import Any

from django.core.management import call_command
from django.db import connections, transaction

from ruqi.adapters.postgres import roles
from ruqi.adapters.postgres.models import ADDED_ONLY, READ

KEPT = ("django_migrations",)  # the owner's own
ALONE = 0x52757169  # of our advisory locks


def migrate(owner: str = "owner") -> None:
    """Every change that is missing, on the database alias `owner`; safe to repeat.

    Rights are given where the three roles exist, as on the private server: all at once, so that
    nobody who works meanwhile is without theirs. Who migrates at the same time waits.
    """
    connection = connections[owner]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [ALONE])
        try:
            call_command("migrate", database=owner, verbosity=0, interactive=False)
            with transaction.atomic(owner):
                _give_rights(connection, cursor)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [ALONE])


def _give_rights(connection: Any, cursor: Any) -> None:
    cursor.execute("SELECT rolname FROM pg_roles WHERE rolname LIKE 'ruqi_%%'")
    known = {row[0] for row in cursor.fetchall()}
    if {roles.APPLICATION, roles.READER} <= known:
        tables = [one for one in connection.introspection.table_names() if one not in KEPT]
        finished = [*(one._meta.db_table for one in ADDED_ONLY)]
        read = [*(one._meta.db_table for one in READ)]
        newer = cursor.connection.info.server_version >= 170000
        counting = roles.counting(finished) if newer else []
        for statement in [*roles.grants(tables, finished, read), *counting]:
            cursor.execute(statement)
