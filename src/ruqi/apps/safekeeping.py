"""Keep a desk safe: all that its database holds into one file, and back into an empty one."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from ruqi.adapters.postgres import backup
from ruqi.adapters.postgres.backup import Head
from ruqi.adapters.postgres.server import Server
from ruqi.apps.server import django_ready, named, there
from ruqi.primitives.errors import NotThere


def back_up(data: Path, file: Path) -> Head:
    """Write the desk of DATABASE_URL, else the private one in `data`, to `file`.

    The desk may be open meanwhile. Raises what `backup.back_up` raises, and NotThere where `data`
    holds no desk.
    """
    with _running(named(there(data))):
        return backup.back_up(_owner(), file, version("ruqi"))


def restore(data: Path, file: Path) -> Head:
    """Put a backup into the empty database of DATABASE_URL, else a new private one in `data`.

    Raises:
        NotThere: `file` is no whole backup, or a newer version made it; nothing was changed.
        FileExistsError: the database is not empty; nothing was changed.
        OutsideFailed: PostgreSQL failed; the database is as empty as before.
    """
    head = backup.head_of(file)
    server = named(data)
    django_ready()
    if not set(head.migrations) <= _known():
        raise NotThere(
            f"{file} was made by a newer version of Ruqi ({head.software}); nothing was changed"
        )
    from ruqi.adapters.postgres.migrate import migrate

    with _running(server):
        backup.restore(_owner(), file)
        migrate()
        from django.db import connections

        connections.close_all()
    return head


@contextmanager
def _running(server: Server | None) -> Iterator[None]:
    if server is None:
        yield
        return
    server.start()
    try:
        yield
    finally:
        server.stop()


def _owner() -> str:
    return os.environ.get("DATABASE_OWNER_URL") or os.environ["DATABASE_URL"]


def _known() -> frozenset[str]:
    """Every change of tables that this version knows."""
    from django.db.migrations.loader import MigrationLoader

    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations or {}
    return frozenset(f"{app}.{name}" for app, name in known)
