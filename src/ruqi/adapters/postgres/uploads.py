"""Confirmed uploads, and how the work on each stands, for the pages."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery

from ruqi.adapters.postgres.models import Job, Upload
from ruqi.services.work import UNFINISHED, Kind

HISTORY = 30  # jobs shown of a book


def keep(
    name: str, key: str, files: Sequence[dict[str, Any]], person_id: int | None, at: datetime
) -> int:
    """Confirm an upload whose files are safe on the disk; its id."""
    made = Upload.objects.create(name=name, key=key, files=list(files), person_id=person_id, at=at)
    return int(made.pk)


def keys() -> dict[str, bool]:
    """The folders of all confirmed uploads, and whether their files are still kept."""
    found = Upload.objects.values_list("key", "discarded_at")
    return {key: discarded_at is None for key, discarded_at in found}


def _kept() -> "QuerySet[Upload]":
    return Upload.objects.filter(discarded_at=None)


def find(upload_id: int) -> Upload | None:
    """One upload with who brought it; None too where its files were discarded."""
    return _kept().select_related("person").filter(pk=upload_id).first()


def discard(upload_id: int, at: datetime) -> bool:
    """Mark an upload as discarded, and forget what was seen of its files; its runs stay.

    False where some of its work waits or is being done, or where it is not there: then nothing
    changes. The files themselves are the caller's to take away, once this is certain.
    """
    with transaction.atomic():
        upload = _kept().select_for_update().filter(pk=upload_id).first()
        if upload is None or unfinished(upload_id):
            return False
        upload.look, upload.discarded_at = None, at
        upload.save(update_fields=["look", "discarded_at"])
        Job.objects.filter(upload=upload).update(result=None)  # faults quote the files' cells
    return True


def total() -> int:
    """How many there are."""
    return _kept().count()


def newest(first: int, count: int) -> "QuerySet[Upload]":
    """Some of them, the newest first, each with the `kind`, `state` and `ran` of its last work."""
    last = Job.objects.filter(upload=OuterRef("pk")).order_by("-id")
    ran = last.filter(run__isnull=False)
    return (
        _kept()
        .select_related("person")
        .annotate(
            kind=Subquery(last.values("kind")[:1]),
            state=Subquery(last.values("state")[:1]),
            ran=Subquery(ran.values("run_id")[:1]),
        )
        .order_by("-id")[first : first + count]
    )


def last_job(upload_id: int, *kinds: Kind) -> Job | None:
    """The last work on an upload, or the last of some kinds."""
    mine = Job.objects.filter(upload_id=upload_id).order_by("-id")
    return (mine.filter(kind__in=kinds) if kinds else mine).first()


def history(name: str) -> "QuerySet[Job]":
    """The last work on all uploads of this name, the newest first; without its results."""
    return (
        Job.objects.filter(upload__name=name)
        .select_related("upload", "person", "run")
        .defer("result", "upload__look", "upload__files")
        .order_by("-id")[:HISTORY]
    )


def hold(upload_id: int) -> bool:
    """Keep orders and discards off an upload till the transaction ends; whether it is free."""
    there = _kept().select_for_update().filter(pk=upload_id).first()
    return there is not None and not unfinished(upload_id)


def unfinished(upload_id: int) -> bool:
    """Whether some of an upload's work waits or is being done."""
    return Job.objects.filter(upload_id=upload_id, state__in=UNFINISHED).exists()
