import io
import zipfile

import pytest
import xlsxwriter

from ruqi.adapters.files.workbook import Grid, NoWorkbook, column_of, size_of

MOST, CELLS = 64 << 20, 10_000


def made(tmp_path, sheet, name="xl/worksheets/sheet1.xml"):
    """A workbook with this XML as one of its parts."""
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr("xl/workbook.xml", "<workbook/>")
        packed.writestr(name, sheet)
    return path


def with_cells(*places):
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    for row, column in places:
        sheet.write(row, column, 1)
    book.close()
    return out.getvalue()


def test_a_sheet_spans_from_the_first_to_the_last_cell(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(with_cells((0, 0), (9, 27)))
    size, cells = size_of(path, MOST, CELLS)
    assert cells == 280
    assert size > 1000


@pytest.mark.parametrize(
    "sheet",
    [
        '<s><row r="1"><c r="A1"/></row><row r="1000"><c r="XFD1000"/></row></s>',
        "<s><row r='1000'><c r='A1'/><c r='AZ1'/></row></s>",
        '<x:s xmlns:x="y"><x:row r = "1000"><x:c r="&#65;&#90;1"/></x:row></x:s>',
        '<s><row><c r="AZ1000"/></row></s>',
        f"<s>{'<row/>' * 200}<row>{'<c/>' * 60}</row></s>",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_cells_far_apart_are_counted_however_they_are_written(tmp_path, sheet, encoding):
    raw = f'<?xml version="1.0" encoding="{encoding}"?>{sheet}'.encode(encoding)
    assert size_of(made(tmp_path, raw, "xl/anything.bin"), MOST, CELLS)[1] > CELLS


@pytest.mark.parametrize(
    "sheet",
    [
        '<!DOCTYPE s SYSTEM "file:///etc/passwd"><s/>',
        '<!DOCTYPE s [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><s>&b;</s>',
        "<s><row></s>",
        '<s><row r="many"/></s>',
        '<s><row r="1"><c r="1"/></row></s>',
        '<s><row r="1"><c r="A1A1048576"/></row></s>',
    ],
)
def test_entities_and_what_is_no_xml_are_no_workbook(tmp_path, sheet):
    with pytest.raises(NoWorkbook):
        size_of(made(tmp_path, sheet), MOST, CELLS)


def test_counting_ends_where_it_is_too_much(tmp_path):
    size, _ = size_of(made(tmp_path, "<s>" + " " * (8 << 20)), 1 << 20, CELLS)
    assert 1 << 20 < size < 4 << 20


def test_columns_are_letters():
    assert [column_of(one) for one in ("A", "Z", "ab", "XFD")] == [1, 26, 28, 16384]
    for none in ("", "ÄB", "ABCD"):
        with pytest.raises(ValueError, match=none or "^$"):
            column_of(none)
    assert Grid().cells == 0


def test_blanks_before_it_hide_no_sheet():
    grid = Grid()
    for part in (b"", b" " * 1000, b"\n", b'<s><row r="70"><c r="B7', b'0"/></row></s>'):
        grid.read(part)
    assert grid.cells == 140
