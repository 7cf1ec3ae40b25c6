import random
from datetime import date, datetime, timezone

import polars as pl
import pytest
import xlsxwriter
from polars.testing import assert_frame_equal

from ruqi.adapters.files import csv_part, tape_source
from ruqi.adapters.files.tape_source import check, read
from ruqi.primitives.errors import InputFaulty
from ruqi.tape.columns import ACCOUNTS, BORROWERS, CONTACTS, OUTCOMES, PAYMENTS, PERFORMANCE
from ruqi.tape.faults import FaultLog
from tape_files import COLUMNS, ROWS, lay, write

FRAMES = ("performance", "accounts", "borrowers", "payments", "contacts", "outcomes")
EXTRAS = ("features", "protected")


def places(folder):
    """(kind, file, line, column) of every fault."""
    log = check(folder).faults
    assert log.total == len(log.places)
    return [(f.kind, f.file, f.line, f.column) for f in log.places]


def fault(folder):
    log = check(folder).faults
    assert log.total == 1, log.places
    return log.places[0]


def assert_same(one, other):
    for name in (*FRAMES, *EXTRAS):
        left, right = getattr(one, name), getattr(other, name)
        if left is None or right is None:
            assert left is right, name
        else:
            assert_frame_equal(left, right)
    assert one.fingerprint == other.fingerprint


# --- what is read -------------------------------------------------------------------------------


def test_a_small_book_is_read_exactly(tmp_path):
    tape, _ = read(lay(tmp_path))
    assert dict(tape.performance.schema) == PERFORMANCE
    assert tape.performance.select(
        "account_id", "on", "bucket", "code", "balance_minor"
    ).rows() == [
        ("a", date(2024, 1, 31), 0, "0", 1000),
        ("a", date(2024, 2, 29), 2, "31", 950),
        ("b", date(2024, 1, 31), 0, "0", 700),
    ]
    assert tape.performance["status"].to_list() == ["open"] * 3
    assert tape.performance["due_minor"].null_count() == 3
    assert tape.accounts["account_id"].to_list() == ["a", "b"]
    assert tape.accounts["borrower_id"].to_list() == ["a", "b"]
    assert dict(tape.accounts.schema) == ACCOUNTS
    assert tape.as_of == date(2024, 2, 29)
    assert tape.mapped == {f"performance.{c}" for c in ("account_id", "on", "dpd_days", "balance")}
    assert tape.features.columns == tape.protected.columns == ["account_id"]
    assert tape.synthetic == frozenset()


def test_every_table_has_its_columns_and_order(tmp_path):
    tables = {name: {} for name in COLUMNS if name != "performance"}
    files = {
        "accounts.csv": "id,opened,limit\nb,2023-12-01,\na,2023-11,50\n",
        "borrowers.csv": "who,zone,consent\nb,Asia/Shanghai,sms | call\na,,\n",
        "payments.csv": "id,paid_on,amount\nb,2024-02-02,-1\na,2024-02-02,2\na,2024-01-02,3.10\n",
        "contacts.csv": "who,at,channel,good\nb,2024-01-05 09:30,sms,是\n"
        "a,2024-01-05T01:30:00Z,call,no\n",
        "outcomes.csv": "id,on,event\nb,2024-03,default\na,2024-03-05,cure\n",
    }
    tape, _ = read(lay(tmp_path, tables=tables, files=files))
    schemas = (PERFORMANCE, ACCOUNTS, BORROWERS, PAYMENTS, CONTACTS, OUTCOMES)
    for name, schema in zip(FRAMES, schemas, strict=True):
        assert dict(getattr(tape, name).schema) == schema, name
    assert tape.accounts.select("account_id", "opened_on", "limit_minor").rows() == [
        ("a", date(2023, 11, 1), 5000),
        ("b", date(2023, 12, 1), None),
    ]
    assert tape.borrowers["consent"].to_list() == [None, ["sms", "call"]]
    assert tape.payments.select("account_id", "amount_minor").rows() == [
        ("a", 310),
        ("a", 200),
        ("b", -100),
    ]
    instant = datetime(2024, 1, 5, 1, 30, tzinfo=timezone.utc)  # noqa: UP017
    assert tape.contacts["at"].to_list() == [instant, instant]
    assert tape.contacts["effective"].to_list() == [False, True]
    assert tape.outcomes["on"].to_list() == [date(2024, 3, 5), date(2024, 3, 31)]


def test_wide_months_become_rows_and_silent_months_none(tmp_path):
    wide = "ID,LIMIT,PAY_0,PAY_2,BILL1,BILL2\n1,50,0,2,10,20\n2,60,,-1,,5\n3,70,,,,\n"
    keys = {
        "columns": {"account_id": "ID", "limit": "LIMIT"},
        "months": {
            "2005-09-30": {"months_past_due": "PAY_0", "balance": "BILL1"},
            "2005-08": {"months_past_due": "PAY_2", "balance": "BILL2"},
        },
        "codes": {"months_past_due": {"-1": "M0", "0": "M0", "2": "M2"}},
    }
    tape, _ = read(lay(tmp_path, wide, tables={"performance": keys}))
    columns = ("account_id", "on", "bucket", "code", "months_past_due", "balance_minor")
    assert tape.performance.select(columns).rows() == [
        ("1", date(2005, 8, 31), 2, "2", 2, 2000),
        ("1", date(2005, 9, 30), 0, "0", 0, 1000),
        ("2", date(2005, 8, 31), 0, "-1", 0, 500),
    ]
    assert tape.performance["limit_minor"].to_list() == [5000, 5000, 6000]
    assert tape.has("performance.on", "performance.months_past_due", "performance.limit")
    assert tape.delinquency.by == "months"


def test_wide_faults_name_the_wide_column(tmp_path):
    wide = "ID,PAY_0,BILL1\n1,,10\n2,9x,1\n3,5,y\n1,5,1\n"
    keys = {
        "columns": {"account_id": "ID"},
        "months": {"2005-09-30": {"months_past_due": "PAY_0", "balance": "BILL1"}},
    }
    folder = lay(tmp_path, wide, tables={"performance": keys})
    assert places(folder) == [
        ("missing_value", "performance.csv", 2, "PAY_0"),
        ("unparsable", "performance.csv", 3, "PAY_0"),
        ("unparsable", "performance.csv", 4, "BILL1"),
        ("duplicate_key", "performance.csv", 5, "ID"),
    ]


def test_a_row_that_stands_twice_in_a_wide_file_is_one_fault(tmp_path):
    keys = {
        "columns": {"account_id": "ID"},
        "months": {f"2005-0{m}": {"dpd_days": f"d{m}"} for m in (1, 2, 3)},
    }
    wide = "ID,d1,d2,d3\n1,0,0,0\n2,0,0,0\n1,0,0,0\n"
    found = fault(lay(tmp_path, wide, tables={"performance": keys}))
    assert (found.kind, found.line) == ("duplicate_key", 4)
    assert "line 2" in found.expected


def test_a_status_wins_over_a_bucket(tmp_path):
    rows = (
        "id,on,stage,status\na,2024-01,good,\na,2024-02,bad,closed\na,2024-03,gone,\n"
        "b,2024-01,,paid_off\nb,2024-02,gone,open\n"
    )
    keys = {
        "columns": {"account_id": "id", "on": "on", "stage": "stage", "status": "status"},
        "codes": {"stage": {"good": "A", "bad": "B", "gone": "charged_off"}},
    }
    folder = lay(
        tmp_path, rows, {"performance": keys}, delinquency={"by": "stage", "buckets": ["A", "B"]}
    )
    tape, _ = read(folder)
    assert tape.performance.select("bucket", "status", "code").rows() == [
        (0, "open", "good"),
        (None, "closed", "bad"),
        (None, "charged_off", "gone"),
        (None, "paid_off", None),
        (None, "charged_off", "gone"),
    ]
    assert tape.has("performance.status")


def test_features_and_protected_columns_are_kept_by_account(tmp_path):
    tables = {
        "accounts": {"features": ["channel", "score"], "protected": ["age"], "missing": ["?"]},
        "borrowers": {"features": ["home"]},
        "performance": {"features": ["mood"]},
    }
    rows = "id,on,dpd,balance,mood\na,2024-02,0,1,9\na,2024-01,0,1,8\nb,2024-01,0,1,\n"
    tables["accounts"]["columns"] = {"account_id": "id", "borrower_id": "who"}
    files = {
        "accounts.csv": "id,who,channel,score,age\na,p,线上,1.50,30\nb,p,?,20000.0,?\n",
        "borrowers.csv": "who,zone,consent,home\np,,,north\n",
    }
    tape, _ = read(lay(tmp_path, rows, tables, files))
    assert tape.features.rows() == [
        ("a", "线上", 1.5, 9.0, "north"),
        ("b", None, 20000.0, None, "north"),
    ]
    assert tape.features.columns == ["account_id", "channel", "score", "mood", "home"]
    assert tape.protected.rows() == [("a", 30.0), ("b", None)]


def test_rows_after_as_of_are_checked_but_not_read(tmp_path):
    tape, _ = read(lay(tmp_path, as_of="2024-01-31"))
    assert tape.performance["on"].max() == date(2024, 1, 31)
    assert check(tmp_path).rows == {"performance": 3}
    assert places(lay(tmp_path / "x", ROWS + "c,2024-09-31,0,1\n", as_of="2024-01-31"))


def test_labels_of_what_is_synthetic(tmp_path):
    assert read(lay(tmp_path / "a", synthetic=True))[0].synthetic == {"*"}
    tape, _ = read(lay(tmp_path / "b", synthetic=["borrowers", "contacts"]))
    assert tape.synthetic == {"borrowers", "contacts"}


# --- the same book, whatever its files ------------------------------------------------------------


def book(rows, dice):
    frame = pl.DataFrame(
        [
            {
                "id": i // 4,
                "on": date(2024, 1 + i % 4, 28),
                "dpd": dice.choice([0, 0, 3, 45]),
                "balance": dice.randrange(-500, 10**9) / 100,
                "note": dice.choice(["x", "账,户", 'say "hi"', None]),
                "score": dice.choice([1.5, 2.0, None]),
                "flag": dice.choice([True, False]),
                "count": dice.randrange(100),
            }
            for i in range(rows)
        ]
    )
    features = {"performance": {"features": ["note", "score", "flag", "count"]}}
    return frame, features


@pytest.fixture
def same(tmp_path):
    """A book as CSV, and a function that reads other files of the same book."""
    dice = random.Random(3)
    frame, keys = book(200, dice)
    tape, _ = read(lay(tmp_path / "csv", frame, keys))
    return frame, keys, tape


def test_parquet_gives_the_same_tape_as_csv(tmp_path, same):
    frame, keys, tape = same
    keys["performance"]["path"] = "p.parquet"
    assert_same(tape, read(lay(tmp_path / "parquet", frame, keys))[0])
    floats = frame.with_columns(pl.col("id", "dpd", "count").cast(pl.Float64))
    assert_same(tape, read(lay(tmp_path / "floats", floats, keys))[0])
    exact = frame.with_columns(pl.col("balance").cast(pl.Decimal(18, 2)))
    assert_same(tape, read(lay(tmp_path / "decimals", exact, keys))[0])
    timed = frame.with_columns(pl.col("on").cast(pl.Datetime("us")))
    assert_same(tape, read(lay(tmp_path / "timed", timed, keys))[0])
    texts = frame.with_columns(pl.col("balance").map_elements(repr, pl.String))
    assert_same(tape, read(lay(tmp_path / "texts", texts, keys))[0])


def test_parts_in_any_order_and_number_give_the_same_tape(tmp_path, same):
    frame, keys, tape = same
    keys["performance"]["path"] = "parts/*"
    mixed = frame.sample(fraction=1.0, shuffle=True, seed=5)
    for number in (1, 3, 7):
        folder = tmp_path / f"parts{number}"
        (folder / "parts").mkdir(parents=True)
        for i in range(number):
            part = mixed[i::number].select(frame.columns if i % 2 else frame.columns[::-1])
            write(folder / "parts" / f"{i}.{'parquet' if i % 2 else 'csv'}", part)
        assert_same(tape, read(lay(folder, tables=keys))[0])


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-32"])
def test_other_encodings_give_the_same_tape(tmp_path, same, encoding):
    frame, keys, tape = same
    keys["performance"]["encoding"] = encoding
    text = frame.write_csv().replace("\n", "\r\n")
    assert_same(tape, read(lay(tmp_path / encoding, text.encode(encoding), keys))[0])


def test_gzip_and_other_delimiters_give_the_same_tape(tmp_path, same):
    frame, keys, tape = same
    keys["performance"] |= {"path": "p.csv.gz"}
    assert_same(tape, read(lay(tmp_path / "gz", frame.write_csv(), keys))[0])
    for delimiter, name in ((";", ";"), ("\t", "\\t"), ("|", "|")):
        keys["performance"] |= {"path": "p.csv", "delimiter": name}
        text = frame.write_csv(separator=delimiter)
        assert_same(tape, read(lay(tmp_path / f"d{ord(delimiter)}", text, keys))[0])


def test_a_spreadsheet_gives_the_same_tape(tmp_path, same):
    frame, keys, tape = same
    keys["performance"] |= {"path": "p.xlsx", "sheet": "rows"}
    folder = lay(tmp_path / "xlsx", "", keys)
    with xlsxwriter.Workbook(folder / "p.xlsx") as workbook:
        workbook.add_worksheet("notes").write(0, 0, "not here")
        sheet = workbook.add_worksheet("rows")
        days = workbook.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, frame.columns)
        for r, row in enumerate(frame.rows(), start=1):
            for c, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(r, c, datetime(value.year, value.month, value.day), days)
                elif value is not None:
                    sheet.write(r, c, value)
    assert_same(tape, read(folder)[0])


@pytest.mark.parametrize("piece", [1, 7, 64, 1000, 1 << 20])
def test_the_size_of_pieces_changes_nothing(tmp_path, monkeypatch, piece):
    rows = ROWS + 'c,2024-01,"0"\n\n"d\r\n""x""",2024-13,1e5,7\na,2024-01-02,0,"1\n2"\n\xe9,,,\n'
    folder = lay(tmp_path, rows.encode("latin-1"))
    whole = check(folder)
    monkeypatch.setattr(csv_part, "PIECE", piece)
    assert check(folder) == whole
    assert whole.faults.counts == {
        "encoding": 1,
        "missing_value": 2,
        "unparsable": 3,
        "duplicate_key": 1,
        "cell_count": 1,
    }


# --- faults --------------------------------------------------------------------------------------


def test_faults_refuse_the_reading_and_carry_the_log(tmp_path):
    with pytest.raises(InputFaulty) as refused:
        read(lay(tmp_path, ROWS + "c,2024-01-32,0,1\n"))
    assert isinstance(refused.value.faults, FaultLog)
    assert refused.value.total == 1


def test_no_such_tape(tmp_path):
    for path in (tmp_path / "nowhere", tmp_path):
        with pytest.raises(FileNotFoundError):
            check(path)


def test_a_manifest_by_its_own_path(tmp_path):
    lay(tmp_path)
    (tmp_path / "tape.yaml").rename(tmp_path / "other.yml")
    assert check(tmp_path / "other.yml").faults.total == 0


@pytest.mark.parametrize(
    ("cells", "kind", "column", "found"),
    [
        ("c,2024-01-31,0,NA", "unparsable", "balance", "NA"),
        ("c,2024-01-31,0,1.234", "unparsable", "balance", "1.234"),
        ("c,2024-01-31,0,1e5", "unparsable", "balance", "1e5"),
        ("c,2024-01-31,0,inf", "unparsable", "balance", "inf"),
        ("c,2024-01-31,0,1_000", "unparsable", "balance", "1_000"),
        ("c,2024-01-31,0,￥12", "unparsable", "balance", "￥12"),
        ("c,2024-01-31,0,99999999999999999999", "unparsable", "balance", "9" * 20),
        ('c,2024-01-31,0,"1,234"', "unparsable", "balance", "1,234"),
        ("c,2024-02-30,0,1", "unparsable", "on", "2024-02-30"),
        ("c,31/01/2024,0,1", "unparsable", "on", "31/01/2024"),
        ("c,2024-01-31,1.5,1", "unparsable", "dpd", "1.5"),
        ("c,2024-01-31,-3,1", "unparsable", "dpd", "-3"),
        ("c,2024-01-31,-,1", "unparsable", "dpd", "-"),
        ("c,2024-01-31,,1", "missing_value", "dpd", None),
        ("c,,0,1", "missing_value", "on", None),
        (" ,2024-01-31,0,1", "missing_value", "id", None),
        ("a,2024-01-15,0,1", "duplicate_key", "id", "a, 2024-01"),
        ("c,2024-01-31,0", "cell_count", None, "3 cells"),
        ("c,2024-01-31,0,1,2", "cell_count", None, "5 cells"),
    ],
)
def test_one_bad_row(tmp_path, cells, kind, column, found):
    it = fault(lay(tmp_path, f"{ROWS}{cells}\n"))
    assert (it.kind, it.table, it.file) == (kind, "performance", "performance.csv")
    assert (it.line, it.column, it.found) == (5, column, found)
    assert it.expected and it.mend


def test_a_cell_has_one_fault_and_a_row_may_have_several(tmp_path):
    folder = lay(tmp_path, ROWS + "c,x,y,z\n")
    assert [p[3] for p in places(folder)] == ["on", "dpd", "balance"]


def test_duplicates_name_the_first_row_across_parts(tmp_path):
    files = {
        "p2.csv": "id,on,dpd,balance\nx,2024-01,0,1\nx,2024-01-05,0,1\n",
        "p10.csv": "id,on,dpd,balance\ny,2024-01,0,1\n\nx,2024-01-31,0,1\n",
    }
    log = check(lay(tmp_path, tables={"performance": {"path": "p*.csv"}}, files=files)).faults
    assert [(f.file, f.line) for f in log.places] == [("p2.csv", 2), ("p2.csv", 3)]
    assert all("p10.csv, line 4" in f.expected for f in log.places)


def test_duplicates_of_other_tables(tmp_path):
    files = {
        "accounts.csv": "id,opened,limit\na,,\nb,,\na,,\na,,\n",
        "borrowers.csv": "who,zone,consent\np,,\np,,\n",
        "outcomes.csv": "id,on,event\na,2024-03,cure\na,2024-03,default\na,2024-03-31,cure\n",
    }
    tables = {"accounts": {}, "borrowers": {}, "outcomes": {}}
    assert places(lay(tmp_path, tables=tables, files=files)) == [
        ("duplicate_key", "accounts.csv", 4, "id"),
        ("duplicate_key", "accounts.csv", 5, "id"),
        ("duplicate_key", "borrowers.csv", 3, "who"),
        ("duplicate_key", "outcomes.csv", 4, "id"),
    ]


def test_days_before_the_opening(tmp_path):
    tables = {
        "accounts": {"columns": {"account_id": "id", "opened_on": "o", "closed_on": "c"}},
        "payments": {},
    }
    files = {
        "accounts.csv": "id,o,c\na,2024-02-01,2024-01-01\nb,2024-01-31,2024-01-31\n",
        "payments.csv": "id,paid_on,amount\na,2024-02-01,1\nb,2024-01-30,1\nz,2020-01-01,1\n",
    }
    found = check(lay(tmp_path, tables=tables, files=files)).faults.places
    assert [(f.kind, f.file, f.line, f.column) for f in found] == [
        ("before_opening", "performance.csv", 2, "on"),
        ("before_opening", "accounts.csv", 2, "c"),
        ("before_opening", "payments.csv", 3, "paid_on"),
    ]
    assert found[0].found == "2024-01-31"
    assert "2024-02-01" in found[0].expected


def test_negative_limits_and_credit_balances(tmp_path):
    tables = {"accounts": {}}
    files = {"accounts.csv": "id,opened,limit\na,,-1\nb,,0\n"}
    it = fault(lay(tmp_path, ROWS + "c,2024-01,0,-5\n", tables, files))
    assert (it.kind, it.file, it.line, it.column) == ("unparsable", "accounts.csv", 2, "limit")


def test_two_currencies(tmp_path):
    columns = COLUMNS["performance"] | {"currency": "cur"}
    rows = "id,on,dpd,balance,cur\na,2024-01,0,1,JPY\nb,2024-01,0,1,USD\nc,2024-01,0,1,JPY\n"
    keys = {"performance": {"columns": columns}}
    it = fault(lay(tmp_path / "files", rows, keys, currency=None))
    assert (it.kind, it.line, it.column, it.found) == ("mixed_currency", 3, "cur", "USD")
    log = check(lay(tmp_path / "manifest", rows, keys, currency="USD")).faults
    assert [(f.kind, f.line) for f in log.places] == [("mixed_currency", 2), ("mixed_currency", 4)]
    one = rows.replace("USD", "jpy")
    tape, _ = read(lay(tmp_path / "one", one, keys, currency=None))
    assert tape.currency == "JPY"
    assert tape.performance["balance_minor"].to_list() == [1, 1, 1]
    unknown = check(lay(tmp_path / "unknown", rows.replace("USD", "RMB"), keys)).faults
    assert unknown.counts == {"unparsable": 1, "mixed_currency": 2}


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\n \n\r\n"])
def test_empty_files(tmp_path, content):
    it = fault(lay(tmp_path, content))
    assert (it.kind, it.line, it.file) == ("unreadable", 0, "performance.csv")


def test_a_header_alone_is_no_book_but_a_part_may_be_empty(tmp_path):
    assert fault(lay(tmp_path / "a", "id,on,dpd,balance\n")).kind == "unreadable"
    tables = {"accounts": {}, "outcomes": {}}
    files = {"accounts.csv": "id,opened,limit", "outcomes.csv": "id,on,event\n"}
    tape, _ = read(lay(tmp_path / "b", tables=tables, files=files))
    assert tape.outcomes.height == 0


def test_files_that_are_not_there_or_not_what_they_say(tmp_path):
    paths = [
        "none.csv",
        "bad.parquet",
        "cut.parquet",
        "bad.xlsx",
        "bad.csv.gz",
        "x/*.csv",
        "ok.csv",
    ]
    pl.DataFrame({"id": ["a"]}).write_parquet(tmp_path / "whole.parquet")
    files = {
        "bad.parquet": b"id,on\n",
        "cut.parquet": (tmp_path / "whole.parquet").read_bytes()[:-20],
        "bad.xlsx": b"PK no",
        "ok.csv": ROWS,
    }
    folder = lay(tmp_path, tables={"performance": {"path": paths}}, files=files)
    (folder / "bad.csv.gz").write_bytes(b"id,on,dpd,balance\n")
    assert places(folder) == [
        ("unreadable", "bad.csv.gz", 0, None),
        ("unreadable", "bad.parquet", 0, None),
        ("unreadable", "bad.xlsx", 0, None),
        ("truncated", "cut.parquet", 0, None),
        ("unreadable", "none.csv", 0, None),
        ("unreadable", "x/*.csv", 0, None),
    ]


def test_files_that_end_too_early(tmp_path):
    def first(rows, **keys):
        it = fault(lay(tmp_path / str(len(list(tmp_path.iterdir()))), rows, {"performance": keys}))
        return it.kind, it.line

    assert first(ROWS + 'c,2024-01,0,"1') == ("truncated", 5)
    assert first(ROWS + 'c,2024-01,"0\n1\n') == ("truncated", 5)
    assert first(ROWS + "c,2024-0") == ("truncated", 5)
    assert first(ROWS.encode() + b"c,2024-01,0,\xe8\xb4") == ("truncated", 5)
    assert first((ROWS + "账").encode("utf-16")[:-1], encoding="utf-16") == ("truncated", 5)
    assert first(ROWS + "c,2024-01,0,1,9") == ("cell_count", 5)
    assert read(lay(tmp_path / "fine", ROWS + "c,2024-01,0,1"))[0].performance.height == 4


def test_a_gzip_that_ends_too_early(tmp_path):
    many = "id,on,dpd,balance\n" + "".join(f"{i},2024-01,0,{i * 37 % 1000}\n" for i in range(5000))
    keys = {"performance": {"path": "p.csv.gz"}}
    folder = lay(tmp_path, many, keys)
    data = (folder / "p.csv.gz").read_bytes()
    (folder / "p.csv.gz").write_bytes(data[: len(data) // 2])
    it = fault(folder)
    assert it.kind == "truncated"
    assert it.line > 1000


def test_bytes_that_do_not_decode_are_placed(tmp_path):
    rows = b"id,on,dpd,balance,note\na,2024-01,0,1,\xb2\xe2\n\xc8,2024-01,0,1,x\n"
    rows += "b,2024-01,0,1,账\n".encode()
    folder = lay(tmp_path, rows)
    assert places(folder) == [
        ("encoding", "performance.csv", 2, "note"),
        ("encoding", "performance.csv", 3, "id"),
    ]
    assert check(folder).faults.places[0].found == "bytes B2 E2"


def test_a_header_in_another_encoding_is_an_encoding_fault(tmp_path):
    rows = "客户号,on,dpd,balance\n甲,2024-01,0,1\n".encode("gb18030")
    columns = COLUMNS["performance"] | {"account_id": "客户号"}
    folder = lay(tmp_path, rows, {"performance": {"columns": columns}})
    log = check(folder).faults
    assert log.counts == {"encoding": 2}
    assert [f.line for f in log.places] == [1, 2]


def test_a_mapped_column_that_is_not_there(tmp_path):
    it = fault(lay(tmp_path, "id,on,dpd,balnce\na,2024-01,0,1\n"))
    assert (it.kind, it.line, it.column) == ("missing_column", 1, "balance")
    assert "balnce" in it.mend
    it = fault(lay(tmp_path / "twice", "id,on,dpd,balance,id\na,2024-01,0,1,b\n"))
    assert (it.kind, it.line, it.column) == ("missing_column", 1, "id")


def test_personal_cells_are_never_shown(tmp_path):
    columns = {"borrower_id": "who", "name": "n", "phone": "p"}
    files = {"borrowers.csv": b"who,n,p\nx,Li \xb2\xe2 Secret,1\n"}
    it = fault(lay(tmp_path, tables={"borrowers": {"columns": columns}}, files=files))
    assert it.kind == "encoding"
    assert "Secret" not in str(it)


def test_the_first_hundred_of_a_kind_and_the_exact_count(tmp_path):
    rows = "id,on,dpd,balance\n" + "".join(f"{i},2024-01,x,y\n" for i in range(150))
    log = check(lay(tmp_path, rows)).faults
    assert log.counts == {"unparsable": 300}
    assert [(f.line, f.column) for f in log.places] == [
        (line, column) for line in range(2, 52) for column in ("dpd", "balance")
    ]


def test_missing_words_scale_and_sign(tmp_path):
    columns = COLUMNS["performance"] | {
        "balance": {"from": "balance", "scale": 10000, "sign": -1, "missing": ["NA", "0"]},
    }
    rows = (
        "id,on,dpd,balance\na,2024-01,0,-1.23456\nb,2024-01,0,NA\nc,2024-01,0,0\nd,2024-01,0,0.0\n"
    )
    tape, _ = read(lay(tmp_path, rows, {"performance": {"columns": columns}}))
    assert tape.performance["balance_minor"].to_list() == [1234560, None, None, 0]


def test_remarks_come_with_a_check(tmp_path):
    checked = check(lay(tmp_path))
    assert [r.kind for r in checked.remarks] == ["few_rows", "jump"]
    assert checked.rows == {"performance": 3}
    assert checked.files == {"performance": ("performance.csv",)}


def test_progress_is_told(tmp_path):
    told = []
    check(lay(tmp_path), lambda step, done, total: told.append((step, done, total)))
    assert told[-1] == ("check", len(ROWS), len(ROWS))


def test_threads_do_not_matter(tmp_path, monkeypatch):
    frame, keys = book(400, random.Random(9))
    folder = lay(tmp_path, frame, keys)
    monkeypatch.setattr(csv_part, "PIECE", 500)
    many, _ = read(folder)
    monkeypatch.setattr(tape_source, "AT_ONCE", 1)
    assert_same(many, read(folder)[0])


def test_a_gzip_that_is_damaged_in_the_middle_keeps_what_came_before(tmp_path, monkeypatch):
    many = "id,on,dpd,balance\n" + "".join(f"{i},2024-01,x,{i * 37 % 1000}\n" for i in range(9000))
    folder = lay(tmp_path, many, {"performance": {"path": "p.csv.gz"}})
    data = bytearray((folder / "p.csv.gz").read_bytes())
    data[len(data) // 2 : len(data) // 2 + 40] = bytes(40)
    (folder / "p.csv.gz").write_bytes(data)
    monkeypatch.setattr(csv_part, "PIECE", 1000)
    log = check(folder).faults
    assert log.counts["unreadable"] == 1
    assert log.counts["unparsable"] > 1000


def test_a_day_of_observation_before_every_row(tmp_path):
    it = fault(lay(tmp_path, as_of="2023-12-31"))
    assert (it.kind, it.file, it.found) == ("manifest", "tape.yaml", "2023-12-31")
    assert '"as_of"' in (tmp_path / "tape.yaml").read_text().splitlines()[it.line - 1]


def test_names_of_files_are_no_patterns_to_the_readers(tmp_path):
    frame, keys = book(20, random.Random(4))
    keys["performance"]["path"] = "[1]/a=b.parquet"
    (tmp_path / "[1]").mkdir()
    tape, _ = read(lay(tmp_path, tables=keys, files={"[1]/a=b.parquet": frame}))
    assert tape.performance.height == 20
