import json
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import polars as pl
import pytest

from ruqi.adapters.files import run_folder
from ruqi.primitives.errors import OutsideFailed

FRAME = pl.DataFrame({"account_id": ["a", "b"], "treatment": ["wait", "sms"]})


@pytest.fixture
def run():
    """The least that a folder is made from."""
    return SimpleNamespace(
        info={"tape": "t"},
        remark_rows=list,
        measures=FRAME,
        definitions={},
        trend={},
        rolls={"moves": []},
        vintages={},
        scores=FRAME,
        evaluation={},
        plan=SimpleNamespace(frame=FRAME, steps=FRAME, absent=FRAME, limits=[], summary={}),
        data_card={},
        history=FRAME,
        payments=None,
        contacts=FRAME,
    )


def test_a_run_appears_whole_and_leaves_nothing_beside_it(tmp_path, run):
    run_folder.write(tmp_path / "deep" / "out", run, {"report.html": b"<p>"})
    assert [p.name for p in (tmp_path / "deep").iterdir()] == ["out"]
    assert (tmp_path / "deep/out/report.html").read_bytes() == b"<p>"
    assert run_folder.read_json(tmp_path / "deep/out", "run.json") == {"tape": "t"}
    rows = run_folder.rows_of(tmp_path / "deep/out", "plan.parquet", "b")
    assert rows == [{"account_id": "b", "treatment": "sms"}]


def test_a_table_that_the_tape_lacks_has_no_file(tmp_path, run):
    run_folder.write(tmp_path / "out", run, {})
    assert not (tmp_path / "out/payments.parquet").exists()
    assert run_folder.frame(tmp_path / "out", "contacts.parquet").equals(FRAME)


def test_an_empty_folder_may_be_used_and_a_full_one_not(tmp_path, run):
    (tmp_path / "out").mkdir()
    run_folder.write(tmp_path / "out", run, {})
    with pytest.raises(FileExistsError):
        run_folder.write(tmp_path / "out", run, {})


def test_a_folder_is_reserved_before_the_work_and_without_a_trace(tmp_path):
    run_folder.reserve(tmp_path / "deep" / "out")
    (tmp_path / "empty").mkdir()
    run_folder.reserve(tmp_path / "empty")
    assert [p.name for p in tmp_path.iterdir()] == ["empty"]


def test_what_cannot_take_a_run_is_told_at_once(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(FileExistsError, match=r"file is a file; choose"):
        run_folder.reserve(tmp_path / "file")
    with pytest.raises(FileExistsError, match=r"file is a file; choose"):
        run_folder.reserve(tmp_path / "file" / "out")
    with pytest.raises(FileExistsError, match="is not empty"):
        run_folder.reserve(tmp_path)


def test_a_mounted_volume_cannot_be_replaced(tmp_path, monkeypatch):
    monkeypatch.setattr(Path, "is_mount", lambda _: True)
    with pytest.raises(FileExistsError, match="mounted volume"):
        run_folder.reserve(tmp_path / "out")


def test_where_nothing_can_be_written_the_work_never_starts(tmp_path):
    with pytest.raises(OutsideFailed, match="cannot write to"):
        run_folder.reserve(tmp_path / ("long" * 100))
    with pytest.raises(OutsideFailed, match="cannot write to"):
        run_folder.reserve(Path("/proc/out"))


def test_of_two_runs_into_one_folder_the_second_leaves_nothing(tmp_path, run):
    run_folder.reserve(tmp_path / "out")
    run_folder.reserve(tmp_path / "out")
    run_folder.write(tmp_path / "out", run, {"report.html": b"first"})
    with pytest.raises(FileExistsError, match="while this run was under way"):
        run_folder.write(tmp_path / "out", run, {"report.html": b"second", "more.html": b""})
    assert (tmp_path / "out" / "report.html").read_bytes() == b"first"
    assert not (tmp_path / "out" / "more.html").exists()
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_a_link_to_an_empty_folder_is_followed(tmp_path, run):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    run_folder.write(tmp_path / "link", run, {})
    assert (tmp_path / "real" / "run.json").is_file()
    assert (tmp_path / "link").is_symlink()


def test_a_failure_midway_leaves_no_trace(tmp_path, run):
    run.plan.steps = SimpleNamespace(write_parquet=_full_disk)
    with pytest.raises(OutsideFailed):
        run_folder.write(tmp_path / "out", run, {})
    assert list(tmp_path.iterdir()) == []


def _full_disk(*_args, **_options):
    raise OSError(28, "No space left on device")


def test_a_bug_midway_leaves_no_trace_and_is_not_dressed_up(tmp_path, run):
    run.measures = None
    with pytest.raises(AttributeError):
        run_folder.write(tmp_path / "out", run, {})
    assert list(tmp_path.iterdir()) == []


def test_json_is_stable_and_never_says_nan():
    text = run_folder.as_json(
        {"on": date(2024, 1, 31), "x": float("nan"), "n": np.int64(3), "名": ("a",)}
    )
    assert json.loads(text) == {"on": "2024-01-31", "x": None, "n": 3, "名": ["a"]}
    assert "名" in text


def test_a_table_that_an_older_run_lacks_has_no_rows(tmp_path):
    with pytest.raises(FileNotFoundError):
        run_folder.rows_of(tmp_path, "absent.parquet", "a")
    (tmp_path / "run.json").write_text("{}")
    assert run_folder.rows_of(tmp_path, "absent.parquet", "a") == []
