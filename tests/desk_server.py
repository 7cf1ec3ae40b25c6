"""One private PostgreSQL for a whole test run, in a folder that `nobody` reaches."""

import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from ruqi.adapters.postgres import roles
from ruqi.adapters.postgres.server import Server


@contextmanager
def short_folder():
    """A folder whose path is short enough for a socket and open enough for another user."""
    folder = Path(tempfile.mkdtemp(prefix="ruqi-", dir="/var/tmp"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def desk_server():
    with short_folder() as folder:
        server = Server(folder / "db", durable=False)
        server.start()
        with psycopg.connect(server.url(roles.SUPERUSER), autocommit=True) as connection:
            connection.execute(f"ALTER ROLE {roles.OWNER} CREATEDB")
        yield server
        server.stop()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, desk_server):
    from django.conf import settings
    from django.db import connections

    for alias in settings.DATABASES:
        for words in (settings.DATABASES[alias], connections[alias].settings_dict):
            words |= {"HOST": str(desk_server.data), "USER": roles.OWNER, "NAME": roles.DATABASE}


@pytest.fixture
def desk(db):
    """A run on the shelf; its id. Pages forget what they read of earlier tests' runs."""
    from desk_books import held_run
    from ruqi.adapters.postgres import shelf, worklist
    from ruqi.apps.console import opened, since

    for kept in (opened.opened, opened.drawn, since.moves, worklist._only):
        kept.cache_clear()
    return shelf.put(held_run())


@pytest.fixture
def person(db):
    """Makes somebody with roles and a signed-in client of theirs."""
    from django.contrib.auth.models import Group, User
    from django.test import Client

    def made(*names, name="somebody"):
        user = User.objects.create_user(name)
        user.groups.set([Group.objects.get_or_create(name=one)[0] for one in names])
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return made


@pytest.fixture
def upload_folder(tmp_path, settings):
    """An empty folder of uploads, which the desk uses during a test."""
    settings.BOOKS = tmp_path / "books"
    settings.FILE_UPLOAD_TEMP_DIR = settings.BOOKS / ".half"
    settings.FILE_UPLOAD_TEMP_DIR.mkdir(parents=True)
    return settings.BOOKS
