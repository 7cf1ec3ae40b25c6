"""The plans of smallest loss near given prices, looked through exactly where they are few enough.

At prices p every account has a best action. Another plan loses, against the bound D(p), the regrets
of the accounts it moves off their best action plus the price of all it leaves unused. Accounts are
taken by rising regret; a state is what the moves so far use and have lost; of two states that use
the same the dearer is dropped, and so is a state that no later move can bring within the limits and
the budget of loss. All in whole numbers.
Source: dynamic programming over an expanding core, Pisinger 1995.
"""

from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from ruqi.treatment.core import Core, Found
from ruqi.treatment.grid import tabulate
from ruqi.treatment.prices import HIGH, Ints

FIRST, TIMES = 24, 2  # accounts tried first, and how their number grows
SCOUTS, STATES = 256, 3000  # states kept while a first plan is sought, and to better it


def search(core: Core, complete: int, enough: int, hasty: bool = False) -> Found | None:
    """The plan of least loss that was met, or None.

    Where no table can be made, scouts stop at a plan that loses `enough` or less; the `hasty` stop
    there at once. Every plan that loses less than `complete` moves only accounts of the core; proof
    ends there.
    """
    # A limit without a price keeps equal states apart; it is watched only where it must be.
    for idle in ((core.prices == 0) & (core.room >= 0), np.zeros(len(core.room), bool)):
        found = _look(core, idle, enough, hasty)
        if found is None or not idle.any():
            break
        change = core.change[list(found.options)].sum(axis=0, dtype=np.int64)
        if (change <= core.room).all():
            break
    if found is None:
        return None
    return Found(found.options, found.loss, found.proven and found.loss <= complete)


def _look(core: Core, idle: NDArray[np.bool_], enough: int, hasty: bool) -> Found | None:
    """Scouts among more and more accounts, then a table, then all plans that lose no more."""
    found, size, total = None, FIRST, len(core.rows)
    while found is None:
        found = _sweep(core, _stages(core, min(size, total), HIGH, idle), HIGH, SCOUTS)
        if size >= total:
            break
        size *= TIMES
    if hasty and found and found.loss <= enough:
        return found
    better = tabulate(core, found.loss if found else HIGH, idle)
    if better and (found is None or better.loss < found.loss):
        found = better
    while better is None and found and found.loss > enough and size < total:
        size *= TIMES
        stages = _stages(core, min(size, total), found.loss, idle)
        wider = _sweep(core, stages, found.loss, SCOUTS)
        found = wider if wider and wider.loss < found.loss else found
    if found is None:
        return None
    every = _sweep(core, _stages(core, total, found.loss, idle), found.loss, -STATES)
    return every or found


@dataclass(frozen=True)
class _Stages:
    """The core's accounts in order: where their options start and end, and what may come later."""

    options: NDArray[np.intp]
    change: Ints
    spans: list[tuple[int, int]]
    up: Ints  # (stages, k) most that one later move adds
    down: Ints  # (stages, k) most that one later move frees
    regret: Ints  # (stages,) least regret of a later move


def _stages(core: Core, size: int, budget: int, idle: NDArray[np.bool_]) -> _Stages:
    """The options within the budget of the first `size` accounts, accounts by least regret."""
    least = np.full(len(core.rows), HIGH)
    np.minimum.at(least, core.account, core.regret)
    options = np.flatnonzero((core.regret <= budget) & (core.account < size))
    account = core.account[options]
    options = options[np.lexsort((account, least[account]))]
    account = core.account[options]
    change = np.where(idle, 0, core.change[options])
    ends = np.flatnonzero(np.diff(account, append=-1)) + 1
    starts = np.append(0, ends)[: len(ends)]
    if not len(ends):
        none = np.zeros((0, len(core.room)), np.int64)
        return _Stages(options, change, [], none, none, np.zeros(0, np.int64))
    up = _suffix(np.maximum.reduceat(np.maximum(change, 0), starts))
    down = _suffix(np.maximum.reduceat(np.maximum(-change, 0), starts))
    spans = list(zip(starts.tolist(), ends.tolist(), strict=True))
    return _Stages(options, change, spans, up, down, np.append(least[account[starts[1:]]], 1))


def _suffix(rows: Ints) -> Ints:
    """Running maxima of the rows after each, zero after the last."""
    after = np.maximum.accumulate(rows[::-1])[::-1]
    return np.concatenate([after[1:], np.zeros((1, rows.shape[1]), np.int64)])


@dataclass(frozen=True)
class _States:
    """What is lost and used; from which state of the stage before, by which option (-1: none)."""

    lost: Ints
    used: Ints
    origin: NDArray[np.intp]
    option: NDArray[np.intp]

    def keep(self, at: NDArray[np.intp]) -> "_States":
        return _States(self.lost[at], self.used[at], self.origin[at], self.option[at])


def _sweep(core: Core, stages: _Stages, budget: int, cap: int) -> Found | None:
    """The plan of least loss among those that lose at most `budget`; None where none was met.

    With more than `cap` states the dearest go, and proof with them; a negative cap gives up then.
    """
    none = np.zeros(1, np.intp)
    states = _States(none.astype(np.int64), np.zeros((1, len(core.room)), np.int64), none, none - 1)
    trail = []
    exact = True
    for j, (start, end) in enumerate(stages.spans):
        states = _branch(states, core, stages, range(start, end), budget)
        states = _cheapest(states.keep(_alive(states, core, stages, j, budget)))
        if len(states.lost) > abs(cap):
            if cap < 0:
                return None
            exact = False
            miss = states.lost + (abs(core.room - states.used) * core.prices).sum(axis=1)
            states = states.keep(np.sort(np.argsort(miss, kind="stable")[:cap]))
        trail.append(states)
    spare = core.room - states.used
    loss = states.lost + (np.maximum(spare, 0) * core.prices).sum(axis=1)
    fits = np.flatnonzero((spare >= 0).all(axis=1) & (loss <= budget))
    if not len(fits):
        return None
    at = int(fits[loss[fits].argmin()])
    least, options = int(loss[at]), []
    for states in reversed(trail):
        if states.option[at] >= 0:
            options.append(int(stages.options[states.option[at]]))
        at = int(states.origin[at])
    return Found(tuple(options), least, exact)


def _branch(states: _States, core: Core, stages: _Stages, options: range, budget: int) -> _States:
    """Each state left as it is, and moved by each option that the budget allows."""
    stay = np.arange(len(states.lost))
    lost, used, origin = [states.lost], [states.used], [stay]
    option = [np.full(len(stay), -1)]
    for o in options:
        regret = core.regret[stages.options[o]]
        at = np.flatnonzero(states.lost <= budget - regret)
        lost.append(states.lost[at] + regret)
        used.append(states.used[at] + stages.change[o])
        origin.append(at)
        option.append(np.full(len(at), o))
    return _States(*map(np.concatenate, (lost, used, origin, option)))


def _alive(states: _States, core: Core, stages: _Stages, j: int, budget: int) -> NDArray[np.intp]:
    """States that later moves may still bring within the limits and the budget."""
    left = len(stages.spans) - 1 - j
    rest = (budget - states.lost) // max(int(stages.regret[j]), 1)
    moves = np.minimum(rest, left)[:, None] if stages.regret[j] else np.full((len(rest), 1), left)
    spare = core.room - states.used
    short = np.maximum(spare - moves * stages.up[j], 0)
    alive = (spare + moves * stages.down[j] >= 0).all(axis=1)
    return np.flatnonzero(alive & (states.lost + (short * core.prices).sum(axis=1) <= budget))


def _cheapest(states: _States) -> _States:
    """Of states that use the same, the one that has lost least (of equals, the first)."""
    if len(states.lost) < 2:
        return states
    low = states.used.min(axis=0)
    reach = [int(r) + 1 for r in states.used.max(axis=0) - low]
    if prod(reach) >= HIGH:
        return states  # too wide to be told apart by one number: none is dropped
    steps = np.array([prod(reach[:k]) for k in range(len(reach))], np.int64)
    key = ((states.used - low) * steps).sum(axis=1)
    order = np.lexsort((states.lost, key))
    first = np.append(True, np.diff(key[order]) != 0)
    return states.keep(np.sort(order[first]))
