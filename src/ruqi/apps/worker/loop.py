"""One worker process: takes a job, does it, tells how far it is, takes the next.

The main thread holds the job (a lock in its database session), beats twice a second and hears
whether to stop; a second thread works. What kills either ends the process: `keep` starts another,
which sweeps up. So a job is never stuck:

* the worker is killed (SIGKILL, out of memory): its session ends, its lock with it; the next worker
  takes the job up again within seconds, at most three times in all, then it is told as failed;
* the database is killed: the next beat fails, the worker ends, its successor waits for it;
* whoever started the worker is killed: the worker notices at its next beat and ends;
* SIGTERM: the job is given back and begins anew with the next worker, no try counted;
* a run's folder gets its name in one step, its copy in the database is one transaction, and a run
  that is finished in its folder is not run again, only shelved (once, by its hash).

Anybody may kill any of them at any time, from a test too: pids stand in `/proc`, the worker's
command line holds `ruqi.apps.worker`. `desk_job` shows state, tries and step.
"""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from ruqi.apps.discreet import told

KEEPER = "RUQI_KEEPER"  # the pid of who started this worker
BEAT_S = 0.5
IDLE_S = 0.7
LOST = 75  # exit code: the job or the database is gone; start another worker


class Gauge:
    """How far the work is: written by its thread, read by the beat."""

    def __init__(self) -> None:
        self.now: tuple[str, int, int | None] = ("", 0, None)
        self._turn = threading.Lock()

    def __call__(self, step: str, done: int, total: int | None) -> None:
        """Take a step's progress."""
        with self._turn:
            self.now = (step, done, total)

    def hold(self) -> bool:
        """Let the work take no further step; not where it is finished but for its shelving."""
        from ruqi.services.work import SHELVE

        self._turn.acquire()
        if self.now[0] == SHELVE:
            self._turn.release()
            return False
        return True


def main() -> None:
    """Work until told to stop."""
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, _leave)
    _ready()
    from django.conf import settings

    while True:
        if not step(settings.BOOKS):
            time.sleep(IDLE_S)
        if orphaned():
            sys.exit(0)


def step(root: Path) -> bool:
    """Sweep up after dead workers and do one job; whether there was one."""
    from ruqi.adapters.files import upload_folders
    from ruqi.adapters.postgres import jobs

    jobs.sweep()
    task = jobs.take()
    if task is None:
        return False
    gauge = Gauge()
    done = started(lambda: _do(task, root, gauge))
    try:
        while not _ended(done):
            if jobs.beat(task, *gauge.now) and gauge.hold():
                _stopped(task, upload_folders.run_of(root, task.key, task.id))
            if orphaned():
                os._exit(LOST)
        jobs.finish(task, done.result())
    except SystemExit:
        jobs.give_back(task)
        os._exit(0)  # the working thread cannot be asked to stop
    except Exception as error:  # also Lost, and a database that is gone
        _tell(error)
        os._exit(LOST)
    return True


def _ended(done: "Future[Any]") -> bool:
    """Wait for a beat, or less where the work ends before."""
    until = time.monotonic() + BEAT_S
    while not done.done() and time.monotonic() < until:
        time.sleep(0.02)
    return done.done()


def _stopped(task: Any, out: Path) -> None:
    """End as somebody asked: nothing of the job is kept, and the process goes with its thread."""
    from ruqi.adapters.files import upload_folders
    from ruqi.adapters.postgres import jobs
    from ruqi.services.work import Outcome, State

    jobs.finish(task, Outcome(State.STOPPED))
    upload_folders.clear_run(out)
    os._exit(0)


def _do(task: Any, root: Path, gauge: Gauge) -> Any:
    from django.db import OperationalError, connection

    from ruqi.adapters.files import upload_folders
    from ruqi.apps.desk_wiring import hands
    from ruqi.services.work import Outcome, State, work

    out = upload_folders.run_of(root, task.key, task.id)
    try:
        tape = upload_folders.tape_of(root, task.key)
        return work(task, tape, out, hands(), gauge)
    except OperationalError:  # the database went: to be tried again, by the next worker
        raise
    except Exception as error:  # a bug of ours must not take the queue with it
        _tell(error)
        return Outcome(State.FAILED, {"error": "bug", "type": type(error).__name__})
    finally:
        connection.close()


def _tell(error: BaseException) -> None:
    print(f"worker: {told(error)}", file=sys.stderr, flush=True)


def started(work: Callable[[], Any]) -> "Future[Any]":
    """Work in a thread that does not hold the process open."""
    done: Future[Any] = Future()

    def inside() -> None:
        try:
            done.set_result(work())
        except BaseException as error:
            done.set_exception(error)

    threading.Thread(target=inside, daemon=True, name="work").start()
    return done


def orphaned() -> bool:
    """Whether whoever started this worker is gone."""
    keeper = os.environ.get(KEEPER)
    return keeper is not None and os.getppid() != int(keeper)


def _leave(*_: object) -> None:
    sys.exit(0)


def _ready() -> None:
    """Set Django up and wait until the database answers."""
    import django
    from django.db import OperationalError, connection

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ruqi.apps.settings")
    django.setup()
    while True:
        try:
            connection.ensure_connection()
            return
        except OperationalError:
            if orphaned():
                sys.exit(0)
            time.sleep(BEAT_S)
