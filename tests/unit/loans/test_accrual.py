from datetime import date, timedelta
from fractions import Fraction

import pytest

from lines import LATE, event, take
from ruqi.loans.accrual import advance, earn, next_turn
from ruqi.loans.terms import Fee, Late, Method, plain
from ruqi.primitives.dates import DayCount

START = date(2025, 1, 31)
LEVEL = plain(method=Method.EQUAL_INSTALMENT, instalments=12, annual_rate=Fraction(12, 100))
BOUGHT = event("p", "purchase", START, amount_minor=120_000)


def owed(terms, on, *events):
    line = take(terms, BOUGHT, *events, to=on).line
    return line.active[0].owed_now


def test_a_night_is_earned_at_the_opening_of_the_next_day():
    assert owed(LEVEL, START).interest == 0
    assert owed(LEVEL, date(2025, 2, 1)).interest == 43  # 12.00 / 28
    assert owed(LEVEL, date(2025, 2, 28)).interest == 1_200
    assert owed(LEVEL, date(2025, 3, 1)).interest == 1_200 + 36  # 11.05 / 31


def test_a_payment_never_changes_the_interest_of_its_own_day():
    paid = event("r", "repayment", date(2025, 3, 3), amount_minor=10_662)
    assert owed(LEVEL, date(2025, 3, 3), paid).interest == 107  # 3 of 31 nights of 11.05


def test_a_month_of_daily_postings_adds_up_to_the_period():
    life = take(LEVEL, BOUGHT, to=date(2025, 2, 28))
    daily = [e for e in life.journal.entries if e.kind == "accrual"]
    assert len(daily) == 28
    assert sum(leg.minor for e in daily for leg in e.legs if leg.account == "interest_due") == 1200
    assert {e.posted_on == e.on for e in daily} == {True}


def test_penalty_is_carried_exactly_and_rounded_once():
    # 88.33 at 0.05 % a day: 0.044165 a day; thirty days are 1.32, not 30 x 0.04.
    terms = plain(instalments=1, late=LATE)
    bought = event("p", "purchase", START, amount_minor=8_833)
    line = take(terms, bought, to=date(2025, 2, 28) + timedelta(days=30)).line
    assert line.active[0].owed_now.late == 132


@pytest.mark.parametrize(("day", "late"), [(3, 0), (4, 24), (5, 30)])
def test_grace_delays_the_penalty_and_then_counts_from_the_due_date(day, late):
    terms = plain(instalments=1, late=LATE, grace_days=3)
    on = date(2025, 2, 28) + timedelta(days=day)
    line = take(terms, BOUGHT, to=on).line
    assert line.active[0].owed_now.late == late * 10


def test_paid_within_grace_costs_nothing():
    terms = plain(instalments=1, late=LATE, grace_days=3)
    paid = event("r", "repayment", date(2025, 3, 3), amount_minor=120_000)
    line = take(terms, BOUGHT, paid, to=date(2025, 3, 20)).line
    assert (line.active, line.credit_minor) == ((), 0)


def test_a_late_fee_falls_once_a_due_and_the_penalty_has_a_cap():
    late = Late(Fraction(1, 100), "principal", 500, Fraction(1, 10))
    terms = plain(instalments=1, late=late)
    line = take(terms, BOUGHT, to=date(2025, 6, 30)).line
    assert line.active[0].owed_now.late == 500 + 12_000


def test_penalty_on_the_whole_instalment_leaves_penalty_out():
    fee = Fee("f", "费", "period", Fraction(1, 100), 0, "lender")
    late = Late(Fraction(1, 100), "instalment")
    terms = plain(instalments=1, method=Method.FLAT_FEE, fees=(fee,), late=late)
    line = take(terms, BOUGHT, to=date(2025, 3, 2)).line
    assert line.active[0].owed_now.late == 2 * 1_212


def test_money_on_its_way_holds_the_late_fee_back_and_failing_brings_it_once():
    terms = plain(instalments=1, late=Late(fee_minor=500))
    started = event("w", "payment_started", date(2025, 2, 28), amount_minor=120_000)
    failed = event("x", "payment_failed", date(2025, 3, 5), payment="w")
    assert owed(terms, date(2025, 3, 4), started).late == 0
    assert owed(terms, date(2025, 4, 5), started, failed).late == 500


def test_a_hold_ends_after_its_last_day():
    terms = plain(limit_minor=1_000)
    held = event("h", "authorise", START, amount_minor=600, expires_on="2025-02-10")
    assert take(terms, held, to=date(2025, 2, 10)).line.available_minor == 400
    assert take(terms, held, to=date(2025, 2, 11)).line.available_minor == 1_000


def test_credit_meets_the_next_due_by_itself():
    refund = event("m", "merchant_refund", date(2025, 2, 1), purchase="q", amount_minor=500)
    other = event("q", "purchase", START, amount_minor=500)
    paid = event("r", "repayment", START, amount_minor=500, purchase="q")
    terms = plain(instalments=2)
    life = take(terms, BOUGHT, other, paid, refund, to=date(2025, 3, 10))
    assert life.line.credit_minor == 0
    assert life.line.active[0].left.principal == 119_500
    assert [e.on for e in life.journal.entries if e.kind == "credit_used"] == [date(2025, 2, 28)]


def test_nights_run_on_until_time_does_something_else():
    line = take(plain(instalments=2), BOUGHT).line
    assert next_turn(line) == date.max
    held = event("a", "authorise", START, amount_minor=1, expires_on="2025-02-03")
    stopped = event("s", "pause", START, until="2025-02-02")
    line = take(plain(instalments=2), BOUGHT, held).line
    assert next_turn(line) == date(2025, 2, 4)
    line = take(plain(instalments=2), BOUGHT, held, stopped).line
    assert next_turn(line) == date(2025, 2, 2)
    over = event("r", "repayment", START, amount_minor=100, prepayment="credit")
    assert next_turn(take(plain(instalments=2), BOUGHT, over).line) == date(2025, 2, 28)
    empty = take(plain(), event("o", "open", START, limit_minor=1)).line
    assert next_turn(empty) == date.max
    far, made = advance(empty, date(2030, 1, 1))
    assert (far.on, made) == (date(2030, 1, 1), [])


def test_nothing_is_earned_after_a_charge_off():
    off = event("c", "charge_off", date(2025, 4, 1))
    life = take(LEVEL, BOUGHT, off, to=date(2025, 9, 1))
    assert max(e.on for e in life.journal.entries) == date(2025, 4, 1)


def test_a_line_paid_ahead_sleeps_and_earns_again_night_by_night():
    # The first instalment is paid at once: nothing runs in February, and March earns daily.
    ahead = event("r", "repayment", START, amount_minor=10_662, prepayment="next")
    line = take(LEVEL, BOUGHT, ahead).line
    to = date(2025, 3, 20)
    once, entries = advance(line, to)
    daily, steps = line, []
    while daily.on < to:
        daily, made = advance(daily, daily.on + timedelta(days=1))
        steps += made
    assert (once, entries) == (daily, steps)
    assert [entry.on for entry in entries] == [date(2025, 3, day) for day in range(1, 21)]


def test_a_pause_that_stops_penalty_stops_it_for_its_own_purchase():
    terms = plain(instalments=1, late=LATE)
    other = event("q", "purchase", START, amount_minor=60_000)
    rest = event("z", "pause", date(2025, 2, 28), purchase="p", stops_late=True)
    line = take(terms, BOUGHT, other, rest, to=date(2025, 3, 10)).line
    assert [(p.id, p.owed_now.late) for p in line.active] == [("p", 0), ("q", 300)]


def test_after_a_change_in_mid_period_the_rest_is_earned_in_a_straight_line():
    # 1,200 a month: 600 are earned by 14 February; half the goods go back, and half of the rest.
    fee = Fee("f", "费", "period", Fraction(1, 100), 0, "lender")
    terms = plain(instalments=2, method=Method.FLAT_FEE, fees=(fee,), refund_cost="none")
    back = event("m", "merchant_refund", date(2025, 2, 14), purchase="p", amount_minor=60_000)
    assert owed(terms, date(2025, 2, 14), back).fee == 600
    assert owed(terms, date(2025, 2, 21), back).fee == 600 + 150
    assert owed(terms, date(2025, 2, 28), back).fee == 600 + 300
    level = plain(
        instalments=2,
        method=Method.EQUAL_PRINCIPAL,
        annual_rate=Fraction(12, 100),
        refund_cost="none",
    )
    assert owed(level, date(2025, 2, 21), back).interest == 600 + 150


def test_a_period_of_one_night_is_earned_in_that_night():
    terms = plain(
        method=Method.EQUAL_PRINCIPAL,
        instalments=2,
        period_days=1,
        annual_rate=Fraction(365, 10_000),
        day_count=DayCount.ACT_365,
    )
    assert owed(terms, date(2025, 2, 1)).interest == 12
    assert owed(terms, date(2025, 2, 2)).interest == 12 + 6


@pytest.mark.parametrize(("interest", "fee"), [(0, 0), (7, 0), (0, 7), (7, 7)])
def test_what_is_earned_anew_is_posted_part_by_part(interest, fee):
    due = take(LEVEL, BOUGHT).line.active[0].dues[0]
    moves = []
    after = earn(due, due.earned_interest + interest, due.earned_fee + fee, moves)
    assert after.earned_interest - due.earned_interest == interest
    assert after.earned_fee - due.earned_fee == fee
    assert [minor for _, _, minor in moves] == ([interest, fee] if interest or fee else [])
