import os
import sys
import time

import pytest
from django.db import OperationalError

from ruqi.adapters.postgres import jobs
from ruqi.adapters.postgres.models import Job
from ruqi.apps import desk_wiring
from ruqi.apps.worker import loop
from ruqi.services.work import Hands
from some_uploads import kept_upload


def hands(**changed):
    plain = {"draft": lambda *_: {}, "check": lambda *_: {"counts": {}}, "shelve": lambda _: None}
    return lambda: Hands(**(plain | {"run": lambda *_: None} | changed))


@pytest.mark.django_db
def test_a_step_does_one_job(monkeypatch, tmp_path):
    monkeypatch.setattr(desk_wiring, "hands", hands())
    monkeypatch.setattr(loop, "BEAT_S", 0.01)
    assert not loop.step(tmp_path)
    job = jobs.order(kept_upload(), "check", None)
    assert loop.step(tmp_path)
    assert Job.objects.get(pk=job).state == "done"


@pytest.mark.django_db
def test_a_bug_ends_the_job_and_tells_where_without_the_message(monkeypatch, tmp_path, capsys):
    def broken(*_):
        raise ValueError("张三 13812345678")

    monkeypatch.setattr(desk_wiring, "hands", hands(check=broken))
    job = jobs.order(kept_upload(), "check", None)
    assert loop.step(tmp_path)
    found = Job.objects.get(pk=job)
    assert (found.state, found.result) == ("failed", {"error": "bug", "type": "ValueError"})
    said = capsys.readouterr().err
    assert "test_loop.py" in said
    assert "138" not in said


@pytest.mark.django_db
def test_work_that_loses_the_database_is_left_to_the_next_worker(monkeypatch, tmp_path):
    def cut_off(*_):
        raise OperationalError

    monkeypatch.setattr(desk_wiring, "hands", hands(check=cut_off))
    monkeypatch.setattr(loop.os, "_exit", sys.exit)
    job = jobs.order(kept_upload(), "check", None)
    with pytest.raises(SystemExit) as ended:
        loop.step(tmp_path)
    assert ended.value.code == loop.LOST
    assert Job.objects.get(pk=job).state == "running"  # until its lock falls


def until(told):
    """Wait for what another thread does."""
    for _ in range(1000):
        if told():
            return
        time.sleep(0.005)
    raise AssertionError("it never came")


@pytest.mark.django_db
def test_stopped_work_takes_no_further_step_and_leaves_nothing(monkeypatch, tmp_path):
    upload, shelved = kept_upload(), []
    job = jobs.order(upload, "run", None)

    def run(_, out, progress):
        out.mkdir(parents=True)  # whole already
        progress("write", 1, 1)
        until(lambda: not out.exists())  # asked to stop, it goes on as far as it may

    monkeypatch.setattr(desk_wiring, "hands", hands(run=run, shelve=shelved.append))
    monkeypatch.setattr(loop, "BEAT_S", 0.01)
    monkeypatch.setattr(loop.os, "_exit", sys.exit)
    monkeypatch.setattr(jobs, "beat", lambda *_: True)
    with pytest.raises(SystemExit):
        loop.step(tmp_path)
    assert Job.objects.get(pk=job).state == "stopped"
    assert not list(tmp_path.rglob(str(job)))
    assert shelved == []


@pytest.mark.django_db
def test_a_run_that_is_being_shelved_is_finished_whoever_asks_to_stop_it(monkeypatch, tmp_path):
    asked = []
    job = jobs.order(kept_upload(), "run", None)

    def shelve(_):
        until(lambda: asked)

    def beat(_, step, *__):
        asked.extend([True] if step == "shelve" else [])
        return step == "shelve"

    monkeypatch.setattr(desk_wiring, "hands", hands(shelve=shelve))
    monkeypatch.setattr(loop, "BEAT_S", 0.01)
    monkeypatch.setattr(jobs, "beat", beat)
    assert loop.step(tmp_path)
    assert Job.objects.get(pk=job).state == "done"


def test_an_orphan_knows_it(monkeypatch):
    monkeypatch.delenv(loop.KEEPER, raising=False)
    assert not loop.orphaned()
    monkeypatch.setenv(loop.KEEPER, str(os.getppid()))
    assert not loop.orphaned()
    monkeypatch.setenv(loop.KEEPER, "1" if os.getppid() != 1 else "2")
    assert loop.orphaned()


def test_what_the_work_raises_is_not_lost():
    def broken():
        raise ValueError

    done = loop.started(broken)
    while not done.done():
        time.sleep(0.01)
    assert isinstance(done.exception(), ValueError)
