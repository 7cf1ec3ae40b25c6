"""What passed between lender and borrower, as a run keeps it: payments and contacts.

Of the tape's rows those that were known on the run's day and belong to the book's own accounts.
Texts that are no codes may hold anything, so they are not kept: a text column of a tape is the
lender's, and a note about a person is no code.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from ruqi.law.contact import Past, channel_of, counted
from ruqi.tape.columns import Tape

FILES = {
    "performance": "history.parquet",
    "payments": "payments.parquet",
    "contacts": "contacts.parquet",
}
WITHHELD = "…"  # stands for a text that is no code
CODES_MOST = 100  # different texts of a column of codes
CODE_LENGTH = 40
_NUMBER_OR_ADDRESS = r"[0-9]([ -]?[0-9]){6}|@"


def payments(tape: Tape) -> pl.DataFrame | None:
    """The rows of payments.parquet, by account and value day; None: the tape has no such table."""
    rows = tape.payments
    if rows is None:
        return None
    recorded = pl.col("recorded_at").dt.convert_time_zone(tape.time_zone).dt.date()
    rows = rows.filter(
        pl.col("account_id").is_in(tape.accounts_known()["account_id"].implode()),
        (recorded <= tape.as_of).fill_null(True),
    )
    return rows.with_columns(coded(rows["kind"]))


def contacts(tape: Tape) -> pl.DataFrame | None:
    """The rows of contacts.parquet, by borrower and moment; None: the tape has no such table."""
    rows = tape.contacts
    if rows is None:
        return None
    ours = tape.accounts_known()["borrower_id"].unique().implode()
    rows = rows.filter(pl.col("borrower_id").is_in(ours))
    words = ("channel", "direction", "outcome", "agency")
    return rows.with_columns(coded(rows[name]) for name in words)


def coded(texts: pl.Series) -> pl.Series:
    """A column's texts where they are codes, `WITHHELD` in place of those that are not.

    Codes are few and short, and hold neither a number as long as a telephone's nor an address.
    """
    found = texts.drop_nulls().unique()
    odd = (found.str.len_chars() > CODE_LENGTH) | found.str.contains(_NUMBER_OR_ADDRESS)
    refused = found if len(found) > CODES_MOST else found.filter(odd)
    if refused.is_empty():
        return texts
    return texts.set(texts.is_in(refused.implode()).fill_null(False), WITHHELD)


def as_past(row: Mapping[str, Any]) -> Past:
    """A row of contacts.parquet as the guard reads it: what is not known counts as the worse."""
    channel = str(row["channel"] or "")
    return Past(
        at=row["at"],
        channel=channel_of(channel) or channel,
        outbound=row["direction"] != "inbound",
        effective=row["effective"],
        answered=True if row["effective"] else None,  # a live talk was answered
    )


def week_to(day: date, zone: str) -> tuple[datetime, datetime]:
    """The seven civil days that end with `day`: their first instant, and the first one after."""
    after = datetime.combine(day + timedelta(days=1), datetime.min.time(), ZoneInfo(zone))
    return after - timedelta(days=7), after


def counts(rows: Iterable[Mapping[str, Any]], day: date, zone: str) -> dict[str, int]:
    """How much of each daily and weekly limit contacts use up by the end of a day, by its rule.

    `rows` are those of the `week_to` that day, of contacts.parquet; days are the zone's own.
    """
    week = [as_past(row) for row in rows]
    today = [past for past in week if past.at.astimezone(ZoneInfo(zone)).date() == day]

    def weighing(counter: str, pasts: list[Past]) -> int:
        return sum(counter in counted(past) for past in pasts)

    return {
        "CAP_TALKS_DAY": weighing("talk", today),
        "CAP_TALKS_WEEK": weighing("talk", week),
        "CAP_SMS_DAY": weighing("sms", today),
        "HARASSMENT_PATTERN": weighing("unanswered", today),
    }
