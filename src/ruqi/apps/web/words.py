"""Every word of the pages, in both languages, from one catalogue, in the reader's language."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import get_language

from ruqi.adapters.report.words import LANGUAGES, Text

CATALOGUE = Path(__file__).with_name("words.yaml")
_FORMS = re.compile(r"\{(\w+)\}|\[([^|\]]*)\|([^\]]*)\]")


def tongue() -> str:
    """The reader's language: `zh` or `en`."""
    return "zh" if (get_language() or "").startswith("zh") else "en"


@cache
def catalogue() -> dict[str, Text]:
    """All entries, by `section.word`."""
    raw: dict[str, dict[str, dict[str, str]]] = yaml.safe_load(CATALOGUE.read_text("utf-8"))
    return {
        f"{section}.{word}": Text(*(entry[one] for one in LANGUAGES))
        for section, entries in raw.items()
        for word, entry in entries.items()
    }


def both(key: str, **parts: Any) -> Text:
    """The text under `key` in both languages, its `{parts}` filled in; parts may be texts.

    `{n} [account|accounts]` agrees with the number before it. Raises KeyError where there is none.
    """
    text = catalogue()[key]
    filled = [
        _agreed(text.of(one), parts).format(
            **{n: p.of(one) if isinstance(p, Text) else p for n, p in parts.items()}
        )
        for one in LANGUAGES
    ]
    return Text(*filled)


def _agreed(template: str, parts: Mapping[str, Any]) -> str:
    """The template with one form of each `[one|many]`, as the hole before it is filled."""
    before = ""

    def form(found: re.Match[str]) -> str:
        nonlocal before
        if found[1]:
            before = str(parts.get(found[1], ""))
            return found[0]
        return found[2] if before == "1" else found[3]

    return _FORMS.sub(form, template)


def told(key: str, **parts: Any) -> str:
    """The text under `key` in the reader's language."""
    return both(key, **parts).of(tongue())


def read(text: Text) -> str:
    """A text in the reader's language."""
    return text.of(tongue())
