"""Rows that name an account or a borrower whom no account of the book knows: they say nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ruqi.tape.block import Ints
from ruqi.tape.columns import Tape

if TYPE_CHECKING:  # what only reads a tape in memory need not load the compiler of ids
    from ruqi.tape.ids import Ids

NAMED = {
    "borrowers": "borrower_id",
    "payments": "account_id",
    "contacts": "borrower_id",
    "outcomes": "account_id",
}


@dataclass(frozen=True)
class Unmatched:
    """Rows of a table that match nothing, of all its rows with an id; the first such id by text."""

    table: str
    count: int
    rows: int
    example: str


@dataclass
class _Seen:
    """Rows of one table with an id, and how many rows each id has that was new after `known`."""

    rows: int = 0
    known: int = 0
    late: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))


class Matching:
    """Counts rows by id while a book comes in: accounts first, performance before payments."""

    def __init__(self, accounts: "Ids", borrowers: "Ids") -> None:
        self._ids = {"account_id": accounts, "borrower_id": borrowers}
        self._known = {"account_id": 0, "borrower_id": 0}
        self._seen: dict[str, _Seen] = {}

    @property
    def accounts(self) -> int:
        """How many accounts the book has: their numbers lie below."""
        return self._known["account_id"]

    def take(self, table: str, columns: Mapping[str, NDArray[Any]]) -> None:
        """The rows of one block, their ids as numbers (-1: none)."""
        if table in ("accounts", "performance"):
            self._known = {name: ids.count for name, ids in self._ids.items()}
            return
        numbers = columns.get(NAMED[table])
        if numbers is None:
            return
        seen = self._seen.setdefault(table, _Seen(known=self._known[NAMED[table]]))
        seen.rows += int(np.count_nonzero(numbers >= 0))
        late = np.bincount(numbers[numbers >= seen.known] - seen.known, minlength=len(seen.late))
        late[: len(seen.late)] += seen.late
        seen.late = late

    def found(self, unnamed: Callable[[], pl.Series]) -> list[Unmatched]:
        """What matches nothing, by table; `unnamed` gives the accounts that name no borrower.

        Such an account is its own borrower.
        """
        made = []
        for table, seen in self._seen.items():
            if not seen.late.any():
                continue
            ids = self._ids[NAMED[table]]
            texts = ids.texts(seen.known, seen.known + len(seen.late))
            frame = pl.DataFrame({"id": texts, "rows": seen.late}).filter(pl.col("rows") > 0)
            if NAMED[table] == "borrower_id":
                frame = frame.filter(~pl.col("id").is_in(unnamed().implode()))
            made += _told(table, frame, seen.rows)
        return made


def unmatched(tape: Tape) -> list[Unmatched]:
    """The same of a book in memory."""
    made = []
    for table, column in NAMED.items():
        frame: pl.DataFrame | None = getattr(tape, table)
        if frame is None:
            continue
        named = frame.select(id=column).drop_nulls()
        known = tape.accounts[column].implode()
        lost = named.filter(~pl.col("id").is_in(known)).group_by("id").agg(rows=pl.len())
        made += _told(table, lost, named.height)
    return made


def _told(table: str, lost: pl.DataFrame, rows: int) -> list[Unmatched]:
    if lost.is_empty():
        return []
    return [Unmatched(table, int(lost["rows"].sum()), rows, min(lost["id"].to_list()))]
