"""One upload: what its files hold, how the work on it stands, its faults, and what to do next."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from ruqi.adapters.files import mapping, policy_file, upload_folders
from ruqi.adapters.postgres import jobs, shelf, uploads
from ruqi.adapters.postgres.models import Job, Upload
from ruqi.adapters.report import numbers
from ruqi.adapters.report.words import Text, name_of
from ruqi.apps.console.books import limits, megabytes
from ruqi.apps.console.fault_rows import fault_rows, kind_counts
from ruqi.apps.web.sign_in import held, needs
from ruqi.apps.web.words import both, catalogue, told
from ruqi.services.access import Right
from ruqi.services.digits import digits
from ruqi.services.work import UNFINISHED, Kind, State

FAULTS = 50  # on one page
STEPS = ("check", "assemble", "measure", "score", "plan", "evaluate", "report", "write", "shelve")
ORDERED = (Kind.CHECK, Kind.RUN)  # what somebody may order; a draft comes with the upload


def found(upload_id: int) -> Upload:
    """The upload. Raises Http404."""
    upload = uploads.find(upload_id)
    if upload is None:
        raise Http404
    return upload


def tape_of(upload: Upload) -> Path:
    """The folder of its files."""
    return upload_folders.tape_of(Path(settings.BOOKS), upload.key)


@needs(Right.UPLOAD)
@require_GET
def show(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Where an upload stands and what comes next."""
    upload = found(upload_id)
    job = uploads.last_job(upload_id)
    judged = uploads.last_job(upload_id, Kind.CHECK, Kind.RUN)
    rows = fault_rows(judged.result if judged else None)
    pages = max(-(-len(rows) // FAULTS), 1)
    page = max(digits(request.GET.get("page", ""), pages) or 1, 1)
    look = upload.look or {}
    context = {
        "upload": upload,
        "size": megabytes(sum(one["bytes"] for one in upload.files)),
        "count": numbers.count(len(upload.files)),
        "job": job,
        "live": job is not None and job.state in UNFINISHED,
        "progress": progress_of(job) if job else None,
        "outcome": outcome_of(job),
        "policy": policy_file.brought(tape_of(upload)),
        "mapped": mapping.read(tape_of(upload)) is not None,
        "doubts": [
            Text(*one) for one in look.get("unsure") or () if job and job.kind == Kind.DRAFT
        ],
        "may_run": may_run(judged),
        "clean": _clean(judged),
        "remarks": _remarks(judged),
        "kinds": kind_counts(judged.result if judged else None),
        "faults": rows[(page - 1) * FAULTS : page * FAULTS],
        "page": page,
        "pages": pages,
        "previews": _previews(look),
        "history": [_history(one) for one in uploads.history(upload.name)],
        "may_open": Right.OVERVIEW in held(request),
        "may_discard": Right.DISCARD in held(request),
        "may_worklist": Right.WORKLIST in held(request),
        **limits(),
    }
    return render(request, "console/book.html", context)


def may_run(judged: Job | None) -> bool:
    """Whether a run makes sense now: after a clean check, or a run that came to nothing."""
    if judged is None:
        return False
    if judged.kind == Kind.CHECK:
        return judged.state == State.DONE
    return judged.state in (State.STOPPED, State.FAILED, State.REFUSED)


def progress_of(job: Job) -> dict[str, Any]:
    """The steps of unfinished work: which are done, which is under way, how far that is."""
    steps = STEPS if job.kind == Kind.RUN else ("check",) if job.kind == Kind.CHECK else ("draft",)
    first = 0 if job.state == State.RUNNING else -1
    at = steps.index(job.step) if job.step in steps else first
    share = round(100 * job.done / job.total) if job.total else None
    return {
        "waiting": job.state == State.WAITING,
        "again": job.tries > 1 or (job.state == State.WAITING and job.tries > 0),
        "stopping": job.stop,
        "share": min(share, 100) if share is not None else None,
        "steps": [
            {"name": both(f"step.{one}"), "done": place < at, "now": place == at}
            for place, one in enumerate(steps)
        ],
    }


def outcome_of(job: Job | None) -> Text | None:
    """How the last work ended, in a sentence; None where it is not ended, or there is none."""
    if job is None or job.state in UNFINISHED:
        return None
    result = job.result or {}
    error = f"outcome.{result.get('error')}"
    if job.state in (State.FAILED, State.REFUSED) and error in catalogue():
        problem = Text(*_pair(result.get("problem")))
        mend = Text(*_pair(result.get("mend")))
        where = {"file": result.get("file", ""), "line": result.get("line", "")}
        return both(error, problem=problem, mend=mend, tries=result.get("tries", ""), **where)
    total = numbers.count(sum((result.get("counts") or {}).values()))
    return both(f"outcome.{job.kind}_{job.state}", total=total)


def _pair(sentence: Any) -> tuple[str, str]:
    from ruqi.apps.chinese import chinese

    said = str(sentence or "")
    return said, chinese(said)


def _clean(job: Job | None) -> list[tuple[Text, str]]:
    """The rows of each table of a check that found no fault."""
    if job is None or job.state != State.DONE or not job.result:
        return []
    rows: Mapping[str, int] = job.result.get("rows") or {}
    return [(name_of("table", table), numbers.count(count)) for table, count in rows.items()]


def _remarks(job: Job | None) -> list[Text]:
    remarks = (job.result or {}).get("remarks") if job else None
    return [Text(one["says_en"], one["says_zh"]) for one in remarks or ()]


def _previews(look: Mapping[str, Any]) -> Sequence[dict[str, Any]]:
    return [
        {
            "title": one["name"] + (f" · {one['sheet']}" if one.get("sheet") else ""),
            "encoding": one.get("encoding") or "",
            "columns": one["columns"],
            "rows": one["rows"],
        }
        for one in look.get("files") or ()
    ]


def _history(one: Job) -> dict[str, Any]:
    return {
        "upload": one.upload_id,
        "gone": one.upload.discarded_at is not None,
        "what": told(f"job.{one.kind}_{one.state}"),
        "person": one.person.username if one.person else "–",
        "at": one.asked_at,
        "ended": one.ended_at,
        "run": one.run_id,
    }


@needs(Right.UPLOAD)
@require_POST
def order(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Have an upload checked or run."""
    upload = found(upload_id)
    kind = request.POST.get("kind", "")
    if kind not in set(ORDERED) or mapping.read(tape_of(upload)) is None:
        return redirect("book", upload_id)
    ordered(request, upload_id, Kind(kind))
    return redirect("book", upload_id)


def ordered(request: HttpRequest, upload_id: int, kind: Kind) -> None:
    """Put work into the queue and on the record; say so where some is under way already."""
    job_id = jobs.order(upload_id, kind, request.user.pk)
    if job_id is None:
        messages.error(request, told("book.busy"))
    else:
        shelf.note(request.user.pk, f"order {kind}", {"upload": upload_id, "job": job_id})


@needs(Right.UPLOAD)
@require_POST
def stop(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Have an upload's work stopped."""
    if jobs.stop(found(upload_id).pk):
        shelf.note(request.user.pk, "stop", {"upload": upload_id})
    return redirect("book", upload_id)
