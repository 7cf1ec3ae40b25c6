import os
import signal
import time
from pathlib import Path

import psycopg
import pytest

from desk_server import short_folder
from ruqi.adapters.postgres import roles, server
from ruqi.adapters.postgres.server import Server, folder_for
from ruqi.apps.chinese import chinese
from ruqi.primitives.errors import OutsideFailed


@pytest.fixture(scope="module")
def own():
    with short_folder() as folder:
        made = Server(folder / "如期 it's a (desk) & more")  # durable: a kill must lose nothing
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


def test_another_folders_server_is_a_stranger(own):
    with short_folder() as folder:
        made = Server(folder / "db", durable=False)
        made.start()
        made.stop()
        (made.data / "postmaster.pid").write_text(f"{pid_of(own)}\n")
        assert not made.alive()
        made._end(server.programs())
        assert own.alive()
        made.start()
        assert pid_of(made) != pid_of(own)
        made.stop()
    assert own.alive()


def test_a_log_grows_to_a_bound_and_holds_no_rows(own):
    assert asked(own, "SHOW log_min_messages") == "log"
    assert asked(own, "SHOW log_error_verbosity") == "terse"
    own.stop()
    with (own.data / "log").open("a") as log:
        log.write("x" * (server.LOG_MOST + 1))
    own.start()
    assert (own.data / "log").stat().st_size < server.LOG_MOST
    assert (own.data / "log.old").stat().st_size > server.LOG_MOST


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


@pytest.mark.parametrize("sign", server.AWKWARD)
def test_a_path_that_the_programs_would_misread_is_refused(sign):
    with short_folder() as folder, pytest.raises(OutsideFailed, match="choose another") as said:
        Server(folder / f"a{sign}b").start()
    assert "请换" in chinese(str(said.value).replace("\n", " "))


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


def test_a_first_start_cut_short_stands_in_nobodys_way():
    with short_folder() as folder:
        (folder / "db").mkdir()
        os.chown(folder / "db", *nobody())
        for left in ("base/1", "half.0badc0de/base"):  # moved already; and still being made
            (folder / "db" / left).mkdir(parents=True)
            for place in (folder / "db" / left, (folder / "db" / left).parent):
                os.chown(place, *nobody())
        (folder / "db" / ".moving").touch()
        made = Server(folder / "db", durable=False)
        made.start()
        assert asked(made, "SELECT 1") == 1
        assert not list(made.data.glob("half.*"))
        assert not (made.data / ".moving").exists()
        made.stop()


def nobody():
    return (65534, 65534) if os.geteuid() == 0 else (os.geteuid(), os.getegid())


def test_what_a_folder_holds_of_others_is_never_removed():
    with short_folder() as folder:
        (folder / "db" / "base").mkdir(parents=True)
        (folder / "db" / "base" / "mine").touch()
        with pytest.raises(OutsideFailed, match="holds other files"):
            Server(folder / "db", durable=False).start()
        assert (folder / "db" / "base" / "mine").exists()


@pytest.mark.parametrize("deaf", [("fast",), ("fast", "immediate")])
def test_a_shutdown_that_does_not_end_is_cut_short(monkeypatch, deaf):
    real = server._run

    def run(tools, command):
        if set(deaf) & set(command):
            raise OutsideFailed("pg_ctl failed: ")
        real(tools, command)

    with short_folder() as folder:
        made = Server(folder / "db")
        made.start()
        with psycopg.connect(made.url(roles.OWNER), autocommit=True) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS value")
            connection.execute("GRANT SELECT ON kept TO ruqi_app")
        with monkeypatch.context() as patch:
            patch.setattr(server, "_run", run)
            made.stop()
        until = time.monotonic() + 20
        while made.alive() and time.monotonic() < until:
            time.sleep(0.02)
        assert not made.alive()
        made.start()
        assert asked(made, "SELECT value FROM kept") == 7
        made.stop()
