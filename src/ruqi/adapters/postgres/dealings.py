"""One account's payments and one borrower's contacts in a run, the newest first, in pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from ruqi.adapters.postgres import shelf

FIRST = 10  # rows shown unasked
PAGE = 100
RECENT = 1000
_PAGE_OF = """
WITH mine AS (SELECT * FROM {table} WHERE run_id = %(run)s AND {owner} = %(id)s),
told AS (SELECT count(*) AS total, {told} FROM mine),
shown AS (SELECT * FROM mine ORDER BY place DESC LIMIT %(rows)s
          OFFSET (SELECT least(%(skip)s, greatest(total - 1, 0) / %(rows)s * %(rows)s) FROM told))
SELECT told.*, shown.* FROM told LEFT JOIN shown ON true ORDER BY shown.place DESC
"""
_PAYMENTS = _PAGE_OF.format(
    table="desk_paymentrow",
    owner="account_id",
    told="min(value_on) AS first, max(value_on) AS last, sum(amount_minor) AS minor",
)
_CONTACTS = _PAGE_OF.format(
    table="desk_contactrow",
    owner="borrower_id",
    told="min(at) AS first, max(at) AS last, NULL AS minor",
)
_RECENT = """
SELECT * FROM desk_contactrow WHERE run_id = %s AND borrower_id = %s AND at >= %s AND at < %s
ORDER BY place DESC LIMIT %s
"""


@dataclass(frozen=True)
class Dealt:
    """Some rows, and of all of them how many there are, the first and last, and their sum.

    `page` is None where only the newest few were asked for.
    """

    rows: Sequence[Mapping[str, Any]]
    total: int
    first: Any
    last: Any
    minor: int | None
    page: int | None

    @property
    def pages(self) -> int:
        """How many pages all rows take."""
        return max(-(-self.total // PAGE), 1)


def payments(run_id: int, account_id: str, page: int | None = None) -> Dealt:
    """An account's payments: the newest few, or a page of all. A page too far is the last one."""
    return _dealt(_PAYMENTS, run_id, account_id, page)


def contacts(run_id: int, borrower_id: str, page: int | None = None) -> Dealt:
    """A borrower's contacts, as `payments` are given."""
    return _dealt(_CONTACTS, run_id, borrower_id, page)


def contacts_between(
    run_id: int, borrower_id: str, since: datetime, until: datetime
) -> list[dict[str, Any]]:
    """A borrower's contacts of a stretch of time, the newest first, at most `RECENT`."""
    with connection.cursor() as cursor:
        cursor.execute(_RECENT, [run_id, borrower_id, since, until, RECENT])
        return shelf.dicts(cursor)


def _dealt(words: str, run_id: int, owner: str, page: int | None) -> Dealt:
    rows = FIRST if page is None else PAGE
    skip = 0 if page is None else (page - 1) * PAGE
    with connection.cursor() as cursor:
        cursor.execute(words, {"run": run_id, "id": owner, "rows": rows, "skip": skip})
        found = shelf.dicts(cursor)
    told = found[0]
    total = int(told["total"])
    at = None if page is None else min(page, max(-(-total // PAGE), 1))
    minor = None if told["minor"] is None else int(told["minor"])
    shown = [row for row in found if row["place"] is not None]
    return Dealt(shown, total, told["first"], told["last"], minor, at)
