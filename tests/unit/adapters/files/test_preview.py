import random
from contextlib import suppress

import polars as pl
import xlsxwriter

from ruqi.adapters.files.draft import draft
from ruqi.adapters.files.preview import previews
from ruqi.primitives.errors import InputFaulty


def test_each_file_shows_its_first_rows_and_nobodys_number(tmp_path):
    text = "客户号,姓名,联系,余额\n" + "A1,张三丰,13812345678,1\n" * 20
    (tmp_path / "a.csv").write_bytes(text.encode("gb18030"))
    (one,) = previews(tmp_path)
    assert (one["encoding"], one["delimiter"]) == ("gb18030", ",")
    assert one["columns"] == ["客户号", "姓名", "联系", "余额"]
    assert len(one["rows"]) == 8
    assert one["rows"][0][0] == "A1"
    assert "张三" not in one["rows"][0][1]
    assert one["rows"][0][2].endswith("5678")
    assert "1381234" not in one["rows"][0][2]


def test_parquet_and_sheets(tmp_path):
    pl.DataFrame({"id": [1, None]}).write_parquet(tmp_path / "a.parquet")
    book = xlsxwriter.Workbook(tmp_path / "b.xlsx")
    book.add_worksheet("one").write_row(0, 0, ["x"])
    book.add_worksheet("two").write_row(0, 0, ["y"])
    book.close()
    (tmp_path / "tape.yaml").write_text("tape: x")
    first, one, two = previews(tmp_path)
    assert first["rows"] == [["1"], [""]]
    assert (one["sheet"], two["sheet"]) == (None, "two")


def test_what_cannot_be_read_is_listed_all_the_same(tmp_path):
    (tmp_path / "a.parquet").write_bytes(b"PAR1")
    assert previews(tmp_path) == [{"name": "a.parquet", "columns": [], "rows": []}]


def test_a_parquet_file_whose_footer_lies_is_told_as_no_table(tmp_path):
    path, dice = tmp_path / "a.parquet", random.Random(7)
    pl.DataFrame({"id": ["a", "b"], "on": ["2024-01-31"] * 2, "dpd": [0, 9]}).write_parquet(path)
    raw = path.read_bytes()
    foot = len(raw) - 8 - int.from_bytes(raw[-8:-4], "little")
    for _ in range(40):
        lies = bytearray(raw)
        for _ in range(3):
            lies[dice.randrange(foot, len(raw) - 4)] = dice.randrange(256)
        path.write_bytes(lies)
        (seen,) = previews(tmp_path)  # whatever it says, nothing but an answer
        assert seen["name"] == "a.parquet"
        with suppress(InputFaulty):
            draft([path], tmp_path)
