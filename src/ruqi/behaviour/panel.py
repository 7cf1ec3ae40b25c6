"""A book's history as dense arrays, one row an account and one column a month.

Only rows of the asked months are read, so what a panel says of a month can be known in that month.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from ruqi.primitives.errors import ensure
from ruqi.tape.columns import Tape, closings_known, month_of

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

_SERIES = {
    "dpd": "dpd_days",
    "balance": "balance_minor",
    "due": "due_minor",
    "paid": "paid_minor",
    "limit": "limit_minor",
}


@dataclass(frozen=True)
class Panel:
    """Arrays of shape (accounts, months); NaN where the book says nothing.

    `accounts` is sorted; `first` is the month number (`year * 12 + month - 1`) of column 0. Money
    is in minor units, `dpd` in days, `bucket` an index into the book's buckets.
    """

    accounts: pl.Series
    first: int
    bucket: Floats
    dpd: Floats
    balance: Floats
    due: Floats
    paid: Floats
    limit: Floats
    is_open: Flags
    charged_off: Flags
    ended: Flags  # closed or paid off: the account left in good order
    opened: Floats  # month number of opening, shape (accounts,)

    @property
    def months(self) -> int:
        """How many months it spans."""
        return int(self.bucket.shape[1])

    def until(self, at: int) -> "Panel":
        """Columns 0 to `at` only, as the book stood then."""
        columns: dict[str, Any] = {
            name: value[:, : at + 1]
            for name, value in vars(self).items()
            if isinstance(value, np.ndarray) and value.ndim == 2
        }
        return replace(self, **columns)


def panel(tape: Tape, accounts: pl.Series, first: int, last: int) -> Panel:
    """The months `first` to `last` (both included) of `accounts` (sorted ids, each once)."""
    ensure(last >= first, "a panel spans at least one month")
    n, m = len(accounts), last - first + 1
    index = pl.DataFrame({"account_id": accounts, "row": np.arange(n, dtype=np.int64)})
    rows = (
        tape.performance.filter(pl.col("month").is_between(first, last))
        .unique(["account_id", "month"], keep="last", maintain_order=True)
        .join(index, on="account_id", how="inner")
    )
    place = rows["row"].to_numpy() * m + (rows["month"].to_numpy().astype(np.int64) - first)

    def grid(column: pl.Series) -> Floats:
        flat = np.full(n * m, np.nan)
        flat[place] = column.cast(pl.Float64).fill_null(np.nan).to_numpy()
        return flat.reshape(n, m)

    def flags(*statuses: str) -> Flags:
        flat = np.zeros(n * m, dtype=np.bool_)
        flat[place] = rows["status"].cast(pl.String).is_in(list(statuses)).to_numpy()
        return flat.reshape(n, m)

    accounts_known = closings_known(tape.accounts, tape.as_of)
    details = index.join(accounts_known, on="account_id", how="left", maintain_order="left").select(
        "limit_minor",
        opened=month_of(pl.col("opened_on")).cast(pl.Float64).fill_null(np.nan),
        closed=month_of(pl.col("closed_on")).cast(pl.Float64).fill_null(np.inf),
    )
    is_open = flags("open")
    closed = is_open & (np.arange(first, last + 1) >= details["closed"].to_numpy()[:, None])
    series = {name: grid(rows[column]) for name, column in _SERIES.items()}
    own_limit = details["limit_minor"].cast(pl.Float64).fill_null(np.nan).to_numpy()
    series["limit"] = np.where(np.isnan(series["limit"]), own_limit[:, None], series["limit"])
    return Panel(
        accounts=accounts,
        first=first,
        bucket=grid(rows["bucket"]),
        is_open=is_open & ~closed,
        charged_off=flags("charged_off"),
        ended=flags("closed", "paid_off") | closed,
        opened=details["opened"].to_numpy(),
        **series,
    )
