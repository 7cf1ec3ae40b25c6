"""Many accounts, few actions, shared limits, in whole numbers, and exact sums over them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ruqi.primitives.errors import ensure
from ruqi.treatment.prices import BLOCK, HIGH, Floats, Ints, View, first_best, narrow

Choice = NDArray[np.int8]
Rows = slice | NDArray[np.intp]

NEVER = np.iinfo(np.int64).min  # the value of an action that is not eligible
CHUNK = 1 << 15  # accounts taken from the problem's arrays at a time
FINEST = 20  # prices are kept in 2**-20 units of value where they fit


@dataclass(frozen=True, eq=False)
class Problem:
    """n accounts, a actions, k limits, in whole numbers.

    `value` (n, a): what an action is worth, `NEVER` where not eligible; action 0 is waiting, worth
    0 at cost 0, always eligible. `cost`: k arrays, each (a,) for costs equal for all accounts or
    (n, a); not negative. `limit` (k,): not negative.
    """

    value: Ints
    cost: Sequence[Ints] | Ints
    limit: Ints


@dataclass(frozen=True, eq=False)
class Survey:
    """A problem surveyed once: which costs are equal for all, which actions can never fit."""

    problem: Problem
    cost: tuple[Ints, ...]
    flat: Ints  # (k, a), 0 where the cost varies
    varying: tuple[tuple[int, int], ...]  # (limit, action)
    tall: frozenset[tuple[int, int]]  # varying costs that may exceed the whole limit
    dead: NDArray[np.bool_]  # (a,) actions that exceed a limit for every account


def survey(problem: Problem) -> Survey:
    """Look the problem over once; what breaks its promises is a bug of the caller."""
    value, limit = problem.value, problem.limit
    n, actions = value.shape
    cost = tuple(np.asarray(plane) for plane in problem.cost)
    ensure(actions <= 127, "an action's number fits eight bits")
    ensure(len(cost) == len(limit), "one cost array a limit")
    ensure(bool((limit >= 0).all()), "limits are not negative")
    ensure(not value[:, :1].any(), "action 0 is waiting and worth nothing")
    ensure(int(value.max(initial=0)) * max(n, 1) < HIGH, "values can be summed in whole numbers")
    flat = np.zeros((len(limit), actions), np.int64)
    varying, tall = [], set()
    dead = np.arange(actions) == 0  # waiting is kept apart
    for k, plane in enumerate(cost):
        rows = plane.reshape(-1, actions)
        if not len(rows):
            continue
        least, most = (rows[0], rows[0]) if len(rows) == 1 else (rows.min(axis=0), rows.max(axis=0))
        ensure(bool((least >= 0).all()) and not most[0], "costs are not negative, waiting is free")
        dead |= least > limit[k]
        flat[k] = np.where(least == most, least, 0)
        varying += [(k, int(a)) for a in np.flatnonzero(least != most)]
        tall |= {(k, int(a)) for a in np.flatnonzero((least != most) & (most > limit[k]))}
    return Survey(problem, cost, flat, tuple(varying), frozenset(tall), dead)


def reachable(problem: Problem) -> Ints:
    """The limits less what no sum of costs can use: 9 of 10 minutes where calls take 3 or 6."""
    limit = problem.limit.copy()
    for k, plane in enumerate(problem.cost):
        step = int(np.gcd.reduce(plane)) if plane.ndim == 1 else 1
        if step > 1:
            limit[k] -= limit[k] % step
    return limit


def eligible(book: Survey, rows: Rows) -> NDArray[np.bool_]:
    """(accounts, actions): actions worth something that fit each limit alone, but waiting."""
    fits: NDArray[np.bool_] = (book.problem.value[rows] > 0) & ~book.dead
    for k, a in book.tall:
        fits[:, a] &= book.cost[k][rows, a] <= book.problem.limit[k]
    return fits


def view_of(book: Survey, rows: Rows, room: Floats) -> View:
    """These accounts by action, as floats."""
    value = np.where(eligible(book, rows), book.problem.value[rows], -np.inf).T[1:]
    varying = tuple(
        (k, a - 1, book.cost[k][rows, a].astype(np.float64))
        for k, a in book.varying
        if not book.dead[a]
    )
    at = np.arange(len(book.problem.value))[rows]
    return View(at, np.ascontiguousarray(value), book.flat[:, 1:].astype(np.float64), varying, room)


def narrowed(book: Survey, low: Floats, high: Floats) -> View:
    """The accounts of the whole book whose best action may change between two prices."""
    room = book.problem.limit.astype(np.float64)
    parts = []
    for start in range(0, len(book.problem.value), CHUNK):
        part = narrow(view_of(book, slice(start, start + CHUNK), room), low, high)
        room = part.room
        parts.append(part)
    varying = tuple(
        (k, a, np.concatenate([part.varying[j][2] for part in parts]))
        for j, (k, a, _) in enumerate(parts[0].varying)
    )
    rows = np.concatenate([part.rows for part in parts])
    value = np.concatenate([part.value for part in parts], axis=1)
    return View(rows, value, parts[0].flat, varying, room)


@dataclass(frozen=True, eq=False)
class Certified:
    """The best action per account at fixed-point prices, and the sums that make the bound."""

    prices: Ints  # in 2**-shift units of value
    shift: int
    choice: Choice
    regret: Ints  # (n,) of the second best action
    value: int
    used: Ints

    def loss(self, limit: Ints) -> int:
        """What the bound at these prices exceeds the value of the best actions by."""
        return sum(int(p) * int(b) for p, b in zip(self.prices, limit - self.used, strict=True))


def certify(book: Survey, prices: Floats) -> Certified:
    """One exact pass over all accounts."""
    n, limit = len(book.problem.value), book.problem.limit
    ceiling = float((prices * limit).sum()) + max(n, 1) * float(book.problem.value.max(initial=1))
    shift = max(min(FINEST, 60 - int(np.ceil(np.log2(ceiling)))), 0)
    fixed = np.rint(prices * (1 << shift)).astype(np.int64)
    choice, regret = np.zeros(n, np.int8), np.zeros(n, np.int64)
    for start in range(0, n, BLOCK):
        part = slice(start, start + BLOCK)
        reduced = reduced_profit(book, part, fixed, shift)
        best, second = np.zeros(reduced.shape[1], np.int64), np.full(reduced.shape[1], -HIGH)
        for row in reduced:
            np.maximum(second, np.minimum(best, row), out=second)
            np.maximum(best, row, out=best)
        for a, mine in enumerate(first_best(reduced, best), start=1):
            choice[part][mine] = a
        regret[part] = best - second
    value, used = sums(book, 0, choice)
    return Certified(fixed, shift, choice, regret, value, used)


def reduced_profit(book: Survey, rows: Rows, prices: Ints, shift: int) -> Ints:
    """(actions but waiting, accounts): value less priced costs, -HIGH where not eligible."""
    fits = eligible(book, rows).T[1:]
    paid = (prices[:, None] * book.flat).sum(axis=0)[1:, None]
    reduced: Ints = (np.ascontiguousarray(book.problem.value[rows].T[1:]) << shift) - paid
    for k, a in book.varying:
        if not book.dead[a]:
            reduced[a - 1] -= prices[k] * book.cost[k][rows, a]
    return np.where(fits, reduced, -HIGH)


def uses(book: Survey, rows: NDArray[np.intp], choice: NDArray[Any]) -> Ints:
    """(k, accounts): what each account's chosen action uses."""
    return (
        np.stack([plane[choice] if plane.ndim == 1 else plane[rows, choice] for plane in book.cost])
        if book.cost
        else np.zeros((0, len(rows)), np.int64)
    )


def sums(book: Survey, start: int, choice: Choice) -> tuple[int, Ints]:
    """Value and use of the choices of the accounts from `start` on."""
    at = np.flatnonzero(choice)
    rows, picked = at + start, choice[at]
    gained = int(book.problem.value[rows, picked].sum())
    return gained, uses(book, rows, picked).sum(axis=1)
