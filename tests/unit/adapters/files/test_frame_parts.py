from datetime import date, datetime

import polars as pl
import pytest
import xlsxwriter

from ruqi.adapters.files import frame_parts
from ruqi.adapters.files.frame_parts import ParquetPart, SheetPart
from ruqi.adapters.files.parts import Unreadable


def read(part):
    """Header, and rows by line."""
    rows, line, width = [], part.first_line, range(len(part.header))
    for split in part.pieces(frozenset(width)):
        piece = split()
        for row, at in enumerate(piece.block.lines.tolist()):
            rows.append((line + at, [piece.block.text(c, row) for c in width]))
        line += piece.lines
    return part.header, rows


def test_parquet_rows_count_from_one(tmp_path, monkeypatch):
    monkeypatch.setattr(frame_parts, "ROWS", 2)
    frame = pl.DataFrame({" a ": [1, 2, 3], "b": [date(2024, 1, 1), None, None]})
    frame.write_parquet(tmp_path / "x.parquet")
    header, rows = read(ParquetPart(tmp_path / "x.parquet"))
    assert header == ("a", "b")
    assert rows == [(1, ["1", "2024-01-01"]), (2, ["2", ""]), (3, ["3", ""])]


def test_parquet_reads_only_what_is_wanted(tmp_path):
    pl.DataFrame({"a": [1, 2], "b": ["x", "y"]}).write_parquet(tmp_path / "x.parquet")
    part = ParquetPart(tmp_path / "x.parquet")
    for wanted, texts in (({1}, ["", "x"]), (set(), ["", ""])):
        (split,) = part.pieces(frozenset(wanted))
        assert [split().block.text(c, 0) for c in range(2)] == texts


def test_what_is_no_parquet(tmp_path):
    path = tmp_path / "x.parquet"
    pl.DataFrame({"a": [1]}).write_parquet(path)
    whole = path.read_bytes()
    garbled = whole[:4] + bytes(len(whole) - 8) + whole[-4:]
    for content, kind in (
        (b"", "unreadable"),
        (b"id,on\n", "unreadable"),
        (b"PAR1", "truncated"),
        (whole[:-1], "truncated"),
        (garbled, "unreadable"),
    ):
        path.write_bytes(content)
        with pytest.raises(Unreadable) as refused:
            read(ParquetPart(path))
        assert refused.value.kind == kind, content


@pytest.fixture
def workbook(tmp_path):
    path = tmp_path / "x.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("empty")
        sheet = book.add_worksheet("rows")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(2, 0, [" id ", "on", "n", "flag"])
        sheet.write_row(3, 0, ["a", "2024-01", 20000.0, True])
        sheet.write_row(5, 0, [7, "", 1.5])
        sheet.write_datetime(5, 1, datetime(2024, 3, 5), day)
    return path


def test_sheet_lines_are_the_sheets_rows(workbook):
    part = SheetPart(workbook, "rows")
    assert part.header_line == 3
    header, rows = read(part)
    assert header == ("id", "on", "n", "flag")
    assert rows == [(4, ["a", "2024-01", "20000", "true"]), (6, ["7", "2024-03-05", "1.5", ""])]


@pytest.mark.parametrize("sheet", [None, "empty", "other"])
def test_sheets_without_rows(workbook, sheet):
    with pytest.raises(Unreadable):
        SheetPart(workbook, sheet)


def test_what_is_no_workbook(tmp_path):
    for content in (b"", b"PK no", b"id,on\n"):
        (tmp_path / "x.xlsx").write_bytes(content)
        with pytest.raises(Unreadable):
            SheetPart(tmp_path / "x.xlsx", None)
