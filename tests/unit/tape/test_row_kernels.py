import numpy as np
import pytest

from ruqi.tape.row_kernels import count_rows
from ruqi.tape.row_marks import MARKS, NO_BUCKET, NONE, Rows

UNIT = 100


def rows_of(seed: int, count: int = 400) -> Rows:
    dice = np.random.default_rng(seed)
    account = np.sort(dice.integers(0, 60, count))
    order = np.lexsort((dice.random(count), account))
    month = dice.integers(20, 26, count).astype(np.int32)
    month = month[np.lexsort((month[order], account))]
    steps = np.array([0, 5, 100, 10_000, 70_000, 100_000, -10_000, 3_000_016, NONE])
    amounts = [dice.choice(steps, count) for _ in range(4)]
    return Rows(
        np.concatenate([[False], account[1:] == account[:-1]]),
        month,
        (month * 30 + dice.integers(0, 28, count)).astype(np.int32),
        dice.random(count) < 0.1,
        dice.choice(np.array([NO_BUCKET, 0, 1, 2, 5], dtype=np.int8), count),
        *amounts,
    )


def one_by_one(rows: Rows, unit: int):
    """Each row's marks that it could show and does, in plain Python."""
    for row in range(len(rows.month)):
        balance, limit = int(rows.balance[row]), int(rows.limit[row])
        could, shows = [False] * MARKS, [False] * MARKS
        could[0], shows[0] = balance != NONE, NONE < balance < 0
        could[1] = balance != NONE and limit != NONE
        shows[1] = could[1] and balance > limit
        if rows.below[row] and rows.month[row] - rows.month[row - 1] == 1:
            now, was = int(rows.bucket[row]), int(rows.bucket[row - 1])
            could[2] = NO_BUCKET not in (now, was)
            shows[2] = could[2] and now - was >= 2
        for place, amounts in enumerate((rows.balance, rows.due, rows.paid)):
            amount = int(amounts[row])
            given = amount not in (NONE, 0)
            could[3 + 2 * place] = could[4 + 2 * place] = given
            shows[3 + 2 * place] = given and amount % (100 * unit) == 0
            shows[4 + 2 * place] = given and amount % (1000 * unit) == 0
        yield row, int(rows.month[row]), could, shows


@pytest.mark.parametrize("unit", [1, 100, 1000])
def test_the_pass_counts_what_a_look_at_each_row_counts(unit):
    rows = rows_of(unit)
    low, months = 20, 6
    counts = count_rows(rows, low, months, unit)
    could, flagged = np.zeros((MARKS, months)), np.zeros((MARKS, months))
    first = np.full((MARKS, months), -1)
    for row, month, can, does in one_by_one(rows, unit):
        for mark in range(MARKS):
            could[mark, month - low] += can[mark]
            flagged[mark, month - low] += does[mark]
            if does[mark] and first[mark, month - low] < 0:
                first[mark, month - low] = row
    assert flagged.sum() > 100
    assert np.array_equal(counts.marks, [could, flagged, first])
    assert counts.rows.sum() == len(rows.month)
    assert counts.open.sum() == (~rows.terminal).sum()
    assert counts.latest.tolist() == [int(rows.on[rows.month == m].max()) for m in range(20, 26)]


def test_gaps_and_last_rows_know_the_end_of_an_account():
    rows = Rows(
        np.array([False, True, True, False, True]),
        np.array([1, 3, 5, 1, 2], dtype=np.int32),
        np.array([1, 3, 5, 1, 2], dtype=np.int32),
        np.array([False, True, False, False, False]),
        np.zeros(5, dtype=np.int8),
        *[np.full(5, NONE)] * 4,
    )
    counts = count_rows(rows, 1, 5, UNIT)
    assert counts.gap.tolist() == [False, True, False, False, False]
    assert counts.last_open.tolist() == [False, False, True, False, True]
