"""The words of the command line: parse, call one service, show. Exit codes are promises.

0 done · 1 our bug · 2 wrong usage · 3 the input has faults · 4 refused by a rule · 5 an outside
part failed. Talk goes to standard error; answers to standard output.
"""

import io
import sys
import traceback
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import click

from ruqi.apps.chinese import chinese
from ruqi.apps.cli import talk
from ruqi.apps.cli.desk_words import backup, dismiss, invite, restore, serve, worker
from ruqi.apps.cli.money_words import payoff, quote, replay
from ruqi.apps.cli.options import (
    A_PATH,
    Words,
    as_json_option,
    day,
    existing_run,
    existing_tape,
    language_of,
    language_option,
    quiet_option,
)
from ruqi.primitives.errors import InputFaulty, NotThere, OutsideFailed, PolicyError, Refused


@click.group(cls=Words)
@click.version_option(package_name="ruqi")
def app() -> None:
    """Ruqi 如期 keeps buy-now-pay-later credit on schedule.

    \b
    A stranger's files          ruqi map FILE… --out tape.yaml
    a tape, checked             ruqi check TAPE
    tape to plan and report     ruqi run TAPE --out DIR
    why this account            ruqi explain DIR ACCOUNT

    \b
    what a purchase costs       ruqi quote --product FILE --amount A --on D
    one line from its events    ruqi replay EVENTS.jsonl --product FILE
    a way out of debts          ruqi payoff DEBTS.yaml

    \b
    pages over finished runs    ruqi serve --run DIR
    somebody who may see them   ruqi invite NAME --role ROLE
    somebody who may no longer  ruqi dismiss NAME
    one more worker for it      ruqi worker
    the desk as one file        ruqi backup FILE
    and back from it            ruqi restore FILE

    TAPE is a folder with tape.yaml, or a manifest's path.

    Language: --language en or zh, else RUQI_LANGUAGE, else that of the system (LC_ALL, LANG).

    Exit codes: 0 done, 1 our bug, 2 wrong usage, 3 the input has faults, 4 refused by a rule,
    5 an outside part failed.
    """


@app.command()
@click.argument("tape", type=A_PATH, callback=existing_tape)
@as_json_option
@quiet_option
@language_option
def check(tape: Path, as_json: bool, quiet: bool, language: talk.Language) -> int:
    """Read a loan tape as a stream; report every fault and remark; write nothing.

    All faults are found in one pass, each with file, line, column and mend: exact counts, and the
    first 100 places of each kind. Exit code 3 where there are any.
    """
    from ruqi.apps import wiring

    with talk.progress(quiet or as_json, language) as progress:
        checked = wiring.check(tape, progress)
    if as_json:
        talk.answer(wiring.checked_document(checked))
    elif checked.faults.total:
        talk.faults(checked.faults, language)
    elif not quiet:
        talk.clean(checked.rows, checked.remarks, language)
    return 3 if checked.faults.total else 0


@app.command("map")
@click.argument("files", type=A_PATH, nargs=-1, required=True)
@click.option("--out", type=A_PATH, help="Write the draft here; default: print it.")
@quiet_option
@language_option
def map_(files: tuple[Path, ...], out: Path | None, quiet: bool, language: talk.Language) -> None:
    """Draft a manifest from a stranger's files, and say what it is unsure of.

    It guesses encoding, delimiter, columns (by English and Chinese names, and by content), codes
    and date formats. Read the draft before you use it: ruqi check will hold you to it.
    """
    from ruqi.apps import wiring

    for file in files:
        if not file.is_file():
            raise click.UsageError(f"no such file: {file}")
    if out is not None and out.is_dir():
        raise click.UsageError(f"{out} is a folder; name the file, e.g. --out {out / 'tape.yaml'}")
    if out is not None and out.exists():
        raise click.UsageError(f"{out} exists; choose another --out, nothing is overwritten")
    draft = wiring.draft(list(files), out)
    if out is None:
        click.echo(draft.yaml_text, nl=False)
    if not quiet:
        talk.unsure(draft, out, language)


@app.command()
@click.argument("tape", type=A_PATH, callback=existing_tape)
@click.option("--out", type=A_PATH, required=True, help="New or empty folder for the run's files.")
@click.option(
    "--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Run as of an earlier day (YYYY-MM-DD)."
)
@click.option(
    "--policy", type=A_PATH, help="Default: policy.yaml beside the tape, else the shipped one."
)
@click.option("--seed", type=click.IntRange(0), default=42, show_default=True, help="Of all dice.")
@quiet_option
@language_option
def run(
    tape: Path,
    out: Path,
    as_of: datetime | None,
    policy: Path | None,
    seed: int,
    quiet: bool,
    language: talk.Language,
) -> None:
    """Tape to measures, scores, the plan of the day and a report; all or nothing.

    With faults (exit code 3) or a refused policy (4) nothing is written. The same tape, policy and
    seed give the same bytes in every file but run.json and the report's provenance.
    """
    from ruqi.apps import wiring
    from ruqi.services.run_tape import Order

    if policy is not None and not policy.is_file():
        raise click.UsageError(f"no such policy file: {policy}")
    with talk.progress(quiet, language) as progress:
        finished = wiring.run(Order(tape, out, day(as_of), policy, seed), progress)
    if not quiet:
        talk.finished(finished, out, language)


@app.command()
@click.argument("folder", metavar="DIR", type=A_PATH, callback=existing_run)
@click.argument("account")
@as_json_option
@language_option
def explain(folder: Path, account: str, as_json: bool, language: talk.Language) -> None:
    """Tell why this account got what it got, from the stored run DIR."""
    from ruqi.apps import wiring

    story = wiring.explain(folder, account)
    if story is None:
        raise click.UsageError(f"no account {account!r} in the plan of {folder}")
    if as_json:
        talk.answer(story)
    else:
        talk.story(story, language)


for word in (quote, replay, payoff, serve, invite, dismiss, worker, backup, restore):
    app.add_command(word)


def main(arguments: list[str] | None = None) -> None:
    """Run one word and translate every ending into its exit code."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    asked = arguments or sys.argv[1:]
    language = language_of(asked)
    sys.exit(code_of(lambda: app(asked, "ruqi", standalone_mode=False, obj=language), asked))


def code_of(word: Callable[[], Any], arguments: list[str]) -> int:
    """Exit code of one word; says on standard error what went wrong and how to mend it."""
    language = language_of(arguments)

    def say(sentence: str) -> None:
        talk.say(chinese(sentence) if language is talk.Language.ZH else sentence)

    try:
        return int(word() or 0)
    except click.exceptions.Abort:
        say("stopped; nothing was written")
        return 130
    except click.ClickException as error:
        shown = io.StringIO()
        error.show(shown)
        for line in shown.getvalue().rstrip().split("\n"):
            say(line)
        return error.exit_code
    except (FileExistsError, NotThere) as error:
        say(str(error))
        return 2
    except InputFaulty as error:
        return refuse(
            arguments, talk.faulty(error), partial(talk.faults, error.faults, language), 3
        )
    except PolicyError as error:
        document = {"error": "policy", "file": error.file, "line": error.line}
        document |= {"problem": error.problem, "mend": error.mend}
        return refuse(arguments, document, partial(talk.policy_error, error, language), 4)
    except Refused as error:
        document = {"rule": error.rule, "says_en": error.says_en, "says_zh": error.says_zh}
        said = error.says_zh if language is talk.Language.ZH else error.says_en
        return refuse(arguments, document, partial(talk.say, said), 4)
    except OutsideFailed as error:
        say(str(error))
        return 5
    except Exception:
        traceback.print_exc()
        say("This is a bug in Ruqi, not in your files. Please report the lines above.")
        return 1


def refuse(
    arguments: list[str], document: dict[str, Any], tell: Callable[[], None], code: int
) -> int:
    """Answer a refusal: as the JSON document where one was asked for, else in words."""
    if "--json" in arguments:
        talk.answer(document)
    else:
        tell()
    return code
