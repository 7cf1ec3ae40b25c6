import numpy as np
import polars as pl
import pytest

from ruqi.tape.block import NO_AMOUNT, NO_DAY, Words
from ruqi.tape.store import Lexicon, Strip, none_of, numbers_of, texts_of


def strip(*parts, none=NO_AMOUNT, dtype=np.int64):
    made = Strip()
    for part in parts:
        made.append(np.array(part, dtype=dtype), none)
    return made


@pytest.mark.parametrize(
    ("values", "width"),
    [
        ([0, 127], np.int8),
        ([128], np.int16),
        ([-128], np.int16),
        ([2**31 - 1], np.int32),
        ([2**31], np.int64),
        ([NO_AMOUNT], np.int8),
        ([NO_AMOUNT, 5], np.int8),
        ([], np.int8),
    ],
)
def test_numbers_take_as_little_room_as_they_need(values, width):
    joined = strip(values).joined()
    assert joined.dtype == width
    held = numbers_of(joined, pl.Int64).to_list()
    assert held == [None if v == NO_AMOUNT else v for v in values]


def test_a_wider_part_widens_what_was_there():
    made = strip([1, NO_AMOUNT], [300], [], [2**40, NO_AMOUNT])
    assert numbers_of(made.joined(), pl.Int64).to_list() == [1, None, 300, 2**40, None]
    assert made.rows == 5


def test_rows_of_files_without_the_column_are_missing():
    made = Strip()
    made.blank(2)
    made.append(np.array([-5000, NO_DAY], dtype=np.int32), NO_DAY)
    made.blank(1)
    assert numbers_of(made.joined(), pl.Int32).to_list() == [None, None, -5000, None, None]


def test_the_least_of_a_type_is_never_a_value():
    made = strip([none_of(np.dtype(np.int16))])
    assert made.joined().dtype == np.int32


def test_days_instants_and_flags():
    days = strip([0, NO_DAY, 19_000], none=NO_DAY, dtype=np.int32).joined()
    assert numbers_of(days, pl.Date).cast(pl.String).to_list() == ["1970-01-01", None, "2022-01-08"]
    instant = strip([1_000_000]).joined()
    assert str(numbers_of(instant, pl.Datetime("us", "UTC"))[0]) == "1970-01-01 00:00:01+00:00"
    flags = strip([1, -1, 0], none=-1, dtype=np.int8).joined()
    assert numbers_of(flags, pl.Boolean).to_list() == [True, None, False]


def test_a_lexicon_numbers_texts_over_all_blocks():
    lexicon = Lexicon()
    first = lexicon.numbers(Words(np.array([0, 1, -1], dtype=np.int32), ["x", "y"]))
    second = lexicon.numbers(Words(np.array([1, 0], dtype=np.int32), ["z", "y"]))
    assert first.tolist() == [0, 1, -1]
    assert second.tolist() == [1, 2]
    assert texts_of(np.array([2, -1, 0]), lexicon.texts).to_list() == ["z", None, "x"]
    assert texts_of(np.array([-128, 0], dtype=np.int8), ["a"]).to_list() == [None, "a"]
