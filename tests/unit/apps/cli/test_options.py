from datetime import date, datetime

import click
import pytest

from ruqi.apps.cli import options


def test_a_tape_is_a_manifest_or_a_folder_that_holds_one(tmp_path):
    with pytest.raises(click.UsageError, match="no such tape"):
        options.existing_tape(None, None, tmp_path / "nowhere")
    with pytest.raises(click.UsageError, match="ruqi map"):
        options.existing_tape(None, None, tmp_path)
    (tmp_path / "tape.yaml").write_text("tape: t")
    assert options.existing_tape(None, None, tmp_path) == tmp_path
    assert options.existing_tape(None, None, tmp_path / "tape.yaml") == tmp_path / "tape.yaml"


def test_a_run_is_a_folder_with_its_head(tmp_path):
    with pytest.raises(click.UsageError, match="ruqi run"):
        options.existing_run(None, None, tmp_path)
    (tmp_path / "run.json").write_text("{}")
    assert options.existing_run(None, None, tmp_path) == tmp_path


def test_a_day_is_the_civil_day():
    assert options.day(datetime(2024, 2, 29)) == date(2024, 2, 29)
    assert options.day(None) is None
