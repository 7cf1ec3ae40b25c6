from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from ruqi.behaviour.features import FAMILIES, beside, conduct, lenders_own
from ruqi.behaviour.panel import panel
from scored_books import START, book
from tapes import make_tape, path

MONTHS_SEEN = 7


@pytest.fixture(scope="module")
def tape():
    return book(accounts=60)


def made(tape, at=5, window=4):
    book_ = panel(tape, tape.accounts["account_id"], START, START + MONTHS_SEEN - 1)
    return conduct(book_, at, window, tape.has)


def column(features, name):
    return features.values[:, [c.name for c in features.columns].index(name)]


def hand():
    rows = path(
        "a",
        "2024-01",
        "M1 M2 M0 M1",
        balance_minor=[1000, 800, 900, 0],
        paid_minor=[0, 500, 0, 450],
    )
    return make_tape(rows, accounts=[{"account_id": "a", "limit_minor": 2000}])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("late_0", 1),
        ("late_1", 0),
        ("late_2", 2),
        ("late_max", 2),
        ("late_mean", 1),
        ("late_months", 3),
        ("months_since_late", 0),
        ("late_streak", 1),
        ("used_0", 0),
        ("used_1", 0.45),
        ("used_max", 0.5),
        ("repaid_0", 0.5),  # 450 of the 900 of the month before
        ("repaid_1", 0),
        ("repaid_least", 0),
        ("months_unpaid", 1),
        ("left_unpaid", 0.225),
        ("months_nothing_owed", 1),
        ("months_rising", 1),
        ("balance_change", -0.45),
        ("dpd_now", 1),
        ("dpd_max", 31),
    ],
)
def test_features_by_hand(name, value):
    tape = hand()
    book_ = panel(tape, tape.accounts["account_id"], START, START + 3)
    features = conduct(book_, 3, 4, tape.has)
    assert column(features, name)[0] == pytest.approx(value)


def test_a_column_the_book_does_not_give_makes_no_feature():
    tape = make_tape(path("a", "2024-01", "M0 M0"))
    features = conduct(panel(tape, pl.Series(["a"]), START, START + 1), 1, 2, tape.has)
    assert {c.family for c in features.columns} == {"lateness"}


def test_later_rows_change_nothing(tape):
    later = replace(
        tape,
        performance=tape.performance.with_columns(
            bucket=pl.when(pl.col("month") > START + 5).then(3).otherwise("bucket").cast(pl.Int8),
            balance_minor=pl.when(pl.col("month") > START + 5).then(1).otherwise("balance_minor"),
        ),
    )
    np.testing.assert_array_equal(made(tape).values, made(later).values)


def test_more_lateness_moves_every_signed_column_the_risky_way(tape):
    raised = replace(
        tape,
        performance=tape.performance.with_columns(
            bucket=pl.when(pl.col("month") == START + 5)
            .then(pl.col("bucket") + 1)
            .otherwise("bucket")
            .cast(pl.Int8)
        ),
    )
    before, after = made(tape), made(raised)
    for place, feature in enumerate(before.columns):
        moved = after.values[:, place] - before.values[:, place]
        if feature.family == "lateness":
            assert feature.sign != 0
            assert (np.nan_to_num(moved) * feature.sign >= 0).all(), feature.name
        else:
            assert (np.nan_to_num(moved) == 0).all(), feature.name


def test_every_feature_is_named_in_both_languages_and_has_a_family(tape):
    columns = made(tape).columns
    assert len({c.name for c in columns}) == len(columns)
    for feature in columns:
        assert feature.family in FAMILIES
        assert feature.sign in (-1, 0, 1)
        assert feature.name_en
        assert any("\u4e00" <= letter <= "\u9fff" for letter in feature.name_zh)


def test_lenders_own_text_becomes_categories_and_number_text_numbers():
    frame = pl.DataFrame(
        {"account_id": ["a", "b", "c"], "shop": ["y", None, "x"], "grade": ["2", "10", None]}
    )
    features = lenders_own(frame, pl.Series(["a", "b", "c", "d"]))
    assert [(c.name, c.categorical) for c in features.columns] == [
        ("own:grade", False),
        ("own:shop", True),
    ]
    np.testing.assert_array_equal(column(features, "own:grade"), [2, 10, np.nan, np.nan])
    np.testing.assert_array_equal(column(features, "own:shop"), [1, np.nan, 0, np.nan])


def test_rare_categories_share_a_code():
    ids = [str(i) for i in range(120)]
    frame = pl.DataFrame({"account_id": ids, "town": [f"t{min(i, 80):02d}" for i in range(120)]})
    codes = column(lenders_own(frame, pl.Series(ids)), "own:town")
    assert codes.max() == 50
    assert codes[119] < 50  # the frequent one keeps its own


def test_beside_keeps_rows_and_order(tape):
    features = made(tape)
    both = beside(features, lenders_own(tape.features, tape.accounts["account_id"]))
    assert both.values.shape == (60, len(features.columns) + 1)
    assert both.columns[-1].name == "own:channel"
