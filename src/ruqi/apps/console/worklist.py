"""The worklist page: filters, order and page stand in the address."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from ruqi.adapters.postgres import lists
from ruqi.adapters.report import numbers
from ruqi.adapters.report.book import bucket_order, rule_says, treatment_name
from ruqi.adapters.report.words import Text, listed, pair, same
from ruqi.apps.console.asked import Asked, asked, person_id, person_told
from ruqi.apps.console.opened import Opened
from ruqi.apps.console.saved import chips
from ruqi.apps.console.since import Since, since_rows, summary
from ruqi.apps.web.sign_in import held, needs
from ruqi.apps.web.words import both
from ruqi.services.access import Right
from ruqi.services.worklist import (
    CHANGES,
    CONTACT,
    NOBODY,
    PAGE,
    SORTS,
    masked,
)
from ruqi.treatment.actions import IDS

# Columns: the word, what sorting by it is called (None: it cannot), whether its cells are figures.
COLUMNS = (
    ("account", "account", False),
    ("assigned", None, False),
    ("bucket", "lateness", False),
    ("balance", "balance", True),
    ("treatment", None, False),
    ("contact", None, False),
    ("value", "value", True),
    ("chance", "chance", True),
    ("minutes", "minutes", True),
    ("why", None, False),
)
Row = Mapping[str, Any]
Option = tuple[str, Text, int | None]


@needs(Right.WORKLIST)
@require_GET
def show(request: HttpRequest, run_id: int) -> HttpResponse:
    """A page of accounts: why each is treated so, what bars contact, who works it."""
    one = asked(request, run_id)
    run, query = one.run, one.query
    found = one.find()
    pages = max(-(-found.total // PAGE), 1)
    rights, gone = held(request), query.change == "gone"
    counts = lists.counts(run_id) if one.whole else {}
    since = since_rows(one, found.rows)
    columns = _columns(one)
    context = one.context | {
        "query": one.said,
        "columns": columns,
        "heads": {column["word"]: column["name"] for column in columns},
        "rows": _rows(one, found.rows, since),
        "choices": [*_choices(one), *_people(one, counts), *_changes(one)],
        "total": numbers.count(found.total),
        "all": numbers.count(sum(run.treatments.values())),
        "target": target(run),
        "currency": numbers.symbol(run.book.currency),
        "pages": pages,
        "before": "?" + one.address(page=query.page - 1) if query.page > 1 else "",
        "after": "?" + one.address(page=query.page + 1) if query.page < pages else "",
        "asked": one.address(page=1),
        "hidden": one.said.parameters(page=1).items(),
        "may_export": Right.EXPORT in rights and not gone,
        "may_assign": Right.ASSIGN in rights and not gone,
        "may_share": Right.SHARE in rights,
        "whole": one.whole,
        "whose": one.whose(),
        "mine": one.whose() == request.user.get_username(),
        "since": summary(one) if one.whole else None,
        "former": one.former,
        "views": chips(one, person_id(request)),
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


def _rows(one: Asked, rows: Sequence[Row], since: Sequence[Since]) -> list[dict[str, Any]]:
    """The page's rows; decimals only where every amount of a column is small."""
    digits = {
        name: numbers.digits_for((row[name] for row in rows), one.run.book.currency)
        for name in ("balance_minor", "value_minor")
    }
    told: Sequence[Since | None] = since or [None] * len(rows)
    return [_row(one, row, each, digits) for row, each in zip(rows, told, strict=True)]


def _row(one: Asked, row: Row, since: Since | None, digits: Mapping[str, int]) -> dict[str, Any]:
    run = one.run

    def money(name: str) -> str:
        return numbers.money(row[name], run.book.currency, digits[name])

    address = reverse("account", kwargs={"run_id": row["run_id"]})
    return {
        "account": row["account_id"],
        "href": f"{address}?{urlencode({'id': row['account_id']})}",
        "borrower": masked(row["borrower_id"]),
        "bucket": run.book.bucket(row["bucket"]),
        "rank": min(row["bucket_rank"] or 0, 5),
        "balance": money("balance_minor"),
        "treatment": treatment_name(row["treatment"]),
        "value": money("value_minor") if row["value_minor"] else "·",
        "chance": numbers.percent(row["probability"]),
        "minutes": numbers.count(row["agent_minutes"]) if row["agent_minutes"] else "·",
        "eligible": row["eligible"],
        "contact": contact_told(row),
        "why": Text(row["reason_en"], row["reason_zh"]),
        "assigned": row["assigned"] or "·",
        "since": since,
    }


def _columns(one: Asked) -> list[dict[str, Any]]:
    mark = numbers.mark(one.run.book.currency)
    return [
        {
            "word": word,
            "name": both(f"worklist.{word}", currency=mark),
            "figures": figures,
            "sorted": sort is not None and sort == one.said.sort,
            "href": "?" + one.address(sort=sort, page=1) if sort in SORTS else "",
        }
        for word, sort, figures in COLUMNS
        if one.whole or word != "assigned"
    ]


def _choices(one: Asked) -> list[dict[str, Any]]:
    """The filters that are choices; who sees everybody's accounts sees how many each has."""
    run = one.run
    allowed = int(run.view["plan"]["eligible"].sum())
    contact = dict(zip(CONTACT, (allowed, run.view["plan"].height - allowed), strict=True))
    treatments = [name for name in IDS if name in run.treatments]
    order = bucket_order(run.view)
    buckets = sorted(run.buckets, key=lambda bucket: order.index(bucket[0]))
    given: dict[str, list[Option]] = {
        "bucket": [(name, run.book.bucket(name), count) for name, count in buckets],
        "treatment": [(name, treatment_name(name), run.treatments[name]) for name in treatments],
        "contact": [(name, both(f"worklist.{name}"), contact[name]) for name in CONTACT],
        "rule": [(name, rule_says(name), count) for name, count in run.rules],
    }
    return [
        _choice(field, options, getattr(one.said, field), one.whole)
        for field, options in given.items()
        if options
    ]


def _people(one: Asked, counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """The filter by who works an account, for those who see everybody's."""
    if not one.whole:
        return []
    free = sum(one.run.treatments.values()) - sum(counts.values())
    options: list[Option] = [(name, same(name), count) for name, count in counts.items()]
    options.append((NOBODY, person_told(NOBODY), free))
    if one.said.assigned not in ("", NOBODY, *counts):  # chosen by the address, with no account
        options.append((one.said.assigned, person_told(one.said.assigned), None))
    return [_choice("assigned", options, one.said.assigned)]


def _changes(one: Asked) -> list[dict[str, Any]]:
    """The filter by what became of an account since the run before."""
    if one.former is None and not one.said.change:
        return []
    options: list[Option] = [(kind, both(f"since.{kind}"), None) for kind in CHANGES]
    return [_choice("change", options, one.said.change)]


def _choice(field: str, options: list[Option], chosen: str, counted: bool = True) -> dict[str, Any]:
    return {
        "field": field,
        "name": both(f"worklist.{field}"),
        "options": [
            {
                "value": value,
                "name": name,
                "count": numbers.count(count) if counted and count is not None else "",
                "chosen": value == chosen,
            }
            for value, name, count in options
        ],
    }
