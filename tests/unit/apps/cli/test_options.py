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


@pytest.mark.parametrize("name", ["x.xlsx", "x.csv", "x.csv.gz", "x.parquet"])
def test_a_data_file_is_no_tape(tmp_path, name):
    (tmp_path / name).write_bytes(b"PK")
    with pytest.raises(click.UsageError, match=f"ruqi map .*{name}"):
        options.existing_tape(None, None, tmp_path / name)


@pytest.mark.parametrize(
    ("arguments", "environment", "language"),
    [
        (["check", "x"], None, "en"),
        (["check", "x"], "zh", "zh"),
        (["check", "--language", "en"], "zh", "en"),
        (["check", "--language=zh"], None, "zh"),
        (["check", "--language"], None, "en"),
        (["check", "--language", "fr"], None, "en"),
    ],
)
def test_the_language_is_known_before_a_word_is_parsed(
    arguments, environment, language, monkeypatch
):
    monkeypatch.setattr(options.talk, "DEFAULT_LANGUAGE", options.talk.Language.EN)
    monkeypatch.delenv("RUQI_LANGUAGE", raising=False)
    if environment:
        monkeypatch.setenv("RUQI_LANGUAGE", environment)
    assert options.language_of(arguments).value == language


def test_a_run_is_a_folder_with_its_head(tmp_path):
    with pytest.raises(click.UsageError, match="ruqi run"):
        options.existing_run(None, None, tmp_path)
    (tmp_path / "run.json").write_text("{}")
    assert options.existing_run(None, None, tmp_path) == tmp_path


def test_a_day_is_the_civil_day():
    assert options.day(datetime(2024, 2, 29)) == date(2024, 2, 29)
    assert options.day(None) is None
