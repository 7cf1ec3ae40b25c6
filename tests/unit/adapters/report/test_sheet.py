"""Tables open in Chinese Excel and run nothing."""

import csv
import io
import zipfile
from datetime import date

import polars as pl
import pytest

from report_view import plan_frame
from ruqi.adapters.report.sheet import safe, to_csv, to_xlsx


def read(data):
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_it_begins_with_a_byte_order_mark_and_ends_lines_with_crlf():
    data = to_csv(plan_frame())
    assert data.startswith(b"\xef\xbb\xbfaccount_id,")
    assert data.count(b"\r\n") == data.count(b"\n") == 7
    assert "人工致电价值最高。" in data.decode("utf-8-sig")


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"])
def test_text_that_begins_like_a_formula_is_neutralised(sign):
    cell = f'{sign}HYPERLINK("x")'
    assert read(to_csv(pl.DataFrame({"a": [cell]})))[1] == ["'" + cell]


@pytest.mark.parametrize("cell", ["-12", "-12.50", "12", "a=b", "", " x", "M1 (1-30 days)"])
def test_harmless_text_stays_as_it_is(cell):
    assert safe(cell) == cell


@pytest.mark.parametrize("cell", ["-", "-a", "-1+1", "--1", "-1\n", "-1e5|cmd", "\n=1", "  =1"])
def test_almost_numbers_are_text(cell):
    assert safe(cell) == "'" + cell


def test_numbers_stay_numbers():
    frame = pl.DataFrame({"a": [-1234], "b": [-0.5], "c": [True], "d": [date(2024, 1, 31)]})
    assert read(to_csv(frame))[1] == ["-1234", "-0.5", "true", "2024-01-31"]


def test_missing_is_empty_and_lists_are_joined():
    frame = pl.DataFrame({"a": [None], "b": [["x", "y"]]}, schema_overrides={"a": pl.String})
    assert read(to_csv(frame))[1] == ["", "x|y"]


def test_headers_are_neutralised_too():
    assert read(to_csv(pl.DataFrame({"=a": [1]})))[0] == ["'=a"]


def test_cells_with_commas_quotes_and_breaks_come_back_whole():
    cell = 'a,"b"\r\nc'
    assert read(to_csv(pl.DataFrame({"a": [cell]})))[1] == [cell]


def test_equal_frames_give_equal_bytes():
    assert to_csv(plan_frame()) == to_csv(plan_frame())


def test_a_workbook_holds_texts_and_numbers_and_a_second_sheet_of_lines():
    content = to_xlsx("A long title that no sheet of Excel may have", ["a", "b"], [["=1", 2.5]])
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet
        assert "<v>2.5</v>" in sheet
        assert not any("sheet2" in name for name in book.namelist())
    content = to_xlsx("list", ["a"], [], [["book", "=1"]], "about")
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        assert "<f>" not in book.read("xl/worksheets/sheet2.xml").decode()
