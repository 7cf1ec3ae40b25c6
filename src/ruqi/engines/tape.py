"""Our own lines as a loan tape: the same shape in which a stranger's book comes in.

Month ends are read from the accepted events (`Life.as_of`), so that a book written today says of
March what we now know of March. Amounts are minor units.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from ruqi.loans.delinquency import policy_dpd
from ruqi.loans.history import Life
from ruqi.loans.state import Line
from ruqi.loans.terms import Product
from ruqi.primitives.dates import month_number

PERFORMANCE = {
    "account_id": pl.String,
    "on": pl.Date,
    "dpd_days": pl.Int64,
    "balance": pl.Int64,
    "due": pl.Int64,
    "paid": pl.Int64,
    "limit": pl.Int64,
    "status": pl.String,
}
ACCOUNTS = {
    "account_id": pl.String,
    "product": pl.String,
    "opened_on": pl.Date,
    "limit": pl.Int64,
}
PAYMENTS = {
    "account_id": pl.String,
    "value_on": pl.Date,
    "amount": pl.Int64,
    "kind": pl.String,
    "recorded_at": pl.String,
}


@dataclass(frozen=True)
class Written:
    """A tape's frames by table, and the manifest that reads them (paths are `{table}.csv`)."""

    frames: Mapping[str, pl.DataFrame]
    manifest: Mapping[str, Any]


def tape_of(name: str, lives: Mapping[str, Life], ends: Sequence[date]) -> Written:
    """The tape of lines of one product, by account id, at these month ends (in order)."""
    terms = next(iter(lives.values())).terms
    ids = sorted(lives)
    performance = [row for account in ids for row in _months(account, lives[account], ends)]
    accounts = [row for account in ids for row in _account(account, lives[account])]
    payments = [row for account in ids for row in _payments(account, lives[account], ends[-1])]
    frames = {
        "accounts": pl.DataFrame(accounts, schema=ACCOUNTS, orient="row"),
        "performance": pl.DataFrame(performance, schema=PERFORMANCE, orient="row"),
        "payments": pl.DataFrame(payments, schema=PAYMENTS, orient="row"),
    }
    return Written(frames, _manifest(name, terms, ends[-1], frames))


def _months(account: str, life: Life, ends: Sequence[date]) -> Iterator[tuple[Any, ...]]:
    for end in ends:
        line, _ = life.as_of(end)
        if line is None:
            continue
        yield (
            account,
            end,
            policy_dpd(line, end),
            sum(purchase.owed_now.total for purchase in line.active),
            _due_in(line, end),
            _paid_in(line, end),
            line.limit_minor,
            _status(line),
        )
        if line.status == "closed":
            return


def _status(line: Line) -> str:
    if any(purchase.charged_off_on is not None for purchase in line.active):
        return "charged_off"
    return line.status


def _due_in(line: Line, end: date) -> int:
    """What the month asked for, penalties left out."""
    return sum(
        due.billed.performing
        for purchase in (*line.active, *line.done)
        for due in purchase.dues
        if month_number(due.due_on) == month_number(end) and due.due_on <= end
    )


def _paid_in(line: Line, end: date) -> int:
    """Money received in the month that is still there."""
    return sum(
        payment.minor - payment.returned_minor
        for payment in line.payments
        if month_number(payment.on) == month_number(end)
    )


def _account(account: str, life: Life) -> Iterator[tuple[Any, ...]]:
    if life.line is not None:
        opened = life.line.opened_on
        yield account, life.terms.id, opened, life.line.limit_minor


def _payments(account: str, life: Life, until: date) -> Iterator[tuple[Any, ...]]:
    for event in life.accepted.values():
        kept = event.kind in ("repayment", "recovery", "early_settlement") and life.stands(event)
        if kept and event.value_on <= until:
            paid = (
                next((p for p in life.line.payments if p.id == event.id), None)
                if life.line
                else None
            )
            if paid is not None:
                at = event.recorded_at.isoformat()
                yield account, event.value_on, paid.minor, event.kind, at


def _manifest(
    name: str, terms: Product, as_of: date, frames: Mapping[str, pl.DataFrame]
) -> dict[str, Any]:
    return {
        "tape": name,
        "currency": terms.currency,
        "amounts": "minor",
        "time_zone": terms.time_zone,
        "as_of": as_of.isoformat(),
        "observed": "month_end",
        "tables": {
            table: {"path": f"{table}.csv", "columns": {column: column for column in frame.columns}}
            for table, frame in frames.items()
        },
        "delinquency": {
            "by": "days",
            "buckets": {
                bucket.name: bucket.low
                if bucket.high == bucket.low
                else f"{bucket.low}-{'' if bucket.high is None else bucket.high}"
                for bucket in terms.buckets
            },
        },
    }
