"""What was known of an account when: each run of its book as it stood then, the latest first."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from ruqi.adapters.postgres import past
from ruqi.adapters.report import numbers
from ruqi.adapters.report.blocks import Cell, Column, Note, Table, figure
from ruqi.adapters.report.book import treatment_name
from ruqi.adapters.report.words import Text, same
from ruqi.apps.console.account_dealings import moment
from ruqi.apps.console.opened import Opened
from ruqi.apps.web.words import both

Row = Mapping[str, Any]
DEALT = ("last_paid", "last_contact")  # shown where any of the runs knows of one


def known_blocks(
    run: Opened, story: Row, last_paid: date | None = None, last_contact: datetime | None = None
) -> list[Any]:
    """This run's row and every earlier one's; a sentence that teaches where there is none.

    `last_paid` and `last_contact` are what this run knows of payments and contacts.
    """
    account = str(story["account_id"])
    rows = past.known_of(account, past.earlier(run.id))
    if not rows:
        return [Note(both("account.known_none"))]
    lead = Note(both("account.known_lead"), "lead")
    now = {
        **{name: story[name] for name in ("bucket", "balance_minor", "treatment", "eligible")},
        "run_id": run.id,
        "as_of": story["as_of"],
        "probability": story["probability"],  # the score's own, as earlier rows have it
        "reason_en": story["reason_en"],
        "reason_zh": story["reason_zh"],
        "last_paid": last_paid,
        "last_contact": last_contact,
    }
    return [lead, _table(run, account, [now, *rows])]


def _table(run: Opened, account: str, rows: Sequence[Row]) -> Table:
    dealt = [one for one in DEALT if any(row[one] for row in rows)]
    body = [_cells(run, row, account, dealt) for row in rows]
    money = numbers.mark(run.book.currency)
    heads = [
        Column(both("account.known_at")),
        Column(both("account.known_run")),
        Column(both("account.bucket")),
        Column(both("account.balance_head", currency=money), True),
        Column(both("account.known_chance"), True),
        Column(both("account.treatment")),
        Column(both("account.contact")),
        *(Column(both(f"account.{one}")) for one in dealt),
        Column(both("account.known_why")),
    ]
    return Table(
        both("account.known_rows"), heads, body, foot=both("account.known_foot"), shown=True
    )


def _cells(run: Opened, row: Row, account: str, dealt: Sequence[str]) -> list[Cell]:
    mine = row["run_id"] == run.id
    address = reverse("account", kwargs={"run_id": row["run_id"]})
    here = both("account.this_run", id=row["run_id"])
    link = "" if mine else f"{address}?{urlencode({'id': account})}"
    return [
        Cell(same(numbers.iso(row["as_of"])), head=True),
        Cell(here if mine else same(f"#{row['run_id']}"), link=link),
        Cell(run.book.bucket(row["bucket"])),
        figure(numbers.money(row["balance_minor"], run.book.currency)),
        figure(numbers.percent(row["probability"])),
        Cell(treatment_name(row["treatment"])),
        Cell(both("worklist.allowed" if row["eligible"] else "worklist.barred")),
        *(Cell(same(_day(run, row[one]))) for one in dealt),
        Cell(Text(row["reason_en"], row["reason_zh"]), "wrap"),
    ]


def _day(run: Opened, value: date | datetime | None) -> str:
    """A day, that of a moment by the book's clock."""
    return moment(run, value)[:10] if isinstance(value, datetime) else numbers.iso(value)
