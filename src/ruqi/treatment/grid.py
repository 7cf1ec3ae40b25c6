"""The cheapest moves for every small change of use, in one table: search where units are few.

Each cell of the table is one change of use against the accounts' best actions, in whole units of
each limit; it holds the least loss of moves that make that change. Accounts are taken one by one,
their options shift the table. Changes beyond the table's edge are not followed, so the answer is
good and not proven.
"""

from math import prod

import numpy as np
from numpy.typing import NDArray

from ruqi.treatment.core import Core, Found
from ruqi.treatment.prices import HIGH, Ints

CELLS = 60_000  # of the table, at most


def tabulate(core: Core, budget: int, idle: NDArray[np.bool_]) -> Found | None:
    """The plan of least loss that the table meets, moving only options within `budget`.

    None where the table would be too large or holds no plan.
    """
    options = np.flatnonzero(core.regret <= budget)
    dims = np.flatnonzero(~idle)
    change, room = core.change[options][:, dims], core.room[dims]
    reach = 2 * abs(change).max(axis=0, initial=0)
    low, high = np.minimum(room, 0) - reach, np.maximum(room, 0) + reach
    shape = tuple(int(size) for size in high - low + 1)
    if not len(options) or prod(shape) > CELLS:
        return None
    lost = np.full(shape, HIGH)
    lost[tuple(-low)] = 0
    ends = np.flatnonzero(np.diff(core.account[options], append=-1)) + 1
    starts = np.append(0, ends[:-1])
    trace = np.zeros((len(ends), *shape), np.uint8)
    for picked, start, end in zip(trace, starts.tolist(), ends.tolist(), strict=True):
        before = lost.copy()
        for nth, o in enumerate(range(start, end), start=1):
            here, there = _shift(change[o], shape)
            moved = before[here] + core.regret[options[o]]
            better = moved < lost[there]
            np.copyto(lost[there], moved, where=better)
            picked[there][better] = nth
    loss = lost[tuple(slice(0, max(int(end), 0)) for end in room - low + 1)]
    for k, price in enumerate(core.prices[dims]):
        unused = price * np.arange(loss.shape[k])[::-1]
        loss = loss + unused.reshape([-1 if j == k else 1 for j in range(len(dims))])
    if not loss.size:
        return None
    cell = np.unravel_index(int(loss.argmin()), loss.shape)
    if loss[cell] >= HIGH:
        return None
    return Found(_back(trace, np.array(cell), options, change, starts), int(loss[cell]), False)


def _shift(change: Ints, shape: tuple[int, ...]) -> tuple[tuple[slice, ...], tuple[slice, ...]]:
    """The cells that a change moves, and where it moves them."""
    here, there = [], []
    for move, size in zip(change.tolist(), shape, strict=True):
        here.append(slice(max(-move, 0), max(size - max(move, 0), 0)))
        there.append(slice(max(move, 0), max(size + min(move, 0), 0)))
    return tuple(here), tuple(there)


def _back(
    trace: NDArray[np.uint8],
    cell: NDArray[np.intp],
    options: NDArray[np.intp],
    change: Ints,
    starts: Ints,
) -> tuple[int, ...]:
    """The options that lead to a cell."""
    taken = []
    for picked, start in zip(trace[::-1], starts[::-1].tolist(), strict=True):
        nth = int(picked[tuple(cell)])
        if nth:
            taken.append(int(options[start + nth - 1]))
            cell = cell - change[start + nth - 1]
    return tuple(reversed(taken))
