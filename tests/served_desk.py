"""`ruqi serve --demo` in a process of its own, to be looked at, used and killed."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import psycopg

from ruqi.adapters.postgres import roles

OURS = ("DATABASE", "RUQI_BOOKS", "RUQI_KEEPER", "DJANGO")


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
        words = [sys.executable, "-m", "ruqi", "serve", "--demo", "--port", str(self.port)]
        words += ["--data", str(self.folder / "db")]
        words += ["--run", str(self.run)] if self.run.exists() else []
        environment = {k: v for k, v in os.environ.items() if not k.startswith(OURS)}
        with self.log.open("w") as log:
            self.process = subprocess.Popen(words, stdout=log, stderr=log, env=environment)
        until = time.monotonic() + 300
        while not self.answers():
            assert time.monotonic() < until, self.log.read_text()
            assert self.process.poll() is None, self.log.read_text()
            time.sleep(0.1)
        return next(
            word for word in self.log.read_text().split() if word.startswith(f"{self.base}/enter/")
        )

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

    def asks(self, words, *values):
        """Rows of the desk's own database, as its application."""
        url = f"host={self.folder / 'db'} user={roles.APPLICATION} dbname={roles.DATABASE}"
        with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
            return connection.execute(words, values).fetchall()

    def worker(self):
        """The pid of the desk's worker; None while there is none."""
        return next(iter(self.workers()), None)

    def workers(self):
        """The pids of all workers of this desk's process."""
        found = []
        for place in Path("/proc").glob("[0-9]*"):
            try:
                command = (place / "cmdline").read_bytes()
                parent = (place / "stat").read_text().rpartition(")")[2].split()[1]
            except OSError:
                continue
            if b"ruqi.apps.worker" in command and int(parent) == self.process.pid:
                found.append(int(place.name))
        return found

    @property
    def books(self):
        """The folder of uploads."""
        return self.folder / "db-books"
