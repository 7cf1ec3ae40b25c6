"""A desk that is killed again and again, and what must hold after each blow.

A seed decides who is killed (the desk's process, the database, one session of it, or desk and
database together), in which phase, and how many milliseconds after it began. After each blow the
database is started as it stands and looked at:

* every run on the list has all its rows, table by table, as many as its folder's files hold;
* no row belongs to a run that is not on the list;
* a run that a desk had loaded before it answered is still there, under the same id;
* every export that a reader got is on the trail of acts.
"""

import http.client
import http.cookiejar
import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import psycopg

from desk_books import held_run, write_folder
from ruqi.adapters.files import run_folder
from ruqi.adapters.files.run_folder import as_json
from ruqi.adapters.postgres import roles
from ruqi.adapters.postgres.server import Server

PHASES = {"start": 2500, "load": 500, "serve": 400}  # and the longest wait within, in ms
VICTIMS = ("desk", "database", "session", "both")
TABLES = {
    "plan": "desk_planrow",
    "steps": "desk_steprow",
    "scores": "desk_scorerow",
    "history": "desk_historyrow",
    "payments": "desk_paymentrow",
    "contacts": "desk_contactrow",
    "measures": "desk_measurerow",
}
PATIENCE_S = 120
OURS = ("DATABASE", "RUQI_", "DJANGO")


@dataclass(frozen=True)
class Blow:
    """Whom a seed kills, and when."""

    victim: str
    phase: str
    ms: int
    accounts: int  # of the run that is loaded meanwhile
    stop_after: bool  # whether who is left is stopped cleanly, or killed too


def blow(seed):
    dice = random.Random(seed)
    phase = dice.choice([*PHASES])
    return Blow(
        dice.choice(VICTIMS),
        phase,
        dice.randrange(PHASES[phase]),
        dice.choice((600, 6_000, 20_000)),
        dice.random() < 0.5,
    )


class Killed:
    """One desk's folder through many blows."""

    def __init__(self, folder):
        self.folder = folder
        self.server = Server(folder / "db")
        self.process = None
        self.loaded = {}  # a run's hash: its id, of those loaded before a desk answered
        self.exports = 0
        self.tallies = {}

    # --- one blow ---------------------------------------------------------------------------

    def strike(self, seed):
        """Start a desk over one more run, strike, and look."""
        what = blow(seed)
        run = self.new_run(seed, what.accounts)
        self.begin(run)
        traffic = None
        try:
            if what.phase == "load":
                self.wait(lambda: self.sessions() or self.process.poll() is not None)
            if what.phase == "serve":
                self.wait(self.answers)
                self.note_loaded(run)
                traffic = Traffic(self, self.loaded[run_folder.sha256(run)])
            time.sleep(what.ms / 1000)
            self.kill(what.victim)
            self.recover(what)
        finally:
            if traffic is not None:
                self.exports += traffic.end()
            self.end(signal.SIGTERM if what.stop_after else signal.SIGKILL)
        tally = (what.victim, what.phase)
        self.tallies[tally] = self.tallies.get(tally, 0) + 1
        self.look()

    def begin(self, run):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.base = f"http://127.0.0.1:{self.port}"
        words = [sys.executable, "-m", "ruqi", "serve", "--demo", "--port", str(self.port)]
        words += ["--data", str(self.folder / "db"), "--run", str(run)]
        environment = {k: v for k, v in os.environ.items() if not k.startswith(OURS)}
        with (self.folder / "log").open("w") as log:
            self.process = subprocess.Popen(words, stdout=log, stderr=log, env=environment)

    def kill(self, victim):
        if victim in ("desk", "both"):
            self.process.kill()
        if victim in ("database", "both"):
            self.kill_pid(self.postmaster())
        if victim == "session":
            self.kill_pid(next(iter(self.sessions()), None) or self.postmaster())

    def recover(self, what):
        """Only the database was struck: a desk that served serves again by itself; one that was
        starting comes up, or ends with a sentence.
        """
        if what.victim in ("desk", "both"):
            return
        if what.phase == "serve":
            self.wait(self.answers)
            return
        self.wait(lambda: self.answers() or self.process.poll() is not None)
        if self.process.poll() is not None:
            said = self.log()
            assert self.process.returncode in (0, 1, 5), said
            assert self.process.returncode != 1 or "OperationalError" in said, said

    def end(self, how):
        if self.process.poll() is None:
            self.process.send_signal(how)
        code = self.process.wait(PATIENCE_S)
        if how == signal.SIGTERM and self.process.returncode not in (-9, 1, 5):
            assert code in (0, -15), self.log()

    def finish(self):
        """A last desk starts over everything, serves, and stops without a trace."""
        self.begin(self.new_run("last", 600))
        self.wait(self.answers)
        self.process.terminate()
        assert self.process.wait(PATIENCE_S) == 0, self.log()
        assert not (self.folder / "db" / "postmaster.pid").exists()
        self.look()

    # --- what must hold ---------------------------------------------------------------------

    def look(self):
        self.server.start()
        try:
            with psycopg.connect(self.server.url(roles.OWNER)) as connection:
                self.look_at(lambda *words: connection.execute(*words).fetchall())
        finally:
            self.server.stop()

    def look_at(self, rows):
        if not rows("SELECT 1 FROM pg_tables WHERE tablename = 'desk_contactrow'"):
            assert not self.loaded
            return
        here = {key: (run, folder) for run, key, folder in rows(RUNS)}
        for table, name in TABLES.items():
            counted = dict(rows(f"SELECT run_id, count(*) FROM {name} GROUP BY 1"))
            assert set(counted) == {run for run, _ in here.values()}, table
            for run, folder in here.values():
                assert counted[run] == height(folder, table), (table, folder)
        documents = dict(rows("SELECT run_id, count(*) FROM desk_document GROUP BY 1"))
        assert documents == {run: 10 for run, _ in here.values()}
        assert all(run_folder.sha256(Path(folder)) == key for key, (_, folder) in here.items())
        for key, run in self.loaded.items():
            assert here[key][0] == run
        acts = rows("SELECT count(*) FROM desk_act WHERE act = 'export'")[0][0]
        assert acts >= self.exports, "an export left no act"

    # --- hands ------------------------------------------------------------------------------

    def new_run(self, seed, accounts):
        made, mould = self.folder / f"run{seed}", self.folder / f"mould{accounts}"
        if not mould.exists():
            write_folder(mould, large(held_run(), accounts))
        shutil.copytree(mould, made)
        head = json.loads((made / "run.json").read_text())
        (made / "run.json").write_text(as_json(head | {"seed": f"killed {seed}"}))
        return made

    def note_loaded(self, run):
        key = run_folder.sha256(run)
        with psycopg.connect(self.server.url(roles.OWNER)) as connection:
            words = "SELECT id FROM desk_run WHERE sha256 = %s"
            ((self.loaded[key],),) = connection.execute(words, [key]).fetchall()

    def answers(self):
        try:
            urllib.request.urlopen(f"{self.base}/enter/nobody/", timeout=5)
        except urllib.error.HTTPError as error:
            return error.code == 410  # the database was asked, and knows no such link
        except OSError:
            return False
        raise AssertionError("a link that was never made works")

    def wait(self, look):
        until = time.monotonic() + PATIENCE_S
        while not look():
            assert time.monotonic() < until, self.log()
            time.sleep(0.02)

    def log(self):
        return (self.folder / "log").read_text()

    def postmaster(self):
        try:
            return int((self.folder / "db" / "postmaster.pid").read_text().split()[0])
        except (OSError, IndexError):
            return None

    def sessions(self):
        """The pids of the application's sessions."""
        parent, found = self.postmaster(), []
        for place in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                stat = (place / "stat").read_text().rpartition(")")[2].split()
                title = (place / "cmdline").read_bytes()
                if int(stat[1]) == parent and b" ruqi_app ruqi " in title:
                    found.append(int(place.name))
        return found

    @staticmethod
    def kill_pid(pid):
        with suppress(ProcessLookupError):
            if pid:
                os.kill(pid, signal.SIGKILL)


class Traffic:
    """A reader who exports the worklist again and again; counts what they really got."""

    def __init__(self, desk, run):
        self.address = f"{desk.base}/run/{run}/worklist.csv?find=A1"
        self.got, self.ends = 0, threading.Event()
        link = next(word for word in desk.log().split() if word.startswith(f"{desk.base}/enter/"))
        jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        page = self.opener.open(link, timeout=30).read().decode()
        token = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', page)[1]
        self.opener.open(link, f"csrfmiddlewaretoken={token}".encode(), timeout=30)
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        while not self.ends.is_set():
            with suppress(OSError, http.client.HTTPException):
                if self.opener.open(self.address, timeout=30).read():
                    self.got += 1

    def end(self):
        self.ends.set()
        self.thread.join(PATIENCE_S)
        return self.got


RUNS = "SELECT id, sha256, folder FROM desk_run"


def height(folder, table):
    return pl.scan_parquet(Path(folder) / f"{table}.parquet").select(pl.len()).collect().item()


def large(run, accounts):
    """The run with so many accounts."""
    times = -(-accounts // run.frames["plan"].height)
    frames = {"measures": run.frames["measures"]}
    for table in ("plan", "steps", "scores", "history", "payments", "contacts"):
        key = "borrower_id" if table == "contacts" else "account_id"
        ids = pl.when(pl.col("copy") > 0).then(pl.format("{}-{}", key, "copy"))
        many = run.frames[table].join(pl.DataFrame({"copy": range(times)}), how="cross")
        frames[table] = many.with_columns(ids.otherwise(key).alias(key))
        frames[table] = frames[table].drop("copy")
    return type(run)(run.folder, run.sha256, run.documents, frames)
