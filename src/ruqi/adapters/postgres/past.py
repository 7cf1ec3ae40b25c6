"""What earlier runs of the same book knew: which they are, what moved since, one account's course.

A book is known by its tape's name; a run is earlier that stands at an earlier day, or at the same
day and was loaded before.
"""

from typing import Any

from django.db import connection

from ruqi.adapters.postgres import shelf
from ruqi.services.compare_runs import earlier_runs
from ruqi.services.held import RunHead

MOST = 24  # earlier runs that are told of one account
_MOVED = """
SELECT before.bucket AS bucket_before, after.bucket AS bucket,
       before.treatment AS treatment_before, after.treatment AS treatment,
       before.account_id IS NULL AS came, after.account_id IS NULL AS gone,
       count(*) AS accounts, sum(coalesce(after.balance_minor, before.balance_minor))::bigint
       AS balance_minor
FROM (SELECT account_id, bucket, treatment, balance_minor FROM desk_planrow WHERE run_id = %s)
     AS before
FULL JOIN (SELECT account_id, bucket, treatment, balance_minor FROM desk_planrow
           WHERE run_id = %s) AS after USING (account_id)
GROUP BY 1, 2, 3, 4, 5, 6
"""
_KNOWN = """
SELECT plan.run_id, run.as_of, run.loaded_at, plan.bucket, plan.bucket_rank, plan.balance_minor,
       plan.probability, plan.treatment, plan.eligible, plan.bars, plan.reason_en, plan.reason_zh,
       plan.policy_version,
       (SELECT max(value_on) FROM desk_paymentrow AS paid
        WHERE paid.run_id = plan.run_id AND paid.account_id = plan.account_id) AS last_paid,
       (SELECT max(at) FROM desk_contactrow AS had
        WHERE had.run_id = plan.run_id AND had.borrower_id = plan.borrower_id) AS last_contact
FROM desk_planrow AS plan JOIN desk_run AS run ON run.id = plan.run_id
WHERE plan.run_id = ANY(%s) AND plan.account_id = %s ORDER BY run.as_of DESC, run.id DESC
"""


def earlier(run_id: int) -> list[RunHead]:
    """Runs of the same book that stand before this one, the latest first; none for a stranger."""
    return earlier_runs(run_id, shelf.runs())


def moved(before: int, after: int) -> list[dict[str, Any]]:
    """How many accounts stood where in two runs' plans, by bucket and treatment of both.

    `came` accounts are only in the later plan, `gone` ones only in the earlier.
    """
    return _rows(_MOVED, [before, after])


def known_of(account_id: str, runs: list[RunHead]) -> list[dict[str, Any]]:
    """What each of these runs' plans held of one account, the latest first."""
    return _rows(_KNOWN, [[one.id for one in runs[:MOST]], account_id])


def _rows(words: str, values: list[Any]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(words, values)
        return shelf.dicts(cursor)
