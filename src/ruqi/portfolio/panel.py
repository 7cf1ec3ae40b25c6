"""A book's months as numbered columns: accounts, months and states side by side, gaps known."""

import calendar
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from ruqi.primitives.errors import ensure
from ruqi.tape.columns import Delinquency, Tape
from ruqi.tape.contract import TERMINAL

Ints = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Panel:
    """Rows by (account, month); `month` counts from the book's first month, 0.

    A state is a bucket's index or, from `len(buckets)` on, a terminal status (status wins).
    `adjacent[i]` says that row i - 1 is the same account one civil month earlier. `balance` is as
    the files say, 0 where unknown; `owed` counts a credit balance as nothing.
    """

    delinquency: Delinquency
    states: tuple[str, ...]
    first_month: int
    ons: tuple[date, ...]  # per month, the last observed day (civil month end where no row is)
    rows: pl.DataFrame
    accounts: pl.Series
    account: Ints
    month: Ints
    state: npt.NDArray[np.int8]
    starts: npt.NDArray[np.int64]  # first row of each account
    adjacent: Flags
    balance: npt.NDArray[np.int64]
    known: Flags  # the row's balance is not null
    owed: Floats

    @property
    def months(self) -> int:
        """Civil months from the book's first to its last."""
        return len(self.ons)

    @property
    def buckets(self) -> int:
        """How many states are buckets; the rest are terminal."""
        return len(self.delinquency.buckets)

    def state_of(self, status: str) -> int:
        """The state of a terminal status."""
        return self.buckets + TERMINAL.index(status)

    def amounts(self, name: str) -> Floats:
        """A column of `rows` as floats, 0 where null."""
        return self.rows[name].fill_null(0).to_numpy().astype(np.float64)

    def first(self, rows: Flags) -> Ints:
        """Per account the first month in which a flagged row stands; `months` where none does."""
        found = np.flatnonzero(rows)
        owner = self.account[found]
        ahead = np.ones(len(found), dtype=bool)
        ahead[1:] = owner[1:] != owner[:-1]
        months = np.full(len(self.accounts), self.months, dtype=np.int32)
        months[owner[ahead]] = self.month[found[ahead]]
        return months


def panel(tape: Tape) -> Panel:
    """Number the rows of a book. One row an account and month: of two, the later day stands."""
    rows = _sorted(tape.performance)
    ensure(rows.height > 0, "a book has at least one row")
    months = rows["month"].to_numpy()
    ahead = _boundaries(rows["account_id"])
    if np.any(~ahead[1:] & (months[1:] == months[:-1])):
        rows = rows.unique(["account_id", "month"], keep="last", maintain_order=True)
        months, ahead = rows["month"].to_numpy(), _boundaries(rows["account_id"])
    adjacent = ~ahead
    adjacent[1:] &= months[1:] == months[:-1] + 1
    first = int(months.min())
    starts = np.flatnonzero(ahead)
    balance = rows["balance_minor"]
    amounts = balance.fill_null(0).to_numpy()
    return Panel(
        delinquency=tape.delinquency,
        states=(*(bucket.name for bucket in tape.delinquency.buckets), *TERMINAL),
        first_month=first,
        ons=_ons(rows, first, int(months.max())),
        rows=rows,
        accounts=rows["account_id"].gather(starts),
        account=(np.cumsum(ahead, dtype=np.int32) - 1).astype(np.int32),
        month=(months - first).astype(np.int32),
        state=_states(rows, len(tape.delinquency.buckets)),
        starts=starts,
        adjacent=adjacent,
        balance=amounts,
        known=balance.is_not_null().to_numpy(),
        owed=np.maximum(amounts, 0).astype(np.float64),
    )


def _sorted(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows by account and day; a tape keeps them so, and then nothing is moved."""
    ids, days = rows["account_id"], rows["on"].to_physical().to_numpy()
    if ids.is_sorted() and bool(np.all(_boundaries(ids)[1:] | (days[1:] >= days[:-1]))):
        return rows
    return rows.sort("account_id", "on")


def _boundaries(ids: pl.Series) -> Flags:
    return (ids != ids.shift(1)).fill_null(True).to_numpy().copy()


def _states(rows: pl.DataFrame, buckets: int) -> npt.NDArray[np.int8]:
    """Bucket index, or the terminal status after the buckets; status wins."""
    codes = {name: buckets + index for index, name in enumerate(TERMINAL)}
    ended = rows["status"].cast(pl.String).replace_strict(codes, default=None, return_dtype=pl.Int8)
    states = ended.fill_null(rows["bucket"])
    ensure(states.null_count() == 0, "an open row has a bucket")
    return states.to_numpy().astype(np.int8)


def _ons(rows: pl.DataFrame, first: int, last: int) -> tuple[date, ...]:
    seen = rows.group_by("month").agg(pl.col("on").max())
    days: dict[int, date] = dict(zip(seen["month"], seen["on"], strict=True))
    return tuple(days.get(month) or month_end(month) for month in range(first, last + 1))


def month_end(month: int) -> date:
    """Last day of a civil month counted as year * 12 + month - 1."""
    year, index = divmod(month, 12)
    return date(year, index + 1, calendar.monthrange(year, index + 1)[1])


def column(panel: Panel, accounts: pl.DataFrame, name: str) -> pl.Series:
    """A column of the accounts table in the panel's account order; null where it has no row."""
    asked = pl.DataFrame({"account_id": panel.accounts})
    joined = asked.join(
        accounts.select("account_id", name), on="account_id", how="left", maintain_order="left"
    )
    return joined[name]


def opened(panel: Panel, tape: Tape) -> Ints:
    """Per account the month of opening, counted like `Panel.month`; `UNKNOWN` if not told."""
    days = column(panel, tape.accounts, "opened_on")
    months = days.dt.year().cast(pl.Int32) * 12 + days.dt.month().cast(pl.Int32) - 1
    return (months - panel.first_month).fill_null(UNKNOWN).to_numpy().astype(np.int32)


UNKNOWN = -1_000_000  # month of opening where the book does not say


def opening_balance(panel: Panel, months_opened: Ints) -> Floats:
    """Per account what it owed in its first month, 0 where that is not near its opening.

    Near means: opened inside the book's months and first seen in the month of opening or the next.
    """
    seen = panel.month[panel.starts]
    near = (months_opened >= 0) & (seen >= months_opened) & (seen <= months_opened + 1)
    return np.where(near, panel.owed[panel.starts], 0.0)


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
