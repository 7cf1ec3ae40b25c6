"""CSV files as parts of a table: cut at row ends into pieces that are split side by side."""

import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ruqi.adapters.files import csv_kernels as kernels
from ruqi.adapters.files.csv_block import CsvBlock, readable
from ruqi.adapters.files.csv_text import Stream, cut_character, repaired
from ruqi.adapters.files.parts import Piece, Unreadable, cell_counts
from ruqi.tape.block import Spot, Spots
from ruqi.tape.manifest import TableMap

MEND_CELLS = "quote cells that hold the delimiter, or state the table's `delimiter`"
EXCEL_SAYS = re.compile(rb'"?sep=.?"?[\r\n]*', re.IGNORECASE | re.DOTALL)  # a first line
PIECE = 1 << 23  # bytes of a piece
ROW_MAX = 1 << 26  # a row longer than this has lost its closing quote


class CsvPart:
    """One CSV file, in whatever encoding and delimiter, plain or gzipped."""

    dated: frozenset[int] = frozenset()

    def __init__(self, path: Path, table: TableMap, piece: int | None = None) -> None:
        self._stream = Stream(path, table.encoding)
        self._delimiter = ord(table.delimiter)
        self._cuts = self._cut(self._stream.pieces(piece or PIECE))
        self._rest: tuple[bytearray, bool] | None = None
        self.header_spots = Spots()
        self.header: tuple[str, ...] = ()
        self.header_line = 0
        self.first_line = 1
        self._read_header()

    def pieces(self, wanted: frozenset[int]) -> Iterator[Callable[[], Piece]]:
        """Rows in pieces; each is split when it is called."""
        if self._rest is not None:
            data, final = self._rest
            self._rest = None
            yield lambda: self._piece(data, wanted, final)
        for data, final in self._cuts:
            yield lambda data=data, final=final: self._piece(data, wanted, final)  # type: ignore[misc]

    def done(self) -> int:
        """Bytes of the file read so far."""
        return self._stream.done

    # --- cutting --------------------------------------------------------------------------------

    def _cut(self, stream: Iterator[bytes]) -> Iterator[tuple[bytearray, bool]]:
        """Whole rows, and whether they are the file's last."""
        held = bytearray(next(stream, b""))
        for piece in stream:
            end = self._rows_end(held)
            rest = held[end:]
            del held[end:]
            if held:
                yield held, False
            elif len(rest) > ROW_MAX:
                held = rest
                break
            held = rest + piece
        yield held, True

    def _rows_end(self, data: bytearray) -> int:
        """Where the last complete row ends."""
        if b'"' not in data:
            end = data.rfind(b"\n") + 1
            return end or data.rfind(b"\r", 0, len(data) - 1) + 1
        return int(kernels.row_ends(_bytes(data), self._delimiter, False)[1])

    def _read_header(self) -> None:
        line = 1
        for data, final in self._cuts:
            while data:
                end = int(kernels.row_ends(_bytes(data), self._delimiter, final)[0]) or len(data)
                row = data[:end]
                data = data[end:]
                if line == 1 and EXCEL_SAYS.fullmatch(row):  # the manifest says it as well
                    line += 1
                    continue
                names, damaged, lines = self._header_cells(row)
                if names:
                    self._take_header(names, damaged, line)
                    self.first_line = line + lines
                    self._rest = (data, final)
                    return
                line += lines
        raise Unreadable("an empty file", "a header and rows below it", "write the file again")

    def _header_cells(self, row: bytearray) -> tuple[list[str], list[int], int]:
        """The names of a row of cells (none if it is blank), damaged ones, and lines passed."""
        row, damaged = repaired(row)
        # A quoted name may hold the delimiter, so a first pass counts the cells.
        _, counted, lines, _ = _split(row[:], self._delimiter, 0, np.arange(0), False, damaged)
        if not len(counted):
            return [], [], lines
        cells = int(counted[0, 1])
        block, _, lines, _ = _split(row, self._delimiter, -1, np.arange(cells), False, damaged)
        return [block.text(c, 0) for c in range(cells)], [c for c, _ in block.damaged()], lines

    def _take_header(self, names: list[str], damaged: list[int], line: int) -> None:
        self.header = tuple(readable(name) for name in names)
        self.header_line = line
        mend = "state the file's `encoding` in tape.yaml, e.g. gb18030"
        spots = [
            Spot(
                "encoding",
                line,
                column,
                self.header[column],
                None,
                "a header in the stated encoding",
                mend,
            )
            for column in damaged
        ]
        self.header_spots.add("encoding", len(spots), spots)

    # --- splitting ------------------------------------------------------------------------------

    def _piece(self, data: bytearray, wanted: frozenset[int], final: bool) -> Piece:
        cut, size = self._stream.cut if final else None, len(data)
        if final and cut is None and cut_character(data):
            cut = "the file ends inside a character"
        if cut is not None:  # what was cut off is no row
            data = data[: int(kernels.row_ends(_bytes(data), self._delimiter, True)[1])]
        data, damaged = repaired(data)
        cells = len(self.header)
        slots = np.full(cells, -1, dtype=np.int64)
        taken = range(cells) if damaged else sorted(wanted)
        for slot, column in enumerate(taken):
            slots[column] = slot
        block, bad, lines, ending = _split(data, self._delimiter, cells, slots, final, damaged)
        spots = Spots()
        cell_counts(spots, bad, cells, MEND_CELLS)
        if cut is not None:
            _truncated(spots, lines, cut)
        elif ending is not None:
            _truncated(spots, *ending)
        return Piece(block, spots, lines, size if self._stream.plain else 0)


def _bytes(data: bytearray) -> NDArray[np.uint8]:
    return np.frombuffer(data, dtype=np.uint8)


def _split(
    data: bytearray,
    delimiter: int,
    cells: int,
    slots: NDArray[np.int64],
    final: bool,
    damaged: bool,
) -> tuple[CsvBlock, NDArray[np.int64], int, tuple[int, str] | None]:
    """A block, its rows of another number of cells, lines passed, and a bad ending if any."""
    data.append(kernels.LF)
    held = _bytes(data)
    marks = _room("marks", 2 * (len(data) // 8 + 1)).view(np.uint8)
    most = int(kernels.mark(held, delimiter, marks))
    columns = int(slots.max(initial=-1)) + 1
    starts = _room("starts", columns * most).reshape(columns, most)
    ends = _room("ends", columns * most).reshape(columns, most)
    lines = np.empty(most, dtype=np.int64)
    bad = np.empty((most, 2), dtype=np.int64)
    rows, bads, passed, ending, line = kernels.split(
        held, marks, delimiter, slots, cells, final, (starts, ends, lines, bad)
    )
    words = {
        kernels.OPEN_AT_END: "the file ends inside a quoted cell",
        kernels.SHORT_AT_END: "the last row ends early and without a line break",
    }
    block = CsvBlock(
        held, slots.astype(np.int32), starts[:, :rows], ends[:, :rows], lines[:rows], damaged
    )
    return block, bad[:bads].copy(), passed, (line, words[ending]) if ending else None


_ROOMS = threading.local()


def _room(name: str, size: int) -> NDArray[np.int32]:
    """Space that each thread uses again for its next piece; fresh pages cost more than the work."""
    held: NDArray[np.int32] | None = getattr(_ROOMS, name, None)
    if held is None or len(held) < size:
        held = np.empty(size, dtype=np.int32)
        setattr(_ROOMS, name, held)
    return held[:size]


def _truncated(spots: Spots, line: int, found: str) -> None:
    mend = "copy or export the file again; its end is lacking"
    spots.add("truncated", 1, [Spot("truncated", line, -1, None, found, "a whole file", mend)])
