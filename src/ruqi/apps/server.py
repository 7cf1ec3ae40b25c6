"""The desk as one process: its database, its tables, its runs, and the pages over them.

One process with threads, not several: the private database lives and dies with it, a run is read
once for all, and nothing is forked after Polars has started its threads.
"""

import os
import secrets
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ruqi.adapters.postgres import roles
from ruqi.adapters.postgres.server import Server, folder_for
from ruqi.apps.worker.keep import Keeper
from ruqi.primitives.errors import NotThere, OutsideFailed

SETTINGS = "ruqi.apps.settings"
THREADS = 8
WATCH_S = 1.0
Say = Callable[[str], None]


@dataclass(frozen=True)
class Desk:
    """Where to listen, where the private database is, which finished runs to load first."""

    host: str
    port: int
    data: Path
    runs: tuple[Path, ...] = ()
    demo: bool = False
    spare: bool = False  # whether another port will do where this one is taken


def serve(desk: Desk, say: Say) -> None:
    """Serve until stopped.

    Raises:
        OutsideFailed: the port is taken, or there is no database to be had.
        NotThere: one of `runs` is no finished run.
    """
    _end_by_signal()
    listening = _listening(desk)
    desk = replace(desk, port=listening.getsockname()[1])
    try:
        with database(desk.data), working(say):
            ready(desk, say)
            _answer(listening)
    finally:
        listening.close()


def _end_by_signal() -> None:
    """SIGTERM and Ctrl-C end the desk as they should: what runs beside it is stopped, code 0."""
    ends = (signal.SIGTERM, signal.SIGINT)

    def leave(*_: object) -> None:
        for one in ends:
            signal.signal(one, signal.SIG_IGN)  # a second one would break off the stopping
        sys.exit(0)

    if threading.current_thread() is threading.main_thread():
        for one in ends:
            signal.signal(one, leave)


def _listening(desk: Desk) -> socket.socket:
    try:
        return listen(desk.host, desk.port)
    except OutsideFailed:
        if not desk.spare:
            raise
        return listen(desk.host, 0)


def listen(host: str, port: int) -> socket.socket:
    """A socket bound to this address. Raises OutsideFailed where it is taken or is none of ours."""
    bound = None
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        bound = socket.socket(family, socket.SOCK_STREAM)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
    except OSError as error:
        if bound is not None:
            bound.close()
        why = error.strerror or error
        raise OutsideFailed(
            f"cannot listen on {host}:{port}: {why}; choose another --port"
        ) from error
    return bound


@contextmanager
def database(data: Path) -> Iterator[None]:
    """The database of DATABASE_URL, else a private one in `data`; Django is set up inside."""
    server = named(data)
    if server is not None:
        server.start()
        os.environ.setdefault("RUQI_SECRET_KEY", _key(server.data))
    books = data.resolve().with_name(f"{data.resolve().name}-books")
    os.environ.setdefault("RUQI_BOOKS", str(books))  # the files of uploads and of their runs
    ends = threading.Event()
    watch = threading.Thread(target=_watch, args=(server, ends), daemon=True)
    try:
        _set_up()
        if server is not None:
            watch.start()
        yield
    finally:
        ends.set()
        if server is not None:
            if watch.is_alive():
                watch.join()  # else it might start again what is stopped now
            _close()
            server.stop()


@contextmanager
def working(say: Say) -> Iterator[Keeper]:
    """A worker process beside, inside a `database`; halves of earlier uploads are swept away.

    Confirmed uploads that the database does not know, an older backup's, are set aside and told.
    """
    from django.conf import settings

    from ruqi.adapters.files import upload_folders
    from ruqi.adapters.postgres import uploads

    with upload_folders.opened(settings.BOOKS, uploads.keys) as aside:
        if aside:
            place = settings.BOOKS / upload_folders.ASIDE
            say(f"uploads unknown to this database, moved to {place}: {len(aside)}")
        keeper = Keeper()
        keeper.start()
        try:
            yield keeper
        finally:
            keeper.stop()


def work(data: Path) -> None:
    """Only a worker, until stopped: for a desk whose pages are served elsewhere.

    Raises OutsideFailed: there is no database to be had.
    """
    with database(data):
        keeper = Keeper()
        keeper.start()
        try:
            signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
            keeper.wait()
        finally:
            keeper.stop()


def named(data: Path) -> Server | None:
    """The private server in `data`, which the environment names from now on; it is not started.

    None where DATABASE_URL names one already.
    """
    if "DATABASE_URL" in os.environ:
        return None
    server = Server(folder_for(data))
    os.environ["DATABASE_URL"] = server.url(roles.APPLICATION)
    os.environ["DATABASE_OWNER_URL"] = server.url(roles.OWNER)
    return server


def there(data: Path) -> Path:
    """`data`, where it holds a desk or DATABASE_URL names one. Raises NotThere: neither."""
    if "DATABASE_URL" not in os.environ and not (folder_for(data) / "PG_VERSION").exists():
        raise NotThere(f"no desk in {data}; --data or RUQI_DATA names its folder")
    return data


def _key(data: Path) -> str:
    """The secret that signs sessions, made once and kept beside the database."""
    path = data.with_name(f".{data.name}.key")
    if not path.exists():
        half = path.with_suffix(f".{os.getpid()}")
        half.touch(mode=0o600)
        half.write_text(secrets.token_urlsafe(48))
        with suppress(FileExistsError):
            path.hardlink_to(half)  # whole or not at all, and the first one stays
        half.unlink()
    return path.read_text()


def django_ready() -> None:
    """Settings read, models known; no database is asked."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    django.setup()


def _set_up() -> None:
    from django.db import OperationalError, ProgrammingError, connections

    django_ready()
    from ruqi.adapters.postgres.migrate import migrate  # knows tables, so only after the set-up

    try:
        migrate()
    except OperationalError as error:
        raise OutsideFailed(f"the database does not answer: {error}", True) from error
    except ProgrammingError as error:
        raise OutsideFailed(
            "this user may not bring the desk's tables up to date; DATABASE_OWNER_URL names one "
            "who may"
        ) from error
    connections["owner"].close()  # its rights are not needed again
    os.environ.pop("DATABASE_OWNER_URL", None)  # nor by the worker, who reads strangers' files


def _close() -> None:
    from django.db import connections

    connections.close_all()


def _watch(server: Server | None, stop: threading.Event) -> None:
    """Start the private server again where it was killed, until the desk stops."""
    while server is not None and not stop.wait(WATCH_S):
        with suppress(OutsideFailed, OSError):  # the next second tries again
            server.ensure()


def ready(desk: Desk, say: Say) -> None:
    """Load runs, and print a link for the first person, or for the one who shows the demo."""
    from django.contrib.auth.models import User

    from ruqi.apps.desk_wiring import shelve
    from ruqi.apps.web.sign_in import invite
    from ruqi.services.access import Role

    for folder in desk.runs:
        shelve(folder)
    base = f"http://{desk.host}:{desk.port}"
    say(f"The desk: {base}/")
    if desk.demo or not User.objects.exists():
        secret = invite("demo" if desk.demo else "administrator", list(Role))
        say(f"Sign in once, within a day: {base}/enter/{secret}/")
    if desk.demo:
        say(f"Invite others: ./dev ruqi invite NAME --role ROLE --data {desk.data}")


def _answer(listening: socket.socket) -> None:
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application
    from waitress.channel import HTTPChannel
    from waitress.server import create_server

    from ruqi.apps.body_limit import FORMS, LimitedParser

    proxied: dict[str, Any] = {}
    if os.environ.get("RUQI_HTTPS") == "1":
        kinds = {"x-forwarded-for", "x-forwarded-proto"}
        proxied = {"trusted_proxy": "127.0.0.1", "trusted_proxy_headers": kinds}
    tempfile.tempdir = str(settings.FILE_UPLOAD_TEMP_DIR)  # bodies wait on the disk of the uploads
    HTTPChannel.parser_class = LimitedParser
    server = create_server(
        get_wsgi_application(),
        sockets=[listening],
        threads=THREADS,
        ident="ruqi",
        max_request_body_size=settings.UPLOAD_MAX + FORMS,
        **proxied,
    )
    try:
        server.run()
    finally:
        server.close()
