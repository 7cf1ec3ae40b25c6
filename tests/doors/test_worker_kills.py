"""Whatever is killed while a book is run: the run comes whole, once, and nothing stays stuck."""

import os
import random
import shutil
import signal
import time
import uuid
from pathlib import Path

import pytest

from desk_server import short_folder
from doors.books import stranger
from served_desk import Served

ENDED = ("done", "faulty", "refused", "failed", "stopped")


@pytest.fixture(scope="module")
def served():
    with short_folder() as folder:
        made = Served(folder)
        made.start()
        yield made
        made.end()


def bring(desk, book, kind="run"):
    """Confirm an upload of a book, and order work on it; the job's id."""
    key = uuid.uuid4().hex
    shutil.copytree(book, desk.books / key / "tape")
    (upload,) = desk.asks(
        "INSERT INTO desk_upload (name, key, files, at) VALUES (%s, %s, '[]', now()) RETURNING id",
        *("book", key),
    )
    (job,) = desk.asks(
        "INSERT INTO desk_job (upload_id, kind, state, asked_at, tries, stop, step, done) "
        "VALUES (%s, %s, 'waiting', now(), 0, false, '', 0) RETURNING id",
        *(upload[0], kind),
    )
    return job[0]


def job_of(desk, job):
    """State, tries, step and run of a job; None while the database is down."""
    try:
        words = "SELECT state, tries, step, run_id, result FROM desk_job WHERE id = %s"
        return desk.asks(words, job)[0]
    except Exception:
        return None


def until(look, seconds=90):
    """What `look` gives once it gives something."""
    end = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < end, "nothing came of it"
        time.sleep(0.05)
    return found


def ended(desk, job):
    return until(lambda: (row := job_of(desk, job)) and row[0] in ENDED and row)


def running(desk, job, steps=()):
    def look():
        row = job_of(desk, job)
        return row and row[0] == "running" and (not steps or row[2] in steps) and row

    return until(look)


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    return stranger(tmp_path_factory.mktemp("book"))


def whole(desk, run_id):
    """A run on the shelf has all of its rows, and its folder all of its files."""
    (accounts, folder), *_ = desk.asks(
        "SELECT accounts, folder FROM desk_run WHERE id = %s", run_id
    )
    assert desk.asks("SELECT count(*) FROM desk_planrow WHERE run_id = %s", run_id) == [(accounts,)]
    assert desk.asks("SELECT count(*) FROM desk_document WHERE run_id = %s", run_id) == [(10,)]
    assert Path(folder, "report.html").exists()


def test_a_run_is_shelved_and_a_check_leaves_its_document(served, book):
    job = bring(served, book)
    state, tries, _, run_id, _ = ended(served, job)
    assert (state, tries) == ("done", 1)
    whole(served, run_id)
    state, *_, found = ended(served, bring(served, book, "check"))
    assert (state, found["counts"]) == ("done", {})


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_killed_worker_leaves_its_job_to_the_next(served, book, seed):
    dice = random.Random(seed)
    before = served.asks("SELECT count(*) FROM desk_run")[0][0]
    job = bring(served, book)
    running(served, job)
    time.sleep(dice.uniform(0, 3))
    os.kill(until(served.worker), signal.SIGKILL)
    until(lambda: job_of(served, job)[1] == 2 or job_of(served, job)[0] == "done", 15)
    state, _, _, run_id, _ = ended(served, job)
    assert state == "done"
    assert served.asks("SELECT count(*) FROM desk_run")[0][0] == before + 1
    whole(served, run_id)
    assert not list(served.books.glob("*/runs/.*"))


def test_a_job_whose_workers_all_die_is_told_as_failed(served, book):
    job = bring(served, book)
    for tries in (1, 2, 3):
        until(lambda tries=tries: job_of(served, job)[:2] == ("running", tries))
        os.kill(until(served.worker), signal.SIGKILL)
    state, _, _, _, result = ended(served, job)
    assert (state, result["error"]) == ("failed", "died")


def test_a_run_that_somebody_stops_ends_at_once(served, book):
    job = bring(served, book)
    running(served, job)
    served.asks("UPDATE desk_job SET stop = true WHERE id = %s RETURNING 1", job)
    assert ended(served, job)[0] == "stopped"
    assert ended(served, bring(served, book, "check"))[0] == "done"  # the queue goes on


def test_a_killed_database_under_a_run(served, book):
    job = bring(served, book)
    running(served, job, ("score", "plan", "report", "shelve"))
    pid = int((served.folder / "db" / "postmaster.pid").read_text().split()[0])
    os.kill(pid, signal.SIGKILL)
    state, _, _, run_id, _ = ended(served, job)
    assert state == "done"
    whole(served, run_id)


def test_a_killed_desk_takes_its_worker_along_and_the_next_one_goes_on(served, book):
    job = bring(served, book)
    running(served, job)
    orphan = until(served.worker)
    served.end(signal.SIGKILL)
    until(lambda: not Path(f"/proc/{orphan}").exists(), 10)
    served.start()
    state, _, _, run_id, _ = ended(served, job)
    assert state == "done"
    whole(served, run_id)
