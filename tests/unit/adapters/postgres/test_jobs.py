import time

import psycopg
import pytest

from ruqi.adapters.postgres import jobs, roles
from ruqi.adapters.postgres.models import Job, Upload
from ruqi.services.work import Kind, Outcome, State
from some_uploads import kept_upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(desk_server):
    """Another session of the same database: a worker elsewhere."""
    from django.db import connection

    url = desk_server.url(roles.OWNER, connection.settings_dict["NAME"])
    with psycopg.connect(url, autocommit=True) as session:
        yield session


def held_by(session, job):
    session.execute("SELECT pg_advisory_lock(%s, %s)", [jobs.SPACE, job])


def end(session):
    """Close a session and wait until the server has noticed, for it notices in its own time."""
    from django.db import connection

    pid = session.info.backend_pid
    session.close()
    with connection.cursor() as cursor:
        for _ in range(1000):
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE pid = %s", [pid])
            if cursor.fetchone()[0] == 0:
                return
            time.sleep(0.01)
    raise AssertionError("the session never ended")


def test_work_is_taken_in_order_and_once():
    first, second = (jobs.order(kept_upload(), Kind.CHECK, None) for _ in range(2))
    assert [jobs.take().id, jobs.take().id] == [first, second]
    assert jobs.take() is None


def test_an_upload_has_one_unfinished_job():
    upload = kept_upload()
    jobs.order(upload, Kind.CHECK, None)
    assert jobs.order(upload, Kind.RUN, None) is None
    jobs.finish(jobs.take(), Outcome(State.DONE))
    assert jobs.order(upload, Kind.RUN, None)


def test_a_beat_tells_and_hears():
    upload = kept_upload()
    job = jobs.order(upload, Kind.CHECK, None)
    task = jobs.take()
    assert not jobs.beat(task, "check", 3, 10)
    found = Job.objects.get(pk=job)
    assert (found.step, found.done, found.total) == ("check", 3, 10)
    assert jobs.stop(upload)
    assert jobs.beat(task, "check", 4, 10)


def test_what_waits_is_stopped_at_once():
    upload = kept_upload()
    job = jobs.order(upload, Kind.CHECK, None)
    assert jobs.stop(upload)
    assert Job.objects.get(pk=job).state == "stopped"
    assert not jobs.stop(upload)


def test_a_draft_goes_to_its_upload():
    upload = kept_upload()
    jobs.order(upload, Kind.DRAFT, None)
    jobs.finish(jobs.take(), Outcome(State.DONE, {"said": "a\0b"}))
    assert Upload.objects.get(pk=upload).look == {"said": "a\ufffdb"}


def test_a_dead_workers_job_waits_again_and_a_living_ones_does_not(other):
    job = jobs.order(kept_upload(), Kind.RUN, None)
    Job.objects.update(state=State.RUNNING, tries=1)
    held_by(other, job)
    assert jobs.sweep() == []
    end(other)
    assert jobs.sweep() == [job]
    assert Job.objects.get(pk=job).state == "waiting"
    assert jobs.take().tries == 2


def test_a_job_that_kills_its_workers_ends():
    job = jobs.order(kept_upload(), Kind.RUN, None)
    Job.objects.update(state=State.RUNNING, tries=3)
    jobs.sweep()
    found = Job.objects.get(pk=job)
    assert (found.state, found.result) == ("failed", {"error": "died", "tries": 3})


def test_a_job_that_was_asked_to_stop_is_not_taken_up_again():
    job = jobs.order(kept_upload(), Kind.RUN, None)
    Job.objects.update(state=State.RUNNING, tries=1, stop=True)
    jobs.sweep()
    assert Job.objects.get(pk=job).state == "stopped"


def test_who_lost_the_job_writes_nothing():
    job = jobs.order(kept_upload(), Kind.RUN, None)
    task = jobs.take()
    Job.objects.update(tries=2)
    with pytest.raises(jobs.Lost):
        jobs.beat(task, "", 0, None)
    with pytest.raises(jobs.Lost):
        jobs.finish(task, Outcome(State.DONE))
    assert Job.objects.get(pk=job).state == "running"


def test_a_job_given_back_begins_anew():
    job = jobs.order(kept_upload(), Kind.RUN, None)
    jobs.give_back(jobs.take())
    again = jobs.take()
    assert (again.id, again.tries) == (job, 1)
