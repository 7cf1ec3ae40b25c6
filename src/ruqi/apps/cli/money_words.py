"""The words about money: what a purchase costs, one line's life, a way out of debts."""

from datetime import datetime
from pathlib import Path

import click

from ruqi.apps.cli import money, talk
from ruqi.apps.cli.options import A_PATH, Word, as_json_option, day, language_option

DAY = click.DateTime(["%Y-%m-%d"])


def existing_file(_context: click.Context, _option: click.Parameter, path: Path) -> Path:
    """A file that is there; anything else is wrong usage."""
    if not path.is_file():
        raise click.UsageError(f"no such file: {path}")
    return path


@click.command(cls=Word)
@click.option("--product", required=True, help="A product file, or a shipped product's name.")
@click.option("--amount", required=True, help="In major units, e.g. 1200.00.")
@click.option("--on", type=DAY, required=True, help="Day of the purchase (YYYY-MM-DD).")
@as_json_option
@language_option
def quote(product: str, amount: str, on: datetime, as_json: bool, language: talk.Language) -> int:
    """Schedule and all-in annual cost of a purchase; refused above the price cap.

    The all-in rate is nominal (period rate times periods a year) over every fee, whoever receives
    it; the effective rate stands beside it. Exit code 4 where a rule refuses the purchase.
    """
    from ruqi.apps import money_wiring

    document = money_wiring.quote(product, amount, on.date())
    if as_json:
        talk.answer(document)
    else:
        click.echo(money.quote_text(document, language.value), nl=False)
    return 4 if document["refusals"] else 0


@click.command(cls=Word)
@click.argument("events", metavar="EVENTS.jsonl", type=A_PATH, callback=existing_file)
@click.option(
    "--product",
    multiple=True,
    required=True,
    help="A product file, or a shipped product's name. The first is the line's own.",
)
@click.option("--as-of", type=DAY, help="The day the answer is for (YYYY-MM-DD).")
@click.option("--as-known-at", help="Instant (ISO 8601), or a day: its end in the product's zone.")
@as_json_option
@language_option
def replay(
    events: Path,
    product: tuple[str, ...],
    as_of: datetime | None,
    as_known_at: str | None,
    as_json: bool,
    language: talk.Language,
) -> None:
    """One credit line's state, schedule, entries and refusals from its events.

    The order of lines means nothing. Refused events are listed, each with its rule, and change
    nothing; the exit code is 0 all the same.
    """
    from ruqi.apps import money_wiring

    try:
        document = money_wiring.replay(events, product, day(as_of), as_known_at)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    if as_json:
        talk.answer(document)
    else:
        click.echo(money.replay_text(document, language.value), nl=False)


@click.command(cls=Word)
@click.argument("debts", metavar="DEBTS.yaml", type=A_PATH, callback=existing_file)
@as_json_option
@language_option
def payoff(debts: Path, as_json: bool, language: talk.Language) -> None:
    """Repayment plans over several debts: what they cost, how long they take, what if.

    Every plan says its first missed date, if any, and the instalment that is safe.
    """
    from ruqi.apps import money_wiring

    document = money_wiring.payoff(debts)
    if as_json:
        talk.answer(document)
    else:
        click.echo(money.payoff_text(document, language.value), nl=False)
