"""The commands of the READMEs run as they stand, one after the other, on the shipped books."""

import re
import shlex
import subprocess
from pathlib import Path

import pytest

from ruqi.apps.cli.main import main

ROOT = Path(__file__).parents[2]
OWN = {"README.md": "## Your own book", "README.zh.md": "## 用您自己的账簿"}


def commands(page: str) -> list[list[str]]:
    """The words of each line of the section's shell blocks, comments left out."""
    text = (ROOT / page).read_text(encoding="utf-8")
    section = text[text.index(OWN[page]) :].split("\n## ")[0]
    blocks = re.findall(r"^```sh\n(.*?)^```", section, re.MULTILINE | re.DOTALL)
    return [shlex.split(line, comments=True) for line in "".join(blocks).splitlines()]


def test_both_readmes_give_the_same_commands():
    english, chinese = (commands(page) for page in OWN)
    assert [[w for w in words if w not in ("--language", "zh")] for words in chinese] == english


def test_every_command_of_the_readme_runs_as_it_stands(tmp_path, monkeypatch, capsys):
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    first, *words = commands("README.md")
    assert first[:3] == ["mkdir", "my-book", "&&"]
    subprocess.run(["sh", "-c", " ".join(first)], check=True)
    assert len(words) == 7
    for dev, door, *rest in words:
        assert (dev, door) == ("./dev", "ruqi")
        expanded = [str(p) for word in rest for p in sorted(Path().glob(word)) or [word]]
        with pytest.raises(SystemExit) as ending:
            main(expanded)
        assert ending.value.code == 0, rest
    told = capsys.readouterr()
    assert "Synthetic book: every account in it was drawn from a seed" in told.out
    assert "LT0001785" in told.out
    assert "TODO" not in told.err
