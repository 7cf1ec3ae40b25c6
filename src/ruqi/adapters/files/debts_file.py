"""A borrower's debts from YAML: other lenders' by figures, our own by their events."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from ruqi.adapters.files.events_file import read_events
from ruqi.adapters.files.product_file import read_product
from ruqi.adapters.files.yaml_text import Place, checked, line_of
from ruqi.classroom.debts import Debt, Foreign, Own
from ruqi.classroom.payoff import Change, Means, Wallet
from ruqi.law.price import all_in_rate
from ruqi.loans.history import live
from ruqi.loans.line import standing_on
from ruqi.loans.schedule import flows
from ruqi.primitives.currency import CODES
from ruqi.primitives.dates import FIRST_DAY, LAST_DAY
from ruqi.primitives.errors import InputFaulty, PolicyError
from ruqi.primitives.rate import share, share_or_none
from ruqi.tape.faults import Fault, FaultLog

EXPECTED = "debts as docs/reference/debts.md has them"


def read_debts(path: Path) -> tuple[Wallet, tuple[Change, ...]]:
    """A wallet and its what-ifs.

    Raises InputFaulty where this file or one of events is wrong, PolicyError where a product is.
    """
    if not path.is_file():
        raise FileNotFoundError(2, "no such debts file", str(path))
    try:
        return _debts(path)
    except PolicyError as error:
        if error.file != path.name:
            raise
        log = FaultLog()
        said, mend = error.problem, error.mend
        log.add(Fault("unreadable", None, path.name, error.line, None, said, EXPECTED, mend))
        raise InputFaulty(log, log.total) from error


def _debts(path: Path) -> tuple[Wallet, tuple[Change, ...]]:
    document, lines = checked(path, "debts")
    for place, problem, mend in _wrong(document):
        raise PolicyError(path.name, line_of(place, lines), problem, mend)
    start = date.fromisoformat(document["start"])
    rows = enumerate(document["debts"])
    debts = tuple(_debt(row, document, path, line_of(("debts", n), lines)) for n, row in rows)
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
    return wallet, tuple(_change(row) for row in document.get("what_ifs", ()))


def _wrong(document: dict[str, Any]) -> Iterator[tuple[Place, str, str]]:
    """(place, problem, mend) of everything a schema cannot see, by kind."""
    for place, value in _shares(document):
        if share_or_none(value) is None:
            problem = f"{value!r} is no share or rate from zero up."
            yield place, problem, "Write 0.12, 12% or 3/25."
    if document["currency"] not in CODES:
        problem = f"there is no currency {document['currency']}."
        yield ("currency",), problem, "Use an ISO 4217 code, e.g. CNY."
    changes = list(enumerate(document.get("what_ifs", ())))
    days: list[tuple[Place, str]] = [(("start",), document["start"])]
    days += [(("what_ifs", n, "from"), _first(row["from"])) for n, row in changes if "from" in row]
    for place, text in days:
        if not _is_day(text):
            problem = f"{text} is no date from {FIRST_DAY} to {LAST_DAY}."
            yield place, problem, "Write YYYY-MM-DD."
    names = [row["name"] for row in document["debts"]]
    for number, name in enumerate(names):
        if name in names[:number]:
            yield ("debts", number), f"two debts are called {name!r}.", "Rename one."
    for number, name in enumerate(document.get("order", ())):
        if name not in names:
            yield ("order", number), f"no debt is called {name!r}.", "Name debts of this file."
    for number, row in changes:
        if "income_share" in row and "income_minor" not in document:
            place = ("what_ifs", number, "income_share")
            yield place, "income_share needs income_minor.", "State your income."


def _shares(document: dict[str, Any]) -> Iterator[tuple[Place, object]]:
    """Every share and rate that the file states, with its place."""
    if "buffer_share" in document:
        yield ("buffer_share",), document["buffer_share"]
    for number, row in enumerate(document["debts"]):
        for key in ("annual_rate", "minimum_share"):
            if key in row:
                yield ("debts", number, key), row[key]
    for number, row in enumerate(document.get("what_ifs", ())):
        if "income_share" in row:
            yield ("what_ifs", number, "income_share"), row["income_share"]


def _first(month: str) -> str:
    """A month's first day; a day as it stands."""
    return f"{month}-01" if len(month) == 7 else month


def _is_day(text: str) -> bool:
    try:
        return FIRST_DAY <= date.fromisoformat(text) <= LAST_DAY
    except ValueError:
        return False


def _debt(row: dict[str, Any], document: dict[str, Any], path: Path, line: int) -> Debt:
    if "events" in row:
        return _own(row, document, path, line)
    return Foreign(
        row["name"],
        row["balance_minor"],
        share(str(row.get("annual_rate", 0))),
        row.get("due_day", 1),
        row.get("minimum_minor", 0),
        share(str(row.get("minimum_share", 0))),
    )


def _own(row: dict[str, Any], document: dict[str, Any], path: Path, at: int) -> Own:
    """One of our lines, replayed to the start of the plan."""
    for key in ("events", "product"):
        if not (path.parent / row[key]).is_file():
            raise PolicyError(path.name, at, f"there is no file {row[key]}.", "Correct its name.")
    found = read_product(path.parent / row["product"])
    terms, currency, start = found.product, document["currency"], document["start"]
    if terms.currency != currency:
        problem = f"{row['name']} is in {terms.currency}, the file in {currency}."
        raise PolicyError(path.name, at, problem, "Put each currency into a file of its own.")
    on = date.fromisoformat(start)
    events = [e for e in read_events(path.parent / row["events"]) if e.value_on <= on]
    line, _ = live(events, {terms.id: terms}, terms, found.caps).as_of(on)
    if line is None:
        raise PolicyError(path.name, at, f"{row['name']}: no line is open yet.", "Check events.")
    line = standing_on(line, on)
    rates = [all_in_rate(flows(purchase, on), terms.periods_a_year) for purchase in line.active]
    return Own(row["name"], line, max((rate for rate in rates if rate), default=Fraction(0)))


def _change(row: dict[str, Any]) -> Change:
    start = row.get("from")
    return Change(
        row["name_en"],
        row["name_zh"],
        date.fromisoformat(_first(start)) if start else None,
        row.get("extra_minor", 0),
        share(str(row.get("income_share", 1))),
    )
