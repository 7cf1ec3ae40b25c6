"""The worklist page: filters, order and page stand in the address."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from ruqi.adapters.postgres import shelf
from ruqi.adapters.report import numbers
from ruqi.adapters.report.book import bucket_order, rule_says, treatment_name
from ruqi.adapters.report.words import Text, listed, pair, same
from ruqi.apps.console.opened import Opened, opened
from ruqi.apps.console.pages import run_context
from ruqi.apps.web.sign_in import held, needs
from ruqi.apps.web.words import both
from ruqi.services.access import Right
from ruqi.services.worklist import CONTACT, PAGE, SORTS, WorklistQuery, masked, read_query
from ruqi.treatment.actions import IDS

# Columns: the word, what sorting by it is called (None: it cannot), whether its cells are figures.
COLUMNS = (
    ("account", "account", False),
    ("borrower", None, False),
    ("bucket", "lateness", False),
    ("balance", "balance", True),
    ("treatment", None, False),
    ("value", "value", True),
    ("chance", "chance", True),
    ("minutes", "minutes", True),
    ("contact", None, False),
    ("why", None, False),
)
Row = Mapping[str, Any]


@needs(Right.WORKLIST)
@require_GET
def show(request: HttpRequest, run_id: int) -> HttpResponse:
    """A page of accounts, why each is treated so, and why contact is barred."""
    run = opened(run_id)
    query = read_query(request.GET)
    found = shelf.worklist(run_id, query)
    pages = max(-(-found.total // PAGE), 1)
    context = run_context(run) | {
        "query": query,
        "columns": _columns(run, query),
        "rows": [_row(run, row) for row in found.rows],
        "choices": _choices(run, query),
        "total": numbers.count(found.total),
        "all": numbers.count(sum(run.treatments.values())),
        "target": target(run),
        "currency": numbers.symbol(run.book.currency),
        "pages": pages,
        "before": _address(query, page=query.page - 1) if query.page > 1 else "",
        "after": _address(query, page=query.page + 1) if query.page < pages else "",
        "asked": urlencode(query.parameters(page=1)),
        "may_export": Right.EXPORT in held(request),
    }
    return render(request, "console/worklist.html", context)


def target(run: Opened) -> Text:
    """What the chance is of."""
    return pair(run.view["plan_summary"].get("target") or {}, "says")


def contact_told(row: Row) -> Text:
    """Why contact is allowed or not, by the rules' own sentences."""
    rules = listed([rule_says(one) for one in row["bars"].split("|") if one])
    if not rules.en:
        return same("")
    return both("worklist.except", rules=rules) if row["eligible"] else rules


def _row(run: Opened, row: Row) -> dict[str, Any]:
    currency = run.book.currency
    address = reverse("account", kwargs={"run_id": run.id})
    return {
        "account": row["account_id"],
        "href": f"{address}?{urlencode({'id': row['account_id']})}",
        "borrower": masked(row["borrower_id"]),
        "bucket": run.book.bucket(row["bucket"]),
        "rank": min(row["bucket_rank"] or 0, 5),
        "balance": numbers.money(row["balance_minor"], currency),
        "treatment": treatment_name(row["treatment"]),
        "value": numbers.money(row["value_minor"], currency) if row["value_minor"] else "·",
        "chance": numbers.percent(row["probability"]),
        "minutes": numbers.count(row["agent_minutes"]) if row["agent_minutes"] else "·",
        "eligible": row["eligible"],
        "contact": contact_told(row),
        "why": Text(row["reason_en"], row["reason_zh"]),
    }


def _columns(run: Opened, query: WorklistQuery) -> list[dict[str, Any]]:
    currency = numbers.symbol(run.book.currency)
    mark = Text(currency.en.strip(), currency.zh.strip())
    return [
        {
            "name": both(f"worklist.{word}", currency=mark),
            "figures": figures,
            "sorted": sort is not None and sort == query.sort,
            "href": _address(query, sort=sort, page=1) if sort in SORTS else "",
        }
        for word, sort, figures in COLUMNS
    ]


def _choices(run: Opened, query: WorklistQuery) -> list[dict[str, Any]]:
    """The filters that are choices, each option with how many accounts of the run it has."""
    allowed = int(run.view["plan"]["eligible"].sum())
    contact = dict(zip(CONTACT, (allowed, run.view["plan"].height - allowed), strict=True))
    treatments = [one for one in IDS if one in run.treatments]
    order = bucket_order(run.view)
    buckets = sorted(run.buckets, key=lambda one: order.index(one[0]))
    given = {
        "bucket": [(name, run.book.bucket(name), count) for name, count in buckets],
        "treatment": [(one, treatment_name(one), run.treatments[one]) for one in treatments],
        "contact": [(one, both(f"worklist.{one}"), contact[one]) for one in CONTACT],
        "rule": [(name, rule_says(name), count) for name, count in run.rules],
    }
    return [
        {
            "field": field,
            "name": both(f"worklist.{field}"),
            "options": [
                {
                    "value": value,
                    "name": name,
                    "count": numbers.count(count),
                    "chosen": value == getattr(query, field),
                }
                for value, name, count in options
            ],
        }
        for field, options in given.items()
        if options
    ]


def _address(query: WorklistQuery, **changes: Any) -> str:
    return "?" + urlencode(query.parameters(**changes))
