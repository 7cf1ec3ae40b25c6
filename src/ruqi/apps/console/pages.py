"""Pages that show parts of a run's report: scores, data, definitions."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from ruqi.adapters.postgres import shelf
from ruqi.adapters.report.draw import chart_script
from ruqi.apps.console.opened import Opened, drawn, opened
from ruqi.apps.web.sign_in import needs
from ruqi.apps.web.words import told, tongue
from ruqi.services.access import Right


def run_context(run: Opened) -> dict[str, Any]:
    """What every page of a run needs beside its own part."""
    return {
        "run": run,
        "run_id": run.id,
        "book": run.book,
        "notes": run.notes,
        "runs": shelf.runs(),
        "definitions_at": reverse("definitions", kwargs={"run_id": run.id}),
    }


def _page(request: HttpRequest, run_id: int, name: str, template: str) -> HttpResponse:
    run = opened(run_id)
    context = run_context(run)
    parts, data = drawn(run_id, name, tongue(), _definitions(name, context))
    context |= {"parts": parts, "charts": chart_script(data), "title": told(f"page.{name}")}
    return render(request, template, context)


def _definitions(name: str, context: dict[str, Any]) -> str:
    """Where a figure's definition stands: on this very page, or on its own."""
    return "" if name == "definitions" else str(context["definitions_at"])


@needs(Right.MODELS)
@require_GET
def models(request: HttpRequest, run_id: int) -> HttpResponse:
    """What the run knows of its scores."""
    return _page(request, run_id, "models", "console/parts.html")


@needs(Right.PORTFOLIO)
@require_GET
def data(request: HttpRequest, run_id: int) -> HttpResponse:
    """What the book holds, and what is remarkable in it."""
    return _page(request, run_id, "data", "console/parts.html")


@needs(Right.DEFINITIONS)
@require_GET
def definitions(request: HttpRequest, run_id: int) -> HttpResponse:
    """What each figure counts."""
    return _page(request, run_id, "definitions", "console/parts.html")
