"""CSV files as parts of a table."""

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import polars as pl

from ruqi.adapters.files.frame_block import FrameBlock
from ruqi.adapters.files.parts import Piece, Unreadable
from ruqi.tape.block import Spots
from ruqi.tape.cells import WHITE
from ruqi.tape.manifest import TableMap


class CsvPart:
    """One CSV file, in whatever encoding and delimiter."""

    header_line = 1
    header_spots = Spots()
    first_line = 2

    def __init__(self, path: Path, table: TableMap) -> None:
        text = path.read_bytes().decode(table.encoding).removeprefix("\ufeff")
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=table.delimiter)
        self.header = tuple(cell.strip(WHITE) for cell in next(rows, ()))
        if not self.header:
            raise Unreadable("an empty file", "a header", "write the file again")
        self._rows = [(rows.line_num, row) for row in rows if row]
        self._size = len(text)

    def pieces(self, wanted: frozenset[int]) -> Iterator[Callable[[], Piece]]:
        """The file as one piece."""
        lines = np.array([line - 2 for line, _ in self._rows], dtype=np.int64)
        columns = {str(i): [row[i] for _, row in self._rows] for i in range(len(self.header))}
        frame = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
        yield lambda: Piece(FrameBlock(frame, lines), Spots(), len(self._rows))

    def done(self) -> int:
        """All of it is read at once."""
        return self._size
