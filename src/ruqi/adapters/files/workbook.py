"""How large a workbook really is, whatever its headers say: bytes unpacked, and cells of a sheet.

A reader of sheets makes room for every cell between the first and the last one, so two cells far
apart are a bomb of their own. Sources: ECMA-376 part 1 §18.3.1 (rows and cells of a sheet).
"""

import re
import zlib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from string import digits
from typing import Any
from xml.parsers.expat import ExpatError, ParserCreate
from zipfile import BadZipFile, ZipFile, ZipInfo

CHUNK = 1 << 20
NEEDED = {"[Content_Types].xml", "xl/workbook.xml"}
MARKS = (b"<", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\0<", b"<\0")


class NoWorkbook(Exception):
    """The file is no workbook that may be read."""


def size_of(path: Path, most: int, most_cells: int) -> tuple[int, int]:
    """Bytes that a workbook unpacks to, and the most cells that one of its sheets spans.

    Counting stops beyond `most` and `most_cells`. Raises NoWorkbook.
    """
    size, cells = 0, 0
    try:
        with ZipFile(path) as packed:
            entries = packed.infolist()
            if not {entry.filename for entry in entries} >= NEEDED:
                raise NoWorkbook
            for entry in entries:
                more, spanned = _entry(packed, entry, most - size, most_cells)
                size, cells = size + more, max(cells, spanned)
                if size > most or cells > most_cells:
                    break
    except (BadZipFile, zlib.error, NotImplementedError, ExpatError, ValueError) as error:
        raise NoWorkbook from error
    return size, cells


def _entry(packed: ZipFile, entry: ZipInfo, most: int, most_cells: int) -> tuple[int, int]:
    size, grid = 0, Grid()
    for part in unpacked(packed, entry):
        size += len(part)
        grid.read(part)
        if size > most or grid.cells > most_cells:
            break
    return size, grid.cells


class Grid:
    """The span of the cells of one sheet's XML, read part by part; no XML has none."""

    def __init__(self) -> None:
        self.row = self.column = self.rows = self.columns = 0
        self.parser: Any = None
        self.begun = False

    @property
    def cells(self) -> int:
        """Rows up to the last one times columns up to the last one."""
        return self.rows * self.columns

    def read(self, part: bytes) -> None:
        """Take in some bytes. Raises ExpatError: it is no XML; NoWorkbook: it has a DTD."""
        if not self.begun:
            part = part.lstrip()
            self.begun = bool(part)
            if part.startswith(MARKS):
                self.parser = ParserCreate()
                self.parser.StartElementHandler = self._element
                self.parser.StartDoctypeDeclHandler = _no_doctype
        if self.parser is not None:
            self.parser.Parse(part, False)

    def _element(self, name: str, given: dict[str, str]) -> None:
        """Count one element; there may be millions, so what is no row or cell ends at once."""
        if name == "c" or name.endswith(":c"):
            place = given.get("r")
            if not place:
                self.column += 1
            else:
                letters = place.rstrip(digits)
                self.column = column_of(letters)
                self.row = int(place[len(letters) :] or self.row)
            self.columns = max(self.columns, self.column)
            self.rows = max(self.rows, self.row)
        elif name == "row" or name.endswith(":row"):
            self.row = int(given.get("r") or self.row + 1)
            self.column = 0
            self.rows = max(self.rows, self.row)


@lru_cache(maxsize=1 << 15)
def column_of(letters: str) -> int:
    """The number of a column: 1 of `A`, 28 of `AB`. Raises ValueError: it has no such name."""
    if not re.fullmatch("[A-Za-z]{1,3}", letters):
        raise ValueError(letters)
    number = 0
    for sign in letters.upper():
        number = number * 26 + ord(sign) - 64
    return number


def _no_doctype(*_: object) -> None:
    raise NoWorkbook  # entities, outside ones too, have no place in a workbook


def unpacked(packed: ZipFile, entry: ZipInfo) -> Iterator[bytes]:
    """The bytes of an entry, part by part, whatever its header says of their number."""
    source = packed.fp
    assert source is not None
    source.seek(entry.header_offset + 26)
    lengths = source.read(4)
    source.seek(int.from_bytes(lengths[:2], "little") + int.from_bytes(lengths[2:], "little"), 1)
    left = entry.compress_size
    if entry.compress_type not in (0, 8):
        raise NotImplementedError(entry.compress_type)
    engine = zlib.decompressobj(-15) if entry.compress_type else None
    while left > 0 and (engine is None or not engine.eof):
        raw = source.read(min(CHUNK, left))
        left -= len(raw)
        if not raw:
            return
        if engine is None:
            yield raw
        while raw and engine is not None:
            yield engine.decompress(raw, CHUNK)
            raw = engine.unconsumed_tail
