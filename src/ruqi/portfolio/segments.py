"""The parts of a book that each measure is told for: the whole, products, partners, regions."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from ruqi.portfolio.panel import Book, Floats, Ints, Panel, Rows

KINDS = ("product", "partner_id", "region")
MOST_VALUES = 50  # a column with more values is not a segment
MOST_CELLS = 500_000  # above this, columns are counted one after the other, not crossed


@dataclass(frozen=True)
class Partition:
    """Accounts numbered by cell, and which cells make up each segment (by its place)."""

    codes: Ints  # per account of the book
    size: int
    members: tuple[tuple[int, Rows], ...]


@dataclass(frozen=True)
class Segments:
    """Names ("all", "product=3", ...) and the partitions that their sums are made from."""

    names: tuple[str, ...]
    partitions: tuple[Partition, ...]

    def tally(
        self,
        panel: Panel,
        key: Ints | None,
        size: int,
        weights: Sequence[Floats | None],
        rows: Rows | None = None,
    ) -> list[Floats]:
        """For each of `weights` (None: count rows) the sums over rows, groups x months x size.

        Groups are the cells of all partitions, one after the other; `project` makes segments of
        them. `key` in [0, size) is the cell of a row, or None where size is 1; `rows` picks rows
        (then `key` and the weights are of those rows only). Sums run in row order.
        """
        account = panel.account if rows is None else panel.account[rows]
        month = panel.month if rows is None else panel.month[rows]
        cell = month if size == 1 else month * np.int32(size)
        if key is not None:
            cell = cell + key
        return self.tally_events(panel, account, cell, size, weights)

    def tally_events(
        self,
        panel: Panel,
        account: Ints,
        cell: Ints,
        size: int,
        weights: Sequence[Floats | None],
    ) -> list[Floats]:
        """As `tally`, for events that name their account and their cell, month * size + key."""
        width = panel.months * size
        tables: list[list[Floats]] = [[] for _ in weights]
        for part in self.partitions:
            place: Rows = cell.astype(np.int64)
            if part.size > 1:
                codes = part.codes[panel.offset : panel.offset + len(panel.starts)]
                place += codes[account].astype(np.int64) * width
            for made, weight in zip(tables, weights, strict=True):
                flat = np.bincount(place, weight, minlength=part.size * width).astype(np.float64)
                made.append(flat.reshape(part.size, panel.months, size))
        return [np.concatenate(made) for made in tables]

    def project(self, table: Floats) -> Floats:
        """From groups to segments, along the first axis."""
        made = np.zeros((len(self.names), *table.shape[1:]))
        start = 0
        for part in self.partitions:
            for segment, cells in part.members:
                made[segment] = table[start + cells].sum(axis=0)
            start += part.size
        return made


@dataclass(frozen=True)
class Codes:
    """One column's value of each account as a number (`values` = none) and its first segment."""

    numbers: npt.NDArray[np.int64]
    first: int
    values: int


def segments(book: Book, cells: int) -> Segments:
    """The segments of a book; `cells` is how many a month the largest count will use."""
    coded: list[Codes] = []
    labels = ["all"]
    for kind in KINDS:
        found = book.accounts[kind]
        values = found.drop_nulls().unique().sort()
        if 1 <= len(values) <= MOST_VALUES:
            numbers = {value: number for number, value in enumerate(values)}
            codes = found.replace_strict(numbers, default=None, return_dtype=pl.Int64)
            coded.append(Codes(codes.fill_null(len(values)).to_numpy(), len(labels), len(values)))
            labels += [f"{kind}={value}" for value in values]
    joint = _cross(coded, book.accounts.height)
    if joint.size * book.months * cells <= MOST_CELLS:
        return Segments(tuple(labels), (joint,))
    whole = _cross([], book.accounts.height)
    alone = [_cross([codes], book.accounts.height) for codes in coded]
    only = [Partition(part.codes, part.size, part.members[1:]) for part in alone]
    return Segments(tuple(labels), (whole, *only))


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
