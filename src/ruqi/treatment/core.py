"""The few accounts whose actions are nearly worth the same at given prices, and their options.

At prices p every account has a best action. Another plan loses, against the bound D(p), the regrets
of the accounts that it moves off their best action, plus the price of all that it leaves unused.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ruqi.treatment.assignment import Certified, Choice, Survey, reduced_profit, sums, uses
from ruqi.treatment.prices import HIGH, Ints

CORE = 384  # accounts that the search may move


@dataclass(frozen=True)
class Core:
    """Accounts that the search may move, and what their other actions change.

    `rows` (m,): the accounts, first those that the least change of prices moves. An option is an
    `account`, a position in `rows`, and an `action`; arrays (o,), sorted by account. `regret` (o,)
    is not negative; `change` (o, k) of use is against the account's best action. `prices` (k,).
    `room` (k,): limits less the use of all accounts, those of the core at their best action.
    """

    rows: NDArray[np.intp]
    account: NDArray[np.intp]
    action: NDArray[np.intp]
    regret: Ints
    change: Ints
    prices: Ints
    room: Ints


@dataclass(frozen=True)
class Found:
    """Moves off the best actions as positions of options, their loss, whether none loses less."""

    options: tuple[int, ...]
    loss: int
    proven: bool


def core_of(book: Survey, certified: Certified, near: NDArray[np.intp], plan: Choice) -> Core:
    """The accounts that the least change of prices moves; those outside stay as in `plan`."""
    prices = certified.prices
    best = certified.choice[near]
    reduced = reduced_profit(book, near, prices, certified.shift)
    reduced = np.vstack([np.zeros((1, len(near)), np.int64), reduced])
    lost = (reduced.max(axis=0) - reduced).T
    other = np.arange(len(reduced)) != best[:, None]
    account, action = np.nonzero((reduced.T > -HIGH) & other)
    now = uses(book, near, best)
    change = (uses(book, near[account], action) - now[:, account]).T
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
    total = certified.used if plan is certified.choice else sums(book, 0, plan)[1]
    used = total - uses(book, rows, plan[rows]).sum(axis=1) + now[:, order].sum(axis=1)
    room = book.problem.limit - used
    return Core(rows, rank[account[kept]], action[kept], regret[kept], change[kept], prices, room)


def moved(plan: Choice, certified: Certified, core: Core, found: Found) -> Choice:
    """The plan with the core at its best actions but for the moves found."""
    made = plan.copy()
    made[core.rows] = certified.choice[core.rows]
    at = list(found.options)
    made[core.rows[core.account[at]]] = core.action[at]
    return made
