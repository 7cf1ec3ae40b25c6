"""What strangers' files once did to the reader; each case keeps its file."""

import datetime as dt

import polars as pl
import pytest
import xlsxwriter

from ruqi.adapters.files.tape_source import check, read

BASE = """\
tape: t
currency: CNY
tables:
  performance:
    path: p.csv
    columns: {account_id: id, on: on, dpd_days: dpd, balance: bal}
"""
ROW = b"id,on,dpd,bal\na,2024-01,0,1\n"
TYPED = pl.DataFrame({"id": ["a"], "on": [dt.date(2024, 1, 31)], "dpd": [0], "bal": [1.5]})
FORMAT = BASE.replace("on: on", 'on: {from: on, format: "%Y%m%d"}')


@pytest.fixture
def tape(tmp_path):
    def make(manifest, content=ROW, name="p.csv"):
        (tmp_path / name).write_bytes(content)
        (tmp_path / "tape.yaml").write_text(manifest.replace("p.csv", f'"{name}"'))
        return tmp_path

    return make


def counts(folder):
    return check(folder).faults.counts


def places(folder):
    return [(p.kind, p.line, p.column) for p in check(folder).faults.places]


def test_bytes_that_do_not_decode_are_told_in_every_encoding(tape):
    content = b"id,on,dpd,bal\nf\xff,2024-01,0,1\nb,2024-01,0,\xff5\nc,2024-01,0,1\n"
    manifest = BASE.replace("path: p.csv", "path: p.csv\n    encoding: gb18030")
    assert places(tape(manifest, content)) == [("encoding", 2, "id"), ("encoding", 3, "bal")]


def test_a_header_may_hold_the_delimiter_in_quotes(tape):
    assert counts(tape(BASE, b'id,on,dpd,bal,"note, free"\na,2024-01,0,1,z\n')) == {}


def test_a_wide_month_with_only_a_status_is_a_row(tape):
    manifest = """\
tape: t
currency: CNY
tables:
  performance:
    path: p.csv
    columns: {account_id: id}
    months: {2024-01: {dpd_days: a, status: s}, 2024-02: {dpd_days: c, status: t}}
"""
    folder = tape(manifest, b"id,a,s,c,t\nx,0,open,,charged_off\nz,5,open,6,open\ny,0,,,\n")
    book, _ = read(folder)
    assert book.performance.select("account_id", "month", "status").rows() == [
        ("x", 24288, "open"),
        ("x", 24289, "charged_off"),
        ("y", 24288, "open"),
        ("z", 24288, "open"),
        ("z", 24289, "open"),
    ]


def test_a_manifest_fault_is_not_told_twice_as_an_empty_file(tape):
    assert counts(tape(BASE.replace("on: on", "onn: on"))) == {"manifest": 1}


def test_a_book_without_any_currency_is_a_fault(tape):
    manifest = BASE.replace("currency: CNY\n", "").replace("bal}", "bal, currency: cur}")
    assert counts(tape(manifest, b"id,on,dpd,bal,cur\na,2024-01,0,1,\n")) == {"manifest": 1}


def test_a_key_that_stands_three_times_has_three_lines(tape):
    folder = tape(BASE + "notes: {a: b}\n" * 3)
    twice = [p.line for p in check(folder).faults.places if p.found == "notes"]
    assert twice == [8, 9]


def test_a_manifest_nested_without_end_is_a_fault(tape):
    assert counts(tape(BASE + "notes: " + "[" * 3000 + "\n")) == {"manifest": 1}


def test_cells_that_are_dates_need_no_format(tape, tmp_path):
    TYPED.write_parquet(tmp_path / "typed.parquet")
    content = (tmp_path / "typed.parquet").read_bytes()
    assert counts(tape(FORMAT, content, "p.parquet")) == {}


def test_dates_of_a_workbook_need_no_format(tape, tmp_path):
    book = xlsxwriter.Workbook(tmp_path / "p.xlsx")
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["id", "on", "dpd", "bal"])
    sheet.write_row(1, 0, ["a", None, 0, 1.5])
    sheet.write_datetime(
        1, 1, dt.datetime(2024, 1, 31), book.add_format({"num_format": "yyyy-mm-dd"})
    )
    book.close()
    content = (tmp_path / "p.xlsx").read_bytes()
    assert counts(tape(FORMAT, content, "p.xlsx")) == {}


@pytest.mark.parametrize(
    ("column", "cell"), [("dpd", dt.timedelta(days=1)), ("id", b"\xff"), ("dpd", dt.time(1))]
)
def test_odd_types_are_faults_or_texts_and_never_a_crash(tape, tmp_path, column, cell):
    odd = TYPED.with_columns(pl.Series(column, [cell]))
    odd.write_parquet(tmp_path / "odd.parquet")
    counts(tape(BASE, (tmp_path / "odd.parquet").read_bytes(), "p.parquet"))


def test_a_cell_right_of_a_workbooks_header_is_told(tape, tmp_path):
    book = xlsxwriter.Workbook(tmp_path / "p.xlsx")
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["id", "on", "dpd", "bal"])
    sheet.write_row(1, 0, ["a", "2024-01", 0, 1.5])
    sheet.write_row(2, 0, ["b", "2024-01", 0, 1.5, "left over"])
    book.close()
    folder = tape(BASE, (tmp_path / "p.xlsx").read_bytes(), "p.xlsx")
    assert places(folder) == [("cell_count", 3, None)]


def test_an_amount_beyond_all_measure_is_a_fault_without_a_warning(tape, tmp_path):
    TYPED.with_columns(pl.lit(1.797693134862316e306).alias("bal")).write_parquet(
        tmp_path / "huge.parquet"
    )
    content = (tmp_path / "huge.parquet").read_bytes()
    assert counts(tape(BASE, content, "p.parquet")) == {"unparsable": 1}


def test_words_for_nothing_in_columns_of_text_are_faults(tape):
    manifest = BASE + "    features: [note]\n"
    content = "id,on,dpd,bal,note\n-,2024-01,0,1,x\nb,2024-01,0,1,null\nNAN,2024-01,0,1,\n"
    folder = tape(manifest, content.encode())
    assert places(folder) == [("unparsable", 2, "id"), ("unparsable", 3, "note")]
    listed = manifest.replace("path: p.csv", 'path: "p.csv"\n    missing: ["-", "null"]')
    (folder / "tape.yaml").write_text(listed)
    assert counts(folder) == {"missing_value": 1}


def test_a_feature_that_is_a_column_of_the_tape_has_one_fault(tape):
    content = b"id,on,dpd,bal\na,2024-01,0,1\nb,2024-01,0,-\n"
    assert counts(tape(BASE + "    features: [bal]\n", content)) == {"unparsable": 1}
