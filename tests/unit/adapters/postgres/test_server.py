import os
import signal
import time
from pathlib import Path

import psycopg
import pytest

from desk_server import short_folder
from ruqi.adapters.postgres import roles, server
from ruqi.adapters.postgres.server import Server, folder_for
from ruqi.primitives.errors import OutsideFailed


@pytest.fixture(scope="module")
def own():
    with short_folder() as folder:
        made = Server(folder / "db")  # durable: a kill must lose nothing
        made.start()
        yield made
        made.stop()


def asked(own, words):
    with psycopg.connect(own.url(roles.APPLICATION)) as connection:
        return connection.execute(words).fetchone()[0]


def pid_of(own):
    return int((own.data / "postmaster.pid").read_text().split()[0])


def test_it_listens_to_no_network_and_checks_its_pages(own):
    assert asked(own, "SHOW listen_addresses") == ""
    assert asked(own, "SHOW data_checksums") == "on"
    assert asked(own, "SHOW server_encoding") == "UTF8"


def test_a_killed_server_starts_again_with_what_it_held(own):
    with psycopg.connect(own.url(roles.OWNER), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS value")
        connection.execute("GRANT SELECT ON kept TO ruqi_app")
    os.kill(pid_of(own), signal.SIGKILL)
    until = time.monotonic() + 20
    while own.alive() and time.monotonic() < until:
        time.sleep(0.02)
    assert own.ensure()
    assert asked(own, "SELECT value FROM kept") == 7
    assert not own.ensure()


def test_a_stale_pid_file_is_no_server(own, tmp_path):
    other = Server(tmp_path / "db")
    assert not other.alive()
    other.data.mkdir()
    (other.data / "postmaster.pid").write_text(f"{os.getpid()}\n")  # a process, but no postgres
    assert not other.alive()
    (other.data / "postmaster.pid").write_text("")
    assert not other.alive()


def test_the_last_one_out_stops_it(own):
    second = Server(own.data, durable=False)
    second.start()
    second.stop()
    assert own.alive()
    own.stop()
    assert not own.alive()
    own.start()
    assert own.alive()


def test_a_path_too_long_for_a_socket_is_refused(tmp_path):
    with pytest.raises(OutsideFailed, match="too long"):
        Server(tmp_path / ("x" * 120)).start()


def test_a_real_desk_syncs_what_it_says():
    assert server.DURABLE == ("fsync=on", "full_page_writes=on", "synchronous_commit=on")
    assert Server(Path("x")).durable


def test_as_root_a_folder_that_nobody_reaches_is_replaced(monkeypatch, tmp_path):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    assert folder_for(closed / "db").parent == Path("/var/lib/ruqi")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert folder_for(closed / "db") == closed.resolve() / "db"
