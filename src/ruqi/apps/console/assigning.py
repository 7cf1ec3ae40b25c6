"""The page that gives accounts to collectors: choose people, see now and after, confirm."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from ruqi.adapters.postgres import lists
from ruqi.adapters.report import numbers
from ruqi.apps.console.asked import Asked, asked, person_told
from ruqi.apps.console.asked import told as filter_told
from ruqi.apps.web.sign_in import needs
from ruqi.apps.web.words import both, told
from ruqi.services.access import Right
from ruqi.services.assign import Order, Preview, assign, preview
from ruqi.services.worklist import NOBODY, Load


@needs(Right.ASSIGN)
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, run_id: int) -> HttpResponse:
    """What an assignment would do (GET); carry it out as it was previewed (POST)."""
    one = asked(request, run_id)
    given = request.POST if request.method == "POST" else request.GET
    people = lists.collectors()
    order = _order(one, given, people)
    if request.method == "POST" and _says_to_whom(given, people):
        done = assign(order, given.get("mark", ""), request.user.pk, lists)
        if done is not None:
            count = numbers.count(len(done.work))
            messages.info(request, told("assign.done" if order.people else "assign.taken", n=count))
            back = one.address(page=1)
            return redirect(f"{reverse('worklist', kwargs={'run_id': run_id})}?{back}")
        messages.warning(request, told("assign.changed"))
    found = preview(order, lists)
    context = _context(one, given, order, found) | _choice(one, given, people, found)
    return render(request, "console/assign.html", context)


def _order(one: Asked, given: QueryDict, people: list[str]) -> Order:
    chosen = given.getlist("account") if given.get("reach") == "chosen" else None
    if one.query.change == "gone":
        chosen = []  # they are not in this run, so nobody works them
    to = [name for name in people if name in given.getlist("to")]
    return Order(one.run.id, one.query, one.former_id(), to, chosen)


def _says_to_whom(given: QueryDict, people: list[str]) -> bool:
    return bool({*people, NOBODY} & {*given.getlist("to")})


def _context(one: Asked, given: QueryDict, order: Order, found: Preview) -> dict[str, Any]:
    total = found.total()
    return one.context | {
        "title": told("assign.title"),
        "back": one.address(),
        "chosen": order.accounts is not None,
        "filter": filter_told(one),
        "counts": _load(one, total) | {"moved": numbers.count(len(found.moved()))},
        "any": total.accounts > 0,
        "hidden": [
            *one.said.parameters(page=1).items(),
            *([("reach", "chosen")] if order.accounts is not None else []),
            *(("account", account) for account in order.accounts or ()),
        ],
        "to": [name for name in given.getlist("to") if name in order.people or name == NOBODY],
        "mark": found.mark,
    }


def _choice(one: Asked, given: QueryDict, people: list[str], found: Preview) -> dict[str, Any]:
    """Who may be chosen with what they have now, and for each one touched what they then have."""
    chosen = given.getlist("to")
    ready = _says_to_whom(given, people)
    return {
        "people": [
            _load(one, found.now.get(name, Load())) | {"value": name, "chosen": name in chosen}
            for name in people
        ],
        "take": NOBODY in chosen and not {*people} & {*chosen},
        "ready": ready,
        "loads": [
            {"name": person_told(name), "now": _load(one, now), "after": _load(one, after)}
            for name, now, after in found.loads
        ]
        if ready
        else [],
        "mark_of_money": numbers.mark(one.run.book.currency),
    }


def _load(one: Asked, load: Load) -> dict[str, Any]:
    """What somebody has, in figures; a balance of many accounts without decimals."""
    digits = 0 if load.accounts != 1 else None
    return {
        "accounts": numbers.count(load.accounts),
        "minutes": numbers.count(load.agent_minutes),
        "balance": numbers.money(load.balance_minor, one.run.book.currency, digits),
        "says": both(
            "assign.has", n=numbers.count(load.accounts), minutes=numbers.count(load.agent_minutes)
        ),
    }
