"""The first rows of each file of an upload, personal marks masked, for a person to recognise it."""

import csv
import gzip
import io
from pathlib import Path
from typing import Any

import polars as pl
from python_calamine import CalamineError, CalamineWorkbook

from ruqi.adapters.files.draft import sniff_delimiter, sniff_encoding
from ruqi.services.veil import looks_personal, personal
from ruqi.services.worklist import masked

ROWS = 8
COLUMNS = 60
CELL = 60  # signs of a cell that are shown
HEAD = 1 << 16


def previews(folder: Path) -> list[dict[str, Any]]:
    """For each file or sheet: name, sheet, encoding, delimiter, columns, and first rows."""
    found = []
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        name = path.relative_to(folder).as_posix()
        if path.suffix.lower() in (".yaml",):
            continue
        try:
            found += _previewed(path, name)
        except (OSError, EOFError, ValueError, csv.Error, pl.exceptions.PolarsError, CalamineError):
            found.append({"name": name, "columns": [], "rows": []})  # a check will say what it is
    return found


def _previewed(path: Path, name: str) -> list[dict[str, Any]]:
    kind = path.suffix.lower()
    if kind in (".parquet", ".pq"):
        frame = pl.scan_parquet(path).head(ROWS).collect()
        return [_shown(name, [frame.columns, *(list(row) for row in frame.iter_rows())])]
    if kind == ".xlsx":
        book = CalamineWorkbook.from_path(str(path))
        sheets = []
        for place, sheet in enumerate(book.sheet_names):
            cells: list[list[Any]] = []
            cells += book.get_sheet_by_name(sheet).to_python(nrows=ROWS + 1)
            if cells:
                sheets.append(_shown(name, cells) | {"sheet": sheet if place else None})
        return sheets
    with gzip.open(path) if kind == ".gz" else path.open("rb") as file:
        raw = file.read(HEAD)
    encoding, _ = sniff_encoding(raw, len(raw) < HEAD)
    text = raw.decode(encoding, errors="replace").removeprefix("\ufeff")
    delimiter = sniff_delimiter(text)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows = [row for row, _ in zip((one for one in lines if one), range(ROWS + 1), strict=False)]
    return [_shown(name, rows) | {"encoding": encoding, "delimiter": delimiter}]


def _shown(name: str, rows: list[list[Any]]) -> dict[str, Any]:
    header = [str(cell).strip() for cell in rows[0]] if rows else []
    hidden = [personal(title) for title in header]
    return {
        "name": name,
        "columns": header,
        "rows": [
            [_cell(cell, place < len(hidden) and hidden[place]) for place, cell in enumerate(row)][
                :COLUMNS
            ]
            for row in rows[1:]
        ],
    }


def _cell(cell: Any, hidden: bool) -> str:
    text = "" if cell is None else str(cell)
    if text and (hidden or looks_personal(text.strip())):
        return masked(text)
    return text if len(text) <= CELL else f"{text[: CELL - 1]}…"
