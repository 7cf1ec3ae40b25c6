"""A checked tape in memory: one frame a table, always with the same columns, types and order.

Row order and origin never show: rows are sorted by key, so the same book from CSV or Parquet, in
one part or many, gives equal frames.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

import polars as pl

from ruqi.tape.contract import STATUSES

STATUS = pl.Enum(STATUSES)

# Sorted by (account_id, on). `month` = year * 12 + month - 1 of `on`, so adjacent months differ by
# one. `bucket` indexes `Delinquency.buckets`, null where a terminal status says no lateness.
# `code` is the file's own text of the lateness cell. An unmapped column is all null.
PERFORMANCE: dict[str, pl.DataType | type[pl.DataType]] = {
    "account_id": pl.String,
    "on": pl.Date,
    "month": pl.Int32,
    "bucket": pl.Int8,
    "status": STATUS,
    "code": pl.String,
    "dpd_days": pl.Int32,
    "months_past_due": pl.Int32,
    "balance_minor": pl.Int64,
    "due_minor": pl.Int64,
    "paid_minor": pl.Int64,
    "limit_minor": pl.Int64,
}
# Sorted by account_id; made from performance where the tape has no accounts table.
ACCOUNTS: dict[str, pl.DataType | type[pl.DataType]] = {
    "account_id": pl.String,
    "borrower_id": pl.String,  # default: the account's own id
    "product": pl.String,
    "opened_on": pl.Date,
    "closed_on": pl.Date,
    "limit_minor": pl.Int64,
    "partner_id": pl.String,
    "region": pl.String,
}
# Sorted by borrower_id. The personal columns (name, phone, email) are checked but never read in.
BORROWERS: dict[str, pl.DataType | type[pl.DataType]] = {
    "borrower_id": pl.String,
    "time_zone": pl.String,
    "language": pl.String,
    "consent": pl.List(pl.String),  # channels; null = not known, [] = none given
    "holds": pl.List(pl.String),
}
# Sorted by (account_id, value_on, amount_minor, ...).
PAYMENTS: dict[str, pl.DataType | type[pl.DataType]] = {
    "account_id": pl.String,
    "value_on": pl.Date,
    "amount_minor": pl.Int64,
    "kind": pl.String,
    "recorded_at": pl.Datetime("us", "UTC"),
}
# Sorted by (borrower_id, at, channel, ...).
CONTACTS: dict[str, pl.DataType | type[pl.DataType]] = {
    "borrower_id": pl.String,
    "at": pl.Datetime("us", "UTC"),
    "channel": pl.String,
    "direction": pl.String,
    "outcome": pl.String,
    "effective": pl.Boolean,
    "agency": pl.String,
}
# Sorted by (account_id, on, event).
OUTCOMES: dict[str, pl.DataType | type[pl.DataType]] = {
    "account_id": pl.String,
    "on": pl.Date,
    "event": pl.String,
}


@dataclass(frozen=True)
class Bucket:
    """One step of lateness: its name and, where known, its days or months, both ends included."""

    name: str
    low: int | None
    high: int | None  # None with a low: open-ended


@dataclass(frozen=True)
class Delinquency:
    """How a book names lateness, mildest first."""

    by: Literal["stage", "days", "months"]
    buckets: tuple[Bucket, ...]

    @property
    def unit(self) -> Literal["days", "months"]:
        """The unit of the bounds: months only where the book counts months."""
        return "months" if self.by == "months" else "days"

    def label(self, index: int, language: str = "en") -> str:
        """A bucket's name with its days, e.g. `M1 (1-30 days)`; never the name alone."""
        bucket = self.buckets[index]
        zh = language == "zh"
        if bucket.low is None:
            return bucket.name + ("（天数未说明）" if zh else " (days not stated)")
        unit: str = ("个月" if self.unit == "months" else "天") if zh else self.unit
        if bucket.high is None:
            span = f"{bucket.low}+"
        elif bucket.low == bucket.high:
            span = f"{bucket.low}"
        else:
            span = f"{bucket.low}-{bucket.high}"
        if span == "1" and unit == "months":
            unit = "month"
        return f"{bucket.name}（{span} {unit}）" if zh else f"{bucket.name} ({span} {unit})"

    def place(self, lateness: int) -> int:
        """Index of the bucket that holds `lateness` (days or months)."""
        for index in range(len(self.buckets) - 1, -1, -1):
            low = self.buckets[index].low
            if low is not None and lateness >= low:
                return index
        return 0


@dataclass(frozen=True)
class Tape:
    """A clean book. Everything above this room reads books in this one shape only.

    `mapped` holds "table.column" of every column that the files really gave; `features` and
    `protected` hold, a frame each keyed by account_id, the lender's own extra columns.
    """

    name: str
    currency: str
    time_zone: str
    as_of: date
    observed: Literal["month_end", "statement"]
    synthetic: frozenset[str]  # tables labelled synthetic in the manifest ("*" = the whole book)
    delinquency: Delinquency
    performance: pl.DataFrame
    accounts: pl.DataFrame
    borrowers: pl.DataFrame | None
    payments: pl.DataFrame | None
    contacts: pl.DataFrame | None
    outcomes: pl.DataFrame | None
    features: pl.DataFrame
    protected: pl.DataFrame
    mapped: frozenset[str]
    fingerprint: str
    notes: Mapping[str, str] = field(default_factory=dict)

    def has(self, *columns: str) -> bool:
        """Whether the files gave each of these `table.column` names."""
        return all(column in self.mapped for column in columns)

    def missing(self, *columns: str) -> tuple[str, ...]:
        """Those of `columns` (`table.column`) that the files did not give."""
        return tuple(column for column in columns if column not in self.mapped)

    def known_at(self, as_of: date) -> "Tape":
        """The book as of another day: later rows, payments, contacts and closings are left out.

        Days are the book's own civil days. Outcomes stay: they are labels known later, by
        definition.
        """
        return replace(
            self,
            as_of=as_of,
            performance=self.performance.filter(pl.col("on") <= as_of),
            accounts=closings_known(self.accounts, as_of),
            payments=None
            if self.payments is None
            else self.payments.filter(pl.col("value_on") <= as_of),
            contacts=None
            if self.contacts is None
            else self.contacts.filter(
                pl.col("at").dt.convert_time_zone(self.time_zone).dt.date() <= as_of
            ),
        )

    def accounts_known(self) -> pl.DataFrame:
        """The accounts without those that open after `as_of` (or are first seen later)."""
        if self.has("accounts.opened_on"):
            later = (pl.col("opened_on") > self.as_of).fill_null(False)
            return self.accounts.filter(~later)
        if self.has("accounts.account_id"):
            return self.accounts
        return self.accounts.join(
            self.performance, on="account_id", how="semi", maintain_order="left"
        )

    def open_at_end(self) -> pl.DataFrame:
        """The row of each account that is open at `as_of`, by account.

        Month ends: that of the newest month. Statements: an account's latest one, not older than a
        month before `as_of` (before the newest row where that is of an earlier month), for its next
        statement day may be yet to come. Who is closed by `as_of`, says the accounts table, is
        not open.
        """
        rows = self.performance.filter(pl.col("on") <= self.as_of)
        if self.observed == "statement":
            newest = pl.col("on").max()
            is_seen = month_of(newest) >= month_of(pl.lit(self.as_of))
            day = pl.when(is_seen).then(self.as_of).otherwise(newest)
            rows = _latest(rows.filter(pl.col("on") >= day.dt.offset_by("-1mo")))
        else:
            rows = rows.filter(pl.col("month") == pl.col("month").max())
        rows = rows.filter(pl.col("status") == "open")
        closed = self.accounts.filter(pl.col("closed_on") <= self.as_of)
        return rows.join(closed, on="account_id", how="anti", maintain_order="left")

    def not_open(self) -> pl.DataFrame:
        """Every other account, by account: account_id, last_on, month (of its last row), why.

        `why` is the terminal status of its last row, `closed` where the accounts table says so by
        `as_of`, or `no_row`: it was last seen open (or never, `last_on` null), and has none now.
        """
        seen = self.performance.filter(pl.col("on") <= self.as_of)
        last = _latest(seen).select("account_id", "on", "month", "status")
        is_closed = (pl.col("closed_on") <= self.as_of).fill_null(False)
        ended = pl.col("status").cast(pl.String).replace("open", None)
        closed = pl.when(is_closed).then(pl.lit("closed"))
        why = pl.coalesce(ended, closed, pl.lit("no_row"))
        everyone = self.accounts_known().select("account_id", "closed_on").unique("account_id")
        found = everyone.join(last, on="account_id", how="full", coalesce=True)
        found = found.join(self.open_at_end(), on="account_id", how="anti")
        told = found.select("account_id", "month", last_on="on", why=why)
        return told.sort("account_id")


def _latest(rows: pl.DataFrame) -> pl.DataFrame:
    """The last row of each account, of rows that stand by account and day."""
    here, below = pl.col("account_id"), pl.col("account_id").shift(-1)
    return rows.filter(here.ne_missing(below))


def closings_known(accounts: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """The accounts without the closings that lie after a day: then they were not known."""
    known = pl.when(pl.col("closed_on") <= as_of).then("closed_on")
    return accounts.with_columns(known.alias("closed_on"))


def month_of(day: pl.Expr) -> pl.Expr:
    """The civil month of a day, counted as `month` is."""
    return day.dt.year().cast(pl.Int32) * 12 + day.dt.month().cast(pl.Int32) - 1
