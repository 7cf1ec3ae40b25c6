"""Some rows of one file, whichever format they came in, as the judge of a tape reads them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ruqi.tape.cells import AmountRule
from ruqi.tape.faults import PLACES_KEPT

Ints = NDArray[np.int64]
NO_DAY = -(2**31)  # of int32 days and whole numbers
NO_AMOUNT = -(2**63)  # of int64 amounts and instants
DAMAGE = 0x10FF00  # a byte that does not decode stands in a text as this plus its value
GOOD, EMPTY, CLOSER = 0, 1, 2  # states of a number's cell; CLOSER: read it by the rule


@dataclass(frozen=True)
class Words:
    """A column of texts: `ids[row]` indexes `texts`; -1 is an empty or faulty cell."""

    ids: NDArray[np.int32]
    texts: Sequence[str]


@dataclass(frozen=True)
class Keys:
    """A column of ids: the text of row i is `blob[offsets[i]:offsets[i + 1]]`, in UTF-8, trimmed.

    An empty cell has no bytes.
    """

    blob: NDArray[np.uint8]
    offsets: Ints


Cells = Words | Keys | NDArray[Any]


class Block(Protocol):
    """Rows with the right number of cells, in file order. Columns go by their place in the file."""

    @property
    def lines(self) -> Ints:
        """The physical line on which each row starts, counted from the block's first line."""
        ...

    def words(self, column: int) -> Words:
        """Trimmed texts with their distinct values; -1 where the cell is empty."""
        ...

    def keys(self, column: int) -> Keys:
        """Trimmed texts of ids."""
        ...

    def amounts(self, column: int, rule: AmountRule) -> tuple[Ints, NDArray[np.uint8]]:
        """Minor units, and the state of each cell (GOOD, EMPTY, CLOSER).

        May leave any cell to a closer look, and may read into minor units only what the rule
        `cells.amount` reads the same way.
        """
        ...

    def text(self, column: int, row: int) -> str:
        """One trimmed cell."""
        ...

    def series(self, column: int) -> pl.Series:
        """Trimmed texts as Polars strings; null where empty."""
        ...

    def damaged(self) -> list[tuple[int, Ints]]:
        """Columns (by place) with the rows whose bytes do not decode."""
        ...


@dataclass(frozen=True)
class Spot:
    """One faulty place of a file. `place` is the column's place in the file, for order."""

    kind: str
    line: int
    place: int
    column: str | None
    found: str | None
    expected: str
    mend: str


@dataclass
class Spots:
    """Faults of one stretch of a file: exact counts, and the first places of each kind.

    `by_column` holds for each kind and column how many there are, and the earliest.
    """

    counts: dict[str, int] = field(default_factory=dict)
    first: dict[str, list[Spot]] = field(default_factory=dict)
    by_column: dict[tuple[str, str | None], tuple[int, Spot]] = field(default_factory=dict)

    def add(self, kind: str, count: int, spots: Sequence[Spot]) -> None:
        """Count `count` faults of one kind; `spots` are the first of them by line.

        Where there are more than `spots`, all are of one column.
        """
        if not count:
            return
        self._keep(kind, count, spots)
        for spot in spots:
            self._count(spot, 1)
        self._count(spots[0], count - len(spots))

    def merge(self, other: "Spots", below: int) -> None:
        """Take in the faults of a stretch that begins `below` lines further down."""
        for kind, count in other.counts.items():
            self._keep(kind, count, [_moved(spot, below) for spot in other.first[kind]])
        for count, spot in other.by_column.values():
            self._count(_moved(spot, below), count)

    def _keep(self, kind: str, count: int, spots: Sequence[Spot]) -> None:
        self.counts[kind] = self.counts.get(kind, 0) + count
        held = self.first.setdefault(kind, [])
        held.extend(spots)
        held.sort(key=lambda spot: (spot.line, spot.place))
        del held[PLACES_KEPT:]

    def _count(self, spot: Spot, count: int) -> None:
        before, earliest = self.by_column.get((spot.kind, spot.column), (0, spot))
        earliest = spot if spot.line < earliest.line else earliest
        self.by_column[spot.kind, spot.column] = before + count, earliest


def _moved(spot: Spot, below: int) -> Spot:
    return replace(spot, line=spot.line + below)
