"""The overview: headlines, what changed, the trend by the definition that the address names."""

from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from ruqi.adapters.report import numbers
from ruqi.adapters.report.blocks import Note
from ruqi.adapters.report.book import treatment_name
from ruqi.adapters.report.draw import chart_map, chart_script, draw
from ruqi.adapters.report.trend import SHOWN, trend_definitions, trend_panel
from ruqi.adapters.report.words import Text, say
from ruqi.apps.console.changes import change_blocks, found_changes
from ruqi.apps.console.opened import KEPT, Drawn, Opened, drawn, opened
from ruqi.apps.console.pages import run_context
from ruqi.apps.console.since import counted
from ruqi.apps.web.sign_in import needs
from ruqi.apps.web.words import both, read, told, tongue
from ruqi.services.access import Right
from ruqi.services.changes import Changes
from ruqi.treatment.actions import IDS, WAIT

TREND, CHANGES = 200, 300  # where the numbers of these parts' tables begin


@needs(Right.OVERVIEW)
@require_GET
def show(request: HttpRequest, run_id: int) -> HttpResponse:
    """Headlines, changes, trend by one definition, rolls, vintages, the plan, limits."""
    run = opened(run_id)
    ids = trend_definitions(run.view)
    by = request.GET.get("by", "")
    by = by if by in ids else ids[0] if ids else ""
    context = run_context(run)
    at = str(context["definitions_at"])
    parts, charts = drawn(run_id, "overview", tongue(), at)
    trend, trend_charts = _trend(run_id, by, tongue(), at)
    found = found_changes(run)
    context |= {
        "parts": parts,
        "charts": chart_script({**charts, **trend_charts}),
        "title": told("overview.title"),
        "trend": trend,
        "choices": [_choice(run, one, by) for one in ids[:SHOWN]],
        "others": [_choice(run, one, by) for one in ids[SHOWN:]],
        "todo": _todo(run),
        "since": _since(run, found),
        "changes": draw(change_blocks(run, found), tongue(), at, CHANGES, remarks_at(run)),
    }
    return render(request, "console/overview.html", context)


def _todo(run: Opened) -> list[dict[str, Any]]:
    """What the plan asks for today, and whom nothing may reach: each leads to its worklist."""
    asked = [name for name in IDS if name != IDS[WAIT] and name in run.treatments]
    links = [
        _link(run, treatment_name(name), run.treatments[name], treatment=name)
        for name in reversed(asked)
    ]
    barred = int((~run.view["plan"]["eligible"]).sum())
    return [*links, _link(run, both("worklist.barred"), barred, contact="barred")]


def _since(run: Opened, found: Changes | None) -> dict[str, Any] | None:
    """How many accounts are new, gone or treated otherwise since the run before."""
    if found is None:
        return None
    counts = counted(run.id, found.former.id)
    links = [_link(run, both(f"since.{kind}"), counts[kind], change=kind) for kind in counts]
    return {"day": numbers.iso(found.former.as_of), "counts": links}


def _link(run: Opened, name: Text, count: int, **query: str) -> dict[str, Any]:
    at = reverse("worklist", kwargs={"run_id": run.id})
    return {"name": name, "count": numbers.count(count), "href": f"{at}?{urlencode(query)}"}


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
