"""The worklist as a file: exactly the rows that match, borrowers masked, and on the record.

Who may not see everybody's accounts gets a file of their own.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET

from ruqi.adapters.postgres import shelf, worklist
from ruqi.adapters.report import numbers
from ruqi.adapters.report.book import treatment_name
from ruqi.adapters.report.sheet import safe, to_csv, to_xlsx
from ruqi.apps.console.asked import Asked, asked
from ruqi.apps.console.opened import Opened
from ruqi.apps.console.since import since_rows
from ruqi.apps.console.worklist import contact_told, target
from ruqi.apps.web.sign_in import needs
from ruqi.apps.web.words import read, told, tongue
from ruqi.primitives.currency import exponent
from ruqi.services.access import Right
from ruqi.services.held import Found
from ruqi.services.worklist import MOST, masked

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
IDS = ("plan_treatment", "plan_value", "plan_bars")


@needs(Right.EXPORT)
@require_GET
def as_csv(request: HttpRequest, run_id: int) -> HttpResponse:
    """The rows as CSV that Chinese Excel opens, formulas neutralised."""
    one = asked(request, run_id)
    if refused := too_many(request, one, worklist.total(run_id, one.query, one.former_id())):
        return refused
    found = _found(request, one, "csv")
    rows, heads = _rows(one, found), _heads(one)
    frame = pl.DataFrame(rows, schema=heads, orient="row", infer_schema_length=None)
    return attachment(to_csv(frame), "text/csv; charset=utf-8", f"worklist-{run_id}.csv")


@needs(Right.EXPORT)
@require_GET
def as_xlsx(request: HttpRequest, run_id: int) -> HttpResponse:
    """The rows as a workbook; its second sheet says which filter, day and definitions they are."""
    one = asked(request, run_id)
    if refused := too_many(request, one, worklist.total(run_id, one.query, one.former_id())):
        return refused
    found = _found(request, one, "xlsx")
    heads, about = list(_heads(one)), _about(one, found)
    content = to_xlsx(told("export.list"), heads, _rows(one, found), about, told("export.about"))
    return attachment(content, XLSX, f"worklist-{run_id}.xlsx")


def too_many(request: HttpRequest, one: Asked, rows: int) -> HttpResponse | None:
    """Back to the list with a sentence where a file would hold more rows than one may."""
    if rows <= MOST:
        return None
    counts = {"rows": numbers.count(rows), "most": numbers.count(MOST)}
    messages.error(request, told("export.too_many", **counts))
    address = reverse("worklist", kwargs={"run_id": one.run.id})
    return redirect(f"{address}?{one.address(page=1)}")


def _found(request: HttpRequest, one: Asked, kind: str) -> Found:
    found = one.find(MOST)
    detail = {"run": one.run.id, "kind": kind, "rows": len(found.rows), **one.query.noted()}
    shelf.note(request.user.pk, "export", detail)
    return found


def _heads(one: Asked) -> dict[str, type[pl.DataType]]:
    currency = numbers.symbol(one.run.book.currency)
    text, number = pl.String, pl.Float64
    kinds = {
        "account": text,
        "borrower": text,
        "bucket": text,
        "balance": number,
        "treatment": text,
        "value": number,
        "chance": number,
        "minutes": pl.Int64,
        "contact": text,
        "rule": text,
        "why": text,
        "assigned": text,
    }
    heads = {
        told(f"worklist.{word}", currency=read(currency).strip()).replace("*", ""): kind
        for word, kind in kinds.items()
    }
    if one.former is not None:
        day = numbers.iso(one.former.as_of)
        heads |= {told("worklist.since", day=day): text, told("worklist.differs"): text}
    return heads


def _rows(one: Asked, found: Found) -> list[list[Any]]:
    since = since_rows(one, found.rows)
    told = [[read(each.says), read(each.why)] for each in since] or [[]] * len(found.rows)
    return [_row(one.run, row) + more for row, more in zip(found.rows, told, strict=True)]


def _row(run: Opened, row: Mapping[str, Any]) -> list[Any]:
    places = exponent(run.book.currency)
    word = "allowed" if row["eligible"] else "barred"
    why = read(contact_told(row))

    def major(minor: int | None) -> float | None:
        return None if minor is None else minor / 10**places

    return [
        safe(row["account_id"]),
        masked(row["borrower_id"]),
        read(run.book.bucket(row["bucket"])),
        major(row["balance_minor"]),
        read(treatment_name(row["treatment"])),
        major(row["value_minor"]),
        row["probability"],
        row["agent_minutes"],
        " · ".join(one for one in (told(f"worklist.{word}"), why) if one),
        row["bars"],
        row[f"reason_{tongue()}"],
        safe(row["assigned"] or ""),
    ]


def _about(one: Asked, found: Found) -> Sequence[Sequence[str]]:
    run, query = one.run, one.query
    shown, total = numbers.count(len(found.rows)), numbers.count(found.total)
    asked = " · ".join(f"{name}={value}" for name, value in query.noted().items())
    return [
        [told("export.book"), safe(run.book.name)],
        [told("export.as_of"), numbers.iso(run.book.as_of)],
        [told("export.filter"), safe(asked) or "–"],
        [told("export.rows"), told("export.of", rows=shown, total=total)],
        [told("export.definitions"), ", ".join(IDS)],
        [told("worklist.chance"), read(target(run))],
        [told("worklist.masked")],
        *([read(note)] for note in run.notes),
    ]


def attachment(content: bytes, kind: str, name: str) -> HttpResponse:
    """A file as an answer. `name` is ours, never a stranger's."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=kind, headers=headers)
