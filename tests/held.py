"""What must hold of a desk after each blow of `kills`.

* Every run that a reader sees has all its rows, table by table, as many as its folder's files hold;
  no row belongs to a run that is not seen. A reader's session looks all the while, too.
* Every upload that the client saw confirmed is there, byte for byte; one that was not confirmed is
  there whole, or not at all.
* No work stays stuck; in the end every confirmed book has been run.
* No act leaves the trail: uploads, orders, and every export that a reader got are on it.
* No process of an earlier desk lives on, and no temporary file outlives the next start.
"""

import threading
import time
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path

import polars as pl
import psycopg

from ruqi.adapters.files import run_folder
from ruqi.adapters.postgres import roles
from visitor import DOWN

ROWS = {
    "desk_planrow": "plan",
    "desk_steprow": "steps",
    "desk_scorerow": "scores",
    "desk_historyrow": "history",
    "desk_measurerow": "measures",
    "desk_paymentrow": "payments",  # a book may come without
    "desk_contactrow": "contacts",
}
HALF = (
    "SELECT run.id FROM desk_run AS run WHERE "
    "accounts <> (SELECT count(*) FROM desk_planrow WHERE run_id = run.id) OR "
    "10 <> (SELECT count(*) FROM desk_document WHERE run_id = run.id) OR "
    "NOT EXISTS (SELECT FROM desk_historyrow WHERE run_id = run.id) OR "
    "NOT EXISTS (SELECT FROM desk_measurerow WHERE run_id = run.id)"
)
ENDED = ("done", "faulty", "refused", "failed", "stopped")
PATIENCE_S = 60


def digest(files):
    """One hash over the files of a book: names and bytes."""
    whole = sha256()
    for name, content in sorted(files.items()):
        whole.update(f"{name} {sha256(content).hexdigest()}\n".encode())
    return whole.hexdigest()


class Held:
    """What has been brought to one desk, confirmed and written down so far."""

    def __init__(self, desk):
        self.desk = desk
        self.brought, self.confirmed = set(), {}  # hashes; an upload's id and its hash
        self.acts, self.runs = [], {}

    def bringing(self, files):
        self.brought.add(digest(files))
        return files

    def look(self, within=False):
        """All that must hold at any time; `within` a run's loading, when work is under way."""
        self.look_at_runs()
        self.look_at_uploads()
        self.look_at_acts()
        if not within:
            self.until(lambda: all(state in ENDED for _, _, state in self.jobs()))

    def look_at_runs(self):
        here = dict(self.asks("SELECT id, (sha256, folder)::text FROM desk_run"))
        for run, known in self.runs.items():
            assert here[run] == known, "a run is gone, or is another"
        for table, name in ROWS.items():
            counted = dict(self.asks(f"SELECT run_id, count(*) FROM {table} GROUP BY 1"))
            assert set(counted) <= set(here), table
            for run, folder in self.asks("SELECT id, folder FROM desk_run"):
                assert counted.get(run, 0) == height(folder, name), (table, folder)
        documents = dict(self.asks("SELECT run_id, count(*) FROM desk_document GROUP BY 1"))
        assert documents == dict.fromkeys(here, 10)
        assert self.asks(HALF) == []
        for key, folder in self.asks("SELECT sha256, folder FROM desk_run"):
            assert run_folder.sha256(Path(folder)) == key
        self.runs = here

    def look_at_uploads(self):
        here = {}
        for upload, key, files in self.asks("SELECT id, key, files FROM desk_upload"):
            tape = self.desk.books / key / "tape"
            found = {path.name: path.read_bytes() for path in tape.iterdir()}
            assert {one["name"]: one["bytes"] for one in files} == {
                name: len(content) for name, content in found.items()
            }
            here[upload] = digest(found)
        assert set(here.values()) <= self.brought, "an upload is half"
        assert here.items() >= self.confirmed.items(), "a confirmed upload is lost"

    def look_at_acts(self):
        acts = self.asks("SELECT id, act, detail::text FROM desk_act ORDER BY id")
        assert acts[: len(self.acts)] == self.acts, "the trail was changed"
        self.acts = acts
        told = "SELECT (detail->>'upload')::int FROM desk_act WHERE act = %s"
        uploads = dict(self.asks("SELECT id, key FROM desk_upload"))
        assert {upload for (upload,) in self.asks(told, "upload")} == set(uploads)
        ordered = {upload for (upload,) in self.asks(told, "order run")}
        assert ordered >= {upload for upload, kind, _ in self.jobs() if kind == "run"}

    def all_run(self):
        """Every confirmed book has been run, to a run that is seen."""
        words = "SELECT upload_id, run_id FROM desk_job WHERE kind = 'run' AND state = 'done'"
        done = dict(self.asks(words))
        assert set(done) >= set(self.confirmed)
        assert set(done.values()) <= {run for (run,) in self.asks("SELECT id FROM desk_run")}

    def nothing_left(self):
        """No file of what was cut short, once the desk has been started again."""
        db, books = self.desk.folder / "db", self.desk.books
        keys = {key for (key,) in self.asks("SELECT key FROM desk_upload")}
        assert {one.name for one in books.iterdir()} == {*keys, ".half", ".lock"}
        for path in books.iterdir():
            if path.name in keys:
                assert {one.name for one in path.iterdir()} <= {"tape", "runs"}
        assert list((books / ".half").iterdir()) == []
        assert list(books.glob("*/runs/.*")) == []
        assert list(db.glob("half.*")) == list(db.glob("base/pgsql_tmp/*")) == []
        beside = {one.name for one in self.desk.folder.iterdir()} - {"log", "run", "books"}
        assert beside == {"db", "db-books", ".db.key", ".db.lock", ".db.making"}

    def jobs(self):
        return self.asks("SELECT upload_id, kind, state FROM desk_job")

    def asks(self, words, *values):
        return self.desk.asks(words, *values)

    def until(self, look):
        end = time.monotonic() + PATIENCE_S
        while not look():
            assert time.monotonic() < end, self.jobs()
            time.sleep(0.1)


class Reader:
    """Reads all the while: exports a worklist, and looks for half a run in a reader's session."""

    def __init__(self, desk, visitor):
        self.desk, self.visitor = desk, visitor
        self.got, self.looks, self.half = 0, 0, []
        self.ends = threading.Event()
        self.thread = threading.Thread(target=self.reads, daemon=True)
        self.thread.start()

    def reads(self):
        while not self.ends.wait(0.25):
            with suppress(*DOWN):
                self.got += bool(self.visitor.get("/run/1/worklist.csv?find=A1"))
            with suppress(psycopg.OperationalError):
                self.half += self.desk.asks(HALF, role=roles.READER)
                self.looks += 1

    def end(self, held):
        """Stop reading; what was seen must have been whole, what was got stands on the trail."""
        self.ends.set()
        self.thread.join(PATIENCE_S)
        assert not self.thread.is_alive()
        assert self.looks > 0
        assert self.half == []
        acts = held.asks("SELECT count(*) FROM desk_act WHERE act = 'export'")[0][0]
        assert acts >= self.got > 0, "an export left no act"


@cache
def height(folder, name):
    path = Path(folder) / f"{name}.parquet"
    return pl.scan_parquet(path).select(pl.len()).collect().item() if path.exists() else 0
