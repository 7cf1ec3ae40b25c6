"""Names of things: short, printable, and the same for the same body."""

import json
from collections.abc import Mapping
from typing import Any

LONGEST = 128


def is_id(text: object) -> bool:
    """Whether `text` can name something: 1 to 128 printable characters, no outer blanks."""
    return (
        isinstance(text, str)
        and 0 < len(text) <= LONGEST
        and text.isprintable()
        and text == text.strip()
    )


def canonical(body: Mapping[str, Any]) -> str:
    """One text for one body, whatever the order of its keys; equal texts mean equal bodies."""
    return json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)


def numbered(prefix: str, number: int) -> str:
    """The id of the `number`-th thing of a kind, sortable as text up to a million."""
    return f"{prefix}{number:06d}"
