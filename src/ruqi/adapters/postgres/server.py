"""A private PostgreSQL in one folder: starts in a second, reached through a file, never a network.

Who may connect is the operating system's word (`peer`): the user who runs Ruqi, in one of the roles
of `roles`. Neither a pid file nor `pg_ctl status` proves a server: after a kill the pid may be a
zombie's or somebody else's.
"""

import fcntl
import getpass
import os
import secrets
import shlex
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO

import psycopg
from psycopg.conninfo import make_conninfo

from ruqi.adapters.postgres import roles
from ruqi.adapters.postgres.programs import Programs, programs
from ruqi.primitives.errors import OutsideFailed

SOCKET_MAX = 90  # of the 107 bytes that a socket's path may have, the rest is the file's name
AWKWARD = ',"$`\\\n'  # libpq parts hosts by commas; pg_ctl puts the folder in a shell's quotes
PORT = 5432  # only a part of the socket's name
MOVING = ".moving"
PATIENCE_S = 20.0
SHUTTING_S = 10.0  # a shutdown that takes longer is cut short
RECOVERY_S = 600.0
RECOVERING = ("starting up", "recovery", "not yet accepting")
LOG_MOST = 1 << 20  # bytes of a log at which a start begins a new one; one older is kept
# A log tells what befell the server. Errors of statements go to who sent them: they hold rows.
DISCREET = (
    "log_min_messages=log",
    "log_min_error_statement=panic",
    "log_error_verbosity=terse",
    "log_checkpoints=off",
    "log_timezone=UTC",
)
DURABLE = ("fsync=on", "full_page_writes=on", "synchronous_commit=on")
HASTY = ("fsync=off", "full_page_writes=off", "synchronous_commit=off")


@dataclass
class Server:
    """One folder's server. `durable` False is for tests: quick, and lost with the machine."""

    data: Path
    durable: bool = True
    _hold: IO[str] | None = None

    def start(self) -> None:
        """Make the folder where it is new, start the server where none runs; wait until it answers.

        Raises OutsideFailed: no programs, a folder that cannot be used, or a server that fails.
        """
        tools = programs()
        if len(os.fsencode(self.data)) > SOCKET_MAX:
            raise OutsideFailed(f"the path {self.data} is too long for a socket; choose a shorter")
        if not {*AWKWARD}.isdisjoint(str(self.data)):
            raise OutsideFailed(
                f"the path {self.data} holds one of {' '.join(AWKWARD.strip())}, "
                "which PostgreSQL's programs misread; choose another"
            )
        try:
            self._take(tools)
            self._share()
        except OSError as error:
            raise OutsideFailed(f"cannot keep a database in {self.data}: {error}") from error
        try:
            if not (self.data / "PG_VERSION").exists():
                self._create(tools)
            self._ensure(tools)
            self._set_up()
        except BaseException:
            self._let_go()
            raise

    def _take(self, tools: Programs) -> None:
        """The folder, for PostgreSQL's user alone; one that holds anything else is left alone."""
        self.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not any((self.data / one).exists() for one in ("PG_VERSION", MOVING)) and [
            one for one in self.data.iterdir() if not one.match("half.*")
        ]:
            raise OSError("it holds other files; choose a new or empty folder")
        self.data.chmod(0o700)
        if tools.user is not None:
            os.chown(self.data, tools.user, tools.user)

    def _share(self) -> None:
        """Hold the folder together with others who use it, so that the last one out stops it."""
        lock = self._lock_path()
        lock.touch(mode=0o600)
        self._hold = lock.open("r")
        fcntl.flock(self._hold, fcntl.LOCK_SH)

    def _lock_path(self) -> Path:
        return self.data.with_name(f".{self.data.name}.lock")

    def _create(self, tools: Programs) -> None:
        """A new cluster, made beside and moved, so that half a cluster is never taken for one.

        An `initdb` whose starter was killed may still be writing: every attempt has a folder of its
        own. `MOVING` says that what stands in the way was moved here by an attempt cut short.
        """
        with self._lock_path().with_suffix(".making").open("w") as making:
            fcntl.flock(making, fcntl.LOCK_EX)
            if (self.data / "PG_VERSION").exists():
                return
            half = self.data / f"half.{secrets.token_hex(4)}"
            self._init(tools, half)
            moving = self.data / MOVING
            cut_short = moving.exists()
            moving.touch()
            for inner in (one for one in half.iterdir() if one.name != "PG_VERSION"):
                if cut_short:
                    _run(tools, ["/bin/rm", "-rf", str(self.data / inner.name)])
                inner.rename(self.data / inner.name)
            (half / "PG_VERSION").rename(self.data / "PG_VERSION")  # last: it says all is whole
            moving.unlink()
            half.rmdir()
        for left in self.data.glob("half.*"):
            with suppress(OutsideFailed):
                _run(tools, ["/bin/rm", "-rf", str(left)])

    def _init(self, tools: Programs, half: Path) -> None:
        superuser = ["-U", roles.SUPERUSER, "-A", "peer"]
        plain = ["-E", "UTF8", "--locale=C.UTF-8", "--data-checksums", "--no-instructions"]
        _run(tools, [tools.path("initdb"), "-D", str(half), "--no-sync", *superuser, *plain])
        user = getpass.getuser() if tools.user is None else "root"
        people = "".join(f"ruqi {user} {role}\n" for role in roles.ALL)
        _write(tools, half / "pg_ident.conf", people)
        _write(tools, half / "pg_hba.conf", "local all all peer map=ruqi\n")
        if self.durable:
            os.sync()  # at once; initdb's own way, file by file, takes seconds on a busy disk

    def ensure(self) -> bool:
        """Start the server again where it died; whether it had to. For who watches over it."""
        if self.alive():
            return False
        self._ensure(programs())
        return True

    def _ensure(self, tools: Programs) -> None:
        until = began = time.monotonic()
        until += PATIENCE_S
        while True:
            if not self.alive():
                for left in ("postmaster.pid", f".s.PGSQL.{PORT}.lock"):
                    (self.data / left).unlink(missing_ok=True)
                self._launch(tools)
            refusal = self._refusal()
            if refusal is None:
                return
            if any(word in refusal for word in RECOVERING):
                until = began + RECOVERY_S  # after a crash it first repeats what was not yet stored
            elif time.monotonic() > until:
                raise OutsideFailed(f"PostgreSQL does not start; see {self.data / 'log'}", True)
            elif "shutting down" in refusal and time.monotonic() > began + SHUTTING_S:
                self._end(tools)
                began = time.monotonic()
            time.sleep(0.1)

    def _end(self, tools: Programs) -> None:
        """Stop the server without waiting for anybody: nothing that was confirmed is lost.

        PostgreSQL 18 stays in its shutdown for good where that was asked for during a recovery.
        """
        if self._pid() is None:
            return  # `pg_ctl` would signal whoever has the pid now
        with suppress(OutsideFailed):
            how = ["-m", "immediate", "-t", "5", "stop"]
            _run(tools, [tools.path("pg_ctl"), "-D", str(self.data), *how])
            return
        pid = self._pid()
        if pid is not None:
            with suppress(OSError):
                os.kill(pid, signal.SIGKILL)

    def _launch(self, tools: Programs) -> None:
        """Once; a server just killed may still hold its memory, so a failure is tried again."""
        settings = ["listen_addresses=", f"unix_socket_directories={self.data}"]
        settings += ["unix_socket_permissions=0700"] if tools.user is None else []
        settings += [*DISCREET, *(DURABLE if self.durable else HASTY)]
        settings += ["recovery_init_sync_method=syncfs"]  # after a crash; likewise
        options = " ".join(f"-c {shlex.quote(setting)}" for setting in settings)  # by a shell
        log = self.data / "log"
        arguments = ["-D", str(self.data), "-l", str(log), "-o", options, "-w"]
        if log.exists() and log.stat().st_size > LOG_MOST:
            log.replace(self.data / "log.old")
        try:
            _run(tools, [tools.path("pg_ctl"), *arguments, "-t", "15", "start"])
        except OutsideFailed:
            time.sleep(0.2)

    def alive(self) -> bool:
        """Whether the folder's own server runs: a postgres on this folder, and no zombie."""
        return self._pid() is not None

    def _pid(self) -> int | None:
        """The server's process. A pid file may outlive it and name anybody, also another server.

        Its command line says which folder it serves, and may be read by everybody.
        """
        try:
            pid = int((self.data / "postmaster.pid").read_text().split()[0])
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
            serves = Path(os.fsdecode(words[words.index(b"-D") + 1])).resolve()
        except (OSError, ValueError, IndexError):
            return None
        ours = Path(os.fsdecode(words[0])).name == "postgres" and serves == self.data.resolve()
        return pid if ours and state != "Z" else None

    def _refusal(self) -> str | None:
        """Why it does not answer; None where it does."""
        try:
            psycopg.connect(self.url(roles.SUPERUSER, "postgres"), connect_timeout=5).close()
        except psycopg.OperationalError as error:
            return str(error)
        return None

    def _set_up(self) -> None:
        with psycopg.connect(self.url(roles.SUPERUSER, "postgres"), autocommit=True) as connection:
            roles.set_up(connection)

    def url(self, role: str, database: str = roles.DATABASE) -> str:
        """Where to connect as `role`, in libpq's words."""
        return make_conninfo(host=str(self.data), user=role, dbname=database)

    def stop(self) -> None:
        """Stop the server cleanly unless somebody else still uses it."""
        if self._hold is None:
            return
        try:
            fcntl.flock(self._hold, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if self.alive():
                self._stop(programs())
        except BlockingIOError:
            pass  # another one uses it: the last one out stops it
        finally:
            self._let_go()

    def _let_go(self) -> None:
        if self._hold is not None:
            self._hold.close()
            self._hold = None

    def _stop(self, tools: Programs) -> None:
        how = ["-m", "fast", "-t", str(int(SHUTTING_S)), "stop"]
        try:
            _run(tools, [tools.path("pg_ctl"), "-D", str(self.data), *how])
        except OutsideFailed:
            self._end(tools)


def folder_for(wanted: Path) -> Path:
    """`wanted`, or as root, where `nobody` cannot reach it, a folder of its own under /var/lib."""
    wanted = wanted.resolve()
    if os.geteuid() != 0 or _reachable(wanted):
        return wanted
    return Path("/var/lib/ruqi") / sha256(os.fsencode(wanted)).hexdigest()[:12]


def _reachable(path: Path) -> bool:
    return all(one.stat().st_mode & 0o001 for one in path.parents if one.exists())


def _write(tools: Programs, path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    if tools.user is not None:
        os.chown(path, tools.user, tools.user)


def _run(tools: Programs, command: list[str]) -> None:
    done = subprocess.run(
        command,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE if command[0].endswith("initdb") else subprocess.DEVNULL,
        cwd="/",
        user=tools.user,
        group=tools.user,
        extra_groups=None if tools.user is None else [],
        env={"PATH": os.defpath, **tools.environment()},
    )
    if done.returncode:
        said = (done.stderr or b"").decode(errors="replace").strip()
        raise OutsideFailed(f"{Path(command[0]).name} failed: {said}", True)
