"""Account-months to learn from and be tested on: what was known in one month, what came later."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from ruqi.behaviour.features import Feature
from ruqi.behaviour.history import History
from ruqi.behaviour.known import known, own
from ruqi.behaviour.panel import Flags, Floats, Panel, panel
from ruqi.behaviour.scored import Target
from ruqi.primitives.errors import ensure
from ruqi.tape.columns import Tape


@dataclass(frozen=True)
class Rows:
    """Account-months in the order of month, then account; arrays have one entry a row.

    `account` numbers the accounts; `already` marks rows at the target's lateness or worse when
    scored, for which the event is "still or worse"; `lateness` is the bucket then.
    """

    X: Floats
    y: Floats
    accounts: pl.Series
    account: npt.NDArray[np.int64]
    already: Flags
    lateness: Floats
    columns: tuple[Feature, ...]


def everyone(tape: Tape, past: History, most: int, seed: int) -> pl.Series:
    """Sorted ids of the accounts seen in `past`; a seeded draw of `most` where there are more."""
    seen = tape.performance.filter(pl.col("month").is_between(past.first, past.last))
    accounts = seen["account_id"].unique().sort()
    if len(accounts) <= most:
        return accounts
    drawn = np.random.Generator(np.random.PCG64(seed)).permutation(len(accounts))[:most]
    return accounts.gather(np.sort(drawn))


def rows_of(
    tape: Tape, past: History, target: Target, months: list[int], accounts: pl.Series
) -> Rows:
    """Every row of `accounts` (sorted) open in one of `months` whose event is known later."""
    ensure(len(months) > 0, "a history has a month to learn from")
    first = months[0] - past.window + 1
    book = panel(tape, accounts, first, months[-1] + past.horizon)
    added = own(tape, accounts)
    parts = []
    for month in months:
        at = month - first
        y = event(book, at + past.horizon, target)
        chosen = np.flatnonzero(book.is_open[:, at] & ~np.isnan(y))
        # Only the columns up to `at` are handed over: no feature can read a later month.
        features = known(tape, book.until(at), at, past.window, added)
        parts.append((features.values[chosen], y[chosen], chosen, book.bucket[chosen, at]))
    X, y, account, lateness = (np.concatenate(part) for part in zip(*parts, strict=True))
    return Rows(
        X=X,
        y=y,
        accounts=accounts.gather(account),
        account=account,
        already=lateness >= target.min_bucket_index,
        lateness=lateness,
        columns=features.columns,
    )


def event(book: Panel, at: int, target: Target) -> Floats:
    """1 where the account stands at the target or worse in column `at`, 0 where not, else NaN.

    Charged off is worse than any bucket; closed and paid off are not late; an account sold or
    without a row is not known.
    """
    bucket = book.bucket[:, at]
    made = np.where(np.isnan(bucket), np.nan, (bucket >= target.min_bucket_index) * 1.0)
    made[~book.is_open[:, at]] = np.nan
    made[book.ended[:, at]] = 0.0
    made[book.charged_off[:, at]] = 1.0
    return made
