"""Faults of a check as rows that a person reads and mends by, on the page and as files."""

from collections.abc import Mapping
from typing import Any

import polars as pl
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from ruqi.adapters.postgres import shelf, uploads
from ruqi.adapters.report import numbers
from ruqi.adapters.report.sheet import safe, to_csv, to_xlsx
from ruqi.adapters.report.words import Text
from ruqi.apps.chinese import chinese
from ruqi.apps.console.exports import XLSX, attachment
from ruqi.apps.web.sign_in import needs
from ruqi.apps.web.words import read, told
from ruqi.services.access import Right
from ruqi.services.veil import veiled_faults
from ruqi.services.work import Kind

COLUMNS = ("file", "line", "column", "kind", "found", "expected", "mend")


def fault_rows(result: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """Each place of a check's document, in the order of files and lines; numbers masked."""
    return [
        {
            "file": one["file"],
            "line": one["line"] or "",
            "column": one["column"] or "",
            "kind": _both(one["kind"]),
            "found": one["found"],
            "expected": _both(one["expected"]),
            "mend": _both(one["mend"]),
        }
        for one in veiled_faults(result or {})["faults"]
    ]


def kind_counts(result: Mapping[str, Any] | None) -> list[tuple[Text, str]]:
    """How many there are of each kind, exactly."""
    counts: Mapping[str, int] = (result or {}).get("counts") or {}
    return [(_both(kind), numbers.count(count)) for kind, count in counts.items()]


def _both(sentence: str) -> Text:
    return Text(sentence.replace("_", " ") if sentence.islower() else sentence, chinese(sentence))


def _table(request: HttpRequest, upload_id: int) -> pl.DataFrame:
    job = uploads.last_job(upload_id, Kind.CHECK, Kind.RUN)
    rows = fault_rows(job.result if job else None)
    if not rows:
        raise Http404
    shelf.note(request.user.pk, "faults", {"upload": upload_id, "rows": len(rows)})
    heads = [told(f"faults.{name}") for name in COLUMNS]
    cells = [
        [safe(read(one) if isinstance(one, Text) else str(one)) for one in row.values()]
        for row in rows
    ]
    return pl.DataFrame(cells, schema=dict.fromkeys(heads, pl.String), orient="row")


@needs(Right.UPLOAD)
@require_GET
def as_csv(request: HttpRequest, upload_id: int) -> HttpResponse:
    """The faults as CSV that Chinese Excel opens, formulas neutralised."""
    content = to_csv(_table(request, upload_id))
    return attachment(content, "text/csv; charset=utf-8", f"faults-{upload_id}.csv")


@needs(Right.UPLOAD)
@require_GET
def as_xlsx(request: HttpRequest, upload_id: int) -> HttpResponse:
    """The faults as a workbook."""
    frame = _table(request, upload_id)
    content = to_xlsx(told("faults.title"), frame.columns, frame.iter_rows())
    return attachment(content, XLSX, f"faults-{upload_id}.xlsx")
