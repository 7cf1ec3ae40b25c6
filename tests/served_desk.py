"""`ruqi serve --demo` in a process of its own, to be looked at, used and killed."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import psycopg

from ruqi.adapters.postgres import roles

OURS = ("DATABASE", "RUQI_BOOKS", "RUQI_KEEPER", "DJANGO")


class Processes(NamedTuple):
    """Pids of one desk, whoever started them: workers, PostgreSQL itself, and its sessions."""

    workers: list
    postgres: list
    sessions: list  # of the application
    helpers: list  # PostgreSQL's other processes


class Served:
    """`ruqi serve --demo` in a process of its own."""

    def __init__(self, folder):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.folder, self.base = folder, f"http://127.0.0.1:{self.port}"
        self.log = folder / "log"
        self.run = folder / "run"

    def start(self):
        """Start it; the sign-in link that it prints once it answers."""
        self.launch()
        until = time.monotonic() + 300
        while not self.answers():
            assert time.monotonic() < until, self.said()
            assert self.process.poll() is None, self.said()
            time.sleep(0.1)
        return next(word for word in self.said().split() if word.startswith(f"{self.base}/enter/"))

    def launch(self):
        """Start it, and wait for nothing."""
        words = [sys.executable, "-m", "ruqi", "serve", "--demo", "--port", str(self.port)]
        words += ["--data", str(self.folder / "db")]
        words += ["--run", str(self.run)] if self.run.exists() else []
        environment = {k: v for k, v in os.environ.items() if not k.startswith(OURS)}
        with self.log.open("w") as log:
            self.process = subprocess.Popen(words, stdout=log, stderr=log, env=environment)

    def said(self):
        """What it has printed since its start."""
        return self.log.read_text()

    def answers(self):
        try:
            urllib.request.urlopen(f"{self.base}/enter/nobody/", timeout=30)
        except urllib.error.HTTPError as error:
            return error.code == 410  # the database was asked, and knows no such link
        except (urllib.error.URLError, OSError):
            return False
        raise AssertionError("a link that was never made works")

    def end(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        return self.process.wait(30)

    def asks(self, words, *values, role=roles.APPLICATION):
        """Rows of the desk's own database, as its application or in another role."""
        url = f"host={self.folder / 'db'} user={role} dbname={roles.DATABASE}"
        with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
            return connection.execute(words, values).fetchall()

    def worker(self):
        """The pid of the desk's worker; None while there is none."""
        return next(iter(self.workers()), None)

    def workers(self):
        """The pids of all workers of this desk's process."""
        return [pid for pid in self.processes().workers if _parent(pid) == self.process.pid]

    def processes(self):
        """All processes that work on this desk's folder, but the server itself."""
        found = Processes([], [], [], [])
        books, db = os.fsencode(f"RUQI_BOOKS={self.books}\0"), str(self.folder / "db")
        for place in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                pid, command = int(place.name), (place / "cmdline").read_bytes()
                if b"ruqi.apps.worker" in command and books in (place / "environ").read_bytes():
                    found.workers.append(pid)
                elif b"postgres" in command and str((place / "cwd").readlink()) == db:
                    session = b" ruqi_app ruqi " in command
                    itself = b"/postgres\0-D\0" in command
                    (
                        found.postgres if itself else found.sessions if session else found.helpers
                    ).append(pid)
        return found

    def alone(self):
        """Whether there is one worker and one PostgreSQL, and nobody of an earlier life."""
        ours = self.processes()
        return (
            self.workers() == ours.workers
            and len(ours.workers) == len(ours.postgres) == 1
            and all(_parent(pid) == ours.postgres[0] for pid in (*ours.sessions, *ours.helpers))
        )

    @property
    def books(self):
        """The folder of uploads."""
        return self.folder / "db-books"


def _parent(pid):
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    return int(stat.rpartition(")")[2].split()[1])
