"""What the rows of a book show, counted by month; the order and grouping of accounts never matter.

All rows of an account must be added together; different accounts may come in any number of parts.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

import polars as pl

from ruqi.tape.code_changes import CODES_MAX, CodeCounts
from ruqi.tape.contract import TERMINAL

AMOUNTS = ("balance", "due", "paid")
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
    flagged: dict[Flag, tuple[int, str]] = field(default_factory=dict)  # count, first account
    could: dict[Flag, int] = field(default_factory=dict)  # rows that could have been flagged
    thousands: dict[Flag, int] = field(default_factory=dict)
    gaps: dict[tuple[int, int], tuple[int, str]] = field(default_factory=dict)  # last seen, next
    lateness: set[str] = field(default_factory=set)
    codes: CodeCounts = field(default_factory=lambda: CodeCounts({}, {}, {}))
    many_codes: bool = False

    def add(self, performance: pl.DataFrame, accounts: pl.DataFrame | None) -> None:
        """Count all rows of some accounts (columns of `tape.columns`)."""
        if performance.is_empty():
            return
        frame = _in_order(performance)
        self.accounts += frame["account_id"].n_unique()
        by_month = frame.group_by("month").agg(
            pl.len(), (~_terminal()).sum().alias("open"), pl.col("on").max()
        )
        for month, rows, still_open, on in by_month.iter_rows():
            _plus(self.rows, month, rows)
            _plus(self.still_open, month, still_open)
            self.latest[month] = max(on, self.latest.get(month, on))
        self._add_balances(frame, accounts)
        self._add_steps(frame)
        self._add_amounts(frame)
        self._add_codes(frame)

    def merge(self, other: "RowCounts") -> None:
        """Add the counts of other accounts to these."""
        self.accounts += other.accounts
        counters: list[tuple[dict[Any, int], dict[Any, int]]] = [
            (self.rows, other.rows),
            (self.still_open, other.still_open),
            (self.could, other.could),
            (self.thousands, other.thousands),
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

    def _flag(self, kind: str, column: str, frame: pl.DataFrame, mask: pl.Expr) -> None:
        counted = frame.filter(mask).group_by("month").agg(pl.len(), pl.col("account_id").min())
        for month, count, account in counted.iter_rows():
            _tally(self.flagged, (kind, column, month), count, account)

    def _able(self, kind: str, column: str, frame: pl.DataFrame, mask: pl.Expr) -> None:
        for month, count in frame.filter(mask).group_by("month").len().iter_rows():
            _plus(self.could, (kind, column, month), count)

    def _add_balances(self, frame: pl.DataFrame, accounts: pl.DataFrame | None) -> None:
        if frame["balance_minor"].null_count() == frame.height:
            return
        self._able("credit_balance", "balance", frame, pl.col("balance_minor").is_not_null())
        self._flag("credit_balance", "balance", frame, pl.col("balance_minor") < 0)
        frame = frame.select("account_id", "month", "balance_minor", "limit_minor")
        if accounts is not None and accounts["limit_minor"].null_count() < accounts.height:
            of_account = accounts.select("account_id", whole="limit_minor")
            frame = frame.join(of_account, on="account_id", how="left").with_columns(
                pl.coalesce("limit_minor", "whole").alias("limit_minor")
            )
        both = pl.col("balance_minor").is_not_null() & pl.col("limit_minor").is_not_null()
        self._able("above_limit", "balance", frame, both)
        self._flag("above_limit", "balance", frame, pl.col("balance_minor") > pl.col("limit_minor"))

    def _add_steps(self, frame: pl.DataFrame) -> None:
        step = pl.col("bucket").cast(pl.Int32) - pl.col("bucket").shift(1).cast(pl.Int32)
        frame = frame.select(
            "account_id",
            "month",
            "status",
            (_ADJACENT & step.is_not_null()).alias("moved"),
            (_ADJACENT & (step >= 2)).alias("jumped"),
            (_BELOW & (pl.col("month") - pl.col("month").shift(1) > 1)).alias("after_gap"),
            pl.col("month").shift(1).alias("seen"),
            _terminal().shift(1).alias("ended"),
        )
        self._able("jump", "lateness", frame, pl.col("moved"))
        self._flag("jump", "lateness", frame, pl.col("jumped"))
        gaps = frame.filter(pl.col("after_gap") & ~pl.col("ended")).group_by("seen", "month")
        for seen, month, count, account in gaps.agg(
            pl.len(), pl.col("account_id").min()
        ).iter_rows():
            _tally(self.gaps, (seen, month), count, account)
        charged = frame.filter(pl.col("status") == "charged_off")
        if charged.height:
            first = charged.group_by("account_id").agg(pl.col("month").min().alias("charged"))
            later = frame.join(first, on="account_id").filter(pl.col("month") > pl.col("charged"))
            self._flag("after_charge_off", "status", later, pl.lit(True))

    def _add_amounts(self, frame: pl.DataFrame) -> None:
        for column in AMOUNTS:
            amount = pl.col(f"{column}_minor")
            some = frame.filter(amount != 0)
            if some.is_empty():
                continue
            hundred = amount % (100 * self.minor_per_major) == 0
            self._able("round_amounts", column, some, pl.lit(True))
            self._flag("round_amounts", column, some, hundred)
            whole = some.filter(amount % (1000 * self.minor_per_major) == 0)
            for month, count in whole.group_by("month").len().iter_rows():
                _plus(self.thousands, ("round_amounts", column, month), count)

    def _add_codes(self, frame: pl.DataFrame) -> None:
        for column in ("dpd_days", "months_past_due"):
            if frame[column].null_count() < frame.height:
                self.lateness.add(column)
        if self.many_codes or frame["code"].n_unique() > CODES_MAX + 1:  # one may be null
            self.many_codes = True
            return
        earlier = pl.when(_ADJACENT).then(pl.col("code").shift(1)).alias("earlier")
        coded = frame.select("month", "code", "bucket", earlier).filter(
            pl.col("code").is_not_null()
        )
        for month, code, count in coded.group_by("month", "code").len().iter_rows():
            _plus(self.codes.rows, (month, code), count)
        for month, before, code, count in (
            coded.group_by("month", "earlier", "code").len().iter_rows()
        ):
            _plus(self.codes.moves, (month, before, code), count)
        leads = coded.filter(pl.col("bucket").is_not_null()).group_by("code")
        for code, bucket in leads.agg(pl.col("bucket").max()).iter_rows():
            self.codes.buckets[code] = max(bucket, self.codes.buckets.get(code, bucket))


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
