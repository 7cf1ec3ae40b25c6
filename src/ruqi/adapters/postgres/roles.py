"""Who may do what in the database: an owner builds, the application works, a reader reads.

Only the owner changes tables. The application adds finished runs and cannot change or delete them;
the reader sees books and runs, and nothing about people who sign in.
"""

from collections.abc import Iterable

import psycopg
from psycopg import sql

SUPERUSER = "ruqi_super"  # of the private server alone: makes the others, then rests
OWNER = "ruqi_owner"
APPLICATION = "ruqi_app"
READER = "ruqi_reader"
ALL = (SUPERUSER, OWNER, APPLICATION, READER)
DATABASE = "ruqi"
BOOKS = "desk_"  # tables of books and runs begin so; the others belong to sign-in


def set_up(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """Make roles and database where they are missing. `connection` is the superuser's, autocommit.

    Safe to repeat.
    """
    known = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
    for role in (OWNER, APPLICATION, READER):
        if role not in known:
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
    there = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
    if there.fetchone() is None:
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {}").format(
                sql.Identifier(DATABASE), sql.Identifier(OWNER)
            )
        )
        for role in ("PUBLIC", APPLICATION, READER):
            words = "REVOKE ALL ON DATABASE {} FROM {}" if role == "PUBLIC" else ""
            who = sql.SQL("PUBLIC") if role == "PUBLIC" else sql.Identifier(role)
            words = words or "GRANT CONNECT ON DATABASE {} TO {}"
            connection.execute(sql.SQL(words).format(sql.Identifier(DATABASE), who))


def grants(tables: Iterable[str], finished: Iterable[str], read: Iterable[str]) -> list[str]:
    """The statements that give application and reader their rights; the owner runs them.

    `tables` are all that there are, `finished` those that are only ever added to, `read` those of
    books and runs, which a reader sees.
    """
    kept, shown = set(finished), set(read)
    said = [f"GRANT USAGE ON SCHEMA public TO {APPLICATION}, {READER}"]
    for table in sorted(tables):
        right = "SELECT, INSERT" if table in kept else "SELECT, INSERT, UPDATE, DELETE"
        said.append(f'REVOKE ALL ON "{table}" FROM {APPLICATION}, {READER}')
        said.append(f'GRANT {right} ON "{table}" TO {APPLICATION}')
        if table in shown:
            said.append(f'GRANT SELECT ON "{table}" TO {READER}')
    said.append(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {APPLICATION}")
    return said


def counting(finished: Iterable[str]) -> list[str]:
    """Statements that let the application count finished runs' rows for the planner.

    PostgreSQL 17 or later; an older server counts by itself, some minutes later.
    """
    return [f'GRANT MAINTAIN ON "{table}" TO {APPLICATION}' for table in sorted(finished)]
