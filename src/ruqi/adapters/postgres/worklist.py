"""Worklists: what a query finds, who works each account, and what it was in the run before."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from django.db import connection

from ruqi.adapters.postgres import shelf
from ruqi.adapters.postgres.models import Assignment, Run
from ruqi.primitives.currency import exponent
from ruqi.services.held import Found
from ruqi.services.worklist import NOBODY, PAGE, WorklistQuery

ORDERS = {
    "value": "plan.value_minor DESC NULLS LAST",
    "balance": "plan.balance_minor DESC NULLS LAST",
    "lateness": "plan.bucket_rank DESC NULLS LAST, plan.lateness DESC NULLS LAST",
    "chance": "plan.probability DESC NULLS LAST",
    "minutes": "plan.agent_minutes DESC NULLS LAST",
    "account": "length(plan.account_id)",  # so that 2 stands before 10
}
FEW = 10_000
_WAS = "FROM desk_planrow AS was WHERE was.run_id = %s AND was.account_id = plan.account_id"
_GIVEN = (
    "SELECT FROM desk_assignment AS given "
    "WHERE given.run_id = plan.run_id AND given.account_id = plan.account_id"
)


def find(
    run_id: int,
    query: WorklistQuery,
    former: int | None = None,
    rows: int | None = None,
    called: bool = False,
) -> Found:
    """One page of what a query finds; with `rows`, its first so many, `called` ones alone.

    `former` is the run before. A row has the plan's columns, `assigned`: a person's name or None,
    and `was`: the account's row in `former` or None. Accounts that are gone are rows of `former`.
    """
    where, values = condition(run_id, query, former)
    count = _total(run_id, query, where, values)
    where = f"{where} AND {_called(query)}" if called else where
    offset = 0 if rows is not None else (query.page - 1) * PAGE
    if offset >= count:
        return Found([], count)
    order = f"{ORDERS[query.sort]}, plan.account_id"
    # Keys are sorted first, their long rows fetched after.
    keys = (
        "SELECT plan.run_id, plan.account_id FROM desk_planrow AS plan "  # noqa: S608
        f"WHERE {where} ORDER BY {order} LIMIT %s OFFSET %s"
    )
    words = (
        "SELECT plan.*, who.username AS assigned, to_jsonb(was) AS was "  # noqa: S608
        f"FROM desk_planrow AS plan JOIN ({keys}) AS page USING (run_id, account_id) "
        "LEFT JOIN desk_assignment AS given USING (run_id, account_id) "
        "LEFT JOIN auth_user AS who ON who.id = given.person_id "
        "LEFT JOIN desk_planrow AS was "
        "ON was.run_id = %s AND was.account_id = plan.account_id AND plan.run_id <> was.run_id "
        f"ORDER BY {order}"
    )
    with connection.cursor() as cursor:
        cursor.execute(words, [*values, PAGE if rows is None else rows, offset, former])
        found = [_row(row) for row in shelf.dicts(cursor)]
    return Found(found, count)


def total(run_id: int, query: WorklistQuery, former: int | None = None) -> int:
    """How many accounts a query finds."""
    return _total(run_id, query, *condition(run_id, query, former))


def _total(run_id: int, query: WorklistQuery, where: str, values: list[Any]) -> int:
    if not query.assigned:
        return _count(where, tuple(values))
    # A run never changes; who works it does.
    if query == WorklistQuery(assigned=query.assigned, sort=query.sort, page=query.page):
        return _worked(run_id, query.assigned)
    return int(_count.__wrapped__(where, tuple(values)))


def _worked(run_id: int, name: str) -> int:
    """How many accounts somebody works, or nobody does; counted without the plan's many rows."""
    given = Assignment.objects.filter(run_id=run_id)
    if name == NOBODY:
        return int(Run.objects.values_list("accounts", flat=True).get(pk=run_id)) - given.count()
    return given.filter(person__username=name).count()


@lru_cache(maxsize=10_000)
def _count(where: str, values: tuple[Any, ...]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM desk_planrow AS plan WHERE {where}", values)  # noqa: S608
        return int(cursor.fetchone()[0])


def _row(row: dict[str, Any]) -> Mapping[str, Any]:
    return row | {"was": json.loads(row["was"]) if row["was"] else None}


def condition(run_id: int, query: WorklistQuery, former: int | None) -> tuple[str, list[Any]]:
    """SQL that is true of the rows `plan` that a query means, and its values."""
    gone = query.change == "gone" and former is not None
    clauses, values = ["plan.run_id = %s"], [former if gone else run_id]

    def add(clause: str, *more: Any) -> None:
        clauses.append(clause)
        values.extend(more)

    if query.bucket:
        add("plan.bucket = %s", query.bucket)
    if query.treatment:
        add("plan.treatment = %s", query.treatment)
    if query.contact:
        add("plan.eligible = %s", query.contact == "allowed")
    if query.rule:
        add("position(%s IN '|' || plan.bars || '|') > 0", f"|{query.rule}|")
    if query.least is not None:
        add("plan.balance_minor >= %s", query.least * 10 ** _exponent(run_id))
    if query.find:
        # Begins with; by an index. A borrower's only whole: else one spells out what is masked.
        words = "(plan.account_id ^@ %s OR plan.borrower_id = %s)"
        add(words, *[query.find] * 2)
    if query.assigned == NOBODY:
        add(f"NOT EXISTS ({_GIVEN})")
    elif query.assigned:
        person = "given.person_id = (SELECT id FROM auth_user WHERE username = %s)"
        add(f"EXISTS ({_GIVEN} AND {person})", query.assigned)
    if query.change and former is None:
        add("FALSE")
    elif gone or query.change == "new":
        here, other = values[0], run_id if gone else former
        few = _only(here, other)
        if few is None:
            add(f"NOT EXISTS (SELECT {_WAS})", other)
        else:
            add("plan.account_id IN (SELECT jsonb_array_elements_text(%s))", few)
    elif query.change:
        sign = "=" if query.change == "same" else "<>"
        add(f"EXISTS (SELECT {_WAS} AND was.treatment {sign} plan.treatment)", former)
    return " AND ".join(clauses), values


@lru_cache(maxsize=100)
def _only(run_id: int, other: int) -> str | None:
    """The accounts of one run that another has not, as JSON; None where they are many.

    Few are found slowly and so remembered, for runs never change; many are soon met on the way.
    """
    words = (
        f"SELECT plan.account_id FROM desk_planrow AS plan WHERE plan.run_id = %s "  # noqa: S608
        f"AND NOT EXISTS (SELECT {_WAS}) LIMIT {FEW + 1}"
    )
    with connection.cursor() as cursor:
        cursor.execute(words, [run_id, other])
        found = [row[0] for row in cursor.fetchall()]
    return json.dumps(found) if len(found) <= FEW else None


def _exponent(run_id: int) -> int:
    return exponent(Run.objects.values_list("currency", flat=True).get(pk=run_id))


def reach(run_id: int, query: WorklistQuery, former: int | None) -> tuple[int, int, int]:
    """How many accounts a query finds, how many of them are called, and how many are barred."""
    where, values = condition(run_id, query, former)
    words = (
        f"SELECT count(*), count(*) FILTER (WHERE {_called(query)}), "  # noqa: S608
        f"count(*) FILTER (WHERE NOT plan.eligible) FROM desk_planrow AS plan WHERE {where}"
    )
    with connection.cursor() as cursor:
        cursor.execute(words, values)
        row: tuple[int, int, int] = cursor.fetchone()
        return row


def _called(query: WorklistQuery) -> str:
    """SQL that is true of whom the plan calls today and nothing bars; of nobody who is gone."""
    return "FALSE" if query.change == "gone" else "plan.eligible AND plan.agent_minutes > 0"


def lives(run_id: int, accounts: Sequence[str]) -> dict[str, tuple[date, date, str | None]]:
    """For each account: its first and last month as a run knew them, and the last's status."""
    words = (
        'SELECT account_id, min("on"), max("on"), (array_agg(status ORDER BY "on" DESC))[1] '
        "FROM desk_historyrow WHERE run_id = %s AND account_id = ANY(%s) GROUP BY account_id"
    )
    with connection.cursor() as cursor:
        cursor.execute(words, [run_id, list(accounts)])
        return {row[0]: tuple(row[1:]) for row in cursor.fetchall()}
