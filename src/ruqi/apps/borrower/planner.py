"""A way out of several debts: what each order costs, when it ends, when money first falls short.

What is typed is personal: it is posted, answered and forgotten. Nothing of it is stored.
"""

from collections.abc import Mapping
from threading import BoundedSemaphore
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from ruqi.adapters.report.numbers import amount_of, long_day, money, month, short_day, symbol
from ruqi.adapters.report.words import NOTHING, Text, same
from ruqi.apps.borrower import charts
from ruqi.apps.borrower.calculator import Card, short_rate
from ruqi.apps.borrower.debts_form import BEST, FIRST_ROWS, MOST_DEBTS, PARTS, Asked, example, read
from ruqi.apps.borrower.shell import chosen, page, public, typed
from ruqi.apps.web.words import both
from ruqi.classroom.debts import Foreign
from ruqi.classroom.payoff import Wallet, Way
from ruqi.services.payoff import payoff

# Plans worked out at once: anybody may ask, and the desk's own people need threads too.
ROOM = BoundedSemaphore(4)


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@public
def planner(request: HttpRequest) -> HttpResponse:
    """The form, and above it the plans where the form was whole."""
    post: Mapping[str, str] = request.POST
    post = example() if typed(post, "act") == "example" else post
    data, rows = _rows(post)
    again = bool(chosen(post)) and typed(post, "shown") == "yes"
    asks = typed(post, "act") == "plan" or again
    asked = read(data, asks, rows)
    told, busy = None, False
    if asked.wallet and not (busy := not ROOM.acquire(blocking=False)):
        try:
            told = answer(asked)
        finally:
            ROOM.release()
    context = {
        "busy": busy,
        "untouched": request.method == "GET",
        "asked": asked,
        "problems": asked.problems,
        "told": told,
        "row_count": min(rows, MOST_DEBTS),
        "may_add": rows < MOST_DEBTS,
        "next_row": rows + 1,
    }
    response = page(request, "planner", context, form=True)
    if busy:
        response.status_code, response["Retry-After"] = 503, "5"
    return response


def _rows(post: Mapping[str, str]) -> tuple[dict[str, str], int]:
    """What was posted, after a row was added or taken out, and the number of rows."""
    data = {key: post[key] for key in post}
    text = typed(data, "rows")
    rows = max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 5 else FIRST_ROWS
    act = typed(data, "act")
    if act == "add":
        return data, min(rows + 1, MOST_DEBTS)
    gone = act.removeprefix("remove-")
    if gone != act and gone.isascii() and gone.isdigit() and rows > 1:
        for number in range(int(gone), min(rows, MOST_DEBTS) + 1):
            for part in PARTS:
                data[f"{part}-{number}"] = data.get(f"{part}-{number + 1}", "")
        return data, rows - 1
    return data, rows


def answer(asked: Asked) -> dict[str, Any]:
    """All that the page tells about the ways out."""
    wallet = asked.wallet
    if wallet is None:
        return {}
    way = None if asked.way.value == BEST else Way(asked.way.value)
    document = payoff(wallet, asked.changes, way)
    name = document["best"] if way is None else way.value
    plan = next(one for one in document["plans"] if one["order"] == name)
    currency = wallet.currency
    return {
        "says": advice(document, plan, currency),
        "short": _short(plan, currency),
        "cards": _cards(document, plan, currency),
        "ways": [_way(one, document, name, currency) for one in document["plans"]],
        "what_ifs": [_what_if(one, plan, currency) for one in document["what_ifs"]],
        "ended": [(same(one["debt"]), long_day(one["on"])) for one in plan["paid_off"]],
        "debts": _debts(wallet),
        "chart": _chart(document, plan, currency),
        "months": [
            {
                "month": month(f"{row['month']}-01"),
                "paid": same(money(row["paid_minor"], currency)),
                "left": same(money(row["left_minor"], currency)),
            }
            for row in plan["path"]
        ],
        "sign": symbol(currency),
        "ends": plan["ends_on"] is not None,
        "way": _name(plan),
    }


def _name(plan: dict[str, Any]) -> Text:
    return Text(plan["order_en"], plan["order_zh"])


def advice(document: dict[str, Any], plan: dict[str, Any], currency: str) -> list[Text]:
    """What to do, when it ends, what it saves: plain sentences."""
    if plan["ends_on"] is None:
        best = document["best"] == plan["order"]
        return [both("planner.never_says" if best else "planner.never_this")]
    word = "only_minimum" if plan["order"] == Way.MINIMUM else "do"
    says = [both(f"planner.{word}", way=_name(plan), day=long_day(plan["ends_on"]))]
    minimum = next(one for one in document["plans"] if one["order"] == Way.MINIMUM)
    if minimum["ends_on"] is None:
        says.append(both("planner.minimum_never"))
    elif minimum["cost_minor"] > plan["cost_minor"]:
        saved = amount_of(minimum["cost_minor"] - plan["cost_minor"], currency)
        months = minimum["months"] - plan["months"]
        key = "saves_months" if months > 1 else "saves"
        says.append(both(f"planner.{key}", saved=saved, months=months))
    return says


def _short(plan: dict[str, Any], currency: str) -> Text | None:
    """On which day money first falls short, and what to do before it."""
    missed = plan["first_missed"]
    if missed is None:
        return None
    return both(
        "planner.short",
        day=long_day(missed["on"]),
        debt=missed["debt"],
        short=amount_of(missed["short_minor"], currency),
    )


def _cards(document: dict[str, Any], plan: dict[str, Any], currency: str) -> list[Card]:
    """The figures that matter most, each with what it means."""
    ends = plan["ends_on"]
    cost = plan["cost_minor"]
    months = plan["months"]
    span = both("planner.in_months", months=months or 0)
    return [
        Card(
            both("planner.owed"),
            amount_of(document["owed_minor"], currency),
            both("planner.owed_says"),
        ),
        Card(
            both("planner.free_on"),
            long_day(ends) if ends else both("planner.never"),
            span if ends else both("planner.never_years"),
        ),
        Card(
            both("planner.costs"),
            amount_of(cost, currency) if cost is not None else same("–"),
            both("planner.costs_says"),
        ),
        Card(
            both("planner.safe"),
            amount_of(document["safe_instalment_minor"], currency),
            both("planner.safe_says", free=amount_of(document["free_minor"], currency)),
        ),
    ]


def _way(
    plan: dict[str, Any], document: dict[str, Any], name: str, currency: str
) -> dict[str, Any]:
    return {
        "name": _name(plan),
        "shown": plan["order"] == name,
        "best": plan["order"] == document["best"] and plan["ends_on"] is not None,
        **_figures(plan, currency),
    }


def _figures(plan: dict[str, Any], currency: str) -> dict[str, Text]:
    missed = plan["first_missed"]
    return {
        "ends": short_day(plan["ends_on"]) if plan["ends_on"] else both("planner.never"),
        "months": same("–" if plan["months"] is None else plan["months"]),
        "cost": same("–")
        if plan["cost_minor"] is None
        else amount_of(plan["cost_minor"], currency),
        "missed": both("planner.none_missed")
        if missed is None
        else both("planner.missed", day=short_day(missed["on"]), debt=missed["debt"]),
    }


def _what_if(one: dict[str, Any], plan: dict[str, Any], currency: str) -> dict[str, Any]:
    """A what-if beside the plan as it is."""
    found = {"name": Text(one["name_en"], one["name_zh"]), **_figures(one, currency)}
    differs = NOTHING
    if one["cost_minor"] is not None and plan["cost_minor"] is not None:
        more = one["cost_minor"] - plan["cost_minor"]
        if more:
            key = "planner.dearer" if more > 0 else "planner.cheaper"
            differs = both(key, amount=amount_of(abs(more), currency))
    return {**found, "differs": differs}


def _debts(wallet: Wallet) -> list[dict[str, Text]]:
    """The debts as they were understood, for the printed page."""
    found = []
    for debt in wallet.debts:
        if not isinstance(debt, Foreign):
            continue
        minimum = amount_of(debt.minimum_minor, wallet.currency)
        share = same(short_rate(float(debt.minimum_share)))
        found.append(
            {
                "name": same(debt.name),
                "owed": amount_of(debt.balance_minor, wallet.currency),
                "rate": same(short_rate(float(debt.rate))),
                "minimum": share if debt.minimum_share else minimum,
                "due": same(debt.due_day),
            }
        )
    return found


def _chart(document: dict[str, Any], plan: dict[str, Any], currency: str) -> charts.Curves:
    """What is left with this way, and beside it with the minimums only."""
    minimum = next(one for one in document["plans"] if one["order"] == Way.MINIMUM)
    shown = [(plan, "this")] if plan is minimum else [(minimum, "other"), (plan, "this")]
    start = (document["start"][:7], document["owed_minor"])
    paths = [
        (_name(one), style, [start, *((row["month"], row["left_minor"]) for row in one["path"])])
        for one, style in shown
    ]
    return charts.curves(paths, currency)
