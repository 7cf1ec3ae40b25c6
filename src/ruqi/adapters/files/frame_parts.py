"""Parquet files and spreadsheets as parts of a table."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from python_calamine import CalamineError, CalamineWorkbook

from ruqi.adapters.files.frame_block import FrameBlock
from ruqi.adapters.files.parts import Piece, Unreadable, cell_counts
from ruqi.tape.block import Spots
from ruqi.tape.cells import WHITE

ROWS = 1 << 18  # of a piece
MAGIC = b"PAR1"


class ParquetPart:
    """A Parquet file; its lines are its rows, from 1."""

    header_line = 0
    header_spots = Spots()
    first_line = 1

    def __init__(self, path: Path) -> None:
        self.path = path
        _look(path)
        try:
            schema = self._scan().collect_schema()
            self._rows = self._scan().select(pl.len()).collect().item()
        except (pl.exceptions.PolarsError, OSError) as error:
            raise Unreadable(_first(error), "a Parquet file", "write the file again") from error
        self._names = list(schema)
        self.header = tuple(name.strip(WHITE) for name in schema)
        kinds = enumerate(schema.values())
        self.dated = frozenset(i for i, kind in kinds if kind in (pl.Date, pl.Datetime))
        self._done = 0

    def _scan(self) -> pl.LazyFrame:
        return pl.scan_parquet(self.path, glob=False, hive_partitioning=False)

    def pieces(self, wanted: frozenset[int]) -> Iterator[Callable[[], Piece]]:
        """Rows in pieces."""
        for first in range(0, self._rows, ROWS):
            self._done = first
            yield lambda first=first: self._piece(first, wanted)  # type: ignore[misc]

    def _piece(self, first: int, wanted: frozenset[int]) -> Piece:
        columns = [
            pl.col(name) if place in wanted else pl.lit(None).alias(name)
            for place, name in enumerate(self._names)
        ]
        try:
            frame = self._scan().slice(first, ROWS).select(columns).collect()
        except (pl.exceptions.PolarsError, OSError) as error:
            raise Unreadable(_first(error), "a Parquet file", "write the file again") from error
        count = min(ROWS, self._rows - first)
        if frame.height != count:  # no column was wanted
            frame = pl.DataFrame({name: pl.Series([None] * count) for name in self._names})
        return Piece(FrameBlock(frame, np.arange(count, dtype=np.int64)), Spots(), count)

    def done(self) -> int:
        """Bytes read so far, by rows."""
        size = self.path.stat().st_size
        return int(size * self._done / max(self._rows, 1))


def _look(path: Path) -> None:
    """Tell a file that is no Parquet from one that was cut off."""
    with path.open("rb") as file:
        head = file.read(4)
        size = file.seek(0, 2)
        file.seek(max(size - 4, 0))
        tail = file.read(4)
    if head != MAGIC:
        found = "an empty file" if not size else None
        raise Unreadable(found, "a Parquet file", "name the file as what it is, or write it again")
    if tail != MAGIC or size < 12:
        raise Unreadable(
            "no footer at the end", "a whole Parquet file", "copy the file again", "truncated"
        )


class SheetPart:
    """One sheet of a workbook; its lines are the sheet's rows."""

    header_spots = Spots()

    def __init__(self, path: Path, sheet: str | None) -> None:
        self.path = path
        rows = _sheet_rows(path, sheet)
        top = next((i for i, row in enumerate(rows) if not _blank(row)), None)
        if top is None:
            raise Unreadable("an empty sheet", "a header", "name the sheet with `sheet`")
        width = _width(rows[top])
        self.header = tuple(_text(cell) or "" for cell in rows[top][:width])
        self.header_line = top + 1
        self.first_line = top + 2
        self._rows = rows[top + 1 :]
        self.dated = frozenset(i for i in range(width) if _is_dated(self._rows, i))

    def pieces(self, _wanted: frozenset[int]) -> Iterator[Callable[[], Piece]]:
        """The sheet as one piece after another."""
        for first in range(0, len(self._rows), ROWS):
            rows = self._rows[first : first + ROWS]
            yield lambda rows=rows: self._piece(rows)  # type: ignore[misc]

    def _piece(self, rows: list[list[Any]]) -> Piece:
        width, spots = len(self.header), Spots()
        found = {i: _width(row) for i, row in enumerate(rows) if not _blank(row)}
        wide = [(i, cells) for i, cells in found.items() if cells > width]
        cell_counts(spots, wide, width, "give the column a header, or clear the cell")
        kept = [i for i, cells in found.items() if cells <= width]
        columns = {
            str(place): pl.Series(
                [_text(rows[i][place]) if place < len(rows[i]) else None for i in kept],
                dtype=pl.String,
            )
            for place in range(len(self.header))
        }
        lines = np.array(kept, dtype=np.int64)
        return Piece(FrameBlock(pl.DataFrame(columns), lines), spots, len(rows))

    def done(self) -> int:
        """All of it is read at once."""
        return self.path.stat().st_size


def _sheet_rows(path: Path, sheet: str | None) -> list[list[Any]]:
    mend = "save the file as .xlsx again"
    try:
        book = CalamineWorkbook.from_path(str(path))
        names = book.sheet_names
        if sheet is not None and sheet not in names:
            raise Unreadable(", ".join(names), f"a sheet {sheet}", "correct `sheet` in tape.yaml")
        if not names:
            raise Unreadable("no sheet", "a workbook with a sheet", mend)
        rows: list[list[Any]] = book.get_sheet_by_name(sheet or names[0]).to_python(
            skip_empty_area=False
        )
    except (CalamineError, OSError, ValueError) as error:
        raise Unreadable(_first(error), "an Excel workbook", mend) from error
    return rows


def _is_dated(rows: list[list[Any]], place: int) -> bool:
    """Whether a column holds dates, and nothing else."""
    cells = [row[place] for row in rows if place < len(row) and row[place] not in ("", None)]
    return bool(cells) and all(isinstance(cell, date) for cell in cells)


def _width(row: list[Any]) -> int:
    """Cells up to the last that is not empty."""
    return max((i + 1 for i, cell in enumerate(row) if cell not in ("", None)), default=0)


def _blank(row: list[Any]) -> bool:
    return all(cell is None or (isinstance(cell, str) and not cell.strip(WHITE)) for cell in row)


def _text(cell: Any) -> str | None:
    """The text of a sheet's cell, as a CSV would hold it."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    return cell.strip(WHITE) if isinstance(cell, str) else str(cell)


def _first(error: Exception) -> str:
    lines = str(error).splitlines() or [type(error).__name__]
    return lines[0][:80]
