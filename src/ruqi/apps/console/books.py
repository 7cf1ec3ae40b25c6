"""The list of books: what was uploaded, how it stands, every run; and the receiving of uploads."""

import json
import shutil
import uuid
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from ruqi.adapters.files import intake, mapping, policy_file, upload_folders
from ruqi.adapters.files.intake import NotTaken, Received
from ruqi.adapters.postgres import jobs, shelf, uploads
from ruqi.adapters.postgres.models import Upload
from ruqi.adapters.report import numbers
from ruqi.apps.web.sign_in import held, needs
from ruqi.apps.web.words import told
from ruqi.services.access import Right
from ruqi.services.digits import IDS_MOST, digits
from ruqi.services.work import Kind

PAGE = 20
NAME_MAX = 80


@needs(Right.BOOKS)
@require_GET
def books(request: HttpRequest) -> HttpResponse:
    """Uploads with where they stand, and every run, the newest first."""
    rights = held(request)
    total = uploads.total()
    pages = max(-(-total // PAGE), 1)
    page = max(digits(request.GET.get("page", ""), pages) or 1, 1)
    context = {
        "runs": shelf.runs(),
        "may_open": Right.OVERVIEW in rights,
        "may_upload": Right.UPLOAD in rights,
        "may_discard": Right.DISCARD in rights,
        "uploads": [_shown(one) for one in uploads.newest((page - 1) * PAGE, PAGE)],
        "page": page,
        "pages": pages,
        **limits(),
    }
    return render(request, "console/books.html", context)


def limits() -> dict[str, Any]:
    """What the upload form says of sizes and kinds."""
    return {
        "most_mb": numbers.count(settings.UPLOAD_MAX >> 20),
        "most": settings.UPLOAD_MAX,
        "endings": ",".join((*intake.KINDS, intake.ZIP, ".yaml")),
    }


def _shown(one: Any) -> dict[str, Any]:
    size = sum(file["bytes"] for file in one.files)
    return {
        "id": one.pk,
        "name": one.name,
        "files": numbers.count(len(one.files)),
        "size": megabytes(size),
        "person": one.person.username if one.person else "–",
        "at": one.at,
        "state": told(f"job.{one.kind}_{one.state}") if one.state else "",
        "ran": one.ran,
    }


def megabytes(size: int) -> str:
    """A size in MB, at least 0.1."""
    return f"{max(size / 2**20, 0.1):,.1f} MB"


@needs(Right.UPLOAD)
@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    """Take an upload, confirm it once its files are safe, and let it be looked at; or refuse it."""
    given = request.FILES.getlist("files")
    earlier = _earlier(request)
    try:
        if not given:
            raise NotTaken("none")
        upload_id = _taken(request, given, earlier)
    except NotTaken as refused:
        said = told(f"refusal.{refused.word}", **refused.parts)
        shelf.note(request.user.pk, "upload refused", {"why": refused.word})
        messages.error(request, f"{said} {told('refusal.nothing_kept')}")
        return redirect("book", earlier.pk) if earlier else redirect("books")
    return redirect("book", upload_id)


def _earlier(request: HttpRequest) -> Upload | None:
    """The upload that this one corrects or follows."""
    asked = digits(request.POST.get("after", ""), IDS_MOST)
    return None if asked is None else uploads.find(asked)


def _taken(
    request: HttpRequest, given: Sequence["UploadedFile[Any]"], earlier: Upload | None
) -> int:
    root, key = Path(settings.BOOKS), uuid.uuid4().hex
    made = upload_folders.half(root) / key
    try:
        names = _names(request, given)
        received = [Received(n, _on_disk(one)) for n, one in zip(names, given, strict=True)]
        files = intake.take(received, made, settings.UPLOAD_MAX)
        if earlier is not None:
            intake.add_missing(made, upload_folders.tape_of(root, earlier.key))
            files = intake.listed(made)
        upload_folders.settle(made, root, key)
    except OSError as error:  # a full disk, most likely
        raise NotTaken("disk") from error
    finally:
        shutil.rmtree(made, ignore_errors=True)
    name = earlier.name if earlier else _name(request, names, key)
    with transaction.atomic():
        upload_id = uploads.keep(name, key, files, request.user.pk, timezone.now())
        jobs.order(upload_id, Kind.DRAFT, request.user.pk)
        detail = {"upload": upload_id, "files": len(files)}
        policy = policy_file.brought(upload_folders.tape_of(root, key)) or {}
        shelf.note(request.user.pk, "upload", detail | policy)
    upload_folders.confirm(root, key)
    return upload_id


def _names(request: HttpRequest, given: Sequence["UploadedFile[Any]"]) -> list[str]:
    """Each file's name; its path where a folder was chosen and the browser said so."""
    plain = [str(one.name or "") for one in given]
    try:
        paths = json.loads(request.POST.get("paths") or "[]")
    except ValueError:
        return plain
    fits = isinstance(paths, list) and len(paths) == len(plain)
    ends = fits and all(
        isinstance(path, str) and path.rpartition("/")[2] == name
        for path, name in zip(paths, plain, strict=True)
    )
    return [str(path) for path in paths] if ends else plain


def _on_disk(one: "UploadedFile[Any]") -> Path:
    assert isinstance(one, TemporaryUploadedFile)  # the only handler there is
    return Path(one.temporary_file_path())


def _name(request: HttpRequest, names: Sequence[str], key: str) -> str:
    """What the book is called: as its mapping says, as asked, else after its first file."""
    brought = mapping.read(upload_folders.tape_of(Path(settings.BOOKS), key))
    if brought is not None:
        try:
            said = str(mapping.tree_of(brought).get("tape") or "")
        except mapping.NotAMapping:
            said = ""
        if said.strip():
            return said.strip()[:NAME_MAX]
    asked = " ".join(request.POST.get("name", "").replace("\0", "").split())
    first = names[0].split("/")[0] if "/" in names[0] else PurePosixPath(names[0]).stem
    return (asked or first)[:NAME_MAX]
