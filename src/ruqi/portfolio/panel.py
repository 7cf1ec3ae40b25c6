"""A book's months as numbered columns: accounts, months and states side by side, gaps known.

A book is worked through in parts of a fixed number of whole accounts. Every measure is a sum over
accounts, so the parts add up, always in the same order, and never need much memory.
"""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from ruqi.primitives.errors import ensure
from ruqi.tape.columns import Delinquency, Tape, closings_known, month_of
from ruqi.tape.contract import STATUSES, TERMINAL

Ints = npt.NDArray[np.int32]
Rows = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

ACCOUNTS_AT_ONCE = 8_192  # fixed, so that sums have one order; small, to stay near the core
UNKNOWN = -1_000_000  # month of opening where the book does not say
NEVER = 1_000_000  # month of closing of an account that is not closed


@dataclass(frozen=True)
class Book:
    """A whole book in order. `rows` by account and day, `accounts` one row each (facts known).

    A state is a bucket's index or, from the number of buckets on, a terminal status; from the month
    on in which the accounts table says closed, it is closed where the row names no other end.
    `ons` holds per civil month the last observed day (the civil month end where no row is).
    """

    delinquency: Delinquency
    states: tuple[str, ...]
    first_month: int
    ons: tuple[date, ...]
    rows: pl.DataFrame
    accounts: pl.DataFrame  # account_id, product, partner_id, region, opened, closed (months)
    starts: Rows  # first row of each account

    @property
    def months(self) -> int:
        """Civil months from the book's first to its last."""
        return len(self.ons)

    @property
    def buckets(self) -> int:
        """How many states are buckets; the rest are terminal."""
        return len(self.delinquency.buckets)

    def parts(self) -> Iterator["Panel"]:
        """The book in parts of `ACCOUNTS_AT_ONCE` accounts."""
        ends = np.append(self.starts, self.rows.height)
        for first in range(0, len(self.starts), ACCOUNTS_AT_ONCE):
            last = min(first + ACCOUNTS_AT_ONCE, len(self.starts))
            yield _part(self, first, ends[first : last + 1])


@dataclass(frozen=True)
class Panel:
    """Some accounts of a book. `month` counts from the book's first month, `account` from the
    part's first account (number `offset` of the book).

    `adjacent[i]` says that row i - 1 is the same account one civil month earlier.
    """

    book: Book
    offset: int
    rows: pl.DataFrame
    account: Ints
    month: Ints
    state: npt.NDArray[np.int8]
    starts: Rows
    adjacent: Flags
    opened: Ints  # per account, `UNKNOWN` where not told

    @cached_property
    def balance(self) -> npt.NDArray[np.int64]:
        """Balances as the book states them, 0 where null."""
        return filled(self.rows["balance_minor"])

    @cached_property
    def known(self) -> Flags:
        """Rows whose balance is not null."""
        column = self.rows["balance_minor"]
        if column.null_count():
            return column.is_not_null().to_numpy()
        return np.ones(len(column), dtype=bool)

    @cached_property
    def owed(self) -> Floats:
        """Balances, a credit balance or an unknown one being nothing owed."""
        return np.maximum(self.balance, 0).astype(np.float64)

    @property
    def months(self) -> int:
        """Civil months of the whole book."""
        return self.book.months

    @property
    def buckets(self) -> int:
        """How many states are buckets."""
        return self.book.buckets

    @property
    def late_from(self) -> int:
        """Index of the first bucket that means late."""
        return late_from(self.book.delinquency)

    def state_of(self, status: str) -> int:
        """The state of a terminal status."""
        return self.buckets + TERMINAL.index(status)

    def is_open(self) -> Flags:
        """Rows that are in a bucket."""
        return self.state < self.buckets

    def late(self, steps: int) -> Flags:
        """Rows that are open and `steps` buckets or more late."""
        return (self.state >= self.late_from + steps - 1) & self.is_open()

    def lost(self) -> Flags:
        """Charged-off rows."""
        flags: Flags = self.state == self.state_of("charged_off")
        return flags

    def amounts(self, name: str) -> Floats:
        """A column of `rows` as floats, 0 where null."""
        return filled(self.rows[name]).astype(np.float64)

    def first(self, rows: Flags) -> Ints:
        """Per account the first month in which a flagged row stands; `months` where none does."""
        found = np.flatnonzero(rows)
        ahead = leading(self.account[found])
        months = np.full(len(self.starts), self.months, dtype=np.int32)
        months[self.account[found[ahead]]] = self.month[found[ahead]]
        return months

    def opening_balance(self) -> Floats:
        """Per account what it owed in its first month, 0 where that is not near its opening.

        Near means: opened inside the book's months, first seen in that month or the next.
        """
        seen = self.month[self.starts]
        near = (self.opened >= 0) & (seen >= self.opened) & (seen <= self.opened + 1)
        return np.where(near, self.owed[self.starts], 0.0)


def panel(tape: Tape) -> Book:
    """Put a book in order. One row an account and month: of two, the later day stands."""
    rows, ahead = _in_order(tape.performance)
    ensure(rows.height > 0, "a book has at least one row")
    months = rows["month"].to_numpy()
    if np.any(~ahead[1:] & (months[1:] == months[:-1])):
        rows = rows.unique(["account_id", "month"], keep="last", maintain_order=True)
        ahead = _boundaries(rows["account_id"])
        months = rows["month"].to_numpy()
    first = int(months.min())
    starts = np.flatnonzero(ahead)
    return Book(
        delinquency=tape.delinquency,
        states=(*(bucket.name for bucket in tape.delinquency.buckets), *TERMINAL),
        first_month=first,
        ons=_ons(rows["on"], first, int(months.max())),
        rows=rows,
        accounts=_facts(rows["account_id"].gather(starts), tape, first),
        starts=starts,
    )


def _in_order(rows: pl.DataFrame) -> tuple[pl.DataFrame, Flags]:
    """Rows by account and day, and where accounts begin; a tape keeps this order already."""
    ids, days = rows["account_id"], rows["on"].to_physical().to_numpy()
    ahead = _boundaries(ids)
    if not (ids.is_sorted() and bool(np.all(ahead[1:] | (days[1:] >= days[:-1])))):
        rows = rows.sort("account_id", "on")
        ahead = _boundaries(rows["account_id"])
    return rows, ahead


def _boundaries(ids: pl.Series) -> Flags:
    return (ids != ids.shift(1)).fill_null(True).to_numpy().copy()


def _ons(days: pl.Series, first: int, last: int) -> tuple[date, ...]:
    """The last observed day of each month, from a mark on each day that occurs."""
    numbers = days.to_physical().to_numpy()
    least = int(numbers.min())
    marks = np.zeros(int(numbers.max()) - least + 1, dtype=bool)
    marks[numbers - least] = True
    seen = pl.Series(np.flatnonzero(marks) + least, dtype=pl.Int32).cast(pl.Date)
    latest = {day.year * 12 + day.month - 1: day for day in seen}
    return tuple(latest.get(month) or month_end(month) for month in range(first, last + 1))


def _facts(ids: pl.Series, tape: Tape, first_month: int) -> pl.DataFrame:
    """The accounts table in the order of `ids`; null where it has no row."""
    opened, closed = (month_of(pl.col(name)) - first_month for name in ("opened_on", "closed_on"))
    facts = closings_known(tape.accounts, tape.as_of).select(
        "account_id",
        "product",
        "partner_id",
        "region",
        opened.fill_null(UNKNOWN).alias("opened"),
        closed.fill_null(NEVER).alias("closed"),
    )
    if ids.equals(facts["account_id"]):
        return facts
    asked = ids.alias("account_id").to_frame()
    joined = asked.join(facts, on="account_id", how="left", maintain_order="left")
    return joined.with_columns(
        pl.col("opened").fill_null(UNKNOWN), pl.col("closed").fill_null(NEVER)
    )


def _part(book: Book, first: int, ends: Rows) -> Panel:
    begin, length = int(ends[0]), int(ends[-1] - ends[0])
    rows = book.rows.slice(begin, length)
    counts = np.diff(ends)
    account = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    month = rows["month"].to_numpy() - np.int32(book.first_month)
    facts = book.accounts.slice(first, len(counts))
    closed = month >= facts["closed"].to_numpy()[account]
    adjacent = np.zeros(length, dtype=bool)
    adjacent[1:] = (account[1:] == account[:-1]) & (month[1:] == month[:-1] + 1)
    return Panel(
        book=book,
        offset=first,
        rows=rows,
        account=account,
        month=month,
        state=_states(rows, book.buckets, closed),
        starts=ends[:-1] - begin,
        adjacent=adjacent,
        opened=facts["opened"].to_numpy(),
    )


def _states(rows: pl.DataFrame, buckets: int, closed: Flags) -> npt.NDArray[np.int8]:
    """Bucket index, or the terminal status after the buckets; status wins, then `closed`."""
    table = np.full(len(STATUSES), -1, dtype=np.int8)
    for place, status in enumerate(TERMINAL):
        table[STATUSES.index(status)] = buckets + place
    ended = table[rows["status"].to_physical().to_numpy()]
    bucket = filled(rows["bucket"], -1)
    states: npt.NDArray[np.int8] = np.where(ended >= 0, ended, bucket)
    ensure(bool((states >= 0).all()), "an open row has a bucket")
    states[closed & (states < buckets)] = buckets + TERMINAL.index("closed")
    return states


def filled(column: pl.Series, missing: int = 0) -> npt.NDArray[Any]:
    """A column's values, `missing` where null; looked at, not copied, where nothing is null."""
    return (column.fill_null(missing) if column.null_count() else column).to_numpy()


def leading(owners: Ints) -> Flags:
    """Where a new owner begins, in a list that stands by owner."""
    ahead = np.ones(len(owners), dtype=bool)
    ahead[1:] = owners[1:] != owners[:-1]
    return ahead


def month_end(month: int) -> date:
    """Last day of a civil month counted as year * 12 + month - 1."""
    year, index = divmod(month, 12)
    return date(year, index + 1, calendar.monthrange(year, index + 1)[1])


def late_from(delinquency: Delinquency) -> int:
    """Index of the first bucket that means late: the first with a day or month in it, else the
    second."""
    low = delinquency.buckets[0].low
    return 0 if low is not None and low >= 1 else 1


def days_from(delinquency: Delinquency, days: int) -> int | None:
    """Index of the first bucket that holds only lateness of `days` or more (a bucket from day
    `days` + 1 counts as such: M2 31-60 is "30+"); None where the bounds do not part there."""
    if delinquency.unit != "days" or any(bucket.low is None for bucket in delinquency.buckets):
        return None
    for index, bucket in enumerate(delinquency.buckets):
        if bucket.low in (days, days + 1):
            return index
    return None
