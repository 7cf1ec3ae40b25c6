"""A borrower's debts from YAML: other lenders' by figures, our own by their events."""

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from ruqi.adapters.files.events_file import read_events
from ruqi.adapters.files.product_file import read_product
from ruqi.adapters.files.yaml_text import Lines, checked, line_of
from ruqi.classroom.debts import Debt, Foreign, Own
from ruqi.classroom.payoff import Change, Means, Wallet
from ruqi.law.price import all_in_rate
from ruqi.loans.history import live
from ruqi.loans.line import standing_on
from ruqi.loans.schedule import flows
from ruqi.primitives.errors import PolicyError
from ruqi.primitives.rate import share


def read_debts(path: Path) -> tuple[Wallet, tuple[Change, ...]]:
    """A wallet and its what-ifs. Raises PolicyError or InputFaulty where a file is wrong."""
    if not path.is_file():
        raise FileNotFoundError(2, "no such debts file", str(path))
    document, lines = checked(path, "debts")
    start = _date(document["start"], path, ("start",), lines)
    debts = tuple(_debt(row, start, path) for row in document["debts"])
    names = [debt.name for debt in debts]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        line = line_of(("debts", len(names) - 1 - names[::-1].index(twice)), lines)
        raise PolicyError(path.name, line, f"two debts are called {twice!r}.", "Rename one.")
    means = None
    if "income_minor" in document:
        means = Means(document["income_minor"], document.get("outgoings_minor", 0))
    wallet = Wallet(
        document["currency"],
        start,
        debts,
        means,
        document.get("extra_minor", 0),
        tuple(document.get("order", ())),
        share(str(document.get("buffer_share", "0.1"))),
    )
    return wallet, tuple(_change(row, path, lines) for row in document.get("what_ifs", ()))


def _debt(row: dict[str, Any], start: date, path: Path) -> Debt:
    if "events" in row:
        return _own(row, start, path)
    return Foreign(
        row["name"],
        row["balance_minor"],
        share(str(row.get("annual_rate", 0))),
        row.get("due_day", 1),
        row.get("minimum_minor", 0),
        share(str(row.get("minimum_share", 0))),
    )


def _own(row: dict[str, Any], start: date, path: Path) -> Own:
    """One of our lines, replayed to the start of the plan."""
    found = read_product(path.parent / row["product"])
    terms = found.product
    events = [e for e in read_events(path.parent / row["events"]) if e.value_on <= start]
    line, _ = live(events, {terms.id: terms}, terms, found.caps).as_of(start)
    if line is None:
        raise PolicyError(path.name, 0, f"{row['name']}: no line is open yet.", "Check events.")
    line = standing_on(line, start)
    rates = [all_in_rate(flows(purchase, start), terms.periods_a_year) for purchase in line.active]
    return Own(row["name"], line, max((rate for rate in rates if rate), default=Fraction(0)))


def _change(row: dict[str, Any], path: Path, lines: Lines) -> Change:
    start = row.get("from")
    return Change(
        row["name_en"],
        row["name_zh"],
        _date(f"{start}-01" if start and len(start) == 7 else start, path, ("what_ifs",), lines)
        if start
        else None,
        row.get("extra_minor", 0),
        share(str(row.get("income_share", 1))),
    )


def _date(text: str, path: Path, place: tuple[str | int, ...], lines: Lines) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        line = line_of(place, lines)
        raise PolicyError(path.name, line, f"{text} is no date.", "Write YYYY-MM-DD.") from error
