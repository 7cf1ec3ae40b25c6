"""Prices of shared limits that nearly clear them: the dual of the day's plan, found by cuts.

D(p) = sum_k p_k limit_k + sum_i max_a (value_ia - sum_k p_k cost_kia) is convex in prices p >= 0
and bounds every plan from above. It is lowered by cutting planes in a box (Kelley 1960), each cut
asked for between the best prices and the model's own minimum; accounts whose best action cannot
change anywhere in the box are settled and left out, so a small box costs little however large the
book. Floats steer here and certify nothing: the bound is computed in whole numbers elsewhere.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
HIGH = 1 << 61  # whole numbers stay below this
BLOCK = 8192  # accounts worked on at a time: what fits a core's cache
CUTS = 90  # at most, in one box
LEVELS = 30  # boxes, at most
INWARD = 0.6  # how far from the best prices towards the model's minimum to ask next
SETTLED = 1e-12  # relative gap at which a box is solved


@dataclass(frozen=True)
class View:
    """Some accounts seen by action: what their actions are worth, cost, and what room is left.

    `rows` (accounts,): their positions in the book. `value` (actions, accounts): -inf where not
    eligible; waiting, worth 0 at cost 0, is always there and not stored. `flat` (limits, actions):
    costs equal for all; `varying`: (limit, action, cost per account). `room` (limits): what
    earlier, settled choices leave.
    """

    rows: NDArray[np.intp]
    value: Floats
    flat: Floats
    varying: tuple[tuple[int, int, Floats], ...]
    room: Floats

    @property
    def size(self) -> int:
        """Number of accounts."""
        return int(self.value.shape[1])

    def keep(self, at: NDArray[np.intp], room: Floats) -> "View":
        """The accounts at positions `at`, with that room."""
        varying = tuple((k, a, cost[at]) for k, a, cost in self.varying)
        return View(self.rows[at], self.value[:, at], self.flat, varying, room)


@dataclass(frozen=True)
class Lowest:
    """Prices found in one box: how far from the model's minimum, and where the box holds them."""

    prices: Floats
    gap: float
    pushes: NDArray[np.bool_]
    passes: int


def evaluate(view: View, prices: Floats, centre: Floats) -> tuple[float, Floats]:
    """D at `prices` (less a constant that `centre` fixes) and a subgradient: room minus use."""
    paid = (prices[:, None] * view.flat).sum(axis=0)
    count = np.zeros(len(view.value))
    use = np.zeros(len(prices))
    total = 0.0
    for low in range(0, view.size, BLOCK):
        part = slice(low, low + BLOCK)
        reduced = _reduced(view, part, prices, paid)
        best = reduced.max(axis=0, initial=0.0)
        total += float(best.sum())
        chosen = first_best(reduced, best)
        count += [np.count_nonzero(row) for row in chosen]
        for k, a, cost in view.varying:
            use[k] += cost[part][chosen[a]].sum()
    use += (view.flat * count).sum(axis=1)
    return total + float(((prices - centre) * view.room).sum()), view.room - use


def first_best(reduced: NDArray[Any], best: NDArray[Any]) -> NDArray[np.bool_]:
    """(actions, accounts): the first action that reaches the best, none where the best is 0."""
    chosen = np.empty(reduced.shape, bool)
    free = best > 0
    for row, mine in zip(reduced, chosen, strict=True):
        np.equal(row, best, out=mine)
        mine &= free
        free ^= mine
    return chosen


def _reduced(view: View, part: slice, prices: Floats, paid: Floats) -> Floats:
    reduced = view.value[:, part] - paid[:, None]
    for k, a, cost in view.varying:
        reduced[a] -= prices[k] * cost[part]
    return reduced


def narrow(view: View, low: Floats, high: Floats) -> View:
    """The accounts whose best action may change between prices `low` and `high`.

    The others' choice is settled for every price in the box, and the room is what they leave.
    """
    paid_low = (low[:, None] * view.flat).sum(axis=0)
    paid_high = (high[:, None] * view.flat).sum(axis=0)
    count = np.zeros(len(view.value))
    use = np.zeros(len(low))
    kept = []
    for start in range(0, view.size, BLOCK):
        part = slice(start, start + BLOCK)
        most = _reduced(view, part, low, paid_low)
        least = _reduced(view, part, high, paid_high).max(axis=0, initial=0.0)
        rivals = most >= least
        open_ = rivals.sum(axis=0) + (least <= 0) > 1
        kept.append(np.flatnonzero(open_) + start)
        settled = rivals & ~open_
        count += [np.count_nonzero(row) for row in settled]
        for k, a, cost in view.varying:
            use[k] += cost[part][settled[a]].sum()
    use += (view.flat * count).sum(axis=1)
    at = np.concatenate(kept) if kept else np.zeros(0, np.intp)
    return view.keep(at, view.room - use)


class Model:
    """The largest of some cuts over a box, minimised by its own dual (a few rows, warm basis)."""

    def __init__(self, low: Floats, high: Floats) -> None:
        limits = len(low)
        self.low, self.high = low, high
        self.columns = np.zeros((limits + 1, 2 * limits + CUTS + 1))
        self.columns[:limits, : 2 * limits] = np.hstack([-np.eye(limits), np.eye(limits)])
        self.worth = np.zeros(self.columns.shape[1])
        self.worth[: 2 * limits] = np.concatenate([low, -high])
        self.size = 2 * limits
        self.basis: NDArray[np.intp] = np.zeros(0, np.intp)
        self.shares: Floats = np.zeros(0)

    def add(self, height: float, slope: Floats, at: Floats) -> None:
        """One more cut: height at `at`, rising by `slope`."""
        limits, j = len(self.low), self.size
        self.columns[:limits, j], self.columns[limits, j] = slope, 1.0
        self.worth[j] = height - float((slope * at).sum())
        self.size += 1
        if not len(self.basis):
            self.basis = self._plain()

    def _plain(self) -> NDArray[np.intp]:
        """The basis of the last cut and the faces that hold it; always regular."""
        limits, j = len(self.low), self.size - 1
        return np.append(np.arange(limits) + np.where(self.columns[:limits, j] >= 0, 0, limits), j)

    def minimum(self) -> tuple[Floats, float]:
        """Where the model is lowest in the box, and how low; a lower bound of D in the box."""
        columns, worth = self.columns[:, : self.size], self.worth[: self.size]
        close = 1e-12 * float(np.abs(worth).max() + 1e-300)
        stalled = 0
        for _ in range(400):
            try:
                inverse = _inverse(columns[:, self.basis])
            except np.linalg.LinAlgError:  # cuts too much alike: begin again from the last one
                self.basis = self._plain()
                inverse = _inverse(columns[:, self.basis])
            duals = (worth[self.basis][:, None] * inverse).sum(axis=0)
            gain = worth - (duals[:, None] * columns).sum(axis=0)
            gain[self.basis] = 0.0
            better = np.flatnonzero(gain > close)
            if not len(better):
                break
            # After a stall: the first column that helps, which cannot go round in circles.
            enter = int(better[0]) if stalled > 20 else int(gain.argmax())
            step = (inverse * columns[:, enter]).sum(axis=1)
            shares = np.maximum(inverse[:, -1], 0.0)
            usable = step > 1e-11
            ratio = np.full(step.shape, np.inf)
            ratio[usable] = shares[usable] / step[usable]
            leave = int(ratio.argmin())
            if ratio[leave] == np.inf:
                break
            stalled = stalled + 1 if ratio[leave] <= 1e-14 else 0
            self.basis[leave] = enter
        self.shares = inverse[:, -1]
        return np.clip(-duals[:-1], self.low, self.high), float(duals[-1])

    def pushes(self, floor: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Which prices want to leave the box; where `floor`, the lower face is no hindrance."""
        limits = len(self.low)
        held = np.zeros(limits, bool)
        for column, share in zip(self.basis, self.shares, strict=True):
            if share > 1e-7 and column < 2 * limits:
                held[column % limits] |= column >= limits or not floor[column]
        return held


def _inverse(square: Floats) -> Floats:
    return np.asarray(np.linalg.inv(square), np.float64)


def minimise(view: View, low: Floats, high: Floats, start: Floats, shrink: float) -> Lowest:
    """Lower D from `low` to `high` until the gap to its model is a share `shrink` of the first."""
    span = np.maximum(high - low, 1e-300)
    model = Model(np.zeros(len(low)), (high - low) / span)
    enough = _enough(view)
    ask, best, prices, first = start, np.inf, start, np.inf
    for passes in range(1, CUTS + 1):
        height, slope = evaluate(view, ask, start)
        model.add(height, slope * span, (ask - low) / span)
        if height < best:
            best, prices = height, ask
        at, lowest = model.minimum()
        gap = best - lowest
        first = gap if passes == 1 else first
        if gap <= max(enough, shrink * first):
            break
        ask = low + at * span
        if passes > len(low):
            ask = prices + INWARD * (ask - prices)
    return Lowest(prices, gap, model.pushes(low <= 0), passes)


@dataclass(frozen=True)
class Priced:
    """Prices of the lowest bound, the accounts that a small change of them moves, passes made."""

    prices: Floats
    near: NDArray[np.intp]
    passes: int


def descend(
    narrower: Callable[[Floats, Floats], View], centre: Floats, width: Floats, enough: int
) -> Priced:
    """Prices of the lowest D: box in box, moved where the lowest lies outside.

    Keeps the nearest accounts, at least `enough` of them where there are so many.
    """
    passes, near = 0, np.zeros(0, np.intp)
    for _ in range(LEVELS):
        low, high = np.maximum(centre - width, 0.0), centre + width
        view = narrower(low, high)
        found = minimise(view, low, high, centre, 1e-2)
        passes += found.passes + 1
        centre = found.prices
        if not len(near) or view.size >= enough:
            near = view.rows
        if found.pushes.any():
            width = np.where(found.pushes, 2 * width, width)
            continue
        if found.gap <= _enough(view):
            break
        narrower, width = partial(narrow, view), width / 16
    return Priced(centre, near, passes)


def _enough(view: View) -> float:
    """The gap at which nothing is left to win: values are whole numbers, and floats round."""
    return max(1e-3, SETTLED * float(view.value.max(initial=0.0)) * (view.size + 1))


def lone_prices(view: View) -> tuple[Floats, Floats]:
    """Per limit: its price if it were the only one and every action its own account, and its
    typical cost per action that has one.
    """
    step = max(1, view.size // 2048)
    few = view.keep(np.arange(0, view.size, step), view.room)
    share = few.size / max(view.size, 1)
    prices, typical = np.full(len(view.room), 1e-9), np.ones(len(view.room))
    for k in range(len(view.room)):
        cost = np.repeat(few.flat[k][:, None], few.size, axis=1)
        for limit, a, own in few.varying:
            if limit == k:
                cost[a] = own
        real = (cost > 0) & np.isfinite(few.value)
        if not real.any():
            continue
        each, spent = few.value[real] / cost[real], cost[real]
        order = np.argsort(-each, kind="stable")
        full = int(np.searchsorted(np.cumsum(spent[order]), view.room[k] * share))
        prices[k] = each[order[min(full, len(order) - 1)]]
        typical[k] = spent.mean()
    return prices, typical
