import os
import signal
import socket
import threading
from dataclasses import replace

import pytest
from django.db import ProgrammingError

from ruqi.adapters.postgres import migrate
from ruqi.apps import server
from ruqi.apps.chinese import chinese
from ruqi.apps.server import Desk, listen, ready
from ruqi.primitives.errors import OutsideFailed


def test_a_port_that_is_taken_says_so_before_anything_starts(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(OutsideFailed, match=f"127.0.0.1:{port}"):
            server.serve(Desk("127.0.0.1", port, tmp_path / "db"), print)
    assert not (tmp_path / "db").exists()


def test_a_demo_takes_another_port_where_its_own_is_taken():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        desk = Desk("127.0.0.1", other.getsockname()[1], None, (), True, spare=True)
        with server._listening(desk) as bound:
            assert bound.getsockname()[1] not in (0, desk.port)
        with pytest.raises(OutsideFailed):
            server._listening(replace(desk, spare=False))


def test_an_address_that_is_none_is_refused():
    with pytest.raises(OutsideFailed, match="cannot listen"):
        listen("not a host", 1)


def test_the_key_is_made_once_and_for_the_owner_alone(tmp_path):
    first = server._key(tmp_path / "db")
    assert len(first) > 40
    assert server._key(tmp_path / "db") == first
    (key,) = tmp_path.iterdir()
    assert key.stat().st_mode & 0o077 == 0


@pytest.mark.django_db
def test_the_first_start_prints_a_link_and_the_next_does_not(tmp_path):
    said = []
    ready(Desk("127.0.0.1", 1, tmp_path), said.append)
    assert "/enter/" in said[-1]
    ready(Desk("127.0.0.1", 1, tmp_path), said.append)
    assert "/enter/" not in said[-1]
    ready(Desk("127.0.0.1", 1, tmp_path, demo=True), said.append)
    assert "/enter/" in said[-2]
    assert said[-1].endswith(f"--data {tmp_path}")


@pytest.mark.django_db
def test_a_worker_stands_beside_and_halves_are_swept(monkeypatch, tmp_path, settings):
    settings.BOOKS = tmp_path
    (tmp_path / ".half").mkdir()
    (tmp_path / ".half" / "part").write_text("1")
    seen = []
    monkeypatch.setattr(server.Keeper, "start", lambda self: seen.append("start"))
    monkeypatch.setattr(server.Keeper, "stop", lambda self: seen.append("stop"))
    said = []
    with server.working(said.append):
        assert not (tmp_path / ".half" / "part").exists()
    assert seen == ["start", "stop"]
    assert said == []


@pytest.mark.django_db
def test_uploads_that_an_older_backup_does_not_know_are_set_aside_and_told(
    monkeypatch, tmp_path, settings
):
    settings.BOOKS = tmp_path
    (tmp_path / ("a" * 32) / "tape").mkdir(parents=True)
    for word in ("start", "stop"):
        monkeypatch.setattr(server.Keeper, word, lambda self: None)
    said = []
    with server.working(said.append):
        assert (tmp_path / "set-aside" / ("a" * 32) / "tape").is_dir()
    assert said == [f"uploads unknown to this database, moved to {tmp_path / 'set-aside'}: 1"]
    assert chinese(said[0]).endswith("1 份")


def test_whoever_watches_outlives_a_broken_disk(monkeypatch):
    monkeypatch.setattr(server, "WATCH_S", 0.01)
    ends, seen = threading.Event(), []

    class Broken:
        def ensure(self):
            seen.append(1)
            if len(seen) == 2:
                ends.set()
            raise FileNotFoundError("postgres")

    server._watch(Broken(), ends)
    assert len(seen) == 2


def test_who_may_not_change_tables_is_told_whom_to_name(monkeypatch):
    def refuses():
        raise ProgrammingError("permission denied for table django_migrations")

    monkeypatch.setattr(migrate, "migrate", refuses)
    with pytest.raises(OutsideFailed, match="DATABASE_OWNER_URL"):
        server._set_up()


def test_the_worker_is_not_handed_the_owners_address(monkeypatch):
    monkeypatch.setenv("DATABASE_OWNER_URL", "host=x user=owner")
    monkeypatch.setattr(migrate, "migrate", lambda: None)
    server._set_up()
    assert "DATABASE_OWNER_URL" not in os.environ


def test_a_second_ctrl_c_does_not_break_off_the_stopping():
    ends = (signal.SIGTERM, signal.SIGINT)
    before = [signal.getsignal(one) for one in ends]
    try:
        server._end_by_signal()
        with pytest.raises(SystemExit) as ended:
            signal.getsignal(signal.SIGINT)(signal.SIGINT, None)
        assert ended.value.code == 0
        assert [signal.getsignal(one) for one in ends] == [signal.SIG_IGN] * 2
    finally:
        for one, handler in zip(ends, before, strict=True):
            signal.signal(one, handler)
