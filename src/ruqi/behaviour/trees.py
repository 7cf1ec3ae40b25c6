"""Small boosted trees as lookup tables: score and reasons of a row for a few comparisons a tree.

A tree of at most `NODES` splits answers with one of 2^splits patterns of yes and no. For each
pattern the exact path-dependent Shapley values (Lundberg et al. 2020, tree_path_dependent; what
LightGBM's pred_contrib gives) are worked out once and summed by family. Scoring a row is then one
table row a tree.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from math import factorial
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from ruqi.behaviour.panel import Flags, Floats
from ruqi.primitives.errors import ensure

NODES = 7  # 128 patterns a tree
BLOCK = 16_384  # rows worked on at a time: their codes stay in the cache

Missing = Literal["left", "right", "zero"]
Codes = npt.NDArray[Any]  # unsigned, one or two bytes


@dataclass(frozen=True)
class Split:
    """One question of a tree; yes goes left. An unknown value goes left, right, or counts as 0."""

    column: int
    threshold: float
    missing: Missing
    categories: tuple[float, ...] | None = None  # yes where the value is one of these


@dataclass(frozen=True)
class Table:
    """One tree. `shares` has shape (2^splits, families + 1): the last column is the base value."""

    splits: tuple[Split, ...]
    shares: Floats
    scores: Floats  # the sum of each row of `shares`


def tables(dump: Mapping[str, Any], families: Sequence[int], count: int) -> list[Table]:
    """The trees of a LightGBM `dump_model()`; `families[column]` < `count` is a column's family."""
    return [_table(tree["tree_structure"], families, count) for tree in dump["tree_info"]]


def shares(members: Sequence[Sequence[Table]], X: Floats) -> Floats:
    """Log-odds by family and, last, the base, of each member: (members, rows, families + 1)."""
    width = members[0][0].shares.shape[1]
    total = np.zeros((len(members), len(X), width))
    for member, rows, tree, pattern in _patterns(members, X):
        total[member, rows] += tree.shares.take(pattern, axis=0)
    return total


def scores(members: Sequence[Sequence[Table]], X: Floats) -> Floats:
    """Log-odds of each member, shape (members, rows): the sums of `shares`, without the reasons."""
    total = np.zeros((len(members), len(X)))
    for member, rows, tree, pattern in _patterns(members, X):
        total[member, rows] += tree.scores.take(pattern)
    return total


def _patterns(
    members: Sequence[Sequence[Table]], X: Floats
) -> Iterator[tuple[int, slice, Table, npt.NDArray[np.uint8]]]:
    """Each member's answers to each of its trees, block by block of rows."""
    grid = _grid(split for trees in members for tree in trees for split in tree.splits)
    for start in range(0, len(X), BLOCK):
        rows = slice(start, min(start + BLOCK, len(X)))
        block = _Block(np.asfortranarray(X[rows]), grid)
        for member, trees in enumerate(members):
            for tree in trees:
                yield member, rows, tree, block.pattern(tree.splits)


def _grid(splits: Iterable[Split]) -> dict[int, Floats]:
    """The thresholds asked of each column, sorted."""
    asked: dict[int, set[float]] = {}
    for split in splits:
        if split.categories is None:
            asked.setdefault(split.column, set()).add(split.threshold)
    return {column: np.array(sorted(found)) for column, found in asked.items()}


class _Block:
    """Some rows as small codes: how many thresholds of its column lie below each value."""

    def __init__(self, values: Floats, grid: Mapping[int, Floats]) -> None:
        self.values, self.grid = values, grid
        self.codes: dict[tuple[int, Missing], Codes] = {}

    def pattern(self, splits: Sequence[Split]) -> npt.NDArray[np.uint8]:
        """The yes of each split as a bit, the first split lowest."""
        made = np.zeros(len(self.values), dtype=np.uint8)
        for place, split in enumerate(splits):
            made |= self._answer(split).view(np.uint8) << np.uint8(place)
        return made

    def _answer(self, split: Split) -> Flags:
        if split.categories is not None:
            return np.isin(self.values[:, split.column], split.categories)
        rank = int(self.grid[split.column].searchsorted(split.threshold))
        code = self._code(split.column, split.missing)
        answer: Flags = code <= code.dtype.type(rank)
        return answer

    def _code(self, column: int, missing: Missing) -> Codes:
        made = self.codes.get((column, missing))
        if made is None:
            values, thresholds = self.values[:, column], self.grid[column]
            kind = np.uint8 if len(thresholds) < 256 else np.uint16
            if missing == "zero":
                values = np.where(np.isnan(values), 0.0, values)
            # An unknown value sorts above every threshold, so it goes right of itself.
            made = thresholds.searchsorted(values).astype(kind)
            if missing == "left":
                made[np.isnan(values)] = 0
            self.codes[column, missing] = made
        return made


def _table(root: Mapping[str, Any], families: Sequence[int], count: int) -> Table:
    nodes: list[Mapping[str, Any]] = []

    def walk(node: Mapping[str, Any]) -> None:
        if "split_index" in node:
            nodes.append(node)
            walk(node["left_child"])
            walk(node["right_child"])

    walk(root)
    ensure(len(nodes) <= NODES, f"a tree has at most {NODES} splits")
    splits = tuple(_split(node) for node in nodes)
    columns = sorted({split.column for split in splits})
    value = _values(root, splits, columns)
    made = np.zeros((value.shape[1], count + 1))
    made[:, -1] = value[0]
    weights = _weights(len(columns))
    for place, column in enumerate(columns):
        # Summed by hand: a threaded matrix product would round by the number of threads.
        made[:, families[column]] += (weights[place][:, None] * value).sum(axis=0)
    return Table(splits, made, made.sum(axis=1))


def _split(node: Mapping[str, Any]) -> Split:
    column, threshold = int(node["split_feature"]), node["threshold"]
    if node["decision_type"] == "==":
        return Split(column, 0.0, "right", tuple(float(code) for code in threshold.split("||")))
    missing: Missing = "zero"
    if node["missing_type"] == "NaN":
        missing = "left" if node["default_left"] else "right"
    return Split(column, float(threshold), missing)


def _values(root: Mapping[str, Any], splits: Sequence[Split], columns: Sequence[int]) -> Floats:
    """Expected value of a tree, shape (2^columns, 2^splits): by known columns and by pattern."""
    known = np.arange(1 << len(columns))[:, None]
    pattern = np.arange(1 << len(splits))[None, :]
    place = iter(range(len(splits)))

    def expected(node: Mapping[str, Any]) -> Floats:
        if "split_index" not in node:
            return np.full((known.shape[0], pattern.shape[1]), float(node["leaf_value"]))
        here = next(place)  # the same order as the walk that made `splits`
        left, right = expected(node["left_child"]), expected(node["right_child"])
        share = _rows(node["left_child"]) / _rows(node)
        asked = (known >> columns.index(splits[here].column) & 1).astype(np.bool_)
        yes = (pattern >> here & 1).astype(np.bool_)
        return np.where(asked, np.where(yes, left, right), share * left + (1 - share) * right)

    return expected(root)


def _rows(node: Mapping[str, Any]) -> float:
    return float(node.get("internal_count", node.get("leaf_count", 0)))


@cache
def _weights(count: int) -> npt.NDArray[np.float64]:
    """Shapley's weights: row j times the values of all subsets is what column j adds."""
    made = np.zeros((count, 1 << count))
    for j in range(count):
        others = [k for k in range(count) if k != j]
        for size in range(count):
            weight = factorial(size) * factorial(count - size - 1) / factorial(count)
            for chosen in combinations(others, size):
                subset = sum(1 << k for k in chosen)
                made[j, subset | 1 << j] += weight
                made[j, subset] -= weight
    return made
