"""Quotes, replays and repayment plans from their files: each one call, each one document."""

from datetime import date
from pathlib import Path
from typing import Any

from ruqi.adapters.files import debts_file, events_file, product_file
from ruqi.ledger.beancount import export
from ruqi.services import payoff as payoff_service
from ruqi.services import quote as quote_service
from ruqi.services import replay as replay_service


def quote(product: Path, amount: str, on: date) -> dict[str, Any]:
    """Schedule and all-in cost; `refusals` is not empty where a rule refuses (exit code 4)."""
    file = product_file.read_product(product)
    return quote_service.quote(file.product, file.caps, amount, on)


def replay(
    events: Path, product: Path, as_of: date | None = None, as_known_at: str | None = None
) -> dict[str, Any]:
    """One line's state, schedule, entries and refusals (exit code 0 with refusals listed).

    `as_known_at` is an instant, or a day (its end in the product's zone); ValueError where neither.
    """
    file = product_file.read_product(product)
    known = None
    if as_known_at is not None:
        known = replay_service.known_instant(as_known_at, file.product.time_zone)
    return replay_service.replay(
        events_file.read_events(events),
        {file.product.id: file.product},
        file.caps,
        product_file.shipped_chart(),
        as_of,
        known,
    )


def beancount(events: Path, product: Path, as_of: date | None = None) -> str:
    """One line's books as a Beancount file."""
    file = product_file.read_product(product)
    life = replay_service.life_of(
        events_file.read_events(events), {file.product.id: file.product}, file.caps, as_of
    )
    return export(life.journal.entries, product_file.shipped_chart(), events.stem)


def payoff(debts: Path) -> dict[str, Any]:
    """Every way through the debts of a file, with its what-ifs."""
    wallet, changes = debts_file.read_debts(debts)
    return payoff_service.payoff(wallet, changes)
