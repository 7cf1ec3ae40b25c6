"""Saved views of the worklist: chips above the filters, and the acts that keep them."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from ruqi.adapters.postgres import saved
from ruqi.apps.console.asked import Asked, asked, person_id
from ruqi.apps.web.sign_in import held, needs
from ruqi.apps.web.words import told
from ruqi.services.access import Right
from ruqi.services.digits import IDS_MOST, digits
from ruqi.services.saved_views import MOST, as_asked, view_name


def chips(one: Asked, person_id: int) -> list[dict[str, Any]]:
    """The views that somebody sees, each as a link; the one that is shown is marked."""
    shown = replace(one.said, page=1)
    return [
        {
            "id": view.id,
            "name": view.name,
            "href": f"?{view.asked}",
            "shared": view.shared,
            "mine": view.mine,
            "current": view.query() == shown,
        }
        for view in saved.views(person_id)
    ]


@needs(Right.WORKLIST)
@require_POST
def act(request: HttpRequest, run_id: int) -> HttpResponse:
    """Save, rename or delete one of one's own views, and return to the list."""
    one = asked(request, run_id)
    says = _done(request, one)
    messages.info(request, told(f"saved.{says}", most=MOST))
    return redirect(f"{reverse('worklist', kwargs={'run_id': run_id})}?{one.address()}")


def _done(request: HttpRequest, one: Asked) -> str:
    """Do what the form asks; the word that says what became of it."""
    person, given = person_id(request), request.POST
    name = view_name(given.get("name", ""))
    view = digits(given.get("view", ""), IDS_MOST) or 0
    if given.get("act") == "delete":
        return "deleted" if saved.delete(person, view) else "not_yours"
    if name is None:
        return "no_name"
    if given.get("act") == "rename":
        return "renamed" if saved.rename(person, view, name) else "not_renamed"
    shared = Right.SHARE in held(request) and given.get("shared") == "yes"
    query = replace(one.said, find="") if shared else one.said  # nobody's id is handed round
    return "kept" if saved.keep(person, name, as_asked(query), shared) else "too_many"
