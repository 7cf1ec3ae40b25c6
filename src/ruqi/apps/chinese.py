"""Chinese for the English sentences that come from below the doors, from one catalogue.

A sentence is known by its template, `no such tape: {path}`; what stands in the braces is itself
looked up, else kept. So the rooms below may speak one language, and a door speaks two.
"""

import re
from functools import cache, partial
from pathlib import Path

import yaml

CATALOGUE = Path(__file__).with_suffix(".yaml")  # beside the doors that both read it
_HOLE = re.compile(r"\{(\w+)\}")


def chinese(sentence: str) -> str:
    """The Chinese of one sentence; as it stands where nobody has translated it."""
    known = catalogue()
    if sentence in known:
        return known[sentence]
    for pattern, translated in _templates():
        found = pattern.fullmatch(sentence)
        if found:
            return _HOLE.sub(partial(_filled, found), translated)
    return sentence


def _filled(found: re.Match[str], hole: re.Match[str]) -> str:
    return chinese(found[hole[1]])


@cache
def catalogue() -> dict[str, str]:
    """Every template with its Chinese."""
    found: dict[str, str] = yaml.safe_load(CATALOGUE.read_text("utf-8"))
    return found


@cache
def _templates() -> list[tuple[re.Pattern[str], str]]:
    """Patterns of the templates that have holes, the most literal first."""
    holed = [english for english in catalogue() if _HOLE.search(english)]
    holed.sort(key=lambda english: (-len(_HOLE.sub("", english)), english))
    return [(re.compile(_pattern(english), re.DOTALL), catalogue()[english]) for english in holed]


def _pattern(english: str) -> str:
    texts = _HOLE.split(english)  # literal, name, literal, name, …, literal
    return "".join(
        f"(?P<{text}>.+?)" if place % 2 else re.escape(text) for place, text in enumerate(texts)
    )
