"""The queue of work on uploads: a table, taken from by SKIP LOCKED, held by advisory locks.

A worker holds a lock on the id of the job that it does, in its own session. PostgreSQL lets go of
it in the moment in which the worker or its connection dies, so `sweep` knows the dead from the slow
without any waiting time. All calls of one worker come from one thread, whose session it is.
"""

import json
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from ruqi.adapters.postgres.models import Job, Upload
from ruqi.services.work import TRIES, Kind, Outcome, State, Task

SPACE = 0x52757169  # of our advisory locks, the first of their two numbers
_TAKE = """
SELECT job.id, job.kind, job.upload_id, upload.key, job.tries, upload.name
FROM desk_job AS job JOIN desk_upload AS upload ON upload.id = job.upload_id
WHERE job.state = 'waiting' ORDER BY job.id LIMIT 1 FOR UPDATE OF job SKIP LOCKED
"""
# In one statement, so that work which goes from one state to the other meanwhile is not missed.
_STOP = """
UPDATE desk_job SET
  stop = (state = 'running'),
  ended_at = CASE state WHEN 'waiting' THEN %s::timestamptz END,
  state = CASE state WHEN 'waiting' THEN 'stopped' ELSE state END
WHERE upload_id = %s AND state IN ('waiting', 'running')
"""
_BEAT = """
UPDATE desk_job SET step = %s, done = %s, total = %s
WHERE id = %s AND state = 'running' AND tries = %s RETURNING stop
"""


class Lost(Exception):
    """The job is no longer this worker's: it was ended, or taken up by another."""


def order(upload_id: int, kind: Kind, person_id: int | None) -> int | None:
    """Put work into the queue; its id. None where this upload has unfinished work, or is gone."""
    try:
        with transaction.atomic():
            there = Upload.objects.select_for_update().filter(pk=upload_id, discarded_at=None)
            if there.first() is None:  # held till the end, so that nobody discards it meanwhile
                return None
            made = Job.objects.create(
                upload_id=upload_id,
                kind=kind,
                state=State.WAITING,
                person_id=person_id,
                asked_at=timezone.now(),
            )
    except IntegrityError:
        return None
    return int(made.pk)


def stop(upload_id: int) -> bool:
    """Ask for an upload's work to be stopped; whether there was any. What waits ends at once."""
    with connection.cursor() as cursor:
        cursor.execute(_STOP, [timezone.now(), upload_id])
        return bool(cursor.rowcount)


def take() -> Task | None:
    """The oldest job that waits, now this worker's to do; None where none waits."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_TAKE)
        row = cursor.fetchone()
        if row is None or not _locked(cursor, row[0]):
            return None
        cursor.execute(
            "UPDATE desk_job SET state = 'running', started_at = %s, tries = tries + 1, step = '', "
            "done = 0, total = NULL WHERE id = %s",
            [timezone.now(), row[0]],
        )
    return Task(row[0], Kind(row[1]), row[2], row[3], row[4] + 1, row[5])


def beat(task: Task, step: str, done: int, total: int | None) -> bool:
    """Tell how far it is; whether somebody asked to stop it. Raises Lost."""
    with connection.cursor() as cursor:
        cursor.execute(_BEAT, [step, done, total, task.id, task.tries])
        row = cursor.fetchone()
    if row is None:
        raise Lost(task.id)
    return bool(row[0])


def finish(task: Task, outcome: Outcome) -> None:
    """Write down how it ended, and let go of it. A draft also goes to its upload. Raises Lost."""
    mine = Job.objects.filter(pk=task.id, state=State.RUNNING, tries=task.tries)
    with transaction.atomic():
        ended = mine.update(
            state=outcome.state,
            result=_plain(outcome.result),
            run_id=outcome.run_id,
            ended_at=timezone.now(),
        )
        if ended and task.kind is Kind.DRAFT and outcome.state is State.DONE:
            Upload.objects.filter(pk=task.upload_id).update(look=_plain(outcome.result))
    _release(task.id)
    if not ended:
        raise Lost(task.id)


def give_back(task: Task) -> None:
    """Leave it for the next worker, as if it had not been begun: this one stops."""
    mine = Job.objects.filter(pk=task.id, state=State.RUNNING, tries=task.tries)
    mine.update(state=State.WAITING, tries=task.tries - 1, started_at=None)
    _release(task.id)


def sweep() -> list[int]:
    """Jobs whose worker died: wait again, or end where that happened too often; their ids.

    Called by a worker that does nothing itself.
    """
    found = []
    for job_id, tries, stopped in Job.objects.filter(state=State.RUNNING).values_list(
        "id", "tries", "stop"
    ):
        with connection.cursor() as cursor:
            if not _locked(cursor, job_id):
                continue
        mine = Job.objects.filter(pk=job_id, state=State.RUNNING, tries=tries)
        if stopped:
            mine.update(state=State.STOPPED, ended_at=timezone.now())
        elif tries >= TRIES:
            died = {"error": "died", "tries": tries}
            mine.update(state=State.FAILED, ended_at=timezone.now(), result=died)
        else:
            mine.update(state=State.WAITING)
        _release(job_id)
        found.append(job_id)
    return found


def _plain(result: Mapping[str, Any]) -> Any:
    """As JSON holds it; PostgreSQL's JSON knows no NUL."""
    return json.loads(json.dumps(result, default=str).replace("\\u0000", "\\ufffd"))


def _locked(cursor: Any, job_id: int) -> bool:
    cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [SPACE, job_id])
    return bool(cursor.fetchone()[0])


def _release(job_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [SPACE, job_id])
