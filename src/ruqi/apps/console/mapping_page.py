"""The guided mapping: the draft as a form, corrected by hand, and its text for the rest."""

from hashlib import sha256
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from ruqi.adapters.files import mapping
from ruqi.adapters.files.mapping import NotAMapping
from ruqi.adapters.postgres import shelf, uploads
from ruqi.adapters.postgres.models import Upload
from ruqi.apps.console.book_page import found, ordered, tape_of
from ruqi.apps.console.mapping_form import changed, form_of, lateness_missing
from ruqi.apps.web.sign_in import needs
from ruqi.apps.web.words import told
from ruqi.services.access import Right
from ruqi.services.work import Kind


@needs(Right.UPLOAD)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, upload_id: int) -> HttpResponse:
    """The form; posted, it is saved beside the files and a check is ordered."""
    upload = found(upload_id)
    text = mapping.read(tape_of(upload))
    if text is None:
        return redirect("book", upload_id)
    try:
        tree = mapping.tree_of(text)
    except NotAMapping as error:
        wrong = told("mapping.no_yaml", line=error.line)
        return _text_page(request, upload, text, wrong, _mark(text))
    if request.method == "GET":
        return _form_page(request, upload, text, tree)
    given = {name: str(value) for name, value in request.POST.items()}
    made = changed(tree, upload.look or {}, given)
    return _saved(request, upload, mapping.text_of(made))


@needs(Right.UPLOAD)
@require_POST
def edit_text(request: HttpRequest, upload_id: int) -> HttpResponse:
    """The text of the mapping, saved as it is; what is no YAML is shown again with its line."""
    upload = found(upload_id)
    if mapping.read(tape_of(upload)) is None:  # no files yet, or no longer
        return redirect("book", upload_id)
    text = request.POST.get("text", "").replace("\r\n", "\n").replace("\0", "")
    try:
        mapping.tree_of(text)
    except NotAMapping as error:
        wrong = told("mapping.no_yaml", line=error.line)
        return _text_page(request, upload, text, wrong, request.POST.get("was", ""))
    return _saved(request, upload, text)


def _saved(request: HttpRequest, upload: Upload, text: str) -> HttpResponse:
    """Save the text that was made from what still stands there, and have it checked, in one step.

    Neither another save nor an order can come between: both hold the upload's row.
    """
    with transaction.atomic():
        free, now = uploads.hold(upload.pk), mapping.read(tape_of(upload))
        same = now is not None and request.POST.get("was") == _mark(now)
        if free and same:
            mapping.save(tape_of(upload), text)
            shelf.note(request.user.pk, "mapping", {"upload": upload.pk, "sha256": _mark(text)})
            ordered(request, upload.pk, Kind.CHECK)
            return redirect("book", upload.pk)
    messages.error(request, told("mapping.meanwhile" if free else "book.busy"))
    return redirect("mapping" if free else "book", upload.pk)


def _form_page(
    request: HttpRequest, upload: Upload, text: str, tree: dict[str, Any]
) -> HttpResponse:
    context = form_of(tree, upload.look or {}) | {
        "upload": upload,
        "text": text,
        "was": _mark(text),
        "no_lateness": lateness_missing(tree),
    }
    return render(request, "console/mapping.html", context)


def _text_page(
    request: HttpRequest, upload: Upload, text: str, wrong: str, was: str
) -> HttpResponse:
    """The text alone; `was` is the mark of what it was made from."""
    context = {"upload": upload, "text": text, "wrong": wrong, "was": was}
    return render(request, "console/mapping.html", context, status=400)


def _mark(text: str) -> str:
    return sha256(text.encode()).hexdigest()
