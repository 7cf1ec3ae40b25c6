"""`./dev test` on a machine without Chromium: it installs Debian's where it may, and says so."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NEEDED = ("sh", "cat", "cksum", "dirname")


def script(path, *lines):
    path.write_text("\n".join(["#!/bin/sh", *lines, ""]))
    path.chmod(0o755)


@pytest.fixture
def machine(tmp_path):
    """A checkout whose environment does nothing, and a machine whose only programs are told."""
    root, programs = tmp_path / "clone", tmp_path / "programs"
    (root / ".venv/bin").mkdir(parents=True)
    programs.mkdir()
    for name in ("dev", "pyproject.toml"):
        shutil.copy(ROOT / name, root / name)
    (root / "requirements").symlink_to(ROOT / "requirements")
    for name in NEEDED:
        (programs / name).symlink_to(shutil.which(name))
    for name in ("python", "ruff", "mypy", "lint-imports"):
        script(root / ".venv/bin" / name, 'echo "$0 $@"')
    for layer, files in {"core": ["core"], "test": ["test", "peers"]}.items():
        locked = " ".join(f"requirements/{one}.txt" for one in files)
        command = f"cat pyproject.toml {locked} | cksum"
        done = subprocess.run(["sh", "-c", command], cwd=root, capture_output=True, check=True)
        (root / f".venv/.{layer}").write_bytes(done.stdout.strip())
    return root, programs


def told(machine):
    root, programs = machine
    environment = {**os.environ, "PATH": str(programs)}
    done = subprocess.run(
        ["./dev", "test"], cwd=root, env=environment, capture_output=True, text=True, check=True
    )
    assert "-m pytest -rs" in done.stdout  # it went on, and why tests are skipped is told
    return done.stderr


def test_root_with_apt_gets_it(machine):
    _, programs = machine
    script(programs / "id", "echo 0")
    script(programs / "apt-get", f'echo "$@" >> {programs}/asked')
    assert "installing Debian's chromium" in told(machine)
    assert (programs / "asked").read_text().splitlines() == [
        "-qq update",
        "-qq -y install --no-install-recommends chromium",
    ]


def test_where_it_cannot_be_had_that_is_said(machine):
    _, programs = machine
    script(programs / "id", "echo 0")
    script(programs / "apt-get", "exit 100")
    assert "NO CHROMIUM" in told(machine)


def test_who_may_not_install_is_told_the_mend(machine):
    _, programs = machine
    script(programs / "id", "echo 1000")
    script(programs / "apt-get", f"touch {programs}/asked")
    assert "apt-get install chromium" in told(machine)
    assert not (programs / "asked").exists()


def test_where_it_is_nothing_is_said(machine):
    _, programs = machine
    script(programs / "chromium")
    assert told(machine) == ""
