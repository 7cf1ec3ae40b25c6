"""The words of the command line: parse, call one service, show. Exit codes are promises.

0 done · 1 our bug · 2 wrong usage · 3 the input has faults · 4 refused by a rule · 5 an outside
part failed. Talk goes to standard error; answers to standard output.
"""

import json
import sys
import traceback
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import click
import typer

from ruqi.apps.cli import talk
from ruqi.primitives.errors import InputFaulty, OutsideFailed, PolicyError, Refused
from ruqi.services.run_tape import Order

app = typer.Typer(
    name="ruqi",
    help="Ruqi 如期 keeps buy-now-pay-later credit on schedule.\n\n"
    "Start with: ruqi map FILES, ruqi check TAPE, ruqi run TAPE --out DIR, then\n"
    "ruqi explain DIR ACCOUNT.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

TapeArgument = Annotated[Path, typer.Argument(help="Folder with tape.yaml, or a manifest's path.")]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
QuietOption = Annotated[bool, typer.Option("--quiet", help="No progress and no talk.")]
LanguageOption = Annotated[
    talk.Language, typer.Option("--language", help="Language of the talk.", envvar="RUQI_LANGUAGE")
]


@app.command()
def check(
    tape: TapeArgument,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    language: LanguageOption = talk.DEFAULT_LANGUAGE,
) -> None:
    """Read a loan tape as a stream; report every fault and remark; write nothing.

    Exit code 0: clean. 3: it has faults; each is named with file, line, column and mend.
    """
    from ruqi.apps import wiring

    with talk.progress(quiet or as_json, language) as progress:
        checked = wiring.check(tape, progress)
    if as_json:
        answer(wiring.checked_document(checked))
    elif checked.faults.total:
        talk.faults(checked.faults, language)
    elif not quiet:
        talk.clean(checked.rows, checked.remarks, language)
    if checked.faults.total:
        raise typer.Exit(3)


@app.command("map")
def map_(
    files: Annotated[list[Path], typer.Argument(help="A stranger's files: CSV, XLSX or Parquet.")],
    out: Annotated[
        Path | None, typer.Option("--out", help="Write the draft here; default: print it.")
    ] = None,
    quiet: QuietOption = False,
    language: LanguageOption = talk.DEFAULT_LANGUAGE,
) -> None:
    """Draft a manifest from a stranger's files, and say what it is unsure of.

    It guesses encoding, delimiter, columns (English and Chinese names and their contents) and date
    formats. Read it before you use it: ruqi check will hold you to it.
    """
    from ruqi.apps import wiring

    for file in files:
        if not file.is_file():
            raise click.UsageError(f"no such file: {file}")
    if out is not None and out.exists():
        raise click.UsageError(f"{out} exists; choose another --out, nothing is overwritten")
    draft = wiring.draft(files)
    if out is None:
        typer.echo(draft.yaml_text, nl=False)
    else:
        out.write_text(draft.yaml_text, encoding="utf-8")
    if not quiet:
        talk.unsure(draft, out, language)


@app.command()
def run(
    tape: TapeArgument,
    out: Annotated[Path, typer.Option("--out", help="New or empty folder for the run's files.")],
    as_of: Annotated[
        datetime | None,
        typer.Option("--as-of", formats=["%Y-%m-%d"], help="Run as of an earlier day."),
    ] = None,
    policy: Annotated[
        Path | None,
        typer.Option(
            "--policy", help="Default: policy.yaml beside the tape, else the shipped one."
        ),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Seed of all dice.")] = 42,
    quiet: QuietOption = False,
    language: LanguageOption = talk.DEFAULT_LANGUAGE,
) -> None:
    """Tape to measures, scores, the plan of the day and a report; all or nothing.

    With faults (exit code 3) or a refused policy (4) nothing is written. The same tape, policy and
    seed give the same bytes in every file but run.json and the report's provenance.
    """
    from ruqi.apps import wiring

    if policy is not None and not policy.is_file():
        raise click.UsageError(f"no such policy file: {policy}")
    order = Order(tape, out, day(as_of), policy, seed)
    with talk.progress(quiet, language) as progress:
        finished = wiring.run(order, progress)
    if not quiet:
        talk.finished(finished, out, language)


@app.command()
def explain(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A finished run's folder.")],
    account: Annotated[str, typer.Argument(help="The account's id.")],
    as_json: JsonOption = False,
    language: LanguageOption = talk.DEFAULT_LANGUAGE,
) -> None:
    """Tell why this account got what it got, from the stored run."""
    from ruqi.apps import wiring

    story = wiring.explain(folder, account)
    if story is None:
        raise click.UsageError(f"no account {account!r} in the plan of {folder}")
    if as_json:
        answer(story)
    else:
        talk.story(story, language)


def day(instant: datetime | None) -> date | None:
    """The civil day of an option."""
    return instant.date() if instant else None


def answer(document: Any) -> None:
    """One JSON document on standard output."""
    typer.echo(json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False))


def main(arguments: list[str] | None = None) -> None:
    """Run one word and translate every ending into its exit code."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    sys.exit(code_of(lambda: app(args=arguments, standalone_mode=False), arguments or sys.argv[1:]))


def code_of(word: Callable[[], Any], arguments: list[str]) -> int:
    """Exit code of one word; says on standard error what went wrong and how to mend it."""
    try:
        return int(word() or 0)
    except click.exceptions.Abort:
        talk.say("stopped; nothing was written")
        return 130
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (FileNotFoundError, NotADirectoryError) as error:
        talk.say(f"no such file or folder: {error.filename or error}")
        return 2
    except FileExistsError as error:
        talk.say(f"{error} is not empty; choose a new or empty folder, nothing is overwritten")
        return 2
    except InputFaulty as error:
        return refuse(arguments, talk.faulty(error), talk.faults, error.faults, 3)
    except PolicyError as error:
        document = {"error": "policy", "file": error.file, "line": error.line}
        document |= {"problem": error.problem, "mend": error.mend}
        return refuse(arguments, document, talk.say, str(error), 4)
    except Refused as error:
        document = {"rule": error.rule, "says_en": error.says_en, "says_zh": error.says_zh}
        return refuse(arguments, document, talk.say, f"{error.says_en}\n{error.says_zh}", 4)
    except OutsideFailed as error:
        talk.say(str(error))
        return 5
    except Exception:
        traceback.print_exc()
        talk.say("This is a bug in Ruqi, not in your files. Please report the lines above.")
        return 1


def refuse(
    arguments: list[str],
    document: dict[str, Any],
    tell: Callable[[Any], None],
    told: Any,
    code: int,
) -> int:
    """Answer a refusal: as the JSON document where one was asked for, else in words."""
    if "--json" in arguments:
        answer(document)
    else:
        tell(told)
    return code
