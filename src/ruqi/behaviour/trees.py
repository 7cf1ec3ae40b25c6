"""Small boosted trees as lookup tables: score and reasons of a row for a few comparisons a tree.

A tree of at most `NODES` splits answers with one of 2^splits patterns of yes and no. For each
pattern the exact path-dependent Shapley values (Lundberg et al. 2020, tree_path_dependent; what
LightGBM's pred_contrib gives) are worked out once and summed by family. Scoring a row is then one
table row a tree.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from math import factorial
from typing import Any

import numpy as np
import numpy.typing as npt

from ruqi.behaviour.panel import Flags, Floats
from ruqi.primitives.errors import ensure

NODES = 7  # 128 patterns a tree


@dataclass(frozen=True)
class Split:
    """One question of a tree; yes goes left."""

    column: int
    threshold: float
    nan_left: bool
    categories: tuple[float, ...] | None = None  # yes where the value is one of these
    nan_as_zero: bool = False


@dataclass(frozen=True)
class Table:
    """One tree. `shares` has shape (2^splits, families + 1): the last column is the base value."""

    splits: tuple[Split, ...]
    shares: Floats


def tables(dump: Mapping[str, Any], families: Sequence[int], count: int) -> list[Table]:
    """The trees of a LightGBM `dump_model()`; `families[column]` < `count` is a column's family."""
    return [_table(tree["tree_structure"], families, count) for tree in dump["tree_info"]]


def shares(trees: Sequence[Table], X: Floats) -> Floats:
    """Log-odds by family and, last, the base; shape (rows, families + 1). Rows sum to the score."""
    ensure(len(trees) > 0, "a model has at least one tree")
    columns = np.asfortranarray(X)
    missing = np.isnan(columns)
    total = np.zeros((len(X), trees[0].shares.shape[1]))
    for tree in trees:
        pattern = np.zeros(len(X), dtype=np.uint8)
        for place, split in enumerate(tree.splits):
            answer = _answer(split, columns[:, split.column], missing[:, split.column])
            pattern |= answer.astype(np.uint8) << np.uint8(place)
        total += tree.shares[pattern]
    return total


def _answer(split: Split, values: Floats, missing: Flags) -> Flags:
    if split.categories is not None:
        return np.isin(values, split.categories)
    yes: Flags = values <= split.threshold
    if split.nan_as_zero:
        return np.where(missing, split.threshold >= 0.0, yes)
    return yes | missing if split.nan_left else yes


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
    return Table(splits, made)


def _split(node: Mapping[str, Any]) -> Split:
    categories = None
    threshold = node["threshold"]
    if node["decision_type"] == "==":
        categories = tuple(float(code) for code in str(threshold).split("||"))
        threshold = 0.0
    return Split(
        column=node["split_feature"],
        threshold=float(threshold),
        nan_left=bool(node["default_left"]) and node["missing_type"] == "NaN",
        categories=categories,
        nan_as_zero=node["missing_type"] == "None",
    )


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
