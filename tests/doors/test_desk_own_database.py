"""The desk over a PostgreSQL of one's own, by DATABASE_URL: over TCP, with passwords and roles."""

import os
import signal
import socket
import subprocess
import sys

import psycopg
import pytest

from desk_books import held_run, write_folder
from desk_server import short_folder
from ruqi.adapters.postgres import roles, server
from ruqi.adapters.postgres.programs import programs
from served_desk import Served

SECRETS = {roles.SUPERUSER: "s-1", roles.OWNER: "o-2", roles.APPLICATION: "a-3", "ruqi_reader": "r"}


class Own:
    """A server that knows nothing of Ruqi but three roles and an empty database."""

    def __init__(self, folder):
        self.folder, self.tools = folder, programs()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        place = folder / "pg"
        place.mkdir(mode=0o700)
        (folder / "secret").write_text(SECRETS[roles.SUPERUSER])
        if self.tools.user is not None:
            for one in (place, folder / "secret"):
                os.chown(one, self.tools.user, self.tools.user)
        words = ["-D", str(place), "-U", roles.SUPERUSER, "-A", "scram-sha-256", "--no-sync"]
        words += ["-E", "UTF8", "--locale=C.UTF-8", f"--pwfile={folder / 'secret'}"]
        server._run(self.tools, [self.tools.path("initdb"), *words])
        options = f"-c listen_addresses=127.0.0.1 -c unix_socket_directories= -p {self.port}"
        self.control("-l", str(place / "log"), "-w", "-o", options, "start")
        with psycopg.connect(self.url(roles.SUPERUSER, "postgres"), autocommit=True) as connection:
            for role, secret in list(SECRETS.items())[1:]:
                connection.execute(f"CREATE ROLE {role} LOGIN PASSWORD '{secret}'")
            for name in ("ruqi", "again"):
                connection.execute(f"CREATE DATABASE {name} OWNER {roles.OWNER}")

    def control(self, *words):
        command = [self.tools.path("pg_ctl"), "-D", str(self.folder / "pg"), *words]
        server._run(self.tools, command)

    def url(self, role, database="ruqi"):
        return f"postgresql://{role}:{SECRETS[role]}@127.0.0.1:{self.port}/{database}"

    def environment(self, database="ruqi"):
        return {
            "DATABASE_URL": self.url(roles.APPLICATION, database),
            "DATABASE_OWNER_URL": self.url(roles.OWNER, database),
            "RUQI_SECRET_KEY": "k" * 50,
        }

    def ask(self, role, words, database="ruqi"):
        with psycopg.connect(self.url(role, database)) as connection:
            return connection.execute(words).fetchall()


@pytest.fixture(scope="module")
def own():
    with short_folder() as folder:
        made = Own(folder)
        yield made
        made.control("-m", "immediate", "stop")


def ruqi(own, *words, database="ruqi"):
    environment = os.environ | own.environment(database)
    command = [sys.executable, "-m", "ruqi", *map(str, words)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


def test_it_migrates_as_owner_serves_as_application_and_leaves_the_server_running(own, monkeypatch):
    desk = Served(own.folder)
    write_folder(desk.run, held_run())
    monkeypatch.setattr("served_desk.OURS", ("RUQI_BOOKS", "RUQI_KEEPER", "DJANGO"))
    for name, value in own.environment().items():
        monkeypatch.setenv(name, value)
    desk.start()
    assert not (own.folder / "db").exists()  # no private database beside it
    users = own.ask(
        roles.SUPERUSER,
        "SELECT DISTINCT usename FROM pg_stat_activity "
        "WHERE datname = 'ruqi' AND pid <> pg_backend_pid()",
    )
    assert users == [(roles.APPLICATION,)]  # the owner's session is closed again
    assert own.ask(roles.APPLICATION, "SELECT count(*) FROM desk_run") == [(1,)]
    assert own.ask("ruqi_reader", "SELECT count(*) FROM desk_planrow") == [(6,)]
    for role, words in (
        (roles.APPLICATION, "UPDATE desk_run SET accounts = 0"),
        (roles.APPLICATION, "CREATE TABLE mine ()"),
        ("ruqi_reader", "SELECT * FROM auth_user"),
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            own.ask(role, words)
    assert desk.end(signal.SIGTERM) == 0
    assert own.ask(roles.OWNER, "SELECT tableowner FROM pg_tables WHERE tablename='desk_run'") == [
        (roles.OWNER,)
    ]
    code, said = ruqi(own, "backup", own.folder / "b.zip")
    assert (code, "runs: 1" in said) == (0, True), said
    code, said = ruqi(own, "restore", own.folder / "b.zip", database="again")
    assert (code, "restored" in said) == (0, True), said
    assert own.ask(roles.APPLICATION, "SELECT count(*) FROM desk_planrow", "again") == [(6,)]


def test_a_wrong_password_is_one_sentence(own):
    wrong = own.environment() | {"DATABASE_OWNER_URL": own.url(roles.OWNER).replace("o-2", "x")}
    command = [sys.executable, "-m", "ruqi", "serve", "--port", "1024"]
    done = subprocess.run(
        command, env=os.environ | wrong, capture_output=True, text=True, check=False
    )
    assert done.returncode == 5
    assert done.stderr.startswith("the database does not answer: ")
    assert "o-2" not in done.stderr
    assert "Traceback" not in done.stderr
