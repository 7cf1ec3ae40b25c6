"""The overview: headlines, what changed, the trend by the definition that the address names."""

from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from ruqi.adapters.report.blocks import Note
from ruqi.adapters.report.draw import chart_map, chart_script, draw
from ruqi.adapters.report.trend import SHOWN, trend_definitions, trend_panel
from ruqi.adapters.report.words import say
from ruqi.apps.console.changes import change_blocks
from ruqi.apps.console.opened import KEPT, Drawn, Opened, drawn, opened
from ruqi.apps.console.pages import run_context
from ruqi.apps.web.sign_in import needs
from ruqi.apps.web.words import read, told, tongue
from ruqi.services.access import Right

TREND, CHANGES = 200, 300  # where the numbers of these parts' tables begin


@needs(Right.OVERVIEW)
@require_GET
def show(request: HttpRequest, run_id: int) -> HttpResponse:
    """Headlines, changes, a trend, rolls, vintages, the plan, limits and their worth."""
    run = opened(run_id)
    ids = trend_definitions(run.view)
    by = request.GET.get("by", "")
    by = by if by in ids else ids[0] if ids else ""
    context = run_context(run)
    at = str(context["definitions_at"])
    parts, charts = drawn(run_id, "overview", tongue(), at)
    trend, trend_charts = _trend(run_id, by, tongue(), at)
    context |= {
        "parts": parts,
        "charts": chart_script({**charts, **trend_charts}),
        "title": told("overview.title"),
        "trend": trend,
        "choices": [_choice(run, one, by) for one in ids[:SHOWN]],
        "others": [_choice(run, one, by) for one in ids[SHOWN:]],
        "changes": draw(change_blocks(run), tongue(), at, CHANGES, remarks_at(run)),
    }
    return render(request, "console/overview.html", context)


def remarks_at(run: Opened) -> str:
    """The page where the run's remarks stand."""
    return reverse("data", kwargs={"run_id": run.id})


def _choice(run: Opened, one: str, by: str) -> dict[str, Any]:
    return {
        "id": one,
        "name": run.book.definition(one),
        "href": f"?{urlencode({'by': one})}#trend",
        "chosen": one == by,
    }


@lru_cache(maxsize=KEPT * 20)
def _trend(run_id: int, by: str, language: str, definitions: str) -> tuple[Drawn, dict[str, Any]]:
    """The trend under one definition, and its chart."""
    run = opened(run_id)
    if by:
        blocks = [Note(say("trend.lead"), "lead"), *trend_panel(run.view, run.book, by)]
    else:
        blocks = [Note(say("trend.none"))]
    html = draw(blocks, language, definitions, TREND, remarks_at(run))
    return Drawn("trend", read(say("trend.title")), html), chart_map(blocks)
