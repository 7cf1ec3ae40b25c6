"""Quotes, replays and repayment plans from their files: each one call, each one document.

A product is named by its file, or by the name of a shipped one.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from ruqi.adapters.files import debts_file, events_file, product_file
from ruqi.adapters.files.product_file import ProductFile
from ruqi.ledger.beancount import export
from ruqi.primitives.errors import NotThere
from ruqi.services import payoff as payoff_service
from ruqi.services import quote as quote_service
from ruqi.services import replay as replay_service


def product_named(name: str | Path) -> ProductFile:
    """A product file, else a shipped product. NotThere: neither."""
    if Path(name).is_file():
        return product_file.read_product(Path(name))
    shipped = product_file.shipped_products()
    if str(name) not in shipped:
        raise NotThere(f"no product file {name}; shipped products: {', '.join(shipped)}")
    return product_file.shipped_product(str(name))


def quote(product: str | Path, amount: str, on: date) -> dict[str, Any]:
    """Schedule and all-in cost; `refusals` is not empty where a rule refuses (exit code 4)."""
    file = product_named(product)
    return quote_service.quote(file.product, file.caps, amount, on)


def replay(
    events: Path,
    products: Sequence[str | Path],
    as_of: date | None = None,
    as_known_at: str | None = None,
) -> dict[str, Any]:
    """One line's state, schedule, entries and refusals (exit code 0 with refusals listed).

    The first product is the line's own, and its caps bind. `as_known_at` is an instant, or a day
    (its end in the product's zone); ValueError where it is neither.
    """
    files = [product_named(product) for product in products]
    known = None
    if as_known_at is not None:
        known = replay_service.known_instant(as_known_at, files[0].product.time_zone)
    return replay_service.replay(
        events_file.read_events(events),
        {file.product.id: file.product for file in files},
        files[0].caps,
        product_file.shipped_chart(),
        as_of,
        known,
    )


def beancount(events: Path, product: str | Path, as_of: date | None = None) -> str:
    """One line's books as a Beancount file."""
    file = product_named(product)
    life = replay_service.life_of(
        events_file.read_events(events), {file.product.id: file.product}, file.caps, as_of
    )
    return export(life.journal.entries, product_file.shipped_chart(), events.stem)


def payoff(debts: Path) -> dict[str, Any]:
    """Every way through the debts of a file, with its what-ifs."""
    wallet, changes = debts_file.read_debts(debts)
    return payoff_service.payoff(wallet, changes)
