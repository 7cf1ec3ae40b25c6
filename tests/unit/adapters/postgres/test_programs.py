import os
from pathlib import Path

import pytest

from ruqi.adapters.postgres import programs
from ruqi.primitives.errors import OutsideFailed


def test_the_wheel_comes_first():
    assert (programs.installed() / "bin" / "initdb").exists()
    assert programs.WHEEL in str(programs.installed())


def test_nothing_at_hand_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setattr(programs, "find_spec", lambda _name: None)
    monkeypatch.setattr(programs, "SYSTEM", tmp_path)
    with pytest.raises(OutsideFailed, match="DATABASE_URL"):
        programs.installed()
    (tmp_path / "15/bin").mkdir(parents=True)
    (tmp_path / "15/bin/postgres").touch()
    (tmp_path / "9/bin").mkdir(parents=True)
    (tmp_path / "9/bin/postgres").touch()
    assert programs.installed() == tmp_path / "15"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs a copy")
def test_a_copy_cut_short_is_never_taken_for_whole(monkeypatch, tmp_path):
    home = tmp_path / "wheel" / "pginstall18"
    (home / "bin").mkdir(parents=True)
    (home / "bin" / "postgres").write_text("x")
    copies = tmp_path / "copies"
    copies.mkdir()
    assert programs.COPIES.is_relative_to("/var/lib")  # old files in /var/tmp are cleared away
    monkeypatch.setattr(programs, "COPIES", copies)
    monkeypatch.setattr(programs, "installed", lambda: home)
    half = copies / f"ruqi-postgres-pginstall18-{home.stat().st_mtime_ns}.999"
    half.mkdir()  # what a killed process left
    made = programs.programs()
    assert Path(made.path("postgres")).read_text() == "x"
    assert made.home != half
    assert programs.programs() == made  # found again
    os.chown(made.home, 12345, 12345)
    with pytest.raises(OutsideFailed, match="somebody else"):
        programs.programs()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs a copy")
def test_a_copys_place_is_made_so_that_nobody_reaches_it(monkeypatch, tmp_path):
    home = tmp_path / "wheel" / "pginstall18"
    (home / "bin").mkdir(parents=True)
    monkeypatch.setattr(programs, "COPIES", tmp_path / "new" / "programs")
    monkeypatch.setattr(programs, "installed", lambda: home)
    before = os.umask(0o077)
    try:
        made = programs.programs()
    finally:
        os.umask(before)
    for place in (made.home, made.home.parent, made.home.parent.parent):
        assert place.stat().st_mode & 0o777 == 0o755
