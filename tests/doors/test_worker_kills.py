"""Work whose workers all die, or that somebody stops, ends plainly.

`test_desk_kills` kills a worker once, in any moment.
"""

import os
import shutil
import signal
import time
import uuid

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
    """State, tries and result of a job."""
    return desk.asks("SELECT state, tries, result FROM desk_job WHERE id = %s", job)[0]


def until(look, seconds=90):
    """What `look` gives once it gives something."""
    end = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < end, "nothing came of it"
        time.sleep(0.05)
    return found


def ended(desk, job):
    return until(lambda: (row := job_of(desk, job))[0] in ENDED and row)


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    return stranger(tmp_path_factory.mktemp("book"))


def test_a_job_whose_workers_all_die_is_told_as_failed(served, book):
    job = bring(served, book)
    for tries in (1, 2, 3):
        until(lambda tries=tries: job_of(served, job)[:2] == ("running", tries))
        os.kill(until(served.worker), signal.SIGKILL)
    state, _, result = ended(served, job)
    assert (state, result["error"]) == ("failed", "died")


def test_a_run_that_somebody_stops_ends_at_once(served, book):
    job = bring(served, book)
    until(lambda: job_of(served, job)[0] == "running")
    served.asks("UPDATE desk_job SET stop = true WHERE id = %s RETURNING 1", job)
    assert ended(served, job)[0] == "stopped"
    state, _, found = ended(served, bring(served, book, "check"))  # the queue goes on
    assert (state, found["counts"]) == ("done", {})
