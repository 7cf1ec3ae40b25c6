"""Ruqi 如期 keeps buy-now-pay-later credit on schedule.

The same verbs as the command line, on frames: `read`, `check`, `measures`, `rolls`, `vintages`,
`score`, `plan`. They are loaded at first use, so `import ruqi` costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ruqi.apps.library import check, measures, plan, read, rolls, score, vintages

__all__ = ["check", "measures", "plan", "read", "rolls", "score", "vintages"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        return getattr(import_module("ruqi.apps.library"), name)
    raise AttributeError(f"module 'ruqi' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
