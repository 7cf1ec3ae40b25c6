"""`./dev demo` from its end: it serves what it ran, and Ctrl-C or SIGTERM ends it cleanly."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from desk_books import held_run, write_folder
from desk_server import short_folder

ROOT = Path(__file__).parents[2]
RUQI = """#!/bin/sh
# Stands in for the command line: runs are copied, only the desk is real.
case $1 in
  run)
    while [ "$1" != --out ]; do shift; done
    mkdir -p "$(dirname "$2")"; cp -r "$RUN" "$2"; echo "ran into $2" ;;
  *) exec "$PY" -m ruqi "$@" ;;
esac
"""


@pytest.fixture
def clone():
    """A checkout whose environment is this one."""
    with short_folder() as folder:
        root = folder / "clone"
        (root / ".venv/bin").mkdir(parents=True)
        for name in ("dev", "pyproject.toml", "requirements"):
            (root / name).symlink_to(ROOT / name)
        (root / "dev").unlink()
        (root / "dev").write_bytes((ROOT / "dev").read_bytes())
        write_folder(folder / "run", held_run())
        (root / ".venv/bin/ruqi").write_text(RUQI)
        (root / ".venv/bin/python").symlink_to(sys.executable)
        for path in (root / "dev", root / ".venv/bin/ruqi"):
            path.chmod(0o755)
        command = "cat pyproject.toml requirements/core.txt | cksum"
        done = subprocess.run(["sh", "-c", command], cwd=ROOT, capture_output=True, check=True)
        (root / ".venv/.core").write_bytes(done.stdout.strip())
        yield root


def demo(clone, *words):
    """The demo, begun with no terminal."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("DATABASE", "RUQI"))}
    environment |= {"RUN": str(clone.parent / "run"), "PY": sys.executable}
    environment |= {"PYTHONPATH": str(ROOT / "src")}
    return subprocess.Popen(
        ["./dev", "demo", *words],
        cwd=clone,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def address(process):
    """The sign-in link, once it is printed."""
    for line in process.stdout:
        if "/enter/" in line:
            return line.split()[-1]
    raise AssertionError("it never served")


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_without_a_terminal_and_ends_cleanly(clone, how):
    process = demo(clone)
    assert address(process).startswith("http://127.0.0.1:")
    process.send_signal(how)
    assert process.wait(60) == 0
    assert "Traceback" not in process.stdout.read()
    process.stdout.close()
    assert not (clone / "out/desk/postmaster.pid").exists()


def test_without_serving_it_ends_after_the_run(clone):
    process = demo(clone, "--no-serve", "--out", "mine")
    said = process.communicate(timeout=60)[0]
    assert process.returncode == 0
    assert "ran into mine" in said
    assert "enter" not in said
    assert json.loads((clone / "mine/run.json").read_text())
    assert not (clone / "out").exists()


def test_an_option_that_is_none_is_named(clone):
    process = demo(clone, "--serve")
    said = process.communicate(timeout=60)[0]
    assert process.returncode == 2
    assert "no option '--serve'" in said
