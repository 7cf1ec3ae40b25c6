from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
import pytest

from ruqi.adapters.files.frame_block import FrameBlock
from ruqi.tape import bounds
from ruqi.tape.block import NO_AMOUNT, NO_DAY, Spots
from ruqi.tape.contract import STATUSES
from ruqi.tape.judge import Book, Month, View, judge, shown
from ruqi.tape.manifest import ColumnMap

BOOK = Book(2, "CNY", ZoneInfo("Asia/Shanghai"), bounds.default("days"), "dpd_days")
KINDS = {"balance": "amount", "limit": "amount", "dpd_days": "whole", "on": "date"}
KINDS |= {"opened_on": "date", "effective": "flag", "at": "instant", "consent": "list"}


def mapped(*names, **specs):
    return tuple(
        (ColumnMap(n, n.upper(), KINDS.get(n, "text"), **specs.get(n, {})), place)
        for place, n in enumerate(names)
    )


def read(cells, view_columns, months=(), book=BOOK):
    """Rows and spots of a frame whose columns stand in the order of `cells`."""
    frame = pl.DataFrame(cells)
    header = tuple(frame.columns)
    block = FrameBlock(frame, np.arange(frame.height))
    spots = Spots()
    return judge(block, View(header, view_columns, months), book, spots), spots


def test_each_kind_of_column():
    names = ("balance", "on", "opened_on", "effective", "at", "consent", "product")
    cells = {
        "balance": ["1.5", None],
        "on": ["2024-02", None],
        "opened_on": ["2024-02", None],
        "effective": ["是", None],
        "at": ["1970-01-01 08:00:01", None],
        "consent": ["sms|none", None],
        "product": ["x", None],
    }
    (rows,), spots = read(cells, mapped(*names))
    assert spots.counts == {}
    columns = rows.columns
    assert columns["balance"].tolist() == [150, NO_AMOUNT]
    assert columns["on"].tolist() == [19782, NO_DAY]
    assert columns["opened_on"].tolist() == [19754, NO_DAY]
    assert columns["effective"].tolist() == [1, -1]
    assert columns["at"].tolist() == [1_000_000, NO_AMOUNT]
    assert columns["consent"].texts == ["sms"]
    assert columns["product"].ids.tolist() == [0, -1]


def test_lateness_status_and_code():
    cells = {
        "dpd_days": ["0", "45", None, "9", "x"],
        "status": [None, None, "sold", "closed", None],
    }
    (rows,), spots = read(cells, mapped("dpd_days", "status"))
    assert rows.columns["bucket"].tolist() == [0, 2, -1, -1, -1]
    names = [STATUSES[i] for i in rows.columns["status"]]
    assert names == ["open", "open", "sold", "closed", "open"]
    assert rows.columns["dpd_days"].tolist() == [0, 45, NO_DAY, 9, NO_DAY]
    assert spots.counts == {"unparsable": 1}


def test_an_open_row_needs_lateness():
    (_,), spots = read({"d": [None, "1"], "s": ["open", None]}, mapped("dpd_days", "status"))
    (spot,) = spots.first["missing_value"]
    assert (spot.line, spot.place, spot.column) == (0, 0, "DPD_DAYS")


def test_missing_words_are_texts_not_numbers():
    spec = {"balance": {"missing": frozenset({"-1", "NA"})}}
    (rows,), spots = read({"b": ["-1", "-1.0", "NA", "-2"]}, mapped("balance", **spec))
    assert rows.columns["balance"].tolist() == [NO_AMOUNT, -100, NO_AMOUNT, -200]
    assert spots.counts == {}


def test_numbers_of_typed_columns_keep_missing_words():
    spec = {"balance": {"missing": frozenset({"-1"})}}
    for cells in ([-1, 2], [-1.0, 2.0]):
        (rows,), _ = read({"b": cells}, mapped("balance", **spec))
        assert rows.columns["balance"].tolist() == [NO_AMOUNT, 200]


def test_negative_limits():
    (_,), spots = read({"l": ["5", "-5"]}, mapped("limit"))
    assert [(s.line, s.found) for s in spots.first["unparsable"]] == [(1, "-5")]


def test_ids_that_mean_missing():
    spec = {"account_id": {"required": True, "missing": frozenset({"0"})}}
    (rows,), spots = read({"i": ["0", "00", "a"]}, mapped("account_id", **spec))
    assert spots.counts == {"missing_value": 1}
    assert rows.columns["account_id"].offsets.tolist() == [0, 0, 2, 3]


@pytest.mark.parametrize("name", ["account_id", "borrower_id", "region", "consent", "channel"])
def test_words_for_nothing_are_faults_unless_listed(name):
    texts = ["-", "NA", "null", "NaN", "na", "N/A", "--", "a-", "A|-", None]
    (_,), spots = read({"c": texts}, mapped(name))
    assert [(s.line, s.found) for s in spots.first.pop("unparsable")] == list(enumerate(texts[:4]))
    assert spots.first == {}
    (_,), spots = read({"c": texts}, mapped(name, **{name: {"missing": frozenset(texts[:3])}}))
    assert [s.found for s in spots.first["unparsable"]] == ["NaN"]
    assert "under `missing`" in spots.first["unparsable"][0].mend


def test_a_code_may_be_a_word_for_nothing():
    (rows,), spots = read({"c": ["NA"]}, mapped("region", region={"codes": {"NA": "Namibia"}}))
    assert spots.counts == {} and rows.columns["region"].texts == ["Namibia"]


def test_an_id_of_nothing_is_no_id_and_has_one_fault():
    spec = {"account_id": {"required": True}}
    (rows,), spots = read({"i": ["NA", "b", None]}, mapped("account_id", **spec))
    assert spots.counts == {"missing_value": 1, "unparsable": 1}
    assert rows.columns["account_id"].offsets.tolist() == [0, 0, 1, 1]


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("effective", "maybe", "unparsable"),
        ("time_zone", "Mars/Base", "unparsable"),
        ("currency", "RMB", "unparsable"),
        ("currency", "USD", "mixed_currency"),
        ("status", "gone", "unknown_code"),
        ("at", "yesterday", "unparsable"),
    ],
)
def test_words_that_are_not_known(name, text, kind):
    (_,), spots = read({"c": [text]}, mapped(name))
    assert spots.counts == {kind: 1}


def test_codes_of_lists_hold_for_each_item():
    spec = {"consent": {"codes": {"短信": "sms", "无": "none"}}}
    (rows,), spots = read({"c": ["短信|短信", "无", "短信|x"]}, mapped("consent", **spec))
    assert spots.counts == {"unknown_code": 1}
    assert rows.columns["consent"].ids.tolist() == [0, 1, -1]
    assert list(rows.columns["consent"].texts[:2]) == ["sms|sms", ""]


def test_a_wide_month_says_something_or_nothing():
    months = (
        Month(100, tuple((c, p + 1) for c, p in mapped("dpd_days", "balance"))),
        Month(131, tuple((c, p + 3) for c, p in mapped("dpd_days", "balance"))),
    )
    cells = {
        "id": ["a", "b"],
        "d1": ["0", None],
        "b1": [None, None],
        "d2": [None, "3"],
        "b2": [7, 8],
    }
    (first, second), spots = read(cells, mapped("account_id"), months)
    assert first.at.tolist() == [True, False]
    assert second.at.tolist() == [True, True]
    assert first.columns["on"].tolist() == [100, 100]
    assert first.columns["account_id"] is second.columns["account_id"]
    assert spots.counts == {"missing_value": 1}
    assert spots.first["missing_value"][0].place == 3


def test_a_long_cell_is_shown_short():
    assert len(shown("x" * 500)) == 80
    assert shown("x") == "x"
