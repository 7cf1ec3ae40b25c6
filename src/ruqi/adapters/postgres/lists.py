"""Who works which account of a run, and the views of a worklist that people keep."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import Count
from django.utils import timezone

from ruqi.adapters.postgres.models import Assignment
from ruqi.adapters.postgres.shelf import note
from ruqi.adapters.postgres.worklist import condition
from ruqi.services.access import Role
from ruqi.services.worklist import ME, NOBODY, Load, Work, WorklistQuery

__all__ = ["alone", "collectors", "counts", "give", "loads", "newest", "note", "opens", "work"]


def collectors() -> list[str]:
    """Names of those who may be given accounts."""
    found = User.objects.filter(groups__name=Role.COLLECTOR, is_active=True)
    return [
        *found.exclude(username__in=(ME, NOBODY))
        .order_by("username")
        .values_list("username", flat=True)
    ]


def work(
    run_id: int, query: WorklistQuery, former: int | None, accounts: Sequence[str] | None
) -> list[Work]:
    """The accounts that a query finds, all of them or those named, by account."""
    where, values = condition(run_id, query, former)
    if accounts is not None:
        where, values = f"{where} AND plan.account_id = ANY(%s)", [*values, list(accounts)]
    words = (
        "SELECT plan.account_id, plan.borrower_id, COALESCE(plan.agent_minutes, 0), "  # noqa: S608
        "COALESCE(plan.balance_minor, 0), who.username FROM desk_planrow AS plan "
        "LEFT JOIN desk_assignment AS given USING (run_id, account_id) "
        "LEFT JOIN auth_user AS who ON who.id = given.person_id "
        f"WHERE {where} ORDER BY plan.account_id"
    )
    with connection.cursor() as cursor:
        cursor.execute(words, values)
        return [Work(*row) for row in cursor.fetchall()]


def loads(run_id: int) -> dict[str | None, Load]:
    """What each person has of a run, by name; None has what nobody works."""
    words = (
        "SELECT who.username, count(*), COALESCE(sum(plan.agent_minutes), 0)::bigint, "
        "COALESCE(sum(plan.balance_minor), 0)::bigint FROM desk_planrow AS plan "
        "LEFT JOIN desk_assignment AS given USING (run_id, account_id) "
        "LEFT JOIN auth_user AS who ON who.id = given.person_id "
        "WHERE plan.run_id = %s GROUP BY who.username"
    )
    with connection.cursor() as cursor:
        cursor.execute(words, [run_id])
        return {row[0]: Load(*row[1:]) for row in cursor.fetchall()}


def counts(run_id: int) -> dict[str, int]:
    """How many accounts of a run each person works, by name."""
    found = Assignment.objects.filter(run_id=run_id).values_list("person__username")
    return dict(found.annotate(accounts=Count("account_id")).order_by("person__username"))


@contextmanager
def alone(run_id: int) -> Iterator[None]:
    """A transaction that no other assignment of this run runs beside."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [run_id])
        yield


def give(run_id: int, given: Mapping[str, str | None]) -> None:
    """Let each account be worked by this person; None takes it from whoever has it."""
    taken = [account for account, person in given.items() if person is None]
    kept = {account: person for account, person in given.items() if person is not None}
    words = (
        "INSERT INTO desk_assignment (run_id, account_id, person_id, at) "
        "SELECT %s, given.account_id, auth_user.id, %s "
        "FROM unnest(%s::text[], %s::text[]) AS given (account_id, username) "
        "JOIN auth_user USING (username) ON CONFLICT (run_id, account_id) "
        "DO UPDATE SET person_id = EXCLUDED.person_id, at = EXCLUDED.at"
    )
    with connection.cursor() as cursor:
        free = "DELETE FROM desk_assignment WHERE run_id = %s AND account_id = ANY(%s)"
        cursor.execute(free, [run_id, taken])
        cursor.execute(words, [run_id, timezone.now(), list(kept), list(kept.values())])


def newest(person_id: int) -> int | None:
    """The run loaded last of those in which somebody works any account; None: in none."""
    found = Assignment.objects.filter(person=person_id).order_by("-run__loaded_at", "-run_id")
    return found.values_list("run_id", flat=True).first()


def opens(run_id: int, person_id: int, borrower_id: str) -> bool:
    """Whether somebody works any account of a borrower in this run."""
    words = (
        "SELECT EXISTS (SELECT FROM desk_planrow AS plan "
        "JOIN desk_assignment AS given USING (run_id, account_id) "
        "WHERE plan.run_id = %s AND plan.borrower_id = %s AND given.person_id = %s)"
    )
    with connection.cursor() as cursor:
        cursor.execute(words, [run_id, borrower_id, person_id])
        return bool(cursor.fetchone()[0])
