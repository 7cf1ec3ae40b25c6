"""What was known of an account when: each run of its book as it stood then, the latest first."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from ruqi.adapters.postgres import past
from ruqi.adapters.report import numbers
from ruqi.adapters.report.blocks import Cell, Column, Note, Table, figure
from ruqi.adapters.report.book import treatment_name
from ruqi.adapters.report.words import Text, same
from ruqi.apps.console.opened import Opened
from ruqi.apps.web.words import both

Row = Mapping[str, Any]


def known_blocks(run: Opened, story: Row) -> list[Any]:
    """This run's row and every earlier one's; a sentence that teaches where there is none."""
    account = str(story["account_id"])
    rows = past.known_of(account, past.earlier(run.id))
    if not rows:
        return [Note(both("account.known_none"))]
    lead = Note(both("account.known_lead"), "lead")
    return [lead, _table(run, story, rows)]


def _table(run: Opened, story: Row, rows: Sequence[Row]) -> Table:
    now = {
        **{name: story[name] for name in ("bucket", "balance_minor", "treatment", "eligible")},
        "run_id": run.id,
        "as_of": story["as_of"],
        "probability": story["probability"],  # the score's own, as earlier rows have it
        "reason_en": story["reason_en"],
        "reason_zh": story["reason_zh"],
    }
    body = [_cells(run, row, str(story["account_id"])) for row in (now, *rows)]
    mark = numbers.symbol(run.book.currency)
    money = Text(mark.en.strip(), mark.zh.strip())
    heads = [
        Column(both("account.known_at")),
        Column(both("account.known_run")),
        Column(both("account.bucket")),
        Column(both("account.balance_head", currency=money), True),
        Column(both("account.known_chance"), True),
        Column(both("account.treatment")),
        Column(both("account.contact")),
        Column(both("account.known_why")),
    ]
    return Table(
        both("account.known_rows"), heads, body, foot=both("account.known_foot"), shown=True
    )


def _cells(run: Opened, row: Row, account: str) -> list[Cell]:
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
        Cell(Text(row["reason_en"], row["reason_zh"]), "wrap"),
    ]
