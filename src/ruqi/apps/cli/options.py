"""Options and arguments that several words share."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from ruqi.apps.cli import talk

Word = TypeVar("Word", bound=Callable[..., Any])
A_PATH = click.Path(path_type=Path)
as_json_option = click.option(
    "--json", "as_json", is_flag=True, help="One JSON document on standard output."
)
quiet_option = click.option("--quiet", is_flag=True, help="No progress and no talk.")


def existing_tape(_context: click.Context, _argument: click.Parameter, path: Path) -> Path:
    """A manifest, or a folder that holds one; anything else is wrong usage."""
    if path.is_dir() and not (path / "tape.yaml").is_file():
        raise click.UsageError(f"no tape.yaml in {path}; draft one with: ruqi map FILE…")
    if not path.exists():
        raise click.UsageError(f"no such tape: {path}")
    return path


def existing_run(_context: click.Context, _argument: click.Parameter, path: Path) -> Path:
    """The folder of a finished run; anything else is wrong usage."""
    if not (path / "run.json").is_file():
        raise click.UsageError(f"no finished run in {path}; make one with: ruqi run TAPE --out DIR")
    return path


def language_option(word: Word) -> Word:
    """The reader's language, as every word takes it."""
    choice = click.Choice([one.value for one in talk.Language])
    option = click.option(
        "--language",
        type=choice,
        envvar="RUQI_LANGUAGE",
        default=talk.DEFAULT_LANGUAGE.value,
        show_default=True,
        callback=lambda _context, _option, value: talk.Language(value),
        help="Language of the talk.",
    )
    return option(word)


def day(instant: datetime | None) -> date | None:
    """The civil day of an option."""
    return instant.date() if instant else None
