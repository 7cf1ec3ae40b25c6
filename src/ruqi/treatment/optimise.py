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

import numpy as np
from numpy.typing import NDArray

from ruqi.primitives.errors import ensure
from ruqi.treatment.assignment import (
    NEVER,
    Certified,
    Choice,
    Problem,
    Survey,
    certify,
    narrowed,
    reachable,
    sums,
    survey,
    view_of,
)
from ruqi.treatment.core import CORE, core_of, moved
from ruqi.treatment.prices import (
    HIGH,
    Floats,
    Ints,
    Priced,
    descend,
    evaluate,
    lone_prices,
    minimise,
    narrow,
)
from ruqi.treatment.repair import filled, released
from ruqi.treatment.search import search

__all__ = ["NEVER", "Marginal", "Problem", "Solution", "marginals", "resolve", "solve"]
SAMPLE = 1 << 13  # accounts on which prices are first sought in a large book
MANY = 50_000  # accounts from which the first plan met with a gap of GOOD is taken
GOOD, FAIR = 5e-5, 1e-3  # gaps: above GOOD the search widens, above FAIR a plan is filled as well


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


def _prices(book: Survey, seed: int, start: Floats | None) -> Priced:
    """Prices of the lowest bound, sought on a sample first where the book is large."""
    n, limit = len(book.problem.value), book.problem.limit.astype(np.float64)
    if not n or not len(limit):
        return Priced(np.zeros(len(limit)), np.zeros(0, np.intp), 0)
    size = n if n <= 2 * SAMPLE else max(SAMPLE, n // 16)
    if size < n:
        jitter = np.random.Generator(np.random.PCG64(seed)).random(size)
        rows = ((np.arange(size) + jitter) * n / size).astype(np.intp)
        sample, whole = view_of(book, rows, limit * size / n), partial(narrowed, book)
    else:
        sample = view_of(book, slice(None), limit)
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


def solve(problem: Problem, seed: int = 0, start_prices: Floats | None = None) -> Solution:
    """A plan of the most value within all limits, with a certified bound.

    Always feasible, whatever the prices; the same for any number of threads. `seed` draws the
    sample on which the prices of a large book are first sought; `start_prices` (k,) spare that.
    """
    book = survey(replace(problem, limit=reachable(problem)))
    priced = _prices(book, seed, start_prices)
    certified = certify(book, priced.prices)
    loss, shift = certified.loss(book.problem.limit), certified.shift
    ceiling = ((certified.value << shift) + loss) >> shift
    plan, proven = _plan(book, certified, priced.near, ceiling)
    objective, used = sums(book, 0, plan)
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
    book: Survey, certified: Certified, near: NDArray[np.intp], ceiling: int
) -> tuple[Choice, bool]:
    """The best plan found, and whether none is better."""
    best = certified.choice
    if (certified.used <= book.problem.limit).all() and certified.value == ceiling:
        return best, True
    if len(best) <= CORE:
        near = np.arange(len(best))
    core = core_of(book, certified, near, best)
    outside = certified.regret.copy()
    outside[core.rows] = HIGH
    enough, many = int(GOOD * ceiling) << certified.shift, len(best) >= MANY
    found = search(core, int(outside.min()), enough, many)
    plans = [moved(best, certified, core, found)] if found else []
    if found and (
        found.proven or found.loss <= max(enough, FAIR * ceiling * (1 << certified.shift))
    ):
        return plans[0], found.proven
    plans.append(filled(book, certified, released(book, certified)))
    core = core_of(book, certified, near, plans[-1])
    again = search(core, -1, enough)
    if again:
        plans.append(moved(plans[-1], certified, core, again))
    worth = [sums(book, 0, plan)[0] for plan in plans]
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
