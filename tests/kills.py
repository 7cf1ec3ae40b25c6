"""A desk that is killed again and again while books are brought to it and run.

A seed decides who is killed, in which phase of a book's way, and in which moment of it. Then the
desk is started as its user would, by one command, or heals by itself where only a part of it died;
the book goes on where it was, and `held` says what must hold.
"""

import os
import random
import signal
import time
from collections import Counter
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import product

import psycopg

from desk_books import held_run, write_folder
from doors.books import stranger
from held import Held, Reader, digest
from ruqi.adapters.postgres import roles
from served_desk import Served
from visitor import DOWN, Visitor

# Phases, each with the longest wait within it before the blow, in ms.
PHASES = {
    "start": 2500,  # of the desk, after a clean stop
    "upload": 150,  # some of the bytes are sent, or all of them and the wait runs
    "confirmed": 300,  # the client has its answer; the draft begins
    "queue": 60,  # the run is ordered
    "run": 1500,  # a worker is at it
    "load": 25,  # its rows are being copied into the database
    "idle": 300,  # all is done
}
VICTIMS = ("postgres", "session", "server", "worker", "all")
TABLES = ("planrow", "steprow", "scorerow", "historyrow", "measurerow")  # in the order of loading
ACCOUNTS = (12, 12, 12, 40)  # the larger ones are scored, too
PATIENCE_S = 120


@dataclass(frozen=True)
class Blow:
    """Whom a seed kills, and when."""

    victim: str
    phase: str
    ms: int
    share: float  # of an upload's bytes that are sent before; 1: all
    table: str  # whose copying is held up
    goes_on: bool  # whether it is let go, and the blow falls so many ms after
    dice: float  # which of several sessions


def blow(seed):
    """One round's blow. A run of 35 seeds strikes everybody in every phase once."""
    every, place = list(product(VICTIMS, PHASES)), seed % (len(VICTIMS) * len(PHASES))
    random.Random(seed // len(every)).shuffle(every)
    victim, phase = every[place]
    dice = random.Random(seed)
    return Blow(
        victim,
        phase,
        dice.randrange(PHASES[phase]),
        dice.choice((dice.random(), 1)),
        dice.choice(TABLES),
        dice.random() < 0.5,
        dice.random(),
    )


class Struck:
    """One desk through many blows, and the person who brings books to it."""

    def __init__(self, folder):
        write_folder(folder / "run", held_run())
        self.desk = Served(folder)
        self.held = Held(self.desk)
        self.tallies, self.back = Counter(), []
        link = self.desk.start()
        self.visitor = Visitor(self.desk.base)
        self.visitor.post(link, link)
        self.reader = Reader(self.desk, self.visitor)

    def strike(self, seed):
        """Bring a book, strike on its way, see it through, and look."""
        self.what, self.struck, self.upload = blow(seed), False, None
        self.files = self.held.bringing(book(self.desk.folder / "books" / str(seed), seed))
        getattr(self, f"during_{self.what.phase}")()
        assert self.struck
        self.recover()
        self.see_through()
        self.held.look()

    # --- the phases -------------------------------------------------------------------------

    def during_start(self):
        assert self.desk.end() == 0, self.said()
        self.desk.launch()
        self.hit("start")

    def during_upload(self):
        def sent(share):
            if not self.struck and share >= self.what.share:
                self.hit("upload", wait=share == 1)

        with suppress(*DOWN):
            self.confirmed(self.visitor.upload(self.files, sent))

    def during_confirmed(self):
        self.bring()
        self.hit("confirmed")

    def during_queue(self):
        self.bring()
        self.ready()
        self.order()
        self.hit("queue")

    def during_run(self):
        self.bring()
        self.ready()
        self.order()
        self.until(lambda: self.state("run") != "waiting")
        self.hit("run")

    def during_load(self):
        self.bring()
        self.ready()
        with holding(self.desk, self.what.table) as (held_up, let_go):
            self.order()
            self.until(held_up)
            self.held.look(within=True)
            if self.what.goes_on:
                let_go()
            self.hit("load", wait=self.what.goes_on)

    def during_idle(self):
        self.see_through()
        self.hit("idle")

    # --- the blow, and after ----------------------------------------------------------------

    def hit(self, phase, wait=True):
        if wait:
            time.sleep(self.what.ms / 1000)
        if phase == "run" and self.state("run") not in ("running", None):
            phase = "idle"  # it was too quick
        self.struck = True
        self.began = time.monotonic()
        for pid in self.pids(self.what.victim):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.tallies[self.what.victim, phase] += 1

    def pids(self, victim):
        """Whom to kill; PostgreSQL itself where a session is meant and there is none yet."""
        ours = self.desk.processes()
        if victim == "all":
            return [self.desk.process.pid, *ours.workers, *ours.postgres, *ours.sessions]
        if victim == "server":
            return [self.desk.process.pid]
        if victim == "worker":
            return ours.workers
        if victim == "session" and ours.sessions:
            return [sorted(ours.sessions)[int(self.what.dice * len(ours.sessions))]]
        return ours.postgres

    def recover(self):
        """A desk that died is started again by its one command; else it comes back by itself.

        One that was struck while it started may also end, with an error's exit code.
        """
        process = self.desk.process
        if self.what.victim in ("server", "all"):
            assert process.wait(PATIENCE_S) == -signal.SIGKILL
            self.desk.start()
        else:
            self.until(lambda: self.desk.answers() or process.poll() is not None)
            if process.poll() is not None:
                assert self.what.phase == "start", self.said()
                assert process.returncode in (1, 5), self.said()
                self.desk.start()
        self.until(self.desk.alone)
        self.back.append(time.monotonic() - self.began)

    # --- the person who brings a book -------------------------------------------------------

    def bring(self):
        self.confirmed(self.visitor.upload(self.files))

    def confirmed(self, upload):
        self.upload = upload
        if upload is not None:
            self.held.confirmed[upload] = digest(self.files)

    def order(self):
        self.visitor.post(f"/books/{self.upload}/", f"/books/{self.upload}/jobs/", kind="run")

    def ready(self):
        self.until(lambda: self.state("draft") == "done")

    def state(self, kind):
        """Where the last work of this kind stands; None where there is none."""
        words = "SELECT state FROM desk_job WHERE upload_id = %s AND kind = %s ORDER BY id DESC"
        found = self.desk.asks(words, self.upload, kind)
        return found[0][0] if found else None

    def see_through(self):
        """What somebody does who wants this book run, whatever has happened so far."""
        if self.upload is None:
            self.bring()
        assert self.upload is not None, "a desk that answers takes uploads"
        self.ready()
        if self.state("run") is None:
            self.order()
        self.until(lambda: self.state("run") == "done")

    def until(self, look):
        end = time.monotonic() + PATIENCE_S
        while True:
            with suppress(psycopg.OperationalError):
                if look():
                    return
            assert time.monotonic() < end, self.said()
            time.sleep(0.05)

    def said(self):
        last = "SELECT upload_id, kind, state, tries, result FROM desk_job ORDER BY id DESC LIMIT 3"
        return f"{self.what}: {self.desk.asks(last)}\n{self.desk.said()[-2000:]}"

    def finish(self):
        """Stop, start and stop once more: every confirmed book is run, nothing is left over."""
        self.reader.end(self.held)
        assert self.desk.end() == 0, self.said()
        self.desk.start()
        self.held.all_run()
        self.held.look()
        self.held.nothing_left()
        assert self.desk.end() == 0, self.said()
        assert not any(self.desk.processes())
        assert not (self.desk.folder / "db" / "postmaster.pid").exists()

    def leave(self):
        """Leave no process behind, whatever came of it."""
        self.reader.ends.set()
        ours = self.desk.processes()
        self.desk.process.kill()
        self.desk.process.wait(PATIENCE_S)
        for pid in (*ours.workers, *ours.postgres):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


@contextmanager
def holding(desk, table):
    """Hold the copying of rows into one table up; whether somebody waits, and how to let go."""
    url = f"host={desk.folder / 'db'} user={roles.SUPERUSER} dbname={roles.DATABASE}"
    waits = f"SELECT 1 FROM pg_locks WHERE relation = 'desk_{table}'::regclass AND NOT granted"
    with (
        suppress(psycopg.OperationalError),  # it is struck together with the database
        psycopg.connect(url) as holder,
        psycopg.connect(url, autocommit=True) as looker,
    ):
        holder.execute(f"LOCK TABLE desk_{table} IN SHARE MODE")
        yield lambda: looker.execute(waits).fetchone(), holder.rollback


def book(folder, seed):
    """The files of a small book that is like no other, with some that is only heavy."""
    dice = random.Random(seed)
    stranger(folder, dice.choice(ACCOUNTS), seed)
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    heavy = dice.randbytes(dice.randrange(100_000, 1_500_000)).hex()
    return files | {"notes.csv": f"id,note\n1,{heavy}\n".encode()}
