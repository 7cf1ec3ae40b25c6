"""Blocks as HTML in one language, for pages that show parts of a report."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from ruqi.adapters.report.html import chart_data, charts_of, environment, json_text
from ruqi.adapters.report.words import say

SCRIPT = Path(__file__).parent / "templates" / "report.js"


def draw(
    blocks: Sequence[Any], language: str, definitions: str, start: int = 0, remarks: str = ""
) -> Markup:
    """Blocks as HTML in `language` (`en`, `zh`); figures link to `definitions` and `remarks`.

    Both are addresses of pages, empty where it is this one. Everything that a book brought in is
    escaped. `start` numbers the first table where a page draws several times.
    """
    known: dict[int, str] = {}
    module: Any = (
        environment()
        .get_template("blocks.html.j2")
        .make_module(
            {
                "say": say,
                "tongue": language,
                "definitions": definitions,
                "remarks": remarks,
                "key": lambda one: known.setdefault(id(one), f"table-{start + len(known) + 1}"),
            }
        )
    )
    return Markup(module.blocks(blocks))  # noqa: S704 - drawn with autoescape


def chart_map(blocks: Sequence[Any]) -> dict[str, Any]:
    """What the script draws these blocks' charts from, by the charts' ids."""
    return {chart.id: chart_data(chart) for chart in charts_of(blocks)}


def chart_script(found: Mapping[str, Any]) -> Markup:
    """Charts' data as JSON that is safe inside a script element; empty where there is none."""
    return Markup(json_text(found) if found else "")  # noqa: S704 - cannot end its element


def charts(blocks: Sequence[Any]) -> Markup:
    """The data that the script draws these blocks' charts from, safe inside a script element."""
    return chart_script(chart_map(blocks))


def script() -> str:
    """The script that draws charts; it needs the chart library before it."""
    return SCRIPT.read_text(encoding="utf-8")
