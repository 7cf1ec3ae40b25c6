"""Personal marks in what a book's files hold, masked by their look and by their column's title."""

import re
from collections.abc import Mapping
from typing import Any

from ruqi.services.worklist import masked

# Telephone numbers, identity numbers, card numbers, e-mail addresses: by their look alone.
_PERSONAL = re.compile(r"(?:\+?86)?1[3-9]\d{9}|\d{17}[\dXx]|\d{15,19}|[^@\s]+@[^@\s]+\.\w+")
_NAMED = re.compile(
    r"姓名|名字|手机|电话|证件|身份证|邮箱|地址|\bname\b|phone|mobile|e-?mail|address|id_?card",
    re.I,
)


def personal(title: str) -> bool:
    """Whether a column of this title holds what names somebody."""
    return bool(_NAMED.search(title))


def looks_personal(text: str) -> bool:
    """Whether all of a cell looks like what names somebody."""
    return bool(_PERSONAL.fullmatch(text))


def veiled(text: str, title: str = "") -> str:
    """A cell with what names somebody masked: all of it under such a title, else by its look."""
    if personal(title):
        return masked(text) if text else text
    return _PERSONAL.sub(lambda found: masked(found[0]), text)


def veiled_faults(document: Mapping[str, Any]) -> dict[str, Any]:
    """A check's document whose faults show no personal marks, as it may be kept and shown."""
    faults = [
        one | {"found": veiled(one["found"] or "", one["column"] or "")}
        for one in document.get("faults") or ()
    ]
    return {**document, "faults": faults}
