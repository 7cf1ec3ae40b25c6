import random

import numpy as np
import polars as pl

from ruqi.tape.block import Keys
from ruqi.tape.ids import Ids, ends_of, keys_of, series_of, stable_order


def test_each_text_is_numbered_once_and_kept():
    ids = Ids()
    assert ids.numbers(keys_of(pl.Series(["b", "a", None, "b", "b", "账户", "ab"]))).tolist() == [
        0,
        1,
        -1,
        0,
        0,
        2,
        3,
    ]
    assert ids.numbers(keys_of(pl.Series(["账户", "", "c"]))).tolist() == [2, -1, 4]
    assert ids.texts().to_list() == ["b", "a", "账户", "ab", "c"]
    assert ids.texts(1, 3).to_list() == ["a", "账户"]
    assert ids.text(2) == "账户"
    assert ids.count == 5


def test_many_texts_stay_apart_as_the_table_grows():
    texts = [f"{i:x}" for i in range(60_000)]
    random.Random(1).shuffle(texts)
    ids = Ids()
    for first in range(0, len(texts), 7_000):
        ids.numbers(keys_of(pl.Series(texts[first : first + 7_000])))
    assert ids.count == len(texts)
    assert ids.texts().to_list() == texts
    again = ids.numbers(keys_of(pl.Series(texts[::-1])))
    assert again.tolist() == list(range(len(texts)))[::-1]


def test_strings_and_ids_are_the_same_texts():
    for texts in (["a", "", "账"], ["a\0b", "c", ""], [], [""]):
        series = pl.Series(texts, dtype=pl.String)
        assert series_of(keys_of(series)).to_list() == texts
    part = Keys(np.frombuffer(b"xxabyy", dtype=np.uint8), np.array([2, 3, 4]))
    assert series_of(part).to_list() == ["a", "b"]


def test_order_is_stable():
    numbers = np.array([2, 0, 1, 2, 0], dtype=np.int16)
    ends = ends_of(numbers, 3)
    assert ends.tolist() == [2, 3, 5]
    assert stable_order(numbers, ends).tolist() == [1, 4, 2, 0, 3]
