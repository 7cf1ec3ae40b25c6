import pytest

from ruqi.adapters.postgres import backup
from ruqi.apps import safekeeping
from ruqi.primitives.errors import NotThere

HEAD = backup.Head(1, "9.9", "2026-01-01", "18.4", ("desk.0001_tables", "desk.9999_later"), 0, 0)


@pytest.fixture
def no_server(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "host=/nowhere")


def test_a_folder_without_a_desk_is_named(monkeypatch, tmp_path):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("DATABASE_OWNER_URL", "")
    with monkeypatch.context() as patch, pytest.raises(NotThere, match="no desk in"):
        patch.setattr(safekeeping.Server, "start", None)
        safekeeping.back_up(tmp_path / "db", tmp_path / "b.zip")
    monkeypatch.setenv("DATABASE_URL", "")  # what the word had named is taken back
    assert list(tmp_path.iterdir()) == []


def test_a_newer_versions_backup_touches_nothing(monkeypatch, no_server, tmp_path):
    monkeypatch.setattr(backup, "head_of", lambda file: HEAD)
    monkeypatch.setattr(backup, "restore", None)
    with pytest.raises(NotThere, match=r"newer version of Ruqi \(9\.9\)"):
        safekeeping.restore(tmp_path / "db", tmp_path / "b.zip")


def test_this_versions_changes_are_known():
    assert {"desk.0001_tables", "auth.0001_initial"} <= safekeeping._known()
