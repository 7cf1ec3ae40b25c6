"""All that may be known of accounts at a month: their conduct and what the lender adds of its own.

Region and partner are left out (they stand in for who a borrower is, not for what he does), and a
protected attribute never enters.
"""

import polars as pl

from ruqi.behaviour.features import Features, beside, conduct, lenders_own
from ruqi.behaviour.panel import Panel
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
