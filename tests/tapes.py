"""Small books for tests, made in one call: rows in, a `Tape` out, without any file."""

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from ruqi.tape.columns import (
    ACCOUNTS,
    BORROWERS,
    CONTACTS,
    OUTCOMES,
    PAYMENTS,
    PERFORMANCE,
    Bucket,
    Delinquency,
    Tape,
)

Rows = Iterable[Mapping[str, Any]] | pl.DataFrame

DAYS = Delinquency(
    "days",
    (
        Bucket("M0", 0, 0),
        Bucket("M1", 1, 30),
        Bucket("M2", 31, 60),
        Bucket("M3", 61, 90),
        Bucket("M3+", 91, None),
    ),
)
MONTHS = Delinquency(
    "months", (Bucket("M0", 0, 0), Bucket("M1", 1, 1), Bucket("M2", 2, 2), Bucket("M3+", 3, None))
)
STAGES = Delinquency("stage", tuple(Bucket(name, None, None) for name in ("A", "B", "C", "D")))
LATENESS = {"days": "dpd_days", "months": "months_past_due", "stage": "stage"}
KEYS = {
    "accounts": ("account_id",),
    "borrowers": ("borrower_id",),
    "payments": ("account_id", "value_on", "amount_minor"),
    "contacts": ("borrower_id", "at", "channel"),
    "outcomes": ("account_id", "on", "event"),
}


def day(text: str | date) -> date:
    """`2024-03` is the last day of March 2024; `2024-03-05` and dates stand as they are."""
    if isinstance(text, date):
        return text
    if len(text) == 10:
        return date.fromisoformat(text)
    year, month = (int(part) for part in text.split("-"))
    return date(year, month, calendar.monthrange(year, month)[1])


def make_tape(
    performance: Rows,
    *,
    by: str = "days",
    delinquency: Delinquency | None = None,
    accounts: Rows | None = None,
    features: pl.DataFrame | None = None,
    protected: pl.DataFrame | None = None,
    mapped: Iterable[str] | None = None,
    **more: Any,
) -> Tape:
    """A book from rows with the names of `tape.columns` (any subset, any order).

    A performance row needs account_id, `on` (date, "2024-03-05" or "2024-03" = month end) and one
    of: `bucket` (index or name), dpd_days, months_past_due, or a terminal `status`; what follows
    from these (month, bucket, status, code) is filled in. `by` picks `DAYS`, `MONTHS` or `STAGES`
    unless `delinquency` is given. `mapped` is read off the columns that any row has. `more` sets
    other tables (borrowers, payments, contacts, outcomes) and fields of `Tape`.
    """
    rule = delinquency or {"days": DAYS, "months": MONTHS, "stage": STAGES}[by]
    rows = _dicts(performance)
    given = {f"performance.{_plain(name)}" for row in rows for name in row if name in PERFORMANCE}
    given = {name for name in given if name.split(".")[1] not in ("month", "bucket", "code")}
    given.add(f"performance.{LATENESS[rule.by]}")
    frame = _frame([_performance(row, rule) for row in rows], PERFORMANCE).sort("account_id", "on")
    account_rows = _dicts(accounts) if accounts is not None else []
    given |= {f"accounts.{_plain(name)}" for row in account_rows for name in row}
    tables: dict[str, pl.DataFrame | None] = {}
    for table, schema in (
        ("borrowers", BORROWERS),
        ("payments", PAYMENTS),
        ("contacts", CONTACTS),
        ("outcomes", OUTCOMES),
    ):
        table_rows = more.pop(table, None)
        tables[table] = None
        if table_rows is not None:
            listed = _dicts(table_rows)
            given |= {f"{table}.{_plain(name)}" for row in listed for name in row}
            tables[table] = _frame(listed, schema).sort(KEYS[table])
    fields: dict[str, Any] = {
        "name": "small-book",
        "currency": "CNY",
        "time_zone": "Asia/Shanghai",
        "as_of": frame["on"].max(),
        "observed": "month_end",
        "synthetic": frozenset({"*"}),
        "fingerprint": "small-book",
    } | more
    ids = frame.select("account_id").unique().sort("account_id")
    return Tape(
        **fields,
        **tables,
        delinquency=rule,
        performance=frame,
        accounts=_accounts(account_rows, ids),
        features=ids if features is None else features,
        protected=ids if protected is None else protected,
        mapped=frozenset(given if mapped is None else mapped),
    )


def path(
    account_id: str, first: str, states: str, **columns: Iterable[Any]
) -> list[dict[str, Any]]:
    """One account's months in a row: `path("a", "2024-01", "M0 M1 . M2 charged_off")`.

    A state is a bucket's name or a terminal status; `.` is a month without a row. `columns` give
    one value a written month (gaps left out), e.g. `balance_minor=[100, 90, 80, 80]`.
    """
    year, month = (int(part) for part in first.split("-"))
    start = year * 12 + month - 1
    rows: list[dict[str, Any]] = []
    values = {name: iter(items) for name, items in columns.items()}
    for step, state in enumerate(states.split()):
        if state == ".":
            continue
        at = start + step
        row: dict[str, Any] = {"account_id": account_id, "on": f"{at // 12}-{at % 12 + 1:02d}"}
        terminal = state in ("charged_off", "paid_off", "sold", "closed")
        row |= {"status": state} if terminal else {"bucket": state}
        rows.append(row | {name: next(items) for name, items in values.items()})
    return rows


def _dicts(rows: Rows) -> list[dict[str, Any]]:
    return rows.to_dicts() if isinstance(rows, pl.DataFrame) else [dict(row) for row in rows]


def _plain(name: str) -> str:
    return name.removesuffix("_minor")


def _performance(row: dict[str, Any], rule: Delinquency) -> dict[str, Any]:
    on = day(row["on"])
    bucket = row.get("bucket")
    names = [step.name for step in rule.buckets]
    if isinstance(bucket, str):
        bucket = names.index(bucket)
    late = row.get("months_past_due" if rule.by == "months" else "dpd_days")
    if bucket is None and late is not None:
        bucket = rule.place(late)
    low = None if bucket is None else rule.buckets[bucket].low
    if rule.by == "days" and late is None and low is not None:
        row = row | {"dpd_days": low}
    if rule.by == "months" and late is None and low is not None:
        row = row | {"months_past_due": low}
    status = row.get("status") or "open"
    code = row.get("code") or (names[bucket] if bucket is not None else status)
    filled = {"on": on, "month": on.year * 12 + on.month - 1, "bucket": bucket}
    return row | filled | {"status": status, "code": code}


def _accounts(rows: list[dict[str, Any]], ids: pl.DataFrame) -> pl.DataFrame:
    listed = rows or [{"account_id": name} for name in ids["account_id"]]
    filled = [{"borrower_id": row["account_id"]} | _dated(row) for row in listed]
    return _frame(filled, ACCOUNTS).sort("account_id")


def _dated(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: day(value) if name in ("opened_on", "closed_on") and value is not None else value
        for name, value in row.items()
    }


def _frame(rows: list[dict[str, Any]], schema: Mapping[str, Any]) -> pl.DataFrame:
    known = [{name: row.get(name) for name in schema} for row in rows]
    return pl.DataFrame(known, schema=dict(schema), orient="row")


def taiwan() -> Tape:
    """The shipped card book, mapped here by hand: an oracle beside the reader of tapes."""
    source = pl.read_parquet(Path(__file__).parents[1] / "examples/taiwan_cards/cards.parquet")
    codes = dict(zip(("0", "2", "3", "4", "5", "6"), range(1, 7), strict=True))
    months = []
    for code, place in codes.items():
        on = day(f"2005-{10 - place:02d}")
        months.append(
            source.select(
                pl.col("ID").cast(pl.String).alias("account_id"),
                pl.lit(on).alias("on"),
                pl.lit(on.year * 12 + on.month - 1, dtype=pl.Int32).alias("month"),
                pl.col(f"PAY_{code}").cast(pl.Int8).clip(lower_bound=0).alias("bucket"),
                pl.lit("open").alias("status"),
                pl.col(f"PAY_{code}").cast(pl.String).alias("code"),
                pl.col(f"PAY_{code}").cast(pl.Int32).clip(lower_bound=0).alias("months_past_due"),
                (pl.col(f"BILL_AMT{place}") * 100).cast(pl.Int64).alias("balance_minor"),
                (pl.col(f"PAY_AMT{place}") * 100).cast(pl.Int64).alias("paid_minor"),
            )
        )
    rows = pl.concat(months).with_columns(
        pl.lit(None, PERFORMANCE[name]).alias(name)
        for name in ("dpd_days", "due_minor", "limit_minor")
    )
    rows = rows.select(pl.col(name).cast(kind) for name, kind in PERFORMANCE.items())
    buckets = tuple(Bucket(f"M{k}", k, k if k < 8 else None) for k in range(9))
    tape = make_tape(
        [{"account_id": "1", "on": "2005-09", "months_past_due": 0}],
        delinquency=Delinquency("months", buckets),
        name="taiwan-by-hand",
        currency="TWD",
        observed="statement",
        mapped=["performance.months_past_due", "performance.balance", "performance.paid"],
    )
    ids = rows.select("account_id").unique().sort("account_id")
    accounts = _accounts([], ids)
    return replace(
        tape,
        performance=rows.sort("account_id", "on"),
        accounts=accounts,
        features=ids,
        protected=ids,
    )
