"""Performance rows put in order, account by account: duplicates, remarks and the finished frame."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ruqi.tape.block import Ints, Spot
from ruqi.tape.cells import EPOCH
from ruqi.tape.columns import PERFORMANCE
from ruqi.tape.contract import STATUSES
from ruqi.tape.faults import PLACES_KEPT
from ruqi.tape.gather import Gathered, Table, duplicate
from ruqi.tape.ids import ends_of, stable_order
from ruqi.tape.store import none_of, numbers_of, texts_of

STRETCH = 1 << 20  # rows that are put in order at a time
Stretch = tuple[Ints, NDArray[Any], NDArray[Any], NDArray[Any]]  # rows, accounts, days, months
NUMBERS = {
    "dpd_days": pl.Int32,
    "months_past_due": pl.Int32,
    "balance": pl.Int64,
    "due": pl.Int64,
    "paid": pl.Int64,
    "limit": pl.Int64,
}


class Panel:
    """The performance rows of a book that has been gathered; `stretches` hold whole accounts."""

    def __init__(self, gathered: Gathered) -> None:
        self.gathered = gathered
        self.table = gathered.tables.get("performance", Table())
        self.columns = {name: self.table.column(name) for name in self.table.strips}
        self.order: Ints | None = None  # None: rows stand by account already
        self.bounds = [0]
        if {"account_id", "on"} <= self.columns.keys():
            self._put_in_order()

    def _put_in_order(self) -> None:
        account, on = self.columns["account_id"], self.columns["on"]
        whole = (account >= 0) & (on != none_of(on.dtype))
        if whole.all():
            rows = None
            numbers = account
        else:
            rows = np.flatnonzero(whole)
            numbers = account[rows]
        ends = ends_of(numbers, self.gathered.accounts.count)
        if rows is not None or np.any(numbers[1:] < numbers[:-1]):
            order = stable_order(numbers, ends)
            self.order = order if rows is None else rows[order]
        total = int(ends[-1]) if len(ends) else 0
        while self.bounds[-1] < total:
            at = int(np.searchsorted(ends, min(self.bounds[-1] + STRETCH, total)))
            self.bounds.append(int(ends[at]))

    def newest(self) -> date | None:
        """The newest day of any row."""
        on = self.columns.get("on")
        if on is None or not len(on) or on.max() == none_of(on.dtype):
            return None
        return date.fromordinal(int(on.max()) + EPOCH)

    def oldest(self) -> date:
        """The oldest day of any row; there must be one."""
        on = self.columns["on"]
        return date.fromordinal(int(on[on != none_of(on.dtype)].min()) + EPOCH)

    def stretches(self) -> Iterator[Stretch]:
        """Rows of whole accounts by (account, day): places, account numbers, days and months."""
        for first, last in zip(self.bounds, self.bounds[1:], strict=False):
            account, on = self.columns["account_id"], self.columns["on"]
            rows = np.arange(first, last) if self.order is None else self.order[first:last]
            key = (account[rows].astype(np.int64) << 32) + (on[rows].astype(np.int64) + 2**31)
            if np.any(key[1:] < key[:-1]):
                rows = rows[np.argsort(key, kind="stable")]
            days = on[rows]
            yield rows, account[rows], days, months_of(days)

    def duplicates(
        self, rows: Ints, account: NDArray[Any], month: NDArray[Any]
    ) -> list[tuple[int, int]]:
        """(later row, first row) of each repeated account and month, once a physical row."""
        same = (account[1:] == account[:-1]) & (month[1:] == month[:-1])
        if not same.any():
            return []
        line, file = self.columns[".line"], self.table.file
        found: dict[tuple[int, int], tuple[int, int]] = {}
        at = 0
        starts = np.flatnonzero(same & ~np.concatenate([[False], same[:-1]]))
        for start in starts.tolist():
            end = start + 1
            while end < len(same) and same[end]:
                end += 1
            group = sorted(rows[start : end + 1].tolist(), key=lambda r: (file(r), line[r]))
            for row in group[1:]:
                found.setdefault((file(row), int(line[row])), (row, group[0]))
            at = end
        del at
        return list(found.values())

    def note_duplicates(self, pairs: list[tuple[int, int]]) -> None:
        """Fault each later row in its own file."""
        if not pairs:
            return
        line, on, file = self.columns[".line"], self.columns["on"], self.table.file
        by_file: dict[int, list[tuple[int, int]]] = {}
        for later, first in pairs:
            by_file.setdefault(file(later), []).append((later, first))
        for number, some in by_file.items():
            source = self.gathered.sources[number]
            some.sort(key=lambda pair: line[pair[0]])
            column = self.gathered.names[number]["account_id"]
            spots: list[Spot] = []
            for later, first in some[:PLACES_KEPT]:
                key = self.gathered.accounts.text(int(self.columns["account_id"][later]))
                at = self.gathered.sources[file(first)].file, int(line[first])
                month = date.fromordinal(int(on[later]) + EPOCH)
                spots.append(duplicate(int(line[later]), column, f"{key}, {month:%Y-%m}", at))
            source.spots.add("duplicate_key", len(some), spots)

    def frame(
        self, rows: Ints, account: NDArray[Any], days: NDArray[Any], months: NDArray[Any]
    ) -> pl.DataFrame:
        """Those rows in the columns of a tape."""
        made: dict[str, pl.Series] = {}
        low = int(account.min()) if len(account) else 0
        high = int(account.max()) + 1 if len(account) else 0
        made["account_id"] = texts_of(account - low, self.gathered.accounts.texts(low, high))
        made["on"] = pl.Series(days).cast(pl.Int32).cast(pl.Date)
        made["month"] = pl.Series(months)
        if "bucket" in self.columns:
            made["bucket"] = numbers_of(self.columns["bucket"][rows], pl.Int8)
        if "status" in self.columns:
            names = pl.Series(STATUSES, dtype=pl.Enum(STATUSES))
            made["status"] = names.gather(pl.Series(self.columns["status"][rows].astype(np.int64)))
        if "code" in self.columns:
            texts = self.table.lexicons["code"].texts
            made["code"] = texts_of(self.columns["code"][rows], texts)
        for name, kind in NUMBERS.items():
            if name in self.columns:
                target = name if kind == pl.Int32 else f"{name}_minor"
                made[target] = numbers_of(self.columns[name][rows], kind)
        empty = {name: pl.lit(None, kind).alias(name) for name, kind in PERFORMANCE.items()}
        frame = pl.DataFrame(made)
        return frame.select(
            pl.col(name).cast(kind) if name in made else empty[name]
            for name, kind in PERFORMANCE.items()
        )


def months_of(days: NDArray[Any]) -> NDArray[np.int32]:
    """Year * 12 + month - 1 of days since 1970."""
    if not len(days):
        return np.zeros(0, dtype=np.int32)
    low, high = int(days.min()), int(days.max())
    if high - low > 200_000:
        every = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
        return (every + 1970 * 12).astype(np.int32)
    table = np.arange(low, high + 1).astype("datetime64[D]").astype("datetime64[M]")
    months: NDArray[np.int32] = (table.astype(np.int64) + 1970 * 12).astype(np.int32)
    held: NDArray[np.int32] = months[days.astype(np.int32) - low]
    return held
