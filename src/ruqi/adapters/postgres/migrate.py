"""Bring the tables up to date as their owner, and give the other roles their rights."""

from django.core.management import call_command
from django.db import connections

from ruqi.adapters.postgres import roles
from ruqi.adapters.postgres.models import ADDED_ONLY, READ

KEPT = ("django_migrations",)  # the owner's own


def migrate(owner: str = "owner") -> None:
    """Every change that is missing, on the database alias `owner`; safe to repeat.

    Rights are given where the three roles exist, as on the private server.
    """
    call_command("migrate", database=owner, verbosity=0, interactive=False)
    connection = connections[owner]
    with connection.cursor() as cursor:
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
