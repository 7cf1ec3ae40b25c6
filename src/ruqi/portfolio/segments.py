"""The parts of a book that each measure is told for: the whole, products, partners, regions."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from ruqi.portfolio.panel import Panel, column
from ruqi.tape.columns import Tape

KINDS = ("product", "partner_id", "region")
MOST_VALUES = 50  # a column with more values is not a segment
MOST_CELLS = 4_000_000  # above this, columns are counted one after the other, not crossed


@dataclass(frozen=True)
class Partition:
    """Accounts numbered by cell, and which cells make up each segment (by its place)."""

    codes: npt.NDArray[np.int32]  # per account
    size: int
    members: tuple[tuple[int, npt.NDArray[np.int64]], ...]


@dataclass(frozen=True)
class Segments:
    """Names ("all", "product=3", ...) and the partitions that their sums are made from."""

    names: tuple[str, ...]
    partitions: tuple[Partition, ...]

    def tally(
        self,
        panel: Panel,
        key: npt.NDArray[np.int32] | None,
        size: int,
        weights: Sequence[npt.NDArray[np.float64] | None],
        rows: npt.NDArray[np.int64] | None = None,
    ) -> list[npt.NDArray[np.float64]]:
        """For each of `weights` (None: count rows) the sums over rows, segments x months x size.

        `key` in [0, size) is the cell of a row, or None where size is 1; `rows` picks rows (then
        `key` and the weights are of those rows only). Sums run in row order: same bytes always.
        """
        account = panel.account if rows is None else panel.account[rows]
        month = panel.month if rows is None else panel.month[rows]
        return self.tally_accounts(panel.months, account, month, key, size, weights)

    def tally_accounts(
        self,
        months: int,
        account: npt.NDArray[np.int32],
        month: npt.NDArray[np.int32],
        key: npt.NDArray[np.int32] | None,
        size: int,
        weights: Sequence[npt.NDArray[np.float64] | None],
    ) -> list[npt.NDArray[np.float64]]:
        """As `tally`, for events that name their account and month themselves."""
        sums = [np.zeros((len(self.names), months, size)) for _ in weights]
        for part in self.partitions:
            cell = month * np.int32(size)
            if key is not None:
                cell = cell + key
            if part.size > 1:
                cell = cell + part.codes[account] * np.int32(months * size)
            shape = (part.size, months, size)
            for total, weight in zip(sums, weights, strict=True):
                flat = np.bincount(cell, weight, minlength=part.size * months * size)
                table = flat.astype(np.float64).reshape(shape)
                for place, cells in part.members:
                    total[place] = table[cells].sum(axis=0)
        return sums


def segments(panel: Panel, tape: Tape, cells: int) -> Segments:
    """The segments of a book; `cells` is how many a month the largest count will use."""
    coded: dict[str, Codes] = {}
    labels = ["all"]
    for kind in KINDS:
        found = column(panel, tape.accounts, kind)
        values = found.drop_nulls().unique().sort()
        if 1 <= len(values) <= MOST_VALUES:
            numbers = {value: number for number, value in enumerate(values)}
            codes = found.replace_strict(numbers, default=None, return_dtype=pl.Int64)
            first = len(labels)
            labels += [f"{kind}={value}" for value in values]
            coded[kind] = Codes(codes.fill_null(len(values)).to_numpy(), first, len(values))
    joint = _cross(list(coded.values()), len(panel.accounts))
    if joint.size * panel.months * cells <= MOST_CELLS:
        return Segments(tuple(labels), (joint,))
    whole = _cross([], len(panel.accounts))
    alone = [_cross([codes], len(panel.accounts)) for codes in coded.values()]
    only = [Partition(part.codes, part.size, part.members[1:]) for part in alone]
    return Segments(tuple(labels), (whole, *only))


@dataclass(frozen=True)
class Codes:
    """One column's value of each account as a number (`values` = none) and its first segment."""

    numbers: npt.NDArray[np.int64]
    first: int
    values: int


def _cross(columns: Sequence[Codes], accounts: int) -> Partition:
    """The combinations of values that accounts really have; segment 0 is all of them."""
    mixed = np.zeros(accounts, dtype=np.int64)
    for codes in columns:
        mixed = mixed * (codes.values + 1) + codes.numbers
    found, cell = np.unique(mixed, return_inverse=True)
    members = [(0, np.arange(len(found), dtype=np.int64))]
    for codes in reversed(columns):
        found, value = np.divmod(found, codes.values + 1)
        members += [(codes.first + v, np.flatnonzero(value == v)) for v in range(codes.values)]
    return Partition(cell.astype(np.int32), len(members[0][1]), tuple(members))
