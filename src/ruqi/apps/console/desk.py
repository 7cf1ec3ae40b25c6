"""Where one lands, the list of runs, and the people of this desk."""

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from ruqi.adapters.postgres import lists, shelf
from ruqi.adapters.postgres.models import Act
from ruqi.apps.console.asked import person_id
from ruqi.apps.console.opened import opened
from ruqi.apps.web.sign_in import held, needs
from ruqi.services.access import Right, Role, first_page
from ruqi.services.digits import IDS_MOST, digits

ACTS = 50  # shown of the trail


@login_required
@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """The first page that is open to who asks, of the run loaded last.

    Who sees only accounts of their own lands in the last run where they have any.
    """
    page = first_page(held(request))
    if page is None:
        raise PermissionDenied
    runs = shelf.runs()
    if page is Right.BOOKS or (not runs and Right.BOOKS in held(request)):
        return redirect("books")
    if not runs:
        return render(request, "console/books.html", {"runs": []})
    mine = None if Right.WHOLE in held(request) else lists.newest(person_id(request))
    return redirect(page.value, run_id=mine or runs[0].id)


@login_required
@require_GET
def go(request: HttpRequest) -> HttpResponse:
    """Leave for another run, to the first page that is open."""
    page = first_page(held(request))
    run_id = digits(request.GET.get("run", ""), IDS_MOST)
    if page is None or page is Right.BOOKS or run_id is None:
        return redirect("start")
    return redirect(page.value, run_id=opened(run_id).id)


@needs(Right.PEOPLE)
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """Who may sign in, as what, and the last acts on record."""
    persons = User.objects.prefetch_related("groups").order_by("username")
    acts = Act.objects.select_related("person").order_by("-at", "-id")[:ACTS]
    context = {"persons": persons, "acts": acts, "roles": ", ".join(Role)}
    return render(request, "console/people.html", context)
