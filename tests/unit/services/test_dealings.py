from datetime import UTC, date, datetime

import polars as pl
import pytest

from ruqi.services.dealings import (
    WITHHELD,
    as_past,
    coded,
    contacts,
    counts,
    payments,
    week_to,
)
from tapes import make_tape, path

ZONE = "Asia/Shanghai"


def paid(account, on, recorded=None, kind="repayment"):
    row = {"account_id": account, "value_on": date.fromisoformat(on), "amount_minor": 5}
    return row | {"kind": kind, "recorded_at": recorded}


def had(borrower, at, channel="call", **more):
    plain = {"direction": "outbound", "outcome": None, "effective": None, "agency": None}
    return plain | {"borrower_id": borrower, "at": at, "channel": channel} | more


def book(**tables):
    return make_tape(path("a", "2024-01", "M0 M1"), time_zone=ZONE, **tables)


def test_a_book_without_the_tables_has_none_of_them():
    assert payments(book()) is None
    assert contacts(book()) is None


def test_a_payment_recorded_after_the_day_was_not_known_on_it():
    # 17:00 in London on the last day is the first hour of March in Shanghai.
    late = datetime(2024, 2, 29, 17, 0, tzinfo=UTC)
    early = datetime(2024, 2, 29, 15, 59, tzinfo=UTC)
    rows = [paid("a", "2024-02-27", early), paid("a", "2024-02-28", late), paid("a", "2024-02-29")]
    kept = payments(book(payments=rows))
    assert [str(day) for day in kept["value_on"]] == ["2024-02-27", "2024-02-29"]


def test_rows_of_strangers_are_not_kept():
    tape = book(
        payments=[paid("a", "2024-02-01"), paid("stranger", "2024-02-01")],
        contacts=[had(one, datetime(2024, 2, 1, tzinfo=UTC)) for one in ("a", "stranger")],
    )
    assert payments(tape)["account_id"].to_list() == ["a"]
    assert contacts(tape)["borrower_id"].to_list() == ["a"]


@pytest.mark.parametrize(
    "text",
    ["13800001111", "138-0000 1111", "wang@example.com", "x" * 41, "call back 1380000 1111"],
)
def test_what_is_no_code_is_withheld(text):
    assert coded(pl.Series(["paid", text, None])).to_list() == ["paid", WITHHELD, None]
    tape = book(
        payments=[paid("a", "2024-02-01", kind=text)],
        contacts=[had("a", datetime(2024, 2, 1, tzinfo=UTC), outcome=text, agency=text)],
    )
    assert payments(tape)["kind"].to_list() == [WITHHELD]
    assert contacts(tape).select("outcome", "agency").row(0) == (WITHHELD, WITHHELD)


def test_a_column_of_many_texts_is_no_column_of_codes():
    notes = [f"promised to {chr(0x4E00 + place)}" for place in range(101)]
    assert coded(pl.Series(notes[:100])).to_list() == notes[:100]
    assert set(coded(pl.Series([*notes, None])).to_list()) == {WITHHELD, None}


def test_codes_stay_as_they_are():
    for texts in (["promised", None, "330100"], [None, None], []):
        series = pl.Series(texts, dtype=pl.String)
        assert coded(series).to_list() == texts


def test_a_contact_is_read_for_the_worse():
    past = as_past(had("a", datetime(2024, 2, 1, tzinfo=UTC), channel="电话", direction=None))
    assert (past.channel, past.outbound, past.effective, past.answered) == (
        "call",
        True,
        None,
        None,
    )
    talk = as_past(had("a", datetime(2024, 2, 1, tzinfo=UTC), effective=True, direction="inbound"))
    assert (talk.outbound, talk.answered) == (False, True)
    assert as_past(had("a", None, channel="pigeon")).channel == "pigeon"


def test_limits_are_used_up_by_the_civil_days_of_the_zone():
    since, until = week_to(date(2024, 2, 29), ZONE)
    assert (since.isoformat(), until.isoformat()) == (
        "2024-02-23T00:00:00+08:00",
        "2024-03-01T00:00:00+08:00",
    )
    rows = [
        had("a", datetime(2024, 2, 28, 15, 59, tzinfo=UTC), effective=True),  # the day before
        had("a", datetime(2024, 2, 28, 16, 0, tzinfo=UTC), effective=True),
        had("a", datetime(2024, 2, 29, 3, 0, tzinfo=UTC), effective=False),
        had("a", datetime(2024, 2, 29, 4, 0, tzinfo=UTC), effective=True, direction="inbound"),
        had("a", datetime(2024, 2, 29, 5, 0, tzinfo=UTC), "sms"),
        had("a", datetime(2024, 2, 29, 6, 0, tzinfo=UTC), "email"),
    ]
    assert counts(rows, date(2024, 2, 29), ZONE) == {
        "CAP_TALKS_DAY": 1,
        "CAP_TALKS_WEEK": 2,
        "CAP_SMS_DAY": 1,
        "HARASSMENT_PATTERN": 1,
    }
