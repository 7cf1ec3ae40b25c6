import csv
import gzip
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from ruqi.adapters.files.draft import Draft, draft, save, sniff_delimiter, sniff_encoding
from ruqi.adapters.files.tape_source import check
from ruqi.primitives.errors import InputFaulty, OutsideFailed

ROOT = Path(__file__).parents[4]
TAIWAN = ROOT / "examples" / "taiwan_cards"
LANTERN = ROOT / "examples" / "lantern"


def write(path: Path, rows: list[list[str]], encoding: str = "utf-8", delimiter: str = ",") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return path


def faults(folder: Path, made: Draft) -> dict[str, int]:
    """What a check says of the draft, put beside its files as it stands."""
    (folder / "tape.yaml").write_text(made.yaml_text, encoding="utf-8")
    return check(folder).faults.counts


MONTHS = ["2024年01月", "2024年02月", "2024年03月"]
STAGES = ["正常", "轻度", "重度", "核销"]


def chinese(tmp_path: Path) -> list[Path]:
    """Long, GB18030, in two parts, with a table of accounts beside it."""
    head = ["客户号", "账期", "逾期阶段", "借据余额(元)", "本期应还(元)"]
    rows = [
        [f"00{n:03d}", month, STAGES[min(n % 4, m + 1)], f"{1000 + 7.5 * n:,.2f}", "12.50"]
        for n in range(40)
        for m, month in enumerate(MONTHS)
    ]
    one = write(tmp_path / "月末_1.csv", [head, *rows[:60]], "gb18030")
    two = write(tmp_path / "月末_2.csv", [head, *rows[60:]], "gb18030")
    people = [["客户号", "开户日", "授信额度", "渠道", "性别", "年龄", "手机号", "资金方"]]
    people += [
        [f"00{n:03d}", "20230115", "20,000", ["门店", "网上"][n % 2], "女", str(20 + n), "1", "甲"]
        for n in range(40)
    ]
    return [one, two, write(tmp_path / "账户.csv", people, "gb18030")]


def test_a_chinese_long_book_in_parts_passes_a_check_as_drafted(tmp_path):
    made = draft(chinese(tmp_path))
    assert faults(tmp_path, made) == {}
    assert made.tables == {
        "performance": ("月末_1.csv", "月末_2.csv"),
        "accounts": ("账户.csv",),
    }
    accounts = made.book.tables["accounts"]
    assert accounts.protected == ["性别", "年龄"]
    assert accounts.features == ["渠道"]
    assert "手机号" in accounts.left
    assert made.book.tables["performance"].codes == {
        "stage": {"正常": "正常", "轻度": "轻度", "重度": "重度", "核销": "charged_off"}
    }
    assert "encoding: gb18030" in made.yaml_text
    assert "buckets: [正常, 轻度, 重度]" in made.yaml_text
    assert "# unsure: the order of the stages, mildest first, is a guess" in made.yaml_text


def test_a_european_book_with_semicolons_and_decimal_commas_passes_a_check(tmp_path):
    head = ["Kontonummer", "Stichtag", "DPD", "Saldo (EUR)", "Name"]
    rows = [
        [f"DE{n:05d}", f"{day}.{month:02d}.2024", str(n % 50), f"1.{100 + n},5{n % 10}", "Müller"]
        for n in range(60)
        for month, day in ((1, 31), (2, 29))
    ]
    path = write(tmp_path / "bestand.csv", [head, *rows], "cp1252", ";")
    made = draft([path])
    assert faults(tmp_path, made) == {}
    assert "delimiter: " in made.yaml_text
    assert "currency: EUR" in made.yaml_text
    assert "on: {from: Stichtag, format: " in made.yaml_text
    assert any("cp1252" in doubt for doubt in made.unsure)
    assert len(made.unsure) == len(made.unsure_zh)


def test_dated_wide_columns_become_months(tmp_path):
    head = ["合同号", "余额_202401", "逾期天数_202401", "余额_202402", "逾期天数_202402", "城市"]
    rows = [[f"HT{n:04d}", "100.5", "0", "90.5", str(n), f"城{n % 3}"] for n in range(30)]
    made = draft([write(tmp_path / "宽表.csv", [head, *rows])])
    assert faults(tmp_path, made) == {}
    assert "2024-01: {balance: 余额_202401, dpd_days: 逾期天数_202401}" in made.yaml_text
    assert "as_of: 2024-02-29" in made.yaml_text
    assert made.tables["accounts"] == ("宽表.csv",)


def test_counted_wide_columns_are_left_for_a_person_and_a_check_refuses_them():
    made = draft([TAIWAN / "cards.parquet"])
    assert "TODO-01: {months_past_due: PAY_0, balance: BILL_AMT1, paid: PAY_AMT1}" in (
        made.yaml_text
    )
    assert made.book.tables["accounts"].protected == ["SEX", "EDUCATION", "MARRIAGE", "AGE"]
    assert any("newest or the oldest" in doubt for doubt in made.unsure)


def test_the_real_cards_pass_once_a_person_has_filled_in_what_is_missing(tmp_path):
    source = TAIWAN / "cards.parquet"
    pl.read_parquet(source).head(500).write_parquet(tmp_path / "cards.parquet")
    made = draft([tmp_path / "cards.parquet"])
    assert faults(tmp_path, made)["manifest"] >= 7  # six months and the currency
    text = made.yaml_text.replace("currency: TODO", "currency: TWD")
    for number, month in enumerate(("09-30", "08-31", "07-31", "06-30", "05-31", "04-30"), 1):
        text = text.replace(f"TODO-{number:02d}", f"2005-{month}")
    (tmp_path / "tape.yaml").write_text(text, encoding="utf-8")
    checked = check(tmp_path)
    assert checked.faults.counts == {}
    assert checked.rows["accounts"] == 500


def test_the_lantern_book_passes_a_check_as_drafted(tmp_path):
    for path in LANTERN.glob("*.csv"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    made = draft(sorted(tmp_path.glob("*.csv")))
    assert set(made.tables) == {"performance", "accounts", "borrowers", "payments", "contacts"}
    assert faults(tmp_path, made) == {}


def workbook(path: Path, title: bool) -> Path:
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("说明").write(0, 0, "本表由系统导出")
        sheet = book.add_worksheet("明细")
        if title:
            sheet.write(0, 0, "2024年末明细")
        top = 1 if title else 0
        for column, name in enumerate(["贷款编号", "统计日期", "逾期期数", "余额"]):
            sheet.write(top, column, name)
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for n in range(30):
            sheet.write(top + 1 + n, 0, f"L{n:03d}")
            sheet.write_datetime(top + 1 + n, 1, pl.date(2024, 12, 31).pipe(_value), day)
            sheet.write(top + 1 + n, 2, n % 4)
            sheet.write(top + 1 + n, 3, 100 + n)
    return path


def _value(expression: pl.Expr):
    return pl.select(expression).item()


def test_a_workbooks_sheet_is_found_and_named(tmp_path):
    made = draft([workbook(tmp_path / "book.xlsx", title=False)])
    assert "sheet: 明细" in made.yaml_text
    assert faults(tmp_path, made) == {}


def test_rows_above_the_header_are_told(tmp_path):
    made = draft([workbook(tmp_path / "book.xlsx", title=True)])
    assert any("header seems to stand in row 2" in doubt for doubt in made.unsure)
    assert made.book.tables["performance"].columns["balance"].source == "余额"
    assert faults(tmp_path, made)  # a check reads the first row


def test_a_unit_above_the_header_is_told(tmp_path):
    rows = [["月报", "", ""], ["单位：万元", "", ""], ["客户号", "账期", "逾期天数"]]
    rows += [[f"K{n}", "2024-01", "0"] for n in range(20)]
    made = draft([write(tmp_path / "a.csv", rows)])
    assert any("`单位：万元`" in doubt for doubt in made.unsure)
    assert made.book.tables["performance"].columns["on"].source == "账期"


def test_lost_leading_zeros_are_told(tmp_path):
    long = [["loan_id", "month", "dpd"], *([f"{n:05d}", "2024-01", "0"] for n in range(50))]
    wrong = [["loan_id", "opened_on"], *([str(n), "2023-01-01"] for n in range(50))]
    paths = [write(tmp_path / "a.csv", long), write(tmp_path / "b.csv", wrong)]
    made = draft(paths)
    assert any("leading zeros" in doubt for doubt in made.unsure)
    assert any("前导零" in doubt for doubt in made.unsure_zh)


def test_texts_that_mean_missing_are_listed(tmp_path):
    rows = [["loan_id", "month", "dpd", "balance"]]
    rows += [[f"L{n}", "2024-01", "0", "-" if n % 5 else "100"] for n in range(50)]
    made = draft([write(tmp_path / "a.csv", rows)])
    assert 'balance: {from: balance, missing: ["-"]}' in made.yaml_text
    made_up = Draft(made.yaml_text.replace("TODO", "EUR"), [], [], made.book)
    assert faults(tmp_path, made_up) == {}


def test_a_file_that_is_no_book_leaves_marks_that_a_check_refuses(tmp_path):
    path = write(tmp_path / "poems.csv", [["title", "poet"], ["Spring", "Du Fu"]])
    made = draft([path])
    assert "path: TODO" in made.yaml_text
    assert faults(tmp_path, made)["manifest"] >= 1


def test_the_same_files_give_the_same_draft_in_any_order(tmp_path):
    paths = chinese(tmp_path)
    assert draft(paths).yaml_text == draft(paths[::-1]).yaml_text


def test_packed_files_are_opened_and_broken_ones_refused(tmp_path):
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(b"loan_id,month,dpd\nA,2024-01,0\n"))
    assert draft([path]).tables["performance"] == ("a.csv.gz",)
    broken, noise = tmp_path / "b.parquet", tmp_path / "c.csv"
    broken.write_bytes(b"PAR1")
    noise.write_bytes(bytes(range(128, 256)) * 9)
    with pytest.raises(InputFaulty) as raised:
        draft([path, noise, broken])
    assert [(f.kind, f.file) for f in raised.value.faults.places] == [
        ("unreadable", "b.parquet"),
        ("encoding", "c.csv"),
    ]


@pytest.mark.parametrize("text", ["", "loan_id,dpd", "loan_id,dpd\n", 'loan_id,dpd\nA,"0\nB,1'])
def test_poor_files_are_drafted_as_far_as_they_go(tmp_path, text):
    path = tmp_path / "a.csv"
    path.write_text(text)
    assert "TODO" in draft([path]).yaml_text


def test_of_a_large_file_only_the_beginning_is_looked_at(tmp_path, monkeypatch):
    monkeypatch.setattr("ruqi.adapters.files.draft.BYTES_MAX", 700)
    rows = [["合同号", "账期", "逾期天数"], *([f"甲{n}", "2024年01月", "0"] for n in range(99))]
    made = draft([write(tmp_path / "a.csv", rows, "gb18030")])
    assert any("only its beginning" in doubt for doubt in made.unsure)
    assert "as_of" not in made.yaml_text
    assert made.book.tables["performance"].look.frame.height < 50
    assert faults(tmp_path, made) == {}


def test_a_draft_above_its_files_names_them_from_where_it_stands(tmp_path):
    (tmp_path / "raw").mkdir()
    paths = chinese(tmp_path / "raw")
    made = draft(paths, tmp_path)
    assert made.tables["accounts"] == ("raw/账户.csv",)
    assert made.to_copy == ()
    save(made, tmp_path / "tape.yaml")
    assert check(tmp_path).faults.counts == {}


def test_a_draft_elsewhere_says_which_files_to_bring(tmp_path):
    (tmp_path / "raw").mkdir()
    paths = chinese(tmp_path / "raw")
    made = draft(paths, tmp_path / "book")
    assert made.tables["accounts"] == ("账户.csv",)
    assert set(made.to_copy) == set(paths)
    save(made, tmp_path / "book" / "tape.yaml")
    for path in made.to_copy:
        (tmp_path / "book" / path.name).write_bytes(path.read_bytes())
    assert check(tmp_path / "book").faults.counts == {}


def test_a_draft_that_cannot_be_written_is_an_outside_failure(tmp_path):
    (tmp_path / "file").write_text("x")
    made = draft(chinese(tmp_path))
    for out in (tmp_path / "file" / "tape.yaml", Path("/proc/book/tape.yaml"), tmp_path / "file"):
        with pytest.raises(OutsideFailed, match="cannot write"):
            save(made, out)
    assert (tmp_path / "file").read_text() == "x"


def test_a_header_with_empty_or_repeated_names_is_still_the_header(tmp_path):
    rows = [["loan_id", "month", "dpd", "", "dpd"], ["A", "2024-01", "0", "x", "9"]] * 1
    made = draft([write(tmp_path / "a.csv", rows)])
    assert made.book.tables["performance"].columns["dpd_days"].source == "dpd"
    assert not any("header" in doubt for doubt in made.unsure)


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        ("客户号,余额\n甲,1\n".encode(), "utf-8"),
        ("\ufeff客户号\n".encode(), "utf-8"),
        ("客户号,借据余额\n账户一,1\n".encode("gb18030"), "gb18030"),
        ("客户号\n".encode("utf-16"), "utf-16"),
        ("loan_id,balance\nA,1\n".encode("utf-16-le"), "utf-16-le"),
        ("loan_id,balance\nA,1\n".encode("utf-16-be"), "utf-16-be"),
        ("id;name\n1;Müller\n2;Jäger\n3;Günther\n".encode("cp1252"), "cp1252"),
        (b"plain", "utf-8"),
    ],
)
def test_encodings_are_told_apart(raw, encoding):
    assert sniff_encoding(raw)[0] == encoding


def test_a_letter_cut_in_two_at_the_end_of_a_sample_is_no_wrong_encoding():
    raw = "账户\n账户".encode()[:-1]
    assert sniff_encoding(raw, whole=False)[0] == "utf-8"


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_delimiters_are_told_apart(mark):
    text = "\n".join(mark.join(("id", "due;x" if mark == "," else "due,x", "on")) for _ in range(9))
    assert sniff_delimiter(text) == mark
