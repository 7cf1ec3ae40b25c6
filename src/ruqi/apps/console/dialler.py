"""The file for a dialler: masked for who may export, unmasked by an act on record with a reason.

An unmasked file has a link that works for one person and some minutes: it is signed, and names the
person, the run and the filter.
"""

from dataclasses import dataclass, replace
from typing import Any

import polars as pl
from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods

from ruqi.adapters.postgres import shelf, worklist
from ruqi.adapters.report import numbers
from ruqi.adapters.report.book import treatment_name
from ruqi.adapters.report.sheet import safe, to_csv
from ruqi.apps.console.asked import Asked, asked, person_id
from ruqi.apps.console.asked import told as filter_told
from ruqi.apps.console.exports import attachment, too_many
from ruqi.apps.web.sign_in import held, needs
from ruqi.apps.web.words import read, told
from ruqi.primitives.currency import exponent
from ruqi.services.access import Right
from ruqi.services.dial_list import LEAST, LIFE_S, reason_of
from ruqi.services.held import Found
from ruqi.services.saved_views import as_asked
from ruqi.services.worklist import MOST, masked, read_query

SALT = "ruqi.dialler"
# The file's columns, in the order of calling: the word, and the kind of its cells.
COLUMNS: tuple[tuple[str, type[pl.DataType]], ...] = (
    ("dialler.order", pl.Int64),
    ("worklist.account", pl.String),
    ("worklist.borrower", pl.String),
    ("worklist.bucket", pl.String),
    ("worklist.balance", pl.Float64),
    ("worklist.treatment", pl.String),
    ("worklist.minutes", pl.Int64),
    ("worklist.assigned", pl.String),
)


@dataclass(frozen=True)
class Reach:
    """How many accounts match, and how many of them the file holds."""

    matching: int
    called: int
    barred: int


@needs(Right.EXPORT)
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, run_id: int) -> HttpResponse:
    """Say what the file holds; by a form with a reason, make a link to the unmasked one."""
    one = asked(request, run_id)
    may = Right.UNMASK in held(request)
    if request.method == "POST" and not may:
        raise PermissionDenied(Right.UNMASK.value)
    reason = reason_of(request.POST.get("reason", "")) if request.method == "POST" else None
    matching, called, barred = worklist.reach(run_id, one.query, one.former_id())
    if refused := too_many(request, one, called):
        return refused
    if reason is not None:
        return redirect(_unmask(request, one, reason, called))
    context = one.context | {
        "title": told("dialler.title"),
        "back": one.address(),
        "asked": one.address(page=1),
        "filter": filter_told(one),
        "hidden": one.said.parameters(page=1).items(),
        "reach": Reach(matching, called, barred),
        "matching": numbers.count(matching),
        "called": numbers.count(called),
        "barred": numbers.count(barred),
        "others": numbers.count(matching - called - barred),
        "may_unmask": may,
        "link": request.GET.get("link", "") if may else "",
        "minutes": LIFE_S // 60,
        "least": LEAST,
        "says_too_little": request.method == "POST",
        "reason": request.POST.get("reason", ""),
    }
    status = 400 if request.method == "POST" else 200
    return render(request, "console/dialler.html", context, status=status)


def _unmask(request: HttpRequest, one: Asked, reason: str, called: int) -> str:
    """Put the act on record, then give the address of the page that holds the link."""
    detail = {"run": one.run.id, "rows": called, "reason": reason}
    shelf.note(request.user.pk, "unmask", detail | one.query.noted())
    said = {"person": person_id(request), "run": one.run.id, "asked": as_asked(one.query)}
    link = signing.dumps(said, salt=SALT, compress=True)
    address = reverse("dialler", kwargs={"run_id": one.run.id})
    return f"{address}?{urlencode({**one.said.parameters(page=1), 'link': link})}"


@needs(Right.EXPORT)
@require_GET
def file(request: HttpRequest, run_id: int) -> HttpResponse:
    """The file: masked by the address's filter, or unmasked by one's own link."""
    one, link = asked(request, run_id), request.GET.get("link")
    if link is not None:
        try:
            one = _opened_by(request, one, link, LIFE_S)
        except signing.SignatureExpired:
            messages.warning(request, told("dialler.too_old"))
            one = _opened_by(request, one, link, None)  # the filter that it was made for
            address = reverse("dialler", kwargs={"run_id": run_id})
            return redirect(f"{address}?{one.address(page=1)}")
    if refused := too_many(request, one, worklist.reach(run_id, one.query, one.former_id())[1]):
        return refused
    found = worklist.find(run_id, one.query, one.former_id(), MOST, called=True)
    detail = {"run": run_id, "kind": "dialler", "rows": len(found.rows), "masked": link is None}
    shelf.note(request.user.pk, "export", detail | one.query.noted())
    content = to_csv(_frame(one, found, link is None))
    kind = "masked" if link is None else "unmasked"
    name = f"dialler-{run_id}-{kind}.csv"
    return attachment(content, "text/csv; charset=utf-8", name)


def _opened_by(request: HttpRequest, one: Asked, link: str, life_s: int | None) -> Asked:
    """The query that a link was made for. Raises PermissionDenied: it is not this person's."""
    try:
        said = signing.loads(link, salt=SALT, max_age=life_s)
    except signing.SignatureExpired:
        raise
    except signing.BadSignature as error:
        raise PermissionDenied("link") from error
    mine = said["person"] == person_id(request) and said["run"] == one.run.id
    if not mine or Right.UNMASK not in held(request):
        raise PermissionDenied("link")
    query = read_query(QueryDict(said["asked"]))
    return replace(one, query=query, said=query)


def _frame(one: Asked, found: Found, hidden: bool) -> pl.DataFrame:
    run, places = one.run, exponent(one.run.book.currency)
    rows: list[list[Any]] = [
        [
            place,
            row["account_id"],
            masked(row["borrower_id"]) if hidden else row["borrower_id"],
            read(run.book.bucket(row["bucket"])),
            None if row["balance_minor"] is None else row["balance_minor"] / 10**places,
            read(treatment_name(row["treatment"])),
            row["agent_minutes"],
            row["assigned"] or "",
        ]
        for place, row in enumerate(found.rows, start=1)
    ]
    mark = read(numbers.symbol(run.book.currency)).strip()
    heads = {safe(told(word, currency=mark)): kind for word, kind in COLUMNS}
    return pl.DataFrame(rows, schema=heads, orient="row", infer_schema_length=None)
