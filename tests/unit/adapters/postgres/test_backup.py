import json
import os
import zipfile
from uuid import uuid4

import psycopg
import pytest

from ruqi.adapters.postgres import backup, roles
from ruqi.adapters.postgres.backup import DUMP, HEAD
from ruqi.primitives.errors import NotThere, OutsideFailed

TABLES = """
CREATE TABLE django_migrations (app text, name text);
CREATE TABLE auth_user (name text);
CREATE TABLE desk_run (id bigint, sealed_in bigint);
CREATE TABLE django_session (secret text);
INSERT INTO django_migrations VALUES ('desk', '0001_tables');
INSERT INTO auth_user VALUES ('赵'), ('b');
INSERT INTO desk_run VALUES (7, 12345);
INSERT INTO django_session VALUES ('signed in');
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'never'; END $$;
CREATE TRIGGER refuse BEFORE UPDATE ON desk_run FOR EACH STATEMENT EXECUTE FUNCTION refuse();
"""


@pytest.fixture
def new_database(desk_server):
    made = []

    def new(words=""):
        name = f"b{uuid4().hex[:12]}"
        with psycopg.connect(desk_server.url(roles.OWNER), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        made.append(name)
        url = desk_server.url(roles.OWNER, name)
        with psycopg.connect(url) as connection:
            if words:
                connection.execute(words)
        return url

    yield new
    with psycopg.connect(desk_server.url(roles.OWNER), autocommit=True) as connection:
        for name in made:
            connection.execute(f"DROP DATABASE {name}")


@pytest.fixture
def kept(new_database, tmp_path):
    url = new_database(TABLES)
    return backup.back_up(url, tmp_path / "b.zip", "1.2.3"), tmp_path / "b.zip"


def rows(url, words):
    with psycopg.connect(url) as connection:
        return connection.execute(words).fetchall()


def again(file, out, head=None, dump=None, compress=zipfile.ZIP_STORED):
    """The same backup with another head or dump."""
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(out, "w", compress) as new:
        raw = json.loads(old.read(HEAD)) | (head or {})
        new.writestr(DUMP, old.read(DUMP) if dump is None else dump)
        new.writestr(HEAD, json.dumps(raw))
    return out


def test_everything_comes_back_but_who_is_signed_in(kept, new_database):
    head, file = kept
    assert (head.runs, head.people, head.migrations) == (1, 2, ("desk.0001_tables",))
    assert backup.head_of(file) == head
    url = new_database()
    backup.restore(url, file)
    assert rows(url, "SELECT name FROM auth_user ORDER BY 1") == [("b",), ("赵",)]
    assert rows(url, "SELECT secret FROM django_session") == []


def test_a_restored_run_is_sealed_for_good(kept, new_database):
    _, file = kept
    url = new_database()
    backup.restore(url, file)
    assert rows(url, "SELECT id, sealed_in FROM desk_run") == [(7, 0)]
    with psycopg.connect(url) as connection, pytest.raises(psycopg.errors.RaiseException):
        connection.execute("UPDATE desk_run SET id = 8")


def test_a_backup_is_for_its_maker_alone_and_overwrites_nothing(kept, new_database, tmp_path):
    _, file = kept
    assert file.stat().st_mode & 0o077 == 0
    with pytest.raises(FileExistsError, match="nothing is overwritten"):
        backup.back_up(new_database(TABLES), file, "1")
    assert [one.name for one in tmp_path.iterdir()] == ["b.zip"]


def test_a_database_without_a_desk_is_no_desk(new_database, tmp_path):
    with pytest.raises(NotThere, match="no desk"):
        backup.back_up(new_database(), tmp_path / "b.zip", "1")
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_a_sentence(new_database, tmp_path):
    with pytest.raises(OutsideFailed, match="cannot write"):
        backup.back_up(new_database(TABLES), tmp_path / "no" / "b.zip", "1")


def test_a_database_that_holds_anything_is_left_alone(kept, new_database):
    _, file = kept
    url = new_database("CREATE TABLE mine AS SELECT 1 AS one")
    with pytest.raises(FileExistsError, match="not empty"):
        backup.restore(url, file)
    assert rows(url, "SELECT tablename FROM pg_tables WHERE schemaname='public'") == [("mine",)]


@pytest.mark.parametrize("cut", [0, 10, 0.5, 0.99])
def test_a_file_cut_short_is_damaged(kept, tmp_path, cut):
    whole = kept[1].read_bytes()
    (tmp_path / "cut").write_bytes(whole[: cut if cut > 1 else int(len(whole) * cut)])
    with pytest.raises(NotThere, match="damaged; nothing was changed"):
        backup.head_of(tmp_path / "cut")


@pytest.mark.parametrize("place", [0.1, 0.5, 0.8])
def test_one_wrong_byte_is_found(kept, tmp_path, place):
    whole = bytearray(kept[1].read_bytes())
    whole[int(len(whole) * place)] ^= 1
    (tmp_path / "bad").write_bytes(whole)
    with pytest.raises(NotThere, match="damaged"):
        backup.head_of(tmp_path / "bad")


def test_other_files_are_no_backups(kept, tmp_path):
    _, file = kept
    with pytest.raises(NotThere, match="no such file"):
        backup.head_of(tmp_path)
    with pytest.raises(NotThere, match="damaged"):
        backup.head_of(again(file, tmp_path / "squeezed", compress=zipfile.ZIP_DEFLATED))
    with pytest.raises(NotThere, match="damaged"):
        backup.head_of(again(file, tmp_path / "other", dump=b"PGDMP"))
    with pytest.raises(NotThere, match="damaged"):
        backup.head_of(again(file, tmp_path / "word", {"nonsense": 1}))
    with pytest.raises(NotThere, match=r"another version of Ruqi \(1.2.3\)"):
        backup.head_of(again(file, tmp_path / "later", {"format": 2, "nonsense": 1}))


def test_what_postgresql_refuses_leaves_an_empty_database(kept, new_database, tmp_path):
    _, file = kept
    url = new_database()
    whole = zipfile.ZipFile(file).read(DUMP)
    for dump in (b"no dump", whole[: len(whole) - 200]):
        bad = again(file, tmp_path / "bad", dump=dump)
        with pytest.raises(OutsideFailed, match=r"pg_restore failed: .*error"):
            backup.restore(url, bad)
        assert rows(url, "SELECT count(*) FROM pg_tables WHERE schemaname='public'") == [(0,)]


def test_a_password_never_stands_among_a_programs_words(monkeypatch):
    seen = []

    class Process:
        stdin = stdout = None

        def __init__(self, command, env, **_):
            seen.append((command, env))

        def wait(self):
            return 0

    monkeypatch.setattr(backup.subprocess, "Popen", Process)
    with backup._program("pg_dump", "host=x user=u password=hush dbname=d", []):
        pass
    ((command, environment),) = seen
    assert "hush" not in " ".join(command)
    assert environment["PGPASSWORD"] == "hush"
    assert "PGPASSWORD" not in os.environ
