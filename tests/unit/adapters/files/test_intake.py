import gzip
import io
import stat
import zipfile

import polars as pl
import pytest
import xlsxwriter

from ruqi.adapters.files import intake
from ruqi.adapters.files.intake import NotTaken, Received, take

MOST = 64 << 20
CSV = b"id,on\na,2024-01-31\n"


@pytest.fixture
def bring(tmp_path):
    """Takes files by name and content; what then stands in the folder, or the word of refusal."""

    def brought(files, most=MOST):
        received = []
        for place, (name, content) in enumerate(files):
            path = tmp_path / f"{place}.upload"
            path.write_bytes(content)
            received.append(Received(name, path))
        try:
            return [one["name"] for one in take(received, tmp_path / "into", most)]
        except NotTaken as refused:
            return refused.word

    return brought


def zipped(entries, password=False):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in entries:
            packed.writestr(name, content)
    raw = out.getvalue()
    if password:  # the mark of a locked entry, in both of its headers
        raw = raw.replace(b"PK\x03\x04\x14\x00\x00", b"PK\x03\x04\x14\x00\x01")
        raw = raw.replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01")
    return raw


def entry(name, **set_to):
    made = zipfile.ZipInfo(name)
    for key, value in set_to.items():
        setattr(made, key, value)
    return made


def workbook():
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    book.add_worksheet().write_row(0, 0, ["id", "on"])
    book.close()
    return out.getvalue()


def parquet():
    out = io.BytesIO()
    pl.DataFrame({"id": ["a"]}).write_parquet(out)
    return out.getvalue()


def test_each_kind_is_taken(bring):
    files = [("a.csv", CSV), ("b.xlsx", workbook()), ("c.parquet", parquet())]
    files += [("d.csv.gz", gzip.compress(CSV)), ("e.csv", "编号\n1\n".encode("gb18030"))]
    files += [("f.txt", "编号\n1\n".encode("utf-16")), ("tape.yaml", b"tape: x\n")]
    assert bring(files) == [name for name, _ in files]


def test_an_archive_is_unpacked_without_the_folder_around_it(bring):
    packed = zipped([("book/a.csv", CSV), ("book/in/b.csv", CSV), ("__MACOSX/._a.csv", b"x")])
    assert bring([("book.zip", packed)]) == ["a.csv", "in/b.csv"]


def test_a_chinese_windows_archive_keeps_its_names(bring):
    name = "月末.csv".encode("gb18030")
    packed = zipped([("x" * len(name), CSV)]).replace(b"x" * len(name), name)
    assert bring([("book.zip", packed)]) == ["月末.csv"]


@pytest.mark.parametrize(
    "name",
    [
        *(
            "../a.csv",
            "/etc/a.csv",
            "a/../../b.csv",
            "..\\a.csv",
            "C:/a.csv",
            "a\0.csv",
            "a//b.csv",
        ),
        *("a/./b.csv", "a\n.csv", " a.csv", "a\u202e.csv", "", "in/../a.csv"),
    ],
)
def test_path_tricks_are_refused(bring, tmp_path, name):
    assert bring([(name, CSV), ("ok.csv", CSV)]) == "path"
    assert not (tmp_path / "a.csv").exists()


@pytest.mark.parametrize("name", ["../a.csv", "/a.csv", "in/../../a.csv", "..\\a.csv"])
def test_path_tricks_in_archives_are_refused(bring, tmp_path, name):
    assert bring([("book.zip", zipped([(name, CSV), ("ok.csv", CSV)]))]) == "path"
    assert not (tmp_path / "a.csv").exists()


def test_a_link_in_an_archive_is_refused(bring):
    link = entry("a.csv", external_attr=(stat.S_IFLNK | 0o777) << 16, create_system=3)
    assert bring([("book.zip", zipped([(link, b"/etc/passwd")]))]) == "link"


@pytest.mark.parametrize(
    ("files", "word"),
    [
        ([("a.exe", b"MZ")], "kind"),
        ([("a.xls", CSV)], "kind"),
        ([("noending", CSV)], "kind"),
        ([("a.csv", b"%PDF-1.7")], "content"),
        ([("a.csv", workbook())], "content"),
        ([("a.csv", b"  <!DOCTYPE html><p>")], "content"),
        ([("a.csv", b"a,b\0\0\1\n")], "content"),
        ([("a.xlsx", CSV)], "content"),
        ([("a.xlsx", zipped([("a.csv", CSV)]))], "content"),
        ([("a.parquet", b"PAR1 cut short")], "content"),
        ([("a.csv.gz", CSV)], "content"),
        ([("a.csv.gz", gzip.compress(b"MZ\0\0"))], "content"),
        ([("a.csv", b"")], "empty"),
        ([("a.csv", CSV), ("A.csv", CSV)], "twice"),
        ([(".a.csv", CSV)], "hidden"),
        ([("a" * 200 + ".csv", CSV)], "long_name"),
        ([("a/b/c/d/e/f/g.csv", CSV), ("a.csv", CSV)], "long_name"),
        ([("tape.yaml", b"tape: x")], "nothing"),
        ([("tape.yaml", b"MZ"), ("a.csv", CSV)], "content"),
        ([("a.zip", b"PK no")], "broken"),
        ([("a.zip", zipped([("a.csv", CSV)])[:-30])], "broken"),
        ([("a.zip", zipped([("a.csv", CSV)], password=True))], "locked"),
        ([("a.zip", zipped([("b.zip", zipped([("a.csv", CSV)]))]))], "nested"),
        ([("a.zip", zipped([("a.exe", CSV), ("a.csv", CSV)]))], "kind"),
        ([("a.zip", zipped([("a.csv", CSV), ("A.CSV", CSV)]))], "twice"),
        ([("a.zip", zipped([("e\u0301.csv", CSV), ("\u00e9.csv", CSV)]))], "twice"),
        ([("a.zip", zipped([("a.csv", CSV)])), ("a.csv", CSV)], "twice"),
        ([("a.zip", zipped([("a.csv/b.csv", CSV), ("a.csv", CSV)]))], "twice"),
        ([("a.zip", zipped([("a.csv", CSV), ("a.csv/b.csv", CSV)]))], "twice"),
        ([("a.zip", zipped([("a.csv", b"")]))], "empty"),
        ([("a.zip", zipped([]))], "nothing"),
        ([("a.zip", zipped([(f"{n}.csv", CSV) for n in range(1001)]))], "entries"),
    ],
)
def test_what_is_refused_and_why(bring, files, word):
    assert bring(files) == word


def test_bombs_are_not_unpacked(bring, tmp_path):
    bomb = zipped([("a.csv", b"0" * (32 << 20))])
    assert bring([("a.zip", bomb)]) == "bomb"
    assert not (tmp_path / "into" / "a.csv").exists()


@pytest.mark.parametrize("name", ["a.csv.gz", "a.xlsx", "a.zip"])
def test_more_than_may_stand_there_is_refused(bring, name):
    plain = bytes(range(256)) * 5000
    parts = [("[Content_Types].xml", "x"), ("xl/workbook.xml", "x"), ("xl/s.xml", plain)]
    content = gzip.compress(plain) if name.endswith("gz") else zipped(parts)
    assert bring([(name, content)], most=1 << 20) == "unpacks"


def test_a_workbook_that_lies_about_its_size_is_counted(bring):
    plain = b"0" * (32 << 20)
    parts = [("[Content_Types].xml", "x"), ("xl/workbook.xml", "x"), ("xl/s.xml", plain)]
    raw = zipped(parts).replace(len(plain).to_bytes(4, "little"), (99).to_bytes(4, "little"))
    assert bring([("a.xlsx", raw)]) == "bomb"


def test_together_too_large_is_refused(bring):
    assert bring([("a.csv", CSV * 9), ("b.csv", CSV * 9)], most=len(CSV) * 10) == "too_large"


def test_what_an_earlier_upload_has_is_added(tmp_path):
    for folder, text in (("old", b"1"), ("new", b"2")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.csv").write_bytes(text)
    (tmp_path / "old" / "tape.yaml").write_bytes(b"tape: x")
    intake.add_missing(tmp_path / "new", tmp_path / "old")
    assert (tmp_path / "new" / "a.csv").read_bytes() == b"2"
    assert [one["name"] for one in intake.listed(tmp_path / "new")] == ["a.csv", "tape.yaml"]


def test_a_name_is_fit_to_be_shown():
    assert intake.shown("a\x1b[31m.csv") == "a�[31m.csv"
    assert len(intake.shown("a" * 500)) < 90


def test_a_workbook_of_two_cells_far_apart_is_a_bomb(bring):
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet()
    sheet.write(0, 0, "id")
    sheet.write(1_048_575, 16_383, 1)
    book.close()
    assert bring([("a.xlsx", out.getvalue())]) == "bomb"


def test_a_workbook_that_reads_another_file_is_refused(bring):
    outside = '<!DOCTYPE s [<!ENTITY a SYSTEM "file:///etc/passwd">]><s>&a;</s>'
    parts = [("[Content_Types].xml", "<a/>"), ("xl/workbook.xml", "<a/>"), ("xl/s.xml", outside)]
    assert bring([("a.xlsx", zipped(parts))]) == "content"
