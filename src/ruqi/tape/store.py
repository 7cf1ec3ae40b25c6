"""Columns that grow block by block and stay small: narrow types, texts once, ids as numbers."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ruqi.tape.block import Words

WIDTHS = (np.dtype(np.int8), np.dtype(np.int16), np.dtype(np.int32), np.dtype(np.int64))


class Strip:
    """One growing column of whole numbers. The least number of its type marks what is missing.

    It is one array with room to grow: parts that are joined later would lie in memory twice.
    """

    def __init__(self, expected: int = 0) -> None:
        self.rows = 0
        self.expected = expected  # rows that will come in all, as far as can be told
        self._room: NDArray[Any] = np.empty(0, dtype=WIDTHS[0])

    def append(self, values: NDArray[Any], none: int) -> None:
        """Add the next rows, of which those that equal `none` are missing."""
        packed = _packed(values, none)
        self._make_room(len(packed), packed.dtype)
        self._room[self.rows : self.rows + len(packed)] = _widened(packed, self._room.dtype)
        self.rows += len(packed)

    def blank(self, rows: int) -> None:
        """Add rows that are all missing."""
        self._make_room(rows, WIDTHS[0])
        self._room[self.rows : self.rows + rows] = none_of(self._room.dtype)
        self.rows += rows

    def joined(self) -> NDArray[Any]:
        """All rows as one array, as narrow as they allow."""
        return self._room[: self.rows]

    def _make_room(self, rows: int, dtype: np.dtype[Any]) -> None:
        held = self._room.dtype
        widest = max(held, dtype, key=WIDTHS.index)
        most = len(self._room)
        if self.rows + rows > most:
            most = max(self.rows + rows, most + most // 2, self.expected)
        if most > len(self._room) or widest != held:
            room = np.empty(most, dtype=widest)
            room[: self.rows] = _widened(self._room[: self.rows], widest)
            self._room = room


def none_of(dtype: np.dtype[Any]) -> int:
    """What marks a missing value in a strip of this type."""
    return int(np.iinfo(dtype).min)


def _packed(values: NDArray[Any], none: int) -> NDArray[Any]:
    if not len(values):
        return values.astype(WIDTHS[0])
    low, high = int(values.min()), int(values.max())
    lacking = None
    if low == none:  # as a rule the least of all
        lacking = values == none
        some = values[~lacking]
        low, high = (int(some.min()), int(some.max())) if len(some) else (0, 0)
    for width in WIDTHS:
        least = none_of(width)
        if least < low and high <= -(least + 1):
            if lacking is None:
                return values.astype(width, copy=False)
            return np.where(lacking, least, values).astype(width)
    return values


def _widened(values: NDArray[Any], dtype: np.dtype[Any]) -> NDArray[Any]:
    if values.dtype == dtype:
        return values
    wide = values.astype(dtype)
    wide[values == none_of(values.dtype)] = none_of(dtype)
    return wide


class Lexicon:
    """The distinct texts of a column over all blocks, numbered in order of first sight."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._numbers: dict[str, int] = {}

    def numbers(self, words: Words) -> NDArray[np.int32]:
        """The words' ids in this lexicon's numbers; -1 stays."""
        table = np.full(len(words.texts) + 1, -1, dtype=np.int32)
        for index, text in enumerate(words.texts):
            number = self._numbers.setdefault(text, len(self.texts))
            if number == len(self.texts):
                self.texts.append(text)
            table[index] = number
        return table[words.ids]


def texts_of(numbers: NDArray[Any], texts: Sequence[str] | pl.Series) -> pl.Series:
    """Strings by number; null for what is below nought."""
    held = texts if isinstance(texts, pl.Series) else pl.Series(texts, dtype=pl.String)
    places = pl.Series(numbers.astype(np.int64))
    return held.gather(places.set(places < 0, None))


def numbers_of(values: NDArray[Any], dtype: Any) -> pl.Series:
    """A Polars column from rows of a strip, with nulls for what is missing."""
    series = pl.Series(values)
    lacking = series == none_of(values.dtype)
    if lacking.any():
        series = series.set(lacking, None)
    if dtype == pl.Date and values.dtype != np.int32:
        series = series.cast(pl.Int32)
    if dtype == pl.Datetime("us", "UTC"):
        return series.cast(pl.Int64).cast(dtype)
    return series.cast(dtype)
