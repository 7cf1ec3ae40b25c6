"""Options and arguments that several words share."""

import os
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from ruqi.apps.cli import talk
from ruqi.apps.cli.chinese import chinese_page

Function = TypeVar("Function", bound=Callable[..., Any])
DATA_FILES = (".csv", ".tsv", ".txt", ".gz", ".parquet", ".pq", ".xlsx", ".xlsm", ".xls", ".ods")
UNWRAPPED = 10_000  # columns; a Chinese page is wrapped by the width of its signs
A_PATH = click.Path(path_type=Path)
as_json_option = click.option(
    "--json", "as_json", is_flag=True, help="One JSON document on standard output."
)
quiet_option = click.option("--quiet", is_flag=True, help="No progress and no talk.")


class Word(click.Command):
    """One word of the command line; its help page speaks the reader's language."""

    def get_help(self, ctx: click.Context) -> str:
        """The page, in Chinese where the context says so."""
        return _page(super().get_help, ctx)


class Words(click.Group):
    """All words; their overview speaks the reader's language."""

    command_class = Word

    def get_help(self, ctx: click.Context) -> str:
        """The page, in Chinese where the context says so."""
        return _page(super().get_help, ctx)


def _page(english: Callable[[click.Context], str], ctx: click.Context) -> str:
    if ctx.obj is not talk.Language.ZH:
        return english(ctx)
    ctx.terminal_width = ctx.max_content_width = UNWRAPPED
    return chinese_page(english(ctx))


def existing_tape(_context: click.Context, _argument: click.Parameter, path: Path) -> Path:
    """A manifest, or a folder that holds one; anything else is wrong usage."""
    if path.is_dir() and not (path / "tape.yaml").is_file():
        raise click.UsageError(f"no tape.yaml in {path}; draft one with: ruqi map FILE…")
    if not path.exists():
        raise click.UsageError(f"no such tape: {path}")
    if path.suffix.lower() in DATA_FILES:
        raise click.UsageError(
            f"{path} is a data file, not a manifest; draft one with: ruqi map {path}"
        )
    return path


def existing_run(_context: click.Context, _argument: click.Parameter, path: Path) -> Path:
    """The folder of a finished run; anything else is wrong usage."""
    if not (path / "run.json").is_file():
        raise click.UsageError(f"no finished run in {path}; make one with: ruqi run TAPE --out DIR")
    return path


def language_of(arguments: Sequence[str]) -> talk.Language:
    """The reader's language, before any word is parsed: the option, the environment, the system."""
    asked = os.environ.get("RUQI_LANGUAGE") or talk.DEFAULT_LANGUAGE.value
    for place, argument in enumerate(arguments):
        if argument.startswith("--language="):
            asked = argument.partition("=")[2]
        elif argument == "--language" and place + 1 < len(arguments):
            asked = arguments[place + 1]
    return talk.Language.ZH if asked == "zh" else talk.Language.EN


def language_option(word: Function) -> Function:
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
