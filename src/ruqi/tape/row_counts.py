"""What the rows of a book show, counted by month; the order and grouping of accounts never matter.

All rows of an account must be added together; different accounts may come in any number of parts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

import polars as pl

from ruqi.tape.code_changes import CODES_MAX, CodeCounts
from ruqi.tape.columns import STATUS, month_of
from ruqi.tape.contract import TERMINAL

AMOUNTS = ("balance", "due", "paid")
ROUND, THOUSANDS = "round_amounts", "whole_thousands"  # the second only adds to the first's words
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
        frame = self._with_closings(_in_order(performance), accounts)
        frame = self._with_limits(frame, accounts)
        marks = [mark for mark in _marks(self.minor_per_major) if mark.told_by(frame)]
        marked = frame.select(
            "account_id",
            "month",
            "on",
            _BELOW.fill_null(False).alias("below"),
            (~_terminal()).alias("open"),
            *(mark.able.alias(f"able {mark.column} {mark.kind}") for mark in marks),
            *(mark.flag.alias(f"flag {mark.column} {mark.kind}") for mark in marks),
        )
        self._add_months(marked, marks)
        self._add_last(frame)
        self._add_gaps(frame)
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

    def _add_months(self, marked: pl.DataFrame, marks: Sequence["_Mark"]) -> None:
        """Add up every mark by month, with the first account of those that are flagged."""
        able = [f"able {mark.column} {mark.kind}" for mark in marks]
        flag = [f"flag {mark.column} {mark.kind}" for mark in marks]
        first = [pl.col("account_id").filter(name).first().alias(f"of {name}") for name in flag]
        by_month = marked.group_by("month").agg(
            pl.len(), pl.col("on").max(), pl.col("open", "below", *able, *flag).sum(), *first
        )
        for row in by_month.iter_rows(named=True):
            month = row["month"]
            _plus(self.rows, month, row["len"])
            _plus(self.still_open, month, row["open"])
            self.accounts += row["len"] - row["below"]
            self.latest[month] = max(row["on"], self.latest.get(month, row["on"]))
            for mark, can, has in zip(marks, able, flag, strict=True):
                place = (mark.kind, mark.column, month)
                if row[can]:
                    _plus(self.could, place, row[can])
                if row[has]:
                    _tally(self.flagged, place, row[has], row[f"of {has}"])

    def _add_last(self, frame: pl.DataFrame) -> None:
        last = pl.col("account_id").ne_missing(pl.col("account_id").shift(-1))
        ends = frame.filter(last & ~_terminal())["on"].value_counts(name="n")
        for on, count in ends.iter_rows():
            _plus(self.last_open, on, count)

    def _add_gaps(self, frame: pl.DataFrame) -> None:
        step = pl.col("month") - pl.col("month").shift(1)
        gaps = frame.select(
            "account_id",
            "month",
            pl.col("month").shift(1).alias("seen"),
            (_BELOW & (step > 1) & ~_terminal().shift(1)).alias("gap"),
        ).filter("gap")
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
        if self.many_codes:
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


@dataclass(frozen=True)
class _Mark:
    """A kind of remark that rows show by themselves: which could, and which do."""

    kind: str
    column: str
    able: pl.Expr
    flag: pl.Expr
    reads: str

    def told_by(self, frame: pl.DataFrame) -> bool:
        """Whether the frame holds anything that this mark reads."""
        return frame[self.reads].null_count() < frame.height


def _marks(minor_per_major: int) -> Iterator[_Mark]:
    balance, limit = pl.col("balance_minor"), pl.col("limit_minor")
    given = balance.is_not_null()
    yield _Mark("credit_balance", "balance", given, balance < 0, "balance_minor")
    both = given & limit.is_not_null()
    yield _Mark("above_limit", "balance", both, balance > limit, "limit_minor")
    step = pl.col("bucket").cast(pl.Int32) - pl.col("bucket").shift(1).cast(pl.Int32)
    moved = _ADJACENT & step.is_not_null()
    yield _Mark("jump", "lateness", moved, _ADJACENT & (step >= 2), "bucket")
    for column in AMOUNTS:
        amount = pl.col(f"{column}_minor")
        for kind, unit in ((ROUND, 100), (THOUSANDS, 1000)):
            whole = (amount != 0) & (amount % (unit * minor_per_major) == 0)
            yield _Mark(kind, column, amount != 0, whole, f"{column}_minor")


def _terminal() -> pl.Expr:
    return pl.col("status").is_in(TERMINAL).fill_null(False)


def _in_order(performance: pl.DataFrame) -> pl.DataFrame:
    """Rows sorted by account and day; left alone where they are."""
    ordered = performance.select(
        (
            (pl.col("account_id") > pl.col("account_id").shift(1))
            | (_BELOW & (pl.col("on") >= pl.col("on").shift(1)))
        )
        .slice(1)
        .all()
    ).item()
    return performance if ordered else performance.sort("account_id", "on")


def _plus(into: dict[K, int], key: K, count: int) -> None:
    into[key] = into.get(key, 0) + count


def _tally(into: dict[K, tuple[int, str]], key: K, count: int, account: str) -> None:
    held, first = into.get(key, (0, account))
    into[key] = (held + count, min(first, account))
