"""One action for each of many accounts within shared limits, and proof of how good the choice is.

All that counts is whole numbers: values, costs, limits, and prices in fixed point, so sums are
exact and their order means nothing. Prices that nearly clear the limits (`prices`) leave every plan
a known loss, its *regrets* plus the price of what it leaves unused; `search` then looks through the
plans of smallest loss. The bound D - loss holds for any prices, so the gap is certified.
Source: Lagrangian bounds, Geoffrion 1974; the core of a knapsack, Balas and Zemel 1980.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ruqi.primitives.errors import ensure
from ruqi.treatment.core import HIGH, Core, Found
from ruqi.treatment.prices import (
    BLOCK,
    Floats,
    Ints,
    Priced,
    View,
    descend,
    evaluate,
    lone_prices,
    minimise,
    narrow,
)
from ruqi.treatment.search import search

Choice = NDArray[np.int8]

NEVER = np.iinfo(np.int64).min  # the value of an action that is not eligible
CHUNK = 1 << 15  # accounts taken from the problem's arrays at a time
SAMPLE = 1 << 13  # accounts on which prices are first sought in a large book
FINEST = 20  # prices are kept in 2**-20 units of value where they fit
ROUNDS = 40  # of filling, at most
MANY = 50_000  # accounts from which a gap of GOOD is good enough
GOOD, FAIR = 2e-5, 1e-3
CORE = 384  # accounts that the search may move


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
class Solution:
    """A plan within all limits.

    `choice` (n,): action per account. `bound`: no plan is worth more. `gap`: (bound - objective) /
    objective. `used` (k,). `prices` (k,): of one unit of each limit, in units of value.
    """

    choice: Choice
    objective: int
    bound: int
    used: Ints
    prices: Floats
    passes: int

    @property
    def gap(self) -> float:
        """Share by which the best plan may still be better; infinite where nothing was gained."""
        missing = self.bound - self.objective
        return 0.0 if missing == 0 else missing / self.objective if self.objective else np.inf


@dataclass(frozen=True, eq=False)
class Marginal:
    """What one step of a limit is worth: re-solved a step up and a step down, and the price.

    `minus` is None where the limit has no step to give.
    """

    plus: int
    minus: int | None
    price: float


@dataclass(frozen=True, eq=False)
class _Book:
    """A problem surveyed once: which costs are equal for all, which actions can never fit."""

    problem: Problem
    cost: tuple[Ints, ...]
    flat: Ints  # (k, a), 0 where the cost varies
    varying: tuple[tuple[int, int], ...]  # (limit, action)
    tall: frozenset[tuple[int, int]]  # varying costs that may exceed the whole limit
    dead: NDArray[np.bool_]  # (a,) actions that exceed a limit for every account


def _survey(problem: Problem) -> _Book:
    value, limit = problem.value, problem.limit
    n, actions = value.shape
    cost = tuple(np.asarray(plane) for plane in problem.cost)
    ensure(
        len(cost) == len(limit) and bool((limit >= 0).all()), "one cost array a limit, limits >= 0"
    )
    ensure(n == 0 or not value[:, 0].any(), "action 0 is waiting and worth nothing")
    top = int(value.max(initial=0))
    ensure(top * max(n, 1) < HIGH, "values too large to be summed in whole numbers")
    flat = np.zeros((len(limit), actions), np.int64)
    varying, tall = [], set()
    dead = np.zeros(actions, bool)
    for k, plane in enumerate(cost):
        least, most = (
            (plane, plane)
            if plane.ndim == 1
            else (plane.min(0), plane.max(0))
            if n
            else (np.zeros(actions, np.int64),) * 2
        )
        ensure(bool((least >= 0).all()) and not most[0], "costs are not negative, waiting is free")
        dead |= least > limit[k]
        for a in range(actions):
            if least[a] == most[a]:
                flat[k, a] = least[a]
            else:
                varying.append((k, a))
                if most[a] > limit[k]:
                    tall.add((k, a))
    dead[0] = True  # waiting is kept apart
    return _Book(problem, cost, flat, tuple(varying), frozenset(tall), dead)


def _eligible(book: _Book, rows: slice | NDArray[np.intp]) -> NDArray[np.bool_]:
    """(accounts, actions): actions worth something that fit each limit alone, but waiting."""
    fits: NDArray[np.bool_] = (book.problem.value[rows] > 0) & ~book.dead
    for k, a in book.tall:
        fits[:, a] &= book.cost[k][rows, a] <= book.problem.limit[k]
    return fits


def _view(book: _Book, rows: slice | NDArray[np.intp], room: Floats) -> View:
    """These accounts by action, as floats."""
    value = np.where(_eligible(book, rows), book.problem.value[rows], -np.inf).T[1:]
    varying = tuple(
        (k, a - 1, book.cost[k][rows, a].astype(np.float64))
        for k, a in book.varying
        if not book.dead[a]
    )
    at = np.arange(len(book.problem.value))[rows]
    return View(at, np.ascontiguousarray(value), book.flat[:, 1:].astype(np.float64), varying, room)


def _narrow(book: _Book, low: Floats, high: Floats) -> View:
    """The accounts of the whole book whose best action may change between two prices."""
    room = book.problem.limit.astype(np.float64)
    parts = []
    for start in range(0, len(book.problem.value), CHUNK):
        part = narrow(_view(book, slice(start, start + CHUNK), room), low, high)
        room = part.room
        parts.append(part)
    varying = tuple(
        (k, a, np.concatenate([part.varying[j][2] for part in parts]))
        for j, (k, a, _) in enumerate(parts[0].varying)
    )
    rows = np.concatenate([part.rows for part in parts])
    value = np.concatenate([part.value for part in parts], axis=1)
    return View(rows, value, parts[0].flat, varying, room)


def _prices(book: _Book, seed: int, start: Floats | None) -> Priced:
    """Prices of the lowest bound, sought on a sample first where the book is large."""
    n, limit = len(book.problem.value), book.problem.limit.astype(np.float64)
    if not n or not len(limit):
        return Priced(np.zeros(len(limit)), np.zeros(0, np.intp), 0)
    size = n if n <= 2 * SAMPLE else max(SAMPLE, n // 16)
    if size < n:
        jitter = np.random.Generator(np.random.PCG64(seed)).random(size)
        rows = ((np.arange(size) + jitter) * n / size).astype(np.intp)
        sample, whole = _view(book, rows, limit * size / n), partial(_narrow, book)
    else:
        sample = _view(book, slice(None), limit)
        whole = partial(narrow, sample)
    lone, typical = lone_prices(sample)
    if start is not None:
        return descend(whole, start, 0.01 * start + 0.0005 * lone, CORE)
    if size == n:
        return descend(whole, lone / 2, lone / 2, CORE)
    found = minimise(sample, np.zeros(len(lone)), lone, lone / 2, 1e-5)
    _, spare = evaluate(sample, found.prices, found.prices)
    users = (sample.room - spare) / typical
    priced = descend(whole, found.prices, 1.5 * lone / np.sqrt(users + 1), CORE)
    return replace(priced, passes=priced.passes + found.passes)


@dataclass(frozen=True, eq=False)
class _Certified:
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


def _certify(book: _Book, prices: Floats) -> _Certified:
    """One exact pass over all accounts."""
    n, limit = len(book.problem.value), book.problem.limit
    ceiling = float((prices * limit).sum()) + max(n, 1) * float(book.problem.value.max(initial=1))
    shift = max(min(FINEST, 60 - int(np.ceil(np.log2(ceiling)))), 0)
    fixed = np.rint(prices * (1 << shift)).astype(np.int64)
    choice, regret = np.zeros(n, np.int8), np.zeros(n, np.int64)
    value, used = 0, np.zeros(len(limit), np.int64)
    for start in range(0, n, BLOCK):
        part = slice(start, start + BLOCK)
        reduced = _reduced(book, part, fixed, shift)
        best, second = np.zeros(reduced.shape[1], np.int64), np.full(reduced.shape[1], -HIGH)
        for row in reduced:
            second = np.maximum(second, np.minimum(best, row))
            best = np.maximum(best, row)
        picked = choice[part]
        for a in range(len(reduced) - 1, -1, -1):
            picked[(reduced[a] == best) & (best > 0)] = a + 1
        regret[part] = best - second
        gained, spent = _sums(book, start, picked)
        value, used = value + gained, used + spent
    return _Certified(fixed, shift, choice, regret, value, used)


def _reduced(book: _Book, rows: slice | NDArray[np.intp], prices: Ints, shift: int) -> Ints:
    """(actions but waiting, accounts): value less priced costs, -HIGH where not eligible."""
    fits = _eligible(book, rows).T[1:]
    reduced: Ints = (book.problem.value[rows].T[1:] << shift) - (prices[:, None] * book.flat).sum(
        axis=0
    )[1:, None]
    for k, a in book.varying:
        if not book.dead[a]:
            reduced[a - 1] -= prices[k] * book.cost[k][rows, a]
    return np.where(fits, reduced, -HIGH)


def _spent(book: _Book, rows: NDArray[np.intp], choice: NDArray[Any]) -> Ints:
    """(k, accounts): what each account's chosen action uses."""
    return (
        np.stack([plane[choice] if plane.ndim == 1 else plane[rows, choice] for plane in book.cost])
        if book.cost
        else np.zeros((0, len(rows)), np.int64)
    )


def _sums(book: _Book, start: int, choice: Choice) -> tuple[int, Ints]:
    """Value and use of the choices of the accounts from `start` on."""
    at = np.flatnonzero(choice)
    rows, picked = at + start, choice[at]
    gained = int(book.problem.value[rows, picked].sum())
    return gained, _spent(book, rows, picked).sum(axis=1)


def _core(book: _Book, certified: _Certified, near: NDArray[np.intp], plan: Choice) -> Core:
    """The accounts that the least change of prices moves; those outside stay as in `plan`."""
    prices = certified.prices
    best = certified.choice[near]
    reduced = _reduced(book, near, prices, certified.shift)
    reduced = np.vstack([np.zeros((1, len(near)), np.int64), reduced])
    lost = (reduced.max(axis=0) - reduced).T
    other = np.arange(len(reduced)) != best[:, None]
    account, action = np.nonzero((reduced.T > -HIGH) & other)
    now = _spent(book, near, best)
    change = (_spent(book, near[account], action) - now[:, account]).T
    regret = lost[account, action]
    # How far prices must move, as a share, before the option is taken.
    move = regret / np.maximum((abs(change) * prices).sum(axis=1, dtype=np.float64), 1.0)
    least = np.full(len(near), np.inf)
    np.minimum.at(least, account, move)
    order = np.lexsort((near, least))[:CORE]
    rank = np.full(len(near), len(near))
    rank[order] = np.arange(len(order))
    kept = np.flatnonzero(rank[account] < len(order))
    kept = kept[np.lexsort((action[kept], rank[account[kept]]))]
    rows = near[order]
    used = _sums(book, 0, plan)[1] - _spent(book, rows, plan[rows]).sum(axis=1)
    room = book.problem.limit - used - now[:, order].sum(axis=1)
    return Core(rows, rank[account[kept]], action[kept], regret[kept], change[kept], prices, room)


def _moved(plan: Choice, certified: _Certified, core: Core, found: Found) -> Choice:
    moved = plan.copy()
    moved[core.rows] = certified.choice[core.rows]
    at = list(found.options)
    moved[core.rows[core.account[at]]] = core.action[at]
    return moved


def _released(book: _Book, certified: _Certified) -> Choice:
    """The best actions, less those that are worth least per unit of an overused limit."""
    plan = certified.choice.copy()
    for k, limit in enumerate(book.problem.limit):
        rows = np.flatnonzero(plan)
        spent = _spent(book, rows, plan[rows])
        over = int(spent[k].sum()) - int(limit)
        if over <= 0:
            continue
        worth = (book.problem.value[rows, plan[rows]] << certified.shift) - (
            certified.prices[:, None] * spent
        ).sum(axis=0)
        users = np.flatnonzero(spent[k])
        order = users[np.argsort(worth[users] / spent[k][users], kind="stable")]
        stop = int(np.searchsorted(np.cumsum(spent[k][order]), over)) + 1
        plan[rows[order[:stop]]] = 0
    return plan


def _filled(book: _Book, certified: _Certified, plan: Choice) -> Choice:
    """Moves that gain and fit every limit, best reduced profit first, until none is left."""
    plan = plan.copy()
    for _ in range(ROUNDS):
        room = book.problem.limit - _sums(book, 0, plan)[1]
        found = [_gains(book, certified, plan, start, room) for start in range(0, len(plan), CHUNK)]
        score, rows, action, change = (np.concatenate(x, axis=-1) for x in zip(*found, strict=True))
        if not len(rows):
            break
        order = np.argsort(-score, kind="stable")
        most = np.cumsum(np.maximum(change[:, order], 0), axis=1)
        take = (
            int((most <= room[:, None]).all(axis=0).argmin())
            if (most > room[:, None]).any()
            else len(order)
        )
        taken = order[: max(take, 1)]
        plan[rows[taken]] = action[taken]
    return plan


def _gains(
    book: _Book, certified: _Certified, plan: Choice, start: int, room: Ints
) -> tuple[Ints, NDArray[np.intp], Choice, Ints]:
    """Per account that can gain: the best move's score, row, action and change of use."""
    rows = np.arange(start, min(start + CHUNK, len(plan)))
    now = _spent(book, rows, plan[rows])
    worth = book.problem.value[rows, plan[rows]]
    score = np.full(len(rows), -HIGH)
    action = np.zeros(len(rows), np.int8)
    change = np.zeros_like(now)
    fits = _eligible(book, rows)
    priced = certified.prices[:, None]
    for a in range(1, fits.shape[1]):
        more = _spent(book, rows, np.full(len(rows), a, np.int8)) - now
        gain = np.where(fits[:, a], book.problem.value[rows, a], 0) - worth
        can = fits[:, a] & (gain > 0) & (more <= room[:, None]).all(axis=0)
        worth_it = (np.where(can, gain, 0) << certified.shift) - (priced * more).sum(axis=0)
        better = can & (worth_it > score)
        score[better], action[better], change[:, better] = worth_it[better], a, more[:, better]
    at = np.flatnonzero(score > -HIGH)
    return score[at], rows[at], action[at], change[:, at]


def solve(problem: Problem, seed: int = 0, start_prices: Floats | None = None) -> Solution:
    """A plan of the most value within all limits, with a certified bound.

    Always feasible, whatever the prices; the same for any number of threads. `seed` draws the
    sample on which the prices of a large book are first sought; `start_prices` (k,) spare that.
    """
    book = _survey(problem)
    priced = _prices(book, seed, start_prices)
    certified = _certify(book, priced.prices)
    loss, shift = certified.loss(problem.limit), certified.shift
    ceiling = ((certified.value << shift) + loss) >> shift
    plan, proven = _plan(book, certified, priced.near, ceiling)
    objective, used = _sums(book, 0, plan)
    ensure(bool((used <= problem.limit).all()), "a plan keeps every limit")
    ensure(objective <= ceiling, "no plan beats the bound")
    return Solution(
        choice=plan,
        objective=objective,
        bound=objective if proven else ceiling,
        used=used,
        prices=certified.prices / float(1 << shift),
        passes=priced.passes + 1,
    )


def _plan(
    book: _Book, certified: _Certified, near: NDArray[np.intp], ceiling: int
) -> tuple[Choice, bool]:
    """The best plan found, and whether none is better."""
    best = certified.choice
    if (certified.used <= book.problem.limit).all() and certified.value == ceiling:
        return best, True
    if len(best) <= CORE:
        near = np.arange(len(best))
    core = _core(book, certified, near, best)
    outside = certified.regret.copy()
    outside[core.rows] = HIGH
    enough = int(GOOD * ceiling) << certified.shift if len(best) >= MANY else 0
    found = search(core, int(outside.min()), enough)
    plans = [_moved(best, certified, core, found)] if found else []
    if found and (
        found.proven or found.loss <= max(enough, FAIR * ceiling * (1 << certified.shift))
    ):
        return plans[0], found.proven
    plans.append(_filled(book, certified, _released(book, certified)))
    core = _core(book, certified, near, plans[-1])
    again = search(core, -1, enough)
    if again:
        plans.append(_moved(plans[-1], certified, core, again))
    worth = [_sums(book, 0, plan)[0] for plan in plans]
    return plans[int(np.argmax(worth))], max(worth) == ceiling


def resolve(problem: Problem, solution: Solution, k: int, delta: int) -> Solution:
    """The problem solved again with limit `k` changed by `delta`, from the solution's prices.

    A larger limit never gives less than `solution` has: its plan still fits.
    """
    limit = problem.limit.copy()
    limit[k] += delta
    again = solve(replace(problem, limit=limit), start_prices=solution.prices)
    if (solution.used <= limit).all() and solution.objective > again.objective:
        return replace(
            again, choice=solution.choice, objective=solution.objective, used=solution.used
        )
    return again


def marginals(
    problem: Problem, solution: Solution, steps: Sequence[int] | None = None
) -> tuple[Solution, tuple[Marginal, ...]]:
    """What one step of each limit is worth, each re-solved a step up and a step down.

    Steps are in units of the limits (default 1 each). A plan found on the way that fits the limits
    and is worth more replaces `solution`, so that a step up never loses and a step down never
    gains. The price is the dual's, held between what both re-solves show, 0 where a step is unused.
    """
    width = [1] * len(problem.limit) if steps is None else list(steps)
    up = [resolve(problem, solution, k, step) for k, step in enumerate(width)]
    down = [
        resolve(problem, solution, k, -step) if problem.limit[k] >= step else None
        for k, step in enumerate(width)
    ]
    plans = [solution, *(plan for plan in (*up, *down) if plan)]
    fitting = [plan for plan in plans if (plan.used <= problem.limit).all()]
    best = max(fitting, key=lambda plan: plan.objective)  # the first of equals
    if best is not solution:
        best = replace(best, bound=solution.bound, prices=solution.prices)
    found = []
    for k, step in enumerate(width):
        plus = max(_most(plans, problem.limit, k, step), best.objective)
        minus = _most(plans, problem.limit, k, -step) if down[k] else None
        price = max(float(solution.prices[k] * step), 0.0)
        price = max(price, float(plus - best.objective)) if minus is None else price
        if minus is not None:
            ends = sorted((plus - best.objective, best.objective - minus))
            price = min(max(price, float(ends[0])), float(ends[1]))
        unused = best.used[k] + step <= problem.limit[k]
        found.append(Marginal(plus, minus, 0.0 if unused else price))
    return best, tuple(found)


def _most(plans: list[Solution], limit: Ints, k: int, step: int) -> int:
    changed = limit.copy()
    changed[k] += step
    return max(plan.objective for plan in plans if (plan.used <= changed).all())
