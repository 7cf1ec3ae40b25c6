"""A run that pages show: read once, kept while the process lives, since a run never changes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.http import Http404
from django.urls import reverse
from markupsafe import Markup

from ruqi.adapters.postgres import shelf
from ruqi.adapters.report.blocks import Headline, Section
from ruqi.adapters.report.book import Book, read_book
from ruqi.adapters.report.card import card_section, remarks_section, synthetic_note
from ruqi.adapters.report.draw import chart_map, draw
from ruqi.adapters.report.evaluation import evaluation_section
from ruqi.adapters.report.findings import findings, headlines
from ruqi.adapters.report.limits import limits_section
from ruqi.adapters.report.measures import measures_section
from ruqi.adapters.report.model_card import cards_with_prints
from ruqi.adapters.report.notes import definitions_section, law_note, method_section
from ruqi.adapters.report.plan import bar_counts, plan_summary
from ruqi.adapters.report.quality import quality_section
from ruqi.adapters.report.rolls import rolls_section
from ruqi.adapters.report.vintages import vintages_section
from ruqi.adapters.report.words import Text
from ruqi.services.view_run import view_run

KEPT = 8  # runs held in memory at once


@dataclass(frozen=True)
class Opened:
    """A run's view, its book, what must be said on every page, and counts for filters."""

    id: int
    view: Mapping[str, Any]
    book: Book
    notes: Sequence[Text]
    headlines: Sequence[Headline]
    findings: Sequence[Text]
    buckets: Sequence[tuple[str, int]]
    treatments: Mapping[str, int]
    rules: Sequence[tuple[str, int]]


@dataclass(frozen=True)
class Drawn:
    """One part of a page as HTML."""

    id: str
    title: str
    html: Markup


_Make = Callable[[Mapping[str, Any], Book], Section]
PAGES: dict[str, tuple[_Make, ...]] = {
    "overview": (rolls_section, vintages_section, plan_summary, limits_section),
    "portfolio": (measures_section,),
    "models": (cards_with_prints, quality_section, evaluation_section),
    "data": (card_section, remarks_section),
    "definitions": (method_section, definitions_section),
}


@lru_cache(maxsize=KEPT)
def opened(run_id: int) -> Opened:
    """The run with this id. Raises Http404 where there is none, yet: it may come later."""
    view = view_run(run_id, shelf)
    if view is None:
        raise Http404
    book = read_book(view)
    notes = [note for note in (synthetic_note(book), law_note(view)) if note is not None]
    frame = view["plan"]
    by_bucket = dict(frame.group_by("bucket").len().iter_rows())
    return Opened(
        run_id,
        view,
        book,
        notes,
        headlines(view, book),
        findings(view, book),
        [(name, by_bucket[name]) for name in book.labels if name in by_bucket],
        dict(frame.group_by("treatment").len().iter_rows()),
        bar_counts(frame),
    )


@lru_cache(maxsize=KEPT * 10)
def drawn(
    run_id: int, page: str, language: str, definitions: str
) -> tuple[list[Drawn], dict[str, Any]]:
    """A page's parts as HTML in one language, and the data of their charts."""
    remarks = "" if page == "data" else reverse("data", kwargs={"run_id": run_id})
    run = opened(run_id)
    sections = [make(run.view, run.book) for make in PAGES[page]]
    parts, tables = [], 0
    for section in sections:
        html = draw(section.blocks, language, definitions, tables, remarks)
        tables += html.count('id="table-')
        parts.append(Drawn(section.id, section.title.of(language), html))
    blocks = [block for section in sections for block in section.blocks]
    return parts, chart_map(blocks)
