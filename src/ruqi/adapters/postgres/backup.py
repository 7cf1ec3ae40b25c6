"""A whole desk as one file, and back: PostgreSQL's own dump beside a head that says what it is.

The file is a zip that stores and does not compress: `backup.json`, and `desk.dump` in pg_dump's
custom format, which `pg_restore` reads without Ruqi too. Who is signed in is left out.
"""

import json
import os
import subprocess
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from ruqi.adapters.postgres.programs import Programs, installed
from ruqi.primitives.errors import NotThere, OutsideFailed

HEAD, DUMP = "backup.json", "desk.dump"
FORMAT = 1
HEAD_MOST = 1 << 20  # bytes
PIECE = 1 << 20
# Rights and owners differ between servers, so whoever restores owns all and grants anew.
PLAIN = ("--no-owner", "--no-privileges", "--no-comments", "--no-tablespaces")


@dataclass(frozen=True)
class Head:
    """What a backup says of itself. `migrations` are the changes its tables have been through."""

    format: int
    software: str
    made_at: str
    server: str
    migrations: tuple[str, ...]
    runs: int
    people: int
    bytes: int = 0
    sha256: str = ""


def back_up(url: str, file: Path, software: str) -> Head:
    """Write the desk behind `url` (its owner's) to `file`, at one instant, whole or not at all.

    Raises:
        FileExistsError: `file` is there already.
        NotThere: the database holds no desk.
        OutsideFailed: the database or the disk fails.
    """
    if file.exists():
        raise FileExistsError(f"{file} exists; choose another name, nothing is overwritten")
    half = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with half.open("xb") as out:
            half.chmod(0o600)
            with _instant(url) as (connection, snapshot):
                head = _written(url, out, _head(connection, software), snapshot)
            os.fsync(out.fileno())
        half.rename(file)
    except OSError as error:
        raise OutsideFailed(f"cannot write {file}: {error.strerror}") from error
    except psycopg.OperationalError as error:
        raise OutsideFailed(f"the database does not answer: {error}", True) from error
    finally:
        half.unlink(missing_ok=True)
    return head


@contextmanager
def _instant(url: str) -> Iterator[tuple[psycopg.Connection[tuple[object, ...]], str]]:
    """One instant of the database, which the dump and its head both see."""
    with psycopg.connect(url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        yield connection, str(row[0] if row else "")


def _head(connection: psycopg.Connection[tuple[object, ...]], software: str) -> Head:
    if not _tables(connection, "django_migrations"):
        raise NotThere("this database holds no desk; nothing was written")
    done = connection.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
    migrations = tuple(f"{app}.{name}" for app, name in done)
    counts = [
        connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608 - two names
        for table in ("desk_run", "auth_user")
    ]
    runs, people = (int(str(row[0])) if row else 0 for row in counts)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    server = connection.info.parameter_status("server_version") or ""
    return Head(FORMAT, software, now, server, migrations, runs, people)


def _tables(connection: psycopg.Connection[tuple[object, ...]], name: str = "%") -> list[str]:
    words = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename LIKE %s"
    return [str(row[0]) for row in connection.execute(words, [name])]


def _written(url: str, out: IO[bytes], head: Head, snapshot: str) -> Head:
    whole, size = sha256(), 0
    arguments = ["--format=custom", "--compress=gzip:1", f"--snapshot={snapshot}", *PLAIN]
    arguments += ["--exclude-table-data=django_session"]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as parcel:
        with (
            parcel.open(DUMP, "w", force_zip64=True) as entry,
            _program("pg_dump", url, arguments) as process,
        ):
            assert process.stdout is not None
            while piece := process.stdout.read(PIECE):
                whole.update(piece)
                size += len(piece)
                entry.write(piece)
        head = replace(head, bytes=size, sha256=whole.hexdigest())
        parcel.writestr(HEAD, json.dumps(asdict(head), ensure_ascii=False, indent=2) + "\n")
    return head


def head_of(file: Path) -> Head:
    """The head of a backup whose every byte is as it was written. Raises NotThere with a sentence.

    Reads the whole file, changes nothing.
    """
    if not file.is_file():
        raise NotThere(f"no such file: {file}")
    try:
        with zipfile.ZipFile(file) as parcel:
            entries = [parcel.getinfo(name) for name in (HEAD, DUMP)]
            if any(one.compress_type != zipfile.ZIP_STORED for one in entries):
                raise ValueError
            if entries[0].file_size > HEAD_MOST:
                raise ValueError
            raw = json.loads(parcel.read(HEAD))
            if raw["format"] != FORMAT:
                other = raw["software"]
                raise NotThere(
                    f"{file} was made by another version of Ruqi ({other}); nothing was changed"
                )
            head = Head(**{**raw, "migrations": tuple(map(str, raw["migrations"]))})
            whole = sha256()
            with parcel.open(DUMP) as dump:
                while piece := dump.read(PIECE):
                    whole.update(piece)
    except NotThere:
        raise
    except (zipfile.BadZipFile, OSError, EOFError, LookupError, TypeError, ValueError) as error:
        raise _damaged(file) from error
    if whole.hexdigest() != head.sha256:
        raise _damaged(file)
    return head


def _damaged(file: Path) -> NotThere:
    return NotThere(f"{file} is no backup of a desk, or it is damaged; nothing was changed")


def restore(url: str, file: Path) -> None:
    """Put a backup that `head_of` has passed into the empty database behind `url` (its owner's).

    One transaction: all of it, or nothing. Then the tables are as the backup knew them; newer
    changes and rights are for `migrate`.

    Raises:
        FileExistsError: the database is not empty.
        OutsideFailed: PostgreSQL refuses it, or does not answer.
    """
    try:
        with psycopg.connect(url) as connection:
            if _tables(connection):
                raise FileExistsError(
                    "the database is not empty; restore into a new one, nothing was changed"
                )
        _filled(url, file)
        with psycopg.connect(url) as connection:
            # Transactions of another server's past must not count as this one's future.
            connection.execute("ALTER TABLE desk_run DISABLE TRIGGER USER")
            connection.execute("UPDATE desk_run SET sealed_in = 0")
            connection.execute("ALTER TABLE desk_run ENABLE TRIGGER USER")
    except psycopg.OperationalError as error:
        raise OutsideFailed(f"the database does not answer: {error}", True) from error


def _filled(url: str, file: Path) -> None:
    arguments = ["--single-transaction", "--exit-on-error", *PLAIN]
    with (
        zipfile.ZipFile(file) as parcel,
        parcel.open(DUMP) as dump,
        _program("pg_restore", url, arguments) as process,
    ):
        assert process.stdin is not None
        try:
            while piece := dump.read(PIECE):
                process.stdin.write(piece)
            process.stdin.close()
        except BrokenPipeError:
            pass  # it stopped reading: its exit says why


@contextmanager
def _program(name: str, url: str, arguments: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    """One of PostgreSQL's programs on this database. Raises OutsideFailed where it fails."""
    words = {key: str(value) for key, value in conninfo_to_dict(url).items()}
    secret = {"PGPASSWORD": words.pop("password")} if "password" in words else {}  # not in `ps`
    home = installed()
    environment = {**os.environ, **Programs(home, None).environment(), **secret}
    command = [str(home / "bin" / name), *arguments, f"--dbname={make_conninfo(**words)}"]
    with TemporaryFile() as said:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
            env=environment,
        )
        try:
            yield process
        except BaseException:
            process.kill()
            raise
        finally:
            code = _ended(process)
        if code:
            said.seek(0)
            raise OutsideFailed(f"{name} failed: {_first(said.read().decode(errors='replace'))}")


def _ended(process: subprocess.Popen[bytes]) -> int:
    for stream in (process.stdin, process.stdout):
        if stream is not None and not stream.closed:
            try:
                stream.close()
            except BrokenPipeError:
                continue
    return process.wait()


def _first(said: str) -> str:
    """The first line that tells an error; it names tables, and never a row."""
    lines = [line for line in said.splitlines() if "error" in line] or said.splitlines() or [""]
    return lines[0].strip()
