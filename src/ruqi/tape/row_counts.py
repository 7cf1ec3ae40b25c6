"""What the rows of a book show, counted by month; the order and grouping of accounts never matter.

All rows of an account must be added together; different accounts may come in any number of parts.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ruqi.tape.cells import EPOCH
from ruqi.tape.code_changes import CODES_MAX, CodeCounts
from ruqi.tape.columns import STATUS, month_of
from ruqi.tape.contract import STATUSES, TERMINAL
from ruqi.tape.row_marks import NO_BUCKET, NONE, Counts, Rows, pick

AMOUNTS = ("balance", "due", "paid")
ROUND, THOUSANDS = "round_amounts", "whole_thousands"  # the second only adds to the first's words
MARKED = (  # kind and column of each mark that the pass over rows counts, in its order
    ("credit_balance", "balance"),
    ("above_limit", "balance"),
    ("jump", "lateness"),
    *((kind, column) for column in AMOUNTS for kind in (ROUND, THOUSANDS)),
)
ENDED = np.array([status in TERMINAL for status in STATUSES])
Flag = tuple[str, str, int]  # kind, column, month
K = TypeVar("K")
_BELOW = pl.col("account_id") == pl.col("account_id").shift(1)  # the row above is of this account
_ADJACENT = _BELOW & (pl.col("month") - pl.col("month").shift(1) == 1)


@dataclass
class RowCounts:
    """Counts over some accounts; `add` more, or `merge` counts of other accounts."""

    minor_per_major: int
    accounts: int = 0
    rows: dict[int, int] = field(default_factory=dict)
    still_open: dict[int, int] = field(default_factory=dict)  # rows without a terminal status
    latest: dict[int, date] = field(default_factory=dict)
    last_open: dict[date, int] = field(default_factory=dict)  # accounts whose last row is open
    flagged: dict[Flag, tuple[int, str]] = field(default_factory=dict)  # count, first account
    could: dict[Flag, int] = field(default_factory=dict)  # rows that could have been flagged
    gaps: dict[tuple[int, int], tuple[int, str]] = field(default_factory=dict)  # last seen, next
    lateness: set[str] = field(default_factory=set)
    codes: CodeCounts = field(default_factory=lambda: CodeCounts({}, {}, {}))
    many_codes: bool = False
    _limits: tuple[pl.DataFrame, pl.DataFrame] | None = field(
        default=None, repr=False, compare=False
    )

    def add(self, performance: pl.DataFrame, accounts: pl.DataFrame | None) -> None:
        """Count all rows of some accounts (columns of `tape.columns`)."""
        if performance.is_empty():
            return
        from ruqi.tape.row_kernels import count_rows  # a compiler, loaded where rows are counted

        frame = self._with_closings(_in_order(performance), accounts)
        frame = self._with_limits(frame, accounts)
        rows = _rows(frame)
        low = int(rows.month.min())
        counts = count_rows(rows, low, int(rows.month.max()) - low + 1, self.minor_per_major)
        self.accounts += frame.height - int(rows.below.sum())
        self._add_months(frame["account_id"], counts, low)
        self._add_last(frame["on"].filter(pl.Series(counts.last_open)))
        self._add_gaps(frame, np.flatnonzero(counts.gap))
        self._add_charge_offs(frame)
        self._add_codes(frame)

    def merge(self, other: "RowCounts") -> None:
        """Add the counts of other accounts to these."""
        self.accounts += other.accounts
        counters: list[tuple[dict[Any, int], dict[Any, int]]] = [
            (self.rows, other.rows),
            (self.still_open, other.still_open),
            (self.could, other.could),
            (self.last_open, other.last_open),
            (self.codes.rows, other.codes.rows),
            (self.codes.moves, other.codes.moves),
        ]
        for mine, theirs in counters:
            for key, count in theirs.items():
                _plus(mine, key, count)
        for month, on in other.latest.items():
            self.latest[month] = max(on, self.latest.get(month, on))
        for flag, (count, account) in other.flagged.items():
            _tally(self.flagged, flag, count, account)
        for pair, (count, account) in other.gaps.items():
            _tally(self.gaps, pair, count, account)
        self.lateness |= other.lateness
        self.codes.buckets.update(other.codes.buckets)
        self.many_codes |= other.many_codes

    def _with_limits(self, frame: pl.DataFrame, accounts: pl.DataFrame | None) -> pl.DataFrame:
        """Rows (by account) without a limit of their own get their account's."""
        if accounts is None or frame["balance_minor"].null_count() == frame.height:
            return frame
        if self._limits is None or self._limits[0] is not accounts:  # a book's parts share them
            limits = accounts.select("account_id", whole="limit_minor").drop_nulls()
            self._limits = accounts, limits.sort("account_id")
        limits, ids = self._limits[1], frame["account_id"]
        first = limits["account_id"].search_sorted(ids[0], "left")
        last = limits["account_id"].search_sorted(ids[-1], "right")
        limits = limits.slice(first, last - first)
        if limits.is_empty():
            return frame
        joined = frame.join(limits, on="account_id", how="left", maintain_order="left")
        return joined.with_columns(pl.coalesce("limit_minor", "whole").alias("limit_minor"))

    def _with_closings(self, frame: pl.DataFrame, accounts: pl.DataFrame | None) -> pl.DataFrame:
        """Rows (by account) that the accounts table says are past the end count as closed.

        Those of them that name no end of their own, on the day of closing or later, are told.
        """
        if accounts is None:
            return frame
        closed = accounts.select("account_id", "closed_on").drop_nulls()
        if closed.is_empty():
            return frame
        joined = frame.join(closed, on="account_id", how="left", maintain_order="left")
        past = (~_terminal()) & (pl.col("month") >= month_of(pl.col("closed_on")))
        told = joined.filter(past & (pl.col("on") >= pl.col("closed_on")))
        counted = told.group_by("month").agg(pl.len(), pl.col("account_id").min())
        for month, count, account in counted.iter_rows():
            _tally(self.flagged, ("after_closing", "status", month), count, account)
        status = pl.when(past).then(pl.lit("closed", STATUS)).otherwise("status")
        return joined.with_columns(status.alias("status")).drop("closed_on")

    def _add_months(self, account: pl.Series, counts: Counts, low: int) -> None:
        """Add up every mark by month, with the first account of those that are flagged."""
        for at in np.flatnonzero(counts.rows).tolist():
            month, on = low + at, date.fromordinal(int(counts.latest[at]) + EPOCH)
            _plus(self.rows, month, int(counts.rows[at]))
            _plus(self.still_open, month, int(counts.open[at]))
            self.latest[month] = max(on, self.latest.get(month, on))
            for (kind, column), of_mark in zip(MARKED, counts.marks[:, :, at].T, strict=True):
                could, shown, first = of_mark.tolist()
                place = (kind, column, month)
                if could:
                    _plus(self.could, place, could)
                if shown:
                    _tally(self.flagged, place, shown, account[first])

    def _add_last(self, ends: pl.Series) -> None:
        for on, count in ends.value_counts(name="n").iter_rows():
            _plus(self.last_open, on, count)

    def _add_gaps(self, frame: pl.DataFrame, rows: NDArray[np.int64]) -> None:
        gaps = frame[rows].select("account_id", "month", seen=frame["month"].gather(rows - 1))
        counted = gaps.group_by("seen", "month").agg(pl.len(), pl.col("account_id").min())
        for seen, month, count, account in counted.iter_rows():
            _tally(self.gaps, (seen, month), count, account)

    def _add_charge_offs(self, frame: pl.DataFrame) -> None:
        charged = frame.filter(pl.col("status") == "charged_off")
        if charged.is_empty():
            return
        first = charged.group_by("account_id").agg(pl.col("month").min().alias("charged"))
        later = frame.select("account_id", "month").join(first, on="account_id")
        later = later.filter(pl.col("month") > pl.col("charged"))
        counted = later.group_by("month").agg(pl.len(), pl.col("account_id").min())
        for month, count, account in counted.iter_rows():
            _tally(self.flagged, ("after_charge_off", "status", month), count, account)

    def _add_codes(self, frame: pl.DataFrame) -> None:
        for column in ("dpd_days", "months_past_due"):
            if frame[column].null_count() < frame.height:
                self.lateness.add(column)
        if self.many_codes or frame["code"].null_count() == frame.height:
            return
        codes = frame["code"].unique().drop_nulls().sort()
        if len(codes) > CODES_MAX:
            self.many_codes = True
            return
        known = pl.Enum(codes)
        coded = frame.select(
            "month", "bucket", pl.col("code").cast(known), adjacent=_ADJACENT.fill_null(False)
        ).with_columns(earlier=pl.when("adjacent").then(pl.col("code").shift(1)))
        counted = coded.group_by("month", "earlier", "code").agg(pl.len(), pl.col("bucket").max())
        for month, before, code, count, bucket in counted.iter_rows():
            if code is not None:
                _plus(self.codes.rows, (month, code), count)
                _plus(self.codes.moves, (month, before, code), count)
            if code is not None and bucket is not None:
                self.codes.buckets[code] = max(bucket, self.codes.buckets.get(code, bucket))


def _rows(frame: pl.DataFrame) -> Rows:
    """The columns that the one pass reads."""
    amounts = [pick(frame[f"{name}_minor"], NONE) for name in (*AMOUNTS, "limit")]
    return Rows(
        frame.select(_BELOW.fill_null(False)).to_series().to_numpy(),
        pick(frame["month"], 0),
        pick(frame["on"].to_physical(), 0),
        ENDED[pick(frame["status"].to_physical(), 0)],
        pick(frame["bucket"], NO_BUCKET),
        *amounts,
    )


def _terminal() -> pl.Expr:
    return pl.col("status").is_in(TERMINAL).fill_null(False)


def _in_order(performance: pl.DataFrame) -> pl.DataFrame:
    """Rows sorted by account and day; left alone where they are."""
    below = performance.select(_BELOW.fill_null(False)).to_series()
    days = performance["on"].to_physical().to_numpy()
    ordered = performance["account_id"].filter(~below).is_sorted()
    ordered = ordered and bool(np.all((days[1:] >= days[:-1]) | ~below.to_numpy()[1:]))
    return performance if ordered else performance.sort("account_id", "on")


def _plus(into: dict[K, int], key: K, count: int) -> None:
    into[key] = into.get(key, 0) + count


def _tally(into: dict[K, tuple[int, str]], key: K, count: int, account: str) -> None:
    held, first = into.get(key, (0, account))
    into[key] = (held + count, min(first, account))
