"""All that may be known of accounts at a month: their conduct and what the lender adds of its own.

Region and partner are left out (they stand in for who a borrower is, not for what he does), and a
protected attribute never enters.
"""

import numpy as np
import polars as pl

from ruqi.behaviour.features import Features, beside, conduct, lenders_own
from ruqi.behaviour.panel import Panel, panel
from ruqi.tape.columns import Tape

READS = (
    "performance.dpd_days",
    "performance.months_past_due",
    "performance.stage",
    "performance.balance",
    "performance.due",
    "performance.paid",
    "performance.limit",
    "accounts.limit",
    "accounts.opened_on",
)


def reads(tape: Tape) -> list[str]:
    """The columns of this book that features read, as `table.column`."""
    return [column for column in READS if tape.has(column)]


def own(tape: Tape, accounts: pl.Series) -> Features:
    """The lender's own features and the product, which do not change from month to month."""
    made = lenders_own(tape.features, accounts)
    if not tape.has("accounts.product"):
        return made
    product = tape.accounts.select("account_id", "product")
    return beside(made, lenders_own(product, accounts))


def known(tape: Tape, book: Panel, at: int, window: int, added: Features) -> Features:
    """What `book` shows at its column `at` from `window` months, beside `added` (own features)."""
    return beside(conduct(book, at, window, tape.has), added)


def known_now(tape: Tape, now: pl.DataFrame, window: int) -> Features:
    """What `window` months show of accounts, each at the month of its row in `now` (by account).

    In a book of statements some stand at the month before the newest one.
    """
    months = now["month"].to_numpy()
    places, parts = [], []
    for month in np.unique(months).tolist():
        here = np.flatnonzero(months == month)
        some = now["account_id"].gather(here)
        book = panel(tape, some, month - window + 1, month)
        places.append(here)
        parts.append(known(tape, book, window - 1, window, own(tape, some)))
    values = np.concatenate([part.values for part in parts])
    return Features(values[np.argsort(np.concatenate(places))], parts[0].columns)
