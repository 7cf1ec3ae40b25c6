"""The report's one stylesheet: own tokens, light and dark, and switches without a script."""

from functools import cache
from pathlib import Path

_TEMPLATES = Path(__file__).parent / "templates"
CHOICES = 12  # most choices in a row of a switch


@cache
def stylesheet() -> str:
    """The whole stylesheet. Switches need no script: a checked input shows its panel."""
    text = _read("report.css")
    parts = {
        "dark": _read("dark.css").strip(),
        "checked": _labels("checked"),
        "focused": _labels("focus-visible"),
        "shown": _panels(),
    }
    for mark, rules in parts.items():
        text = text.replace(f"/*{mark}*/", rules)
    return text


def _read(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


def _labels(state: str) -> str:
    return ",".join(
        f".switch>.r{row}.c{choice}:{state}~.choices .l{row}.c{choice}"
        for row in (0, 1)
        for choice in range(CHOICES)
    )


def _panels() -> str:
    one = [f".switch>.r0.c{c}:checked~.panels>.p{c}" for c in range(CHOICES)]
    two = [
        f".switch>.r0.c{a}:checked~.r1.c{b}:checked~.panels>.p{a}-{b}"
        for a in (0, 1)
        for b in range(CHOICES)
    ]
    return ",".join(one + two)
