"""Texts of ids, each kept once under a number in order of first sight; millions fit in memory."""

from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl
from numba import njit
from numpy.typing import NDArray

from ruqi.tape.block import Ints, Keys
from ruqi.tape.byte_texts import hashed, same

Numbers = NDArray[np.int32]
_ONE = np.uint64(1)


@njit(cache=True, nogil=True)
def _number(blob, offsets, table, store, ends, count, out):  # type: ignore[no-untyped-def]
    """Number each text; new ones are appended to `store`. Returns how many texts there are.

    `ends[n]` is where text n - 1 ends in the store; `ends[0]` is nought.
    """
    mask = np.uint64(len(table) - 1)
    last = -1
    for row in range(len(offsets) - 1):
        start, end = np.uint64(offsets[row]), np.uint64(offsets[row + 1])
        if end == start:
            out[row] = -1
            continue
        if last >= 0:  # a panel sorted by account repeats its id
            before, after = np.uint64(ends[last]), np.uint64(ends[last + 1])
            if same(blob, start, end, store, before, after):
                out[row] = last
                continue
        at = hashed(blob, start, end) & mask
        while True:
            last = table[at]
            if last < 0:
                used = np.uint64(ends[count])
                while start < end:
                    store[used] = blob[start]
                    used += _ONE
                    start += _ONE
                ends[count + 1] = used
                table[at] = last = count
                count += 1
                break
            before, after = np.uint64(ends[last]), np.uint64(ends[last + 1])
            if same(blob, start, end, store, before, after):
                break
            at = (at + _ONE) & mask
        out[row] = last
    return count


@njit(cache=True, nogil=True)
def _rehash(table, store, ends, count):  # type: ignore[no-untyped-def]
    mask = np.uint64(len(table) - 1)
    for number in range(count):
        at = hashed(store, np.uint64(ends[number]), np.uint64(ends[number + 1])) & mask
        while table[at] >= 0:
            at = (at + _ONE) & mask
        table[at] = number


@njit(cache=True, nogil=True)
def _counting_order(numbers, starts, order):  # type: ignore[no-untyped-def]
    for row in range(len(numbers)):
        number = numbers[row]
        order[starts[number]] = row
        starts[number] += 1


@njit(cache=True, nogil=True)
def _count(numbers, counts):  # type: ignore[no-untyped-def]
    for row in range(len(numbers)):
        counts[numbers[row]] += 1


def ends_of(numbers: NDArray[Any], count: int) -> Ints:
    """How many rows have a number (0 to count - 1) up to each; NumPy's own needs eight bytes a row.

    The last is the number of rows.
    """
    counts = np.zeros(count, dtype=np.int64)
    _count(numbers.astype(np.int32, copy=False), counts)
    return np.cumsum(counts)


def stable_order(numbers: NDArray[Any], ends: Ints) -> Ints:
    """Row places sorted by number, equal ones in their order; `ends` are those of `ends_of`."""
    starts = np.concatenate([[0], ends])
    order = np.empty(len(numbers), dtype=np.int64)
    _counting_order(numbers.astype(np.int32, copy=False), starts, order)
    return order


class Ids:
    """A growing set of texts."""

    def __init__(self) -> None:
        self.count = 0
        self._table = np.full(1 << 12, -1, dtype=np.int32)
        self._store = np.zeros(1 << 14, dtype=np.uint8)
        self._ends = np.zeros(1 << 10, dtype=np.int64)

    def numbers(self, keys: Keys) -> Numbers:
        """The number of each text, -1 where it is empty."""
        rows = len(keys.offsets) - 1
        self._make_room(rows, len(keys.blob))
        out = np.empty(rows, dtype=np.int32)
        self.count = _number(
            keys.blob, keys.offsets, self._table, self._store, self._ends, self.count, out
        )
        return out

    def texts(self, first: int = 0, last: int | None = None) -> pl.Series:
        """The texts number `first` up to before `last`."""
        last = self.count if last is None else last
        return series_of(Keys(self._store, self._ends[first : last + 1]))

    def text(self, number: int) -> str:
        """One text."""
        return bytes(self._store[self._ends[number] : self._ends[number + 1]]).decode()

    def _make_room(self, rows: int, size: int) -> None:
        used = int(self._ends[self.count])
        if used + size > len(self._store):
            self._store = _grown(self._store, used + size)
        if self.count + rows >= len(self._ends):
            self._ends = _grown(self._ends, self.count + rows + 1)
        if 2 * (self.count + rows) > len(self._table):
            slots = 1 << int(2 * (self.count + rows)).bit_length()
            self._table = np.full(slots, -1, dtype=np.int32)
            _rehash(self._table, self._store, self._ends, self.count)


def _grown(array: NDArray[Any], at_least: int) -> NDArray[Any]:
    bigger = np.zeros(max(at_least, len(array) + len(array) // 2), dtype=array.dtype)
    bigger[: len(array)] = array
    return bigger


def series_of(keys: Keys) -> pl.Series:
    """The texts as Polars strings, empty ones as empty strings."""
    rows = len(keys.offsets) - 1
    if rows == 0:
        return pl.Series([], dtype=pl.String)
    first, last = int(keys.offsets[0]), int(keys.offsets[-1])
    blob = keys.blob[first:last]
    if len(blob) and blob.min() == 0:  # a NUL inside a text: the long way
        whole = bytes(keys.blob[:last])
        bounds = keys.offsets.tolist()
        made = [whole[a:b].decode() for a, b in pairwise(bounds)]
        return pl.Series(made, dtype=pl.String)
    marked = np.zeros(len(blob) + rows - 1, dtype=np.uint8)
    lengths = np.diff(keys.offsets)
    at = np.arange(len(blob)) + np.repeat(np.arange(rows), lengths)
    marked[at] = blob
    return pl.Series([marked.tobytes().decode()]).str.split("\0").explode()


def keys_of(texts: pl.Series) -> Keys:
    """Polars strings (null: empty) as ids."""
    filled = texts.fill_null("")
    offsets = np.zeros(len(filled) + 1, dtype=np.int64)
    np.cumsum(filled.str.len_bytes().to_numpy(), out=offsets[1:])
    blob = np.frombuffer(bytearray("".join(filled.to_list()).encode()), dtype=np.uint8)
    return Keys(blob, offsets)
