"""The day-close of many lines at once: what `loans.accrual.advance` does, as one pass over arrays.

Equal to the exact step to the cent, day by day. Most nights bring a purchase nothing but a share of
one due's interest and fee. What that takes lies in one short row a purchase (`quiet`, `growing`),
with the opening that must look at the dues themselves again; so an ordinary day reads memory from
end to end, in order. A due that is paid and earned is never looked at again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numba import njit

from ruqi.engines.columns import NEVER, Columns, Days, Minor, columnar, day, laid_out, number
from ruqi.engines.columns import written_back as write
from ruqi.ledger.entry import Entry, entry
from ruqi.loans.accrual import advance
from ruqi.loans.parts import INCOME, RECEIVABLE
from ruqi.loans.state import Line

PARTS = ("interest", "fee", "late")
FAR = 2**31 - 1  # a day that never comes


@dataclass(frozen=True)
class Closed:
    """What closing one day brought, line by line."""

    on: date  # the day that was opened
    moves: Minor  # [n, 3] interest, fee and penalty that became real
    noted: Days  # [n, 3] as the day before ended: policy days, contractual days, bucket
    changed: Days  # lines whose bucket changed as the day before ended


def close_day(columns: Columns) -> Closed:
    """Note how the day ended and open the next, in place."""
    c, count = columns, columns.lines
    moves = np.zeros((count, 3), np.int64)
    noted = np.zeros((count, 3), np.int32)
    before = c.bucket.copy()
    _close(
        c.on,
        (c.line_from, c.line_terms, c.since, c.bucket),
        (c.purchase_from, c.purchase_terms, c.charged_off, c.worst, c.first_open),
        (c.quiet, c.growing),
        (c.dates, (c.left, c.billed, c.earned, c.base, c.late)),
        (c.terms, c.lows),
        (moves, noted),
    )
    columns.on += 1
    changed = np.flatnonzero(before != c.bucket).astype(np.int32)
    return Closed(day(columns.on), moves, noted, changed)


def advance_all(lines: Sequence[Line], to: date) -> tuple[list[Line], list[list[Entry]]]:
    """Every line at the opening of `to`, with its entries; exact or in columns, all the same.

    Lines may stand on different days; those that are not columnar, or stand elsewhere than most,
    take the exact step.
    """
    result: list[Line] = list(lines)
    made: list[list[Entry]] = [[] for _ in lines]
    days = [line.on for line in lines]
    usual = max(set(days), key=lambda one: (days.count(one), one)) if days else to
    fast = [n for n, line in enumerate(lines) if line.on == usual <= to and columnar(line)]
    for place in sorted(set(range(len(lines))) - set(fast)):
        result[place], made[place] = advance(lines[place], to)
    if fast:
        for place, line, entries in zip(
            fast, *_in_columns([lines[n] for n in fast], to), strict=True
        ):
            result[place], made[place] = line, entries
    return result, made


def _in_columns(lines: list[Line], to: date) -> tuple[list[Line], list[list[Entry]]]:
    columns = laid_out(lines)
    made: list[list[Entry]] = [[] for _ in lines]
    history: list[list[tuple[date, str, int]]] = [[] for _ in lines]
    while columns.on < number(to):
        closed = close_day(columns)
        for place in np.flatnonzero(closed.moves.any(axis=1)):
            made[place] += entries_of(closed, int(place), lines[place].currency)
        for place in closed.changed:
            name = lines[place].terms.buckets[closed.noted[place, 2]].name
            history[place].append((day(columns.on - 1), name, int(closed.noted[place, 0])))
    after = write(columns, lines)
    return [
        line._replace(buckets=(*line.buckets, *new)) if new else line
        for line, new in zip(after, history, strict=True)
    ], made


def entries_of(closed: Closed, place: int, currency: str) -> list[Entry]:
    """The entry of one line's day, as the exact step writes it."""
    amounts = zip(PARTS, closed.moves[place], strict=True)
    moves = [(RECEIVABLE[part], INCOME[part], int(minor)) for part, minor in amounts]
    return entry(closed.on, "day", "accrual", currency, moves)


@njit(inline="always")
def _half_even(numerator: Any, denominator: Any) -> Any:
    """Half to even for numerator ≥ 0."""
    whole = numerator // denominator
    twice = 2 * (numerator - whole * denominator)
    if twice > denominator or (twice == denominator and whole % 2 == 1):
        return whole + 1
    return whole


@njit(inline="always")
def _share(span: Any, run: Any, length: Any) -> Any:
    """What a span has accrued; a negative one rounds as its positive twin, negated."""
    return _half_even(span * run, length) if span >= 0 else -_half_even(-span * run, length)


@njit(inline="always")
def _claim(k: Any, off: Any, left: Any, billed: Any, earned: Any) -> Any:
    """All that is owed on a due; after a charge-off, what had been earned."""
    total = left[k, 0] + left[k, 1] + left[k, 2] + left[k, 3] + left[k, 4]
    if off:
        total -= billed[k, 0] - earned[k, 0] + billed[k, 1] - earned[k, 1]
    return total


@njit(inline="always")
def _earn(k: Any, on: Any, days: Any, money: Any) -> Any:
    """Earn a due's interest and fee up to the opening of `on`; how much of each is new."""
    _, billed, earned, base, _ = money
    length = max(days[k, 1] - days[k, 3], 1)
    run = min(on - days[k, 3], length)
    new = (0, 0)
    for part in range(2):
        grown = _share(billed[k, part] - base[k, part], run, length)
        target = max(base[k, part] + grown, earned[k, part])
        more = target - earned[k, part]
        earned[k, part] = target
        new = (more, new[1]) if part == 0 else (new[0], more)
    return new


@njit(inline="always")
def _penalty(k: Any, on: Any, days: Any, money: Any, terms: Any) -> Any:
    """A night's penalty on a late due, and its late fee once; how much is new."""
    left, billed, _, _, late = money
    base = left[k, 0]
    if terms[2]:
        base += left[k, 1] + left[k, 2]
    late[k, 0] += base * terms[0]
    posted, fee = late[k, 1], 0
    if on - days[k, 2] > terms[4]:
        posted = max(posted, _half_even(late[k, 0], terms[1]))
        if late[k, 2] >= 0:
            posted = max(min(posted, late[k, 2]), late[k, 1])
        if not late[k, 3] and terms[3] > 0:
            fee = terms[3]
            late[k, 3] = 1
    more = posted - late[k, 1] + fee
    late[k, 1] = posted
    billed[k, 2] += more
    left[k, 4] += more
    return more


@njit(cache=True, nogil=True, error_model="numpy")
def _close(
    on: Any, lines: Any, purchases: Any, nights: Any, dues: Any, shared: Any, out: Any
) -> None:
    line_from, _, since, bucket = lines
    for n in range(len(since)):
        still = True
        for m in range(line_from[n], line_from[n + 1]):
            still = still and on + 1 < nights[0][m, 0]
        if still:
            for m in range(line_from[n], line_from[n + 1]):
                _grow(n, m, on + 1, nights, out[0])
            if bucket[n] or since[n] != NEVER:
                bucket[n], since[n] = 0, NEVER
        else:
            _close_line(n, on, lines, (purchases, nights, dues), shared, out)


@njit(inline="always")
def _grow(n: Any, m: Any, on: Any, nights: Any, moves: Any) -> Any:
    """A night on which one due earns and nothing else happens."""
    quiet, growing = nights
    run = min(on - quiet[m, 2], quiet[m, 3])
    for part in range(2):
        span = growing[m, 3 * part]
        if span:
            target = growing[m, 3 * part + 1] + _share(span, run, quiet[m, 3])
            more = target - growing[m, 3 * part + 2]
            if more > 0:
                growing[m, 3 * part + 2] = target
                moves[n, part] += more


@njit
def _close_line(n: Any, on: Any, lines: Any, below: Any, shared: Any, out: Any) -> None:
    """The same for a line on which something is late, falls due or starts: due by due."""
    line_from, line_terms, since, bucket = lines
    purchases, nights, dues = below
    days, money = dues
    moves, noted = out
    terms, lows = shared
    contractual, policy, oldest = 0, 0, FAR
    for m in range(line_from[n], line_from[n + 1]):
        _put_back(m, nights, money[2])
        seen = _note(m, on, purchases, days, money, terms)
        contractual = max(contractual, seen[0])
        policy = max(policy, seen[1])
        oldest = min(oldest, seen[2])
    if policy and terms[line_terms[n], 6] and since[n] != NEVER:
        policy = max(policy, on - since[n])
    if not policy:
        since[n] = NEVER
    elif since[n] == NEVER:
        since[n] = oldest
    place = 0
    while place + 1 < lows.shape[1] and policy >= lows[line_terms[n], place + 1]:
        place += 1
    bucket[n] = place
    noted[n, 0], noted[n, 1], noted[n, 2] = policy, contractual, place
    for m in range(line_from[n], line_from[n + 1]):
        _open(n, m, on + 1, purchases, dues, terms, moves)
        _foresee(m, on + 1, purchases, nights, dues)


@njit
def _put_back(m: Any, nights: Any, earned: Any) -> None:
    """What a due earned over quiet nights, written to the due."""
    quiet, growing = nights
    k = quiet[m, 1]
    if k >= 0:
        earned[k, 0], earned[k, 1] = growing[m, 2], growing[m, 5]
        quiet[m, 1] = -1


@njit
def _foresee(m: Any, on: Any, purchases: Any, nights: Any, dues: Any) -> None:
    """Which due earns in the nights after the opening of `on`, and when to look closely again.

    That is the opening after a due date with anything left to pay, or after the start of another
    due that has something to earn; at once where two earn together, or after a charge-off.
    """
    purchase_from, _, charged_off, _, first_open = purchases
    quiet, growing = nights
    days, money = dues
    left, billed, earned, base, _ = money
    until, running = FAR, -1
    for k in range(first_open[m], purchase_from[m + 1]):
        if left[k, 0] + left[k, 1] + left[k, 2] + left[k, 3] + left[k, 4]:
            until = min(until, days[k, 1] + 1)
        if earned[k, 0] < billed[k, 0] or earned[k, 1] < billed[k, 1]:
            if running < 0 and days[k, 0] <= on:
                running = k
            else:
                until = min(until, days[k, 0] + 1)
        if until <= on + 1:
            break
    quiet[m, 0] = NEVER if charged_off[m] else until
    if running >= 0 and on + 1 < quiet[m, 0]:
        k = running
        quiet[m, 1], quiet[m, 2] = k, days[k, 3]
        quiet[m, 3] = max(days[k, 1] - days[k, 3], 1)
        for part in range(2):
            growing[m, 3 * part] = billed[k, part] - base[k, part]
            growing[m, 3 * part + 1] = base[k, part]
            growing[m, 3 * part + 2] = earned[k, part]
    else:
        growing[m, 0], growing[m, 3] = 0, 0


@njit(inline="always")
def _note(m: Any, on: Any, purchases: Any, days: Any, money: Any, terms: Any) -> Any:
    """(contractual days, policy days, oldest due in arrears) of one purchase as a day ends."""
    purchase_from, purchase_terms, charged_off, worst, first_open = purchases
    left, billed, earned, _, _ = money
    contractual, policy, oldest = 0, 0, FAR
    for k in range(first_open[m], purchase_from[m + 1]):
        due_on = days[k, 1]
        if due_on >= on:
            break
        claim = _claim(k, charged_off[m], left, billed, earned)
        if claim > 0:
            contractual = max(contractual, on - due_on)
        if days[k, 2] < on and claim > terms[purchase_terms[m], 5]:
            policy = max(policy, on - due_on)
            oldest = min(oldest, due_on)
    worst[m] = max(worst[m], contractual)
    return contractual, policy, oldest


@njit(inline="always")
def _open(n: Any, m: Any, on: Any, purchases: Any, dues: Any, terms: Any, moves: Any) -> None:
    """The opening of a day for one purchase: earn, then penalty; skip what can change no more."""
    purchase_from, purchase_terms, charged_off, _, first_open = purchases
    days, money = dues
    left, billed, earned, _, _ = money
    if charged_off[m]:
        return
    shut = True  # every due before this one can change no more
    for k in range(first_open[m], purchase_from[m + 1]):
        if days[k, 0] >= on and days[k, 1] >= on:
            break
        if days[k, 0] < on and (earned[k, 0] < billed[k, 0] or earned[k, 1] < billed[k, 1]):
            new = _earn(k, on, days, money)
            moves[n, 0] += new[0]
            moves[n, 1] += new[1]
        owed = left[k, 0] + left[k, 1] + left[k, 2] + left[k, 3] + left[k, 4]
        if days[k, 2] < on and owed > terms[purchase_terms[m], 5] and owed > 0:
            moves[n, 2] += _penalty(k, on, days, money, terms[purchase_terms[m]])
        done = owed == 0 and earned[k, 0] == billed[k, 0] and earned[k, 1] == billed[k, 1]
        if shut and done:
            first_open[m] = k + 1
        else:
            shut = False
