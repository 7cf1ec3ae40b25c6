from datetime import date
from fractions import Fraction

import pytest

from ruqi.tape.columns import Bucket
from ruqi.tape.manifest_rules import build, close

ENCODINGS = {"gb18030"}


def content(**changes):
    """A sound manifest, with some keys changed; None takes a key away."""
    made = {
        "tape": "t",
        "currency": "CNY",
        "time_zone": "Asia/Shanghai",
        "tables": {"performance": performance()},
    } | changes
    return {key: value for key, value in made.items() if value is not None}


def performance(**changes):
    made = {"path": "p.csv", "columns": {"account_id": "id", "on": "on", "dpd_days": "d"}}
    return {k: v for k, v in (made | changes).items() if v is not None}


def found(tree, broken=()):
    return [p.place for p in build(tree, broken, ENCODINGS)[1]]


def test_a_sound_manifest():
    manifest, problems = build(content(as_of="2024-12", amounts="minor"), (), ENCODINGS)
    assert problems == []
    assert (manifest.name, manifest.minor, manifest.as_of) == ("t", True, date(2024, 12, 31))
    assert (manifest.lateness, manifest.delinquency.by) == ("dpd_days", "days")
    assert manifest.observed == "month_end"
    table = manifest.tables["performance"]
    assert (table.paths, table.encoding, table.delimiter) == (("p.csv",), "utf-8", ",")
    assert [(c.name, c.source, c.required) for c in table.columns] == [
        ("account_id", "id", True),
        ("on", "on", True),
        ("dpd_days", "d", False),
    ]


def test_columns_take_what_their_table_says_unless_they_say_otherwise():
    columns = performance()["columns"] | {
        "balance": {"from": " b ", "thousands": ".", "missing": "x", "scale": "0.01"},
        "due": "u",
    }
    table = performance(
        columns=columns,
        decimal=",",
        thousands=" ",
        missing=["-", "NA"],
        sign="-1",
        delimiter="\\t",
        encoding="gb18030",
    )
    manifest, problems = build(content(tables={"performance": table}), (), ENCODINGS)
    assert problems == []
    made = manifest.tables["performance"]
    balance, due = made.column("balance"), made.column("due")
    assert (balance.source, balance.form.thousands, balance.form.decimal) == ("b", ".", ",")
    assert (balance.form.scale, balance.form.negate) == (Fraction(1, 100), True)
    assert (balance.missing, due.missing) == ({"x"}, {"-", "NA"})
    assert due.form.thousands == " "
    assert made.column("account_id").form.thousands == ""
    assert (made.delimiter, made.encoding) == ("\t", "gb18030")


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"currency": None}, ()),
        ({"currency": "RMB"}, ("currency",)),
        ({"time_zone": "Asia/Peking"}, ("time_zone",)),
        ({"as_of": "2024-02-30"}, ("as_of",)),
        ({"delinquency": {"by": "stage"}}, ("delinquency", "by")),
        ({"delinquency": {"by": "days", "buckets": ["A"]}}, ("delinquency", "buckets")),
        (
            {"delinquency": {"by": "days", "buckets": {"A": "0", "B": "5-"}}},
            ("delinquency", "buckets", "B"),
        ),
        (
            {"delinquency": {"by": "days", "buckets": {"A": "0", "B": "?"}}},
            ("delinquency", "buckets", "B"),
        ),
    ],
)
def test_faults_of_the_book(changes, place):
    assert found(content(**changes)) == [place]


T = ("tables", "performance")


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"path": "../p.csv"}, (*T, "path")),
        ({"path": "/p.csv"}, (*T, "path")),
        ({"path": ["p.csv", "a/../../b"]}, (*T, "path", 1)),
        ({"path": "C:\\p.csv"}, (*T, "path")),
        ({"encoding": "gb1803"}, (*T, "encoding")),
        ({"delimiter": ",,"}, (*T, "delimiter")),
        ({"delimiter": '"'}, (*T, "delimiter")),
        ({"columns": {"on": "on", "dpd_days": "d"}}, (*T, "columns")),
        ({"columns": {"account_id": "i", "on": "on"}}, (*T, "columns")),
        ({"codes": {"stage": {"a": "M0"}}}, (*T, "codes", "stage")),
        ({"codes": {"on": {"a": "b"}}}, (*T, "codes", "on")),
        ({"codes": {"account_id": {"a": "b"}}}, (*T, "codes", "account_id")),
        ({"codes": {"dpd_days": {"a": "M0", "b": "M77"}}}, (*T, "codes", "dpd_days", "b")),
        ({"months": {"2024-01": {"dpd_days": "d1"}}}, (*T, "columns", "on")),
        ({"features": ["x", "y", "x"]}, (*T, "features", 2)),
        ({"features": ["x"], "protected": ["x"]}, (*T, "features", 0)),
    ],
)
def test_faults_of_a_table(changes, place):
    assert found(content(tables={"performance": performance(**changes)})) == [place]


def test_what_is_protected_in_a_file_is_no_column_of_any_table_on_that_file():
    accounts = {"path": "p.csv", "protected": ["sex", "age"]}
    accounts["columns"] = {"account_id": "id", "product": "sex", "region": {"from": " age "}}
    long = performance(features=["age", "x"])
    assert found(content(tables={"performance": long, "accounts": accounts})) == [
        (*T, "features", 0),
        ("tables", "accounts", "columns", "product"),
        ("tables", "accounts", "columns", "region"),
    ]
    apart = accounts | {"path": "a.csv", "columns": {"account_id": "id"}}
    assert found(content(tables={"performance": long, "accounts": apart})) == []
    wide = performance(columns={"account_id": "id"}, months={"2024-01": {"dpd_days": "age"}})
    tables = {"performance": wide, "accounts": accounts | {"columns": {"account_id": "id"}}}
    assert found(content(tables=tables)) == [(*T, "months")]


@pytest.mark.parametrize(
    ("column", "spec", "key"),
    [
        ("on", {"format": "%d"}, "format"),
        ("on", {"format": "%Q-%Y-%m"}, "format"),
        ("account_id", {"format": "%Y-%m"}, "format"),
        ("account_id", {"thousands": ","}, "thousands"),
        ("balance", {"thousands": ".", "decimal": "."}, "decimal"),
        ("balance", {"scale": "0"}, "scale"),
        ("balance", {"scale": "x"}, "scale"),
    ],
)
def test_faults_of_a_column(column, spec, key):
    columns = performance()["columns"] | {column: {"from": "x"} | spec}
    tree = content(tables={"performance": performance(columns=columns)})
    assert found(tree) == [(*T, "columns", column, key)]


def test_months_of_the_wide_form():
    months = {
        "2024-01-31": {"dpd_days": "d1"},
        "2024-01": {"dpd_days": "d2"},
        "2024-13": {"dpd_days": "d3"},
        "2024-02": {"balance": "b4"},
        "2024-03": {"dpd_days": "d5", "on": "o5"},
    }
    table = performance(columns={"account_id": "id"}, months=months)
    manifest, problems = build(content(tables={"performance": table}), (), ENCODINGS)
    assert {p.place[3:] for p in problems} == {
        ("2024-01",),
        ("2024-13",),
        ("2024-02",),
        ("2024-03", "on"),
    }
    first = manifest.tables["performance"].months[0]
    assert (first.on, [c.source for c in first.columns]) == (date(2024, 1, 31), ["d1"])


def test_codes_of_status_and_currency_lead_to_known_words():
    columns = performance()["columns"] | {"status": "s", "currency": "c"}
    codes = {"status": {"a": "open", "b": "shut"}, "currency": {"x": "CNY", "y": "XXX"}}
    tree = content(tables={"performance": performance(columns=columns, codes=codes)})
    assert found(tree) == [(*T, "codes", "status", "b"), (*T, "codes", "currency", "y")]


def test_stages_need_their_order_and_codes_their_bucket():
    columns = {"account_id": "id", "on": "on", "stage": "s"}
    table = performance(columns=columns, codes={"stage": {"1": "A", "2": "C", "3": "sold"}})
    assert found(content(tables={"performance": table})) == [T]
    tree = content(
        tables={"performance": table}, delinquency={"by": "stage", "buckets": ["A", "B"]}
    )
    assert found(tree) == [(*T, "codes", "stage", "2")]
    tree["delinquency"]["buckets"] = {"A": "0", "B": None, "C": "31-"}
    manifest, problems = build(tree, (), ENCODINGS)
    assert problems == []
    assert manifest.delinquency.buckets == (
        Bucket("A", 0, 0),
        Bucket("B", None, None),
        Bucket("C", 31, None),
    )


def test_several_lateness_columns_and_which_leads():
    columns = performance()["columns"] | {"stage": "s", "months_past_due": "m"}
    tree = content(tables={"performance": performance(columns=columns)})
    assert build(tree, (), ENCODINGS)[0].lateness == "dpd_days"
    tree["delinquency"] = {"by": "months"}
    assert build(tree, (), ENCODINGS)[0].lateness == "months_past_due"


def test_what_the_schema_faulted_is_not_judged_again():
    tree = content(tables={"performance": performance(columns={"stag": "s"}, path=["a", {}])})
    broken = {(*T, "columns", "stag"), (*T, "path", 1)}
    manifest, problems = build(tree, broken, ENCODINGS)
    assert manifest is None
    assert [p.expected for p in problems] == ["a mapping of account_id", "a mapping of on"]


def test_a_manifest_that_is_nothing():
    assert build(None, (), ENCODINGS) == (None, [])
    assert build({"tables": 5}, {("tables",)}, ENCODINGS)[0] is None


def test_close():
    assert close("stag", ["stage", "on"]) == "; did you mean `stage`?"
    assert close("xyz", ["stage", "on"]) == ""
