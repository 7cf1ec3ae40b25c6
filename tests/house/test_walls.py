"""The import contracts hold, and each one catches the fault planted for it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINT = Path(sys.executable).with_name("lint-imports")

# file of the package, the line planted in it, the contract that must break
PLANTED = {
    "upward": ("tape/faults.py", "import ruqi.portfolio", "floors"),
    "upward for a type": (
        "tape/faults.py",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import ruqi.services",
        "floors",
    ),
    "upward inside a function": ("law/__init__.py", "def f():\n    import ruqi.tape", "floors"),
    "room without a floor": ("cellar/__init__.py", "", "floors"),
    "service knows a plug": ("services/ports.py", "import ruqi.adapters.files", "floors"),
    "circle in a room": ("tape/contract.py", "import ruqi.tape.columns", "no-circles"),
    "array in an exact room": ("primitives/errors.py", "import numpy", "exact"),
    "array in the law": ("law/__init__.py", "import polars", "exact"),
    "array in the ledger": ("ledger/__init__.py", "import numpy", "exact"),
    "statistics post an entry": ("portfolio/__init__.py", "import ruqi.ledger", "no-posting"),
    "clock in a pure room": ("behaviour/__init__.py", "import time", "pure"),
    "disk in a pure room": ("tape/contract.py", "import pathlib", "pure"),
    "dice in a pure room": ("portfolio/__init__.py", "import random", "pure"),
    "framework in a service": ("services/ports.py", "import click", "rim"),
    "file format in a pure room": ("treatment/__init__.py", "import yaml", "rim"),
    "door knows door": ("apps/library.py", "import ruqi.apps.cli", "doors"),
    "plug knows plug": ("adapters/files/__init__.py", "import ruqi.adapters.report", "plugs"),
}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [LINT, "--no-logo", "--no-cache", "--config", folder / "pyproject.toml"]
    environment = {**os.environ, "PYTHONPATH": str(folder), "NO_COLOR": "1"}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of the package and its contracts, free to be damaged."""
    shutil.copytree(
        ROOT / "src" / "ruqi", tmp_path / "ruqi", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def contract_name(contract: str) -> str:
    text = (ROOT / "pyproject.toml").read_text()
    return text.split(f'id = "{contract}"\nname = "')[1].split('"')[0]


def test_the_house_stands(house):
    answer = lint(house)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert " 0 broken" in answer.stdout


@pytest.mark.parametrize("fault", PLANTED)
def test_every_wall_catches_its_fault(house, fault):
    file, line, contract = PLANTED[fault]
    path = house / "ruqi" / file
    path.parent.mkdir(exist_ok=True)
    text = path.read_text() if path.exists() else '"""P."""\n'
    path.write_text(f"{text}\n{line}\n")
    answer = lint(house)
    assert f"{contract_name(contract)} BROKEN" in answer.stdout, answer.stdout + answer.stderr
