"""Many nights at once give what one day after another gives, whatever a line carries."""

from datetime import timedelta

import pytest

from invariants import check
from lines import CAPS, PRODUCTS, START, event, history, take
from ruqi.loans.accrual import advance
from ruqi.loans.history import Life
from slow_days import advance_daily


@pytest.mark.parametrize("seed", range(60))
def test_a_stretch_of_nights_equals_its_days(seed):
    name = list(PRODUCTS)[seed % len(PRODUCTS)]
    terms = PRODUCTS[name]
    life = Life({terms.id: terms}, terms, CAPS)
    for number, made in enumerate(history(seed, 24, name)):
        life.take(made)
        if number % 6 == 5 and life.line is not None:
            to = life.line.on + timedelta(days=45)
            assert advance(life.line, to) == advance_daily(life.line, to)


@pytest.mark.parametrize("days", [0, 1, 9, 40, 70, None])
@pytest.mark.parametrize("name", ["level", "principal"])
def test_nights_of_a_pause_may_cost_no_interest(name, days):
    bought = event("p", "purchase", START, amount_minor=123_457)
    paid = event("r", "repayment", START + timedelta(days=20), amount_minor=30_000)
    on = START + timedelta(days=13)
    until = {} if days is None else {"until": (on + timedelta(days=days)).isoformat()}
    paused = event("s", "pause", on, stops_interest=True, **until)
    resumed = event("t", "resume", START + timedelta(days=95))
    given = (bought, paid, paused, *([resumed] if days is None else []))
    life = take(PRODUCTS[name], *given, to=START + timedelta(days=150))
    check(life)
    plain = take(PRODUCTS[name], bought, paid, to=START + timedelta(days=150))
    earned = [-sum_of(one, "interest_income") for one in (life, plain)]
    assert earned[0] < earned[1] or days == 0
    for back in (5, 30, 120):
        line, _ = life.as_of(START + timedelta(days=back))
        to = line.on + timedelta(days=50)
        assert advance(line, to) == advance_daily(line, to)
        daily, made = line, []
        while daily.on < to:
            daily, more = advance(daily, daily.on + timedelta(days=1))
            made += more
        assert (daily, made) == advance(line, to)


def sum_of(life, account):
    return sum(leg.minor for e in life.journal.entries for leg in e.legs if leg.account == account)


def test_half_a_month_free_costs_half_a_months_interest():
    # 120.00 a month on 12,000.00 over 30 nights; 15 of them free.
    bought = event("p", "purchase", START.replace(month=4, day=10), amount_minor=1_200_000)
    paused = event(
        "s", "pause", START.replace(month=4, day=20), until="2024-05-05", stops_interest=True
    )
    line = take(PRODUCTS["level"], bought, paused, to=START.replace(month=5, day=10)).line
    first, second = line.active[0].dues[:2]
    assert first.billed.interest == first.earned_interest == 6_000
    assert second.billed.interest == 10_049  # the next month's, on what is left, in full
