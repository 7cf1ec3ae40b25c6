"""Quotes, replays and repayment plans from their files: each one call, each one document.

A product is named by its file, or by the name of a shipped one.
"""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from ruqi.adapters.files import debts_file, events_file, product_file
from ruqi.adapters.files.product_file import ProductFile
from ruqi.adapters.files.text_file import write_new
from ruqi.primitives.dates import FIRST_DAY, LAST_DAY
from ruqi.primitives.errors import NotThere
from ruqi.services import payoff as payoff_service
from ruqi.services import quote as quote_service
from ruqi.services import replay as replay_service

__all__ = ["beancount", "payoff", "product_named", "quote", "replay", "write_new"]


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
    account: str | None = None,
) -> dict[str, Any]:
    """One line's state, schedule, entries and refusals (exit code 0 with refusals listed).

    The first product is the line's own, and its caps bind. `as_known_at` is an instant, or a day
    (its end in the product's zone). `account` adds that account's statement. NotThere: there is no
    such day or account.
    """
    files = [product_named(product) for product in products]
    return replay_service.replay(
        events_file.read_events(events),
        {file.product.id: file.product for file in files},
        files[0].caps,
        product_file.shipped_chart(),
        as_of,
        _known(as_known_at, files[0]),
        account,
    )


def beancount(
    events: Path,
    products: Sequence[str | Path],
    as_of: date | None = None,
    as_known_at: str | None = None,
) -> str:
    """The books of `replay`'s answer as a Beancount file."""
    files = [product_named(product) for product in products]
    return replay_service.beancount(
        events_file.read_events(events),
        {file.product.id: file.product for file in files},
        files[0].caps,
        product_file.shipped_chart(),
        events.stem,
        as_of,
        _known(as_known_at, files[0]),
    )


def _known(text: str | None, file: ProductFile) -> datetime | None:
    if text is None:
        return None
    try:
        return replay_service.known_instant(text, file.product.time_zone)
    except ValueError as error:
        raise NotThere(f"{text} is no day or instant from {FIRST_DAY} to {LAST_DAY}") from error


def payoff(debts: Path) -> dict[str, Any]:
    """Every way through the debts of a file, with its what-ifs."""
    wallet, changes = debts_file.read_debts(debts)
    return payoff_service.payoff(wallet, changes)
