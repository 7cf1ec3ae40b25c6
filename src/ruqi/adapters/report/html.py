"""A run as one HTML file: no network, both languages, light and dark, on screen and on paper."""

import hashlib
import json
from base64 import b64encode
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ruqi.adapters.report.blocks import Chart, Pair, Switch
from ruqi.adapters.report.book import View, read_book
from ruqi.adapters.report.card import card_section, remarks_section, synthetic_note
from ruqi.adapters.report.evaluation import evaluation_section
from ruqi.adapters.report.findings import findings, headlines
from ruqi.adapters.report.limits import limits_section
from ruqi.adapters.report.measures import measures_section
from ruqi.adapters.report.model_card import cards_section
from ruqi.adapters.report.notes import definitions_section, law_note, method_section, provenance
from ruqi.adapters.report.numbers import long_day
from ruqi.adapters.report.plan import plan_section
from ruqi.adapters.report.quality import quality_section
from ruqi.adapters.report.rolls import rolls_section
from ruqi.adapters.report.style import stylesheet
from ruqi.adapters.report.trend import trend_section
from ruqi.adapters.report.vintages import vintages_section
from ruqi.adapters.report.words import say

HERE = Path(__file__).parent
SECTIONS = (
    trend_section,
    measures_section,
    rolls_section,
    vintages_section,
    quality_section,
    plan_section,
    limits_section,
    evaluation_section,
    cards_section,
    card_section,
    remarks_section,
    method_section,
    definitions_section,
)


def render(view: View) -> str:
    """The report of a run's folder, `view` holding its files' contents by name.

    Keys: run, remarks, measures, definitions, trend, rolls, vintages, evaluation, plan (a frame),
    plan_summary, limits, data_card. Bytes depend on the run alone; what may differ between equal
    runs (`run`: versions, hashes, time) stands between the two provenance comments only.
    """
    book = read_book(view)
    sections = [section(view, book) for section in SECTIONS]
    charts = [chart for section in sections for chart in charts_of(section.blocks)]
    style, script, library = stylesheet(), _asset("report.js"), _library()
    notes = [note for note in (synthetic_note(book), law_note(view)) if note is not None]
    page: str = (
        environment()
        .get_template("report.html.j2")
        .render(
            say=say,
            key=_keys(),
            policy=_policy([library, script], style),
            style=Markup(style),  # noqa: S704 - our own files, never a book's text
            script=Markup(script),  # noqa: S704
            library=Markup(library),  # noqa: S704
            charts=Markup(json_text({chart.id: chart_data(chart) for chart in charts})),  # noqa: S704
            book=book,
            as_of=long_day(book.as_of),
            notes=notes,
            headlines=headlines(view, book),
            findings=findings(view, book),
            sections=sections,
            provenance=provenance(view),
        )
    )
    return page


def charts_of(blocks: Any) -> list[Chart]:
    """Every chart among some blocks, those inside switches included."""
    found: list[Chart] = []
    for block in blocks:
        if isinstance(block, Chart):
            found.append(block)
        elif isinstance(block, Pair):
            found.append(block.chart)
        elif isinstance(block, Switch):
            for panel in block.panels:
                found += charts_of(panel.blocks)
    return found


def chart_data(chart: Chart) -> dict[str, Any]:
    """A chart as the page's script reads it."""
    return {"options": chart.options, "says": {"en": chart.says.en, "zh": chart.says.zh}}


def json_text(value: Any) -> str:
    """JSON that cannot end its script element or open a comment, whatever a book's text holds."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _policy(scripts: list[str], style: str) -> str:
    """A content security policy that lets exactly our own script and style in, and no network."""
    allowed = " ".join(_hash(script) for script in scripts)
    return (
        f"default-src 'none'; script-src {allowed}; style-src {_hash(style)}; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _keys() -> Callable[[object], str]:
    """Names for the page's tables, in the order in which they are first asked for."""
    known: dict[int, str] = {}
    return lambda block: known.setdefault(id(block), f"table-{len(known) + 1}")


@cache
def _asset(name: str) -> str:
    return (HERE / "templates" / name).read_text(encoding="utf-8")


@cache
def _library() -> str:
    return (HERE / "assets" / "echarts.min.js").read_text(encoding="utf-8")


@cache
def environment() -> Environment:
    """The templates, with autoescape."""
    return Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
