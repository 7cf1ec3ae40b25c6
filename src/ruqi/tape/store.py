"""Columns that grow block by block and stay small: narrow types, texts once, ids as numbers."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ruqi.tape.block import NO_AMOUNT, Words

_NARROW_NONE = -(2**31)
_NARROW_MAX = 2**31 - 1


class Strip:
    """One growing column of numbers. `none` marks what is missing, in the type that comes in."""

    def __init__(self, none: int) -> None:
        self.none = none
        self._parts: list[NDArray[Any]] = []

    def append(self, values: NDArray[Any]) -> None:
        """Add the next rows. Amounts that fit are kept in half the space."""
        if values.dtype == np.int64:
            values = _narrowed(values, self.none)
        self._parts.append(values)

    def joined(self) -> NDArray[Any]:
        """All rows as one array, int32 where all fit; the parts are joined once and for all."""
        if not self._parts:
            return np.zeros(0, dtype=np.int32)
        if len(self._parts) > 1:
            if any(part.dtype == np.int64 for part in self._parts):
                self._parts = [_widened(part, self.none) for part in self._parts]
            self._parts = [np.concatenate(self._parts)]
        return self._parts[0]

    def none_of(self, values: NDArray[Any]) -> int:
        """What marks a missing value in an array that `joined` gave."""
        return _NARROW_NONE if self.none == NO_AMOUNT and values.dtype == np.int32 else self.none

    def __len__(self) -> int:
        return sum(len(part) for part in self._parts)


def _narrowed(values: NDArray[Any], none: int) -> NDArray[Any]:
    if none != NO_AMOUNT:
        fits = len(values) == 0 or (values.min() >= 0 and values.max() <= _NARROW_MAX)
        return values.astype(np.int32) if fits else values
    lacking = values == NO_AMOUNT
    some = values[~lacking] if lacking.any() else values
    if len(some) and (some.min() <= _NARROW_NONE or some.max() > _NARROW_MAX):
        return values
    return np.where(lacking, _NARROW_NONE, values).astype(np.int32)


def _widened(values: NDArray[Any], none: int) -> NDArray[Any]:
    if values.dtype == np.int64:
        return values
    wide = values.astype(np.int64)
    if none == NO_AMOUNT:
        wide[values == _NARROW_NONE] = NO_AMOUNT
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
    """Strings by number; null for -1."""
    held = texts if isinstance(texts, pl.Series) else pl.Series(texts, dtype=pl.String)
    places = pl.Series(numbers.astype(np.int64))
    return held.gather(places.set(places < 0, None))


def numbers_of(values: NDArray[Any], none: int, dtype: Any) -> pl.Series:
    """A Polars column with nulls where `values` holds `none`."""
    lacking = values == none
    series = pl.Series(values)
    if lacking.any():
        series = series.to_frame("x").select(pl.when(~pl.Series(lacking)).then(pl.col("x")))["x"]
    return series.cast(dtype)
