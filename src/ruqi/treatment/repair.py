"""A plan within all limits from one that is not, and every move that still gains within them.

The way out where the search meets no plan, as when thousands of accounts are worth just the same.
"""

import numpy as np
from numpy.typing import NDArray

from ruqi.treatment.assignment import CHUNK, Certified, Choice, Survey, eligible, sums, uses
from ruqi.treatment.prices import HIGH, Ints

ROUNDS = 40  # of filling, at most


def released(book: Survey, certified: Certified) -> Choice:
    """The best actions, less those that are worth least per unit of an overused limit."""
    plan = certified.choice.copy()
    for k, limit in enumerate(book.problem.limit):
        rows = np.flatnonzero(plan)
        spent = uses(book, rows, plan[rows])
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


def filled(book: Survey, certified: Certified, plan: Choice) -> Choice:
    """Moves that gain and fit every limit, best reduced profit first, until none is left."""
    plan, starts = plan.copy(), range(0, max(len(plan), 1), CHUNK)
    for _ in range(ROUNDS):
        room = book.problem.limit - sums(book, 0, plan)[1]
        found = [_gains(book, certified, plan, start, room) for start in starts]
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
    book: Survey, certified: Certified, plan: Choice, start: int, room: Ints
) -> tuple[Ints, NDArray[np.intp], Choice, Ints]:
    """Per account that can gain: the best move's score, row, action and change of use."""
    rows = np.arange(start, min(start + CHUNK, len(plan)))
    now = uses(book, rows, plan[rows])
    worth = book.problem.value[rows, plan[rows]]
    score = np.full(len(rows), -HIGH)
    action = np.zeros(len(rows), np.int8)
    change = np.zeros_like(now)
    fits = eligible(book, rows)
    priced = certified.prices[:, None]
    for a in range(1, fits.shape[1]):
        more = uses(book, rows, np.full(len(rows), a, np.int8)) - now
        gain = np.where(fits[:, a], book.problem.value[rows, a], 0) - worth
        can = fits[:, a] & (gain > 0) & (more <= room[:, None]).all(axis=0)
        worth_it = (np.where(can, gain, 0) << certified.shift) - (priced * more).sum(axis=0)
        better = can & (worth_it > score)
        score[better], action[better], change[:, better] = worth_it[better], a, more[:, better]
    at = np.flatnonzero(score > -HIGH)
    return score[at], rows[at], action[at], change[:, at]
