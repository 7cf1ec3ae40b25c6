"""One pass over rows in order: what each month holds, and which rows show a mark.

Compiled, since a book of a gigabyte has tens of millions of rows and nine marks on each.
"""

import numpy as np
from numba import njit

from ruqi.tape.row_marks import (
    ABOVE,
    AMOUNTS_FROM,
    COULD,
    CREDIT,
    FIRST,
    JUMP,
    MARKS,
    NO_BUCKET,
    NONE,
    SHOWN,
    Counts,
    Rows,
)


def count_rows(rows: Rows, low: int, months: int, minor_per_major: int) -> Counts:
    """Count rows whose months lie in `low` to `low + months - 1`."""
    counted = Counts(
        np.zeros(months, dtype=np.int64),
        np.zeros(months, dtype=np.int64),
        np.full(months, np.iinfo(np.int32).min, dtype=np.int32),
        np.zeros((3, MARKS, months), dtype=np.int64),
        np.zeros(len(rows.month), dtype=np.bool_),
        np.zeros(len(rows.month), dtype=np.bool_),
    )
    counted.marks[FIRST] = -1
    _count(rows, low, 100 * minor_per_major, counted)
    return counted


@njit(cache=True, nogil=True)
def _show(marks, mark, at, row, shows):  # type: ignore[no-untyped-def]
    marks[COULD, mark, at] += 1
    if shows:
        marks[SHOWN, mark, at] += 1
        if marks[FIRST, mark, at] < 0:
            marks[FIRST, mark, at] = row


@njit(cache=True, nogil=True)
def _round(marks, mark, at, row, amount, unit):  # type: ignore[no-untyped-def]
    if amount == NONE or amount == 0:
        return
    even = (unit & -unit) - 1  # a mask that spares most divisions
    whole = (amount & even) == 0 and amount % unit == 0
    _show(marks, mark, at, row, whole)
    _show(marks, mark + 1, at, row, whole and amount % (10 * unit) == 0)


@njit(cache=True, nogil=True)
def _count(rows, low, unit, counts):  # type: ignore[no-untyped-def]
    # Taken out once: each look into a tuple of arrays counts its references.
    below, month, on, terminal, bucket, balances, due, paid, limits = rows
    of_month, still_open, latest, marks, gap, last_open = counts
    for row in range(len(month)):
        at = month[row] - low
        of_month[at] += 1
        latest[at] = max(latest[at], on[row])
        if not terminal[row]:
            still_open[at] += 1
            last_open[row] = row + 1 == len(month) or not below[row + 1]
        balance, limit = balances[row], limits[row]
        if balance != NONE:
            _show(marks, CREDIT, at, row, balance < 0)
            if limit != NONE:
                _show(marks, ABOVE, at, row, balance > limit)
        if below[row]:
            step = month[row] - month[row - 1]
            gap[row] = step > 1 and not terminal[row - 1]
            if step == 1 and bucket[row] != NO_BUCKET and bucket[row - 1] != NO_BUCKET:
                worse = np.int64(bucket[row]) - np.int64(bucket[row - 1])
                _show(marks, JUMP, at, row, worse >= 2)
        _round(marks, AMOUNTS_FROM, at, row, balance, unit)
        _round(marks, AMOUNTS_FROM + 2, at, row, due[row], unit)
        _round(marks, AMOUNTS_FROM + 4, at, row, paid[row], unit)
