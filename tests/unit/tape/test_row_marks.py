import polars as pl

from ruqi.tape.row_marks import NONE, pick


def test_what_is_missing_is_picked_as_such():
    assert pick(pl.Series([1, None], dtype=pl.Int64), NONE).tolist() == [1, NONE]
    assert pick(pl.Series([1, 2], dtype=pl.Int64), NONE).tolist() == [1, 2]
