"""The files of a table, whatever their format: each a header and pieces that become blocks."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ruqi.tape.block import Block, Spot, Spots
from ruqi.tape.faults import PLACES_KEPT


class Unreadable(Exception):
    """A file that cannot be read at all; says what was found, expected and how to mend it."""

    def __init__(self, found: str | None, expected: str, mend: str, kind: str = "unreadable"):
        super().__init__(expected)
        self.found, self.expected, self.mend, self.kind = found, expected, mend, kind


@dataclass(frozen=True)
class Piece:
    """A stretch of a file, split into rows. Lines in it count from its own first line, 0."""

    block: Block
    spots: Spots  # rows that are no rows: wrong number of cells, cut off
    lines: int  # physical lines that it covers
    size: int = 0  # bytes of the file that it covers, where that is known


def cell_counts(
    spots: Spots, bad: Sequence[Sequence[int]] | NDArray[np.int64], cells: int, mend: str
) -> None:
    """Fault rows of another number of cells; `bad` are (line, cells found)."""
    first = [
        Spot("cell_count", int(line), -1, None, f"{found} cells", f"{cells} cells", mend)
        for line, found in bad[:PLACES_KEPT]
    ]
    spots.add("cell_count", len(bad), first)


class Part(Protocol):
    """One opened file."""

    @property
    def header(self) -> tuple[str, ...]:
        """The file's column names, trimmed."""
        ...

    @property
    def header_line(self) -> int:
        """The physical line of the header."""
        ...

    @property
    def dated(self) -> frozenset[int]:
        """Places of columns whose cells are dates by their type."""
        ...

    @property
    def header_spots(self) -> Spots:
        """Faults of the header itself."""
        ...

    @property
    def first_line(self) -> int:
        """The physical line on which the first piece starts."""
        ...

    def pieces(self, wanted: frozenset[int]) -> Iterator[Callable[[], Piece]]:
        """The rest of the file in order; calling an item splits it, in any thread.

        A piece's block may be read until the same thread splits the next.
        `wanted` are the places of the columns that will be read.
        """
        ...

    def done(self) -> int:
        """Bytes read so far."""
        ...


def matched(folder: Path, patterns: tuple[str, ...]) -> Iterator[tuple[str, Path | None]]:
    """Each file of a table, by name and once: its path relative to the tape, and where it lies.

    None where a pattern matches no file.
    """
    found: dict[str, Path | None] = {}
    for pattern in patterns:
        literal = folder / pattern
        if literal.is_file():
            found[pattern.replace("\\", "/").removeprefix("./")] = literal
            continue
        hits = [p for p in _glob(folder, pattern) if p.is_file()]
        for hit in hits:
            found[hit.relative_to(folder).as_posix()] = hit
        if not hits:
            found[pattern] = None
    yield from sorted(found.items())


def _glob(folder: Path, pattern: str) -> list[Path]:
    if not any(mark in pattern for mark in "*?["):
        return []
    try:
        return sorted(folder.glob(pattern))
    except (ValueError, NotImplementedError):
        return []
