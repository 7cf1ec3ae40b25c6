"""Discarding an upload: its files go for good, its runs and its history stay; said, then done."""

from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from ruqi.adapters.files import upload_folders
from ruqi.adapters.postgres import shelf, uploads
from ruqi.adapters.report import numbers
from ruqi.apps.console.book_page import found
from ruqi.apps.console.books import megabytes
from ruqi.apps.web.sign_in import needs
from ruqi.apps.web.words import told
from ruqi.services.access import Right


@needs(Right.DISCARD)
@require_http_methods(["GET", "POST"])
def discard(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Say what would go and what stays; by a form, take the files away and put it on record."""
    upload = found(upload_id)
    size = sum(one["bytes"] for one in upload.files)
    if request.method == "GET":
        context = {
            "upload": upload,
            "count": numbers.count(len(upload.files)),
            "size": megabytes(size),
            "busy": uploads.unfinished(upload_id),
        }
        return render(request, "console/discard.html", context)
    with transaction.atomic():
        done = uploads.discard(upload_id, timezone.now())
        if done:
            detail = {"upload": upload_id, "files": len(upload.files), "bytes": size}
            shelf.note(request.user.pk, "discard", detail)
    if not done:
        messages.error(request, told("discard.busy"))
        return redirect("discard", upload_id)
    upload_folders.discard(Path(settings.BOOKS), upload.key)
    messages.success(request, told("discard.done", name=upload.name, id=upload_id))
    return redirect("books")
