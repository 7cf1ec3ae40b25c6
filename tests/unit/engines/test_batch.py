"""Columns and the exact step agree to the cent; 10^5 line-days are compared in every run."""

from datetime import timedelta

import pytest

from books import START, punctual_lines, random_lines
from lines import event, take
from ruqi.engines.batch import advance_all, close_day
from ruqi.engines.columns import laid_out
from ruqi.loans.accrual import advance
from ruqi.loans.delinquency import contractual_dpd, policy_dpd
from ruqi.loans.terms import plain

DAYS, HALF = 84, 150


@pytest.mark.parametrize("seed", range(4))
def test_twelve_weeks_in_columns_equal_twelve_weeks_of_exact_days(seed):
    """Half of the lines are late in every way, half fall late on the way: 25,200 line-days."""
    assert 4 * 2 * HALF * DAYS >= 100_000
    lines = [*random_lines(seed, HALF), *punctual_lines(seed, HALF)]
    to = START + timedelta(days=DAYS)
    fast, entries = advance_all(lines, to)
    for line, after, made in zip(lines, fast, entries, strict=True):
        exact, expected = advance(line, to)
        assert after == exact
        assert made == expected
    for half in (entries[:HALF], entries[HALF:]):
        assert sum(len(made) for made in half) > 1_000
    late = sum(any(days for _, _, days in line.buckets) for line in fast[HALF:])
    assert late > HALF // 2


def test_days_past_due_and_buckets_of_every_day():
    lines = random_lines(11, 150)
    columns = laid_out(lines)
    for _ in range(40):
        on = lines[0].on
        closed = close_day(columns)
        for place, line in enumerate(lines):
            policy, contractual, bucket = closed.noted[place]
            assert (policy, contractual) == (policy_dpd(line, on), contractual_dpd(line, on))
            assert line.terms.buckets[bucket] == line.terms.bucket(int(policy))
        lines = [advance(line, closed.on)[0] for line in lines]


def test_lines_that_are_not_columnar_take_the_exact_step():
    paused = take(
        plain(instalments=3),
        event("p", "purchase", START - timedelta(days=60), amount_minor=5_000),
        event("a", "pause", START),
    ).line
    elsewhere, _ = advance(random_lines(5, 1)[0], START + timedelta(days=3))
    lines = [*random_lines(6, 3), paused, elsewhere]
    to = START + timedelta(days=20)
    after, entries = advance_all(lines, to)
    assert [(a, e) for a, e in zip(after, entries, strict=True)] == [advance(x, to) for x in lines]
    assert advance_all([], to) == ([], [])


def test_a_day_at_a_time_equals_many():
    lines = random_lines(8, 100)
    to = START + timedelta(days=10)
    stepped = lines
    for k in range(1, 11):
        stepped, _ = advance_all(stepped, START + timedelta(days=k))
    assert stepped == advance_all(lines, to)[0]
