"""Uploads as the desk's tests need them."""

import uuid
from datetime import UTC, datetime

from ruqi.adapters.postgres import uploads


def kept_upload(name="book", files=(), person_id=None, key=None):
    """A confirmed upload; its id."""
    at = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
    return uploads.keep(name, key or uuid.uuid4().hex, list(files), person_id, at)
