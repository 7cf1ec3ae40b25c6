"""Blocks over the bytes of a CSV, split into cells once and read column by column."""

from functools import cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ruqi.adapters.files import csv_kernels as kernels
from ruqi.tape.block import CLOSER, DAMAGE, EMPTY, NO_AMOUNT, Ints, Keys, Words
from ruqi.tape.cells import INT64_MAX, AmountRule
from ruqi.tape.ids import series_of

Bytes = NDArray[np.uint8]
Places = NDArray[np.int32]
FEW = 1 << 12  # places for distinct texts, before as many as there are rows are made
_DAMAGE_HEAD = (0xF4, 0x8F)  # the UTF-8 of U+10FF00 to U+10FFFF starts so, third byte BC to BF


class CsvBlock:
    """Whole rows of a CSV with the right number of cells."""

    def __init__(
        self,
        data: Bytes,
        slots: NDArray[np.int32],
        starts: Places,
        ends: Places,
        lines: Ints,
        damaged: bool = False,
    ) -> None:
        self._data = data
        self._slots = slots  # by column of the file; -1: not split
        self._starts = starts
        self._ends = ends
        self._lines = lines
        self._damaged = damaged

    @property
    def lines(self) -> Ints:
        """The physical line on which each row starts, from 0."""
        return self._lines

    def words(self, column: int) -> Words:
        """Trimmed texts with their distinct values."""
        starts, ends = self._cells(column)
        rows = len(starts)
        ids = np.empty(rows, dtype=np.int32)
        firsts = np.empty(rows, dtype=np.int64)
        count = -1
        for places in (FEW, 1 << (2 * rows + 1).bit_length()):
            if count < 0:
                table = np.full(places, -1, dtype=np.int32)
                count = kernels.distinct(self._data, starts, ends, table, ids, firsts)
        return Words(ids, [self.text(column, row) for row in firsts[:count].tolist()])

    def keys(self, column: int) -> Keys:
        """Trimmed texts of ids."""
        starts, ends = self._cells(column)
        offsets = np.empty(len(starts) + 1, dtype=np.int64)
        blob = np.empty(int((ends - starts).sum()), dtype=np.uint8)
        kernels.gather(self._data, starts, ends, offsets, blob)
        return Keys(blob, offsets)

    def amounts(self, column: int, rule: AmountRule) -> tuple[Ints, NDArray[np.uint8]]:
        """Minor units of plain numbers."""
        starts, ends = self._cells(column)
        values = np.full(len(starts), NO_AMOUNT, dtype=np.int64)
        state = np.empty(len(starts), dtype=np.uint8)
        marks, powers = _marks(rule)
        if len(powers):
            kernels.amounts(self._data, starts, ends, marks, powers, values, state)
        else:
            state[:] = np.where(starts == ends, EMPTY, CLOSER)
        return values, state

    def text(self, column: int, row: int) -> str:
        """One trimmed cell."""
        slot = self._slots[column]
        start, end = self._starts[slot, row], self._ends[slot, row]
        return self._data[start:end].tobytes().decode()

    def series(self, column: int) -> pl.Series:
        """Trimmed texts; null where empty."""
        texts = series_of(self.keys(column))
        return texts.set(texts == "", None)

    def damaged(self) -> list[tuple[int, Ints]]:
        """Columns with the rows whose bytes do not decode."""
        if not self._damaged:
            return []
        found = []
        at = damage_places(self._data)
        for column in range(len(self._slots)):
            starts, ends = self._cells(column)
            rows = np.searchsorted(starts, at, side="right") - 1
            inside = (rows >= 0) & (at < ends[np.maximum(rows, 0)]) if len(starts) else at < 0
            hit = np.unique(rows[inside])
            if len(hit):
                found.append((column, hit.astype(np.int64)))
        return found

    def _cells(self, column: int) -> tuple[Places, Places]:
        slot = self._slots[column]
        return self._starts[slot], self._ends[slot]


def damage_places(data: Bytes) -> Ints:
    """Where bytes that do not decode stand."""
    if len(data) < 4:
        return np.zeros(0, dtype=np.int64)
    head = (data[:-3] == _DAMAGE_HEAD[0]) & (data[1:-2] == _DAMAGE_HEAD[1])
    return np.flatnonzero(head & (data[2:-1] >= 0xBC))


def readable(text: str) -> str:
    """A text whose undecodable bytes are written out, as `\\xb2`."""
    return "".join(f"\\x{ord(c) - DAMAGE:02x}" if ord(c) >= DAMAGE else c for c in text)


@cache
def _marks(rule: AmountRule) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """What the kernel needs to know; no powers where the numbers must be read by the rule."""
    none = np.zeros(0, dtype=np.int64)
    form = rule.form
    factor = form.scale * 10**rule.decimals
    ascii_marks = len(form.decimal.encode()) == 1 and len(form.thousands.encode()) <= 1
    if factor.denominator != 1 or not ascii_marks:
        return none, none
    whole, most = int(factor), 0
    while whole % 10 == 0 and most < 15:
        whole, most = whole // 10, most + 1
    if whole * 10**most >= 2**62:
        return none, none
    marks = [ord(form.thousands or "\0"), ord(form.decimal), most, int(form.negate)]
    powers = [(p, INT64_MAX // p) for p in (whole * 10 ** (most - k) for k in range(most + 1))]
    return np.array(marks, dtype=np.int64), np.array(powers, dtype=np.int64)
