from datetime import date
from fractions import Fraction

from lines import event, refused, take
from ruqi.loans.arrangement import active, breach_days, fulfilled
from ruqi.loans.delinquency import contractual_dpd, policy_dpd
from ruqi.loans.state import Arrangement
from ruqi.loans.terms import Late, plain

START = date(2025, 1, 31)
TERMS = plain(instalments=3, late=Late(Fraction(1, 1000)))
BOUGHT = event("p", "purchase", START, amount_minor=30_000)
PROMISES = [
    {"on": "2025-04-10", "amount_minor": 1_000},
    {"on": "2025-05-10", "amount_minor": 1_000},
]
PLAN = event("h", "hardship_plan", date(2025, 4, 1), payments=PROMISES, breach_days=2)


def pay(name, on, minor):
    return event(name, "repayment", on, amount_minor=minor)


def test_clock_and_penalty_rest_while_promises_are_kept():
    first, second = pay("a", date(2025, 4, 10), 1_000), pay("b", date(2025, 5, 9), 1_000)
    line = take(TERMS, BOUGHT, PLAN, first, second, to=date(2025, 5, 20)).line
    assert line.arrangements[0].status == "kept"
    assert line.arrangements[0].ended_on == date(2025, 5, 9)
    on = date(2025, 5, 20)
    assert contractual_dpd(line, on) - policy_dpd(line, on) == 38  # 1 April to 9 May


def test_a_broken_promise_brings_the_contract_back_and_charges_nothing_twice():
    line = take(TERMS, BOUGHT, PLAN, to=date(2025, 4, 20)).line
    assert (line.arrangements[0].status, line.arrangements[0].ended_on) == (
        "broken",
        date(2025, 4, 13),
    )
    on = date(2025, 4, 20)
    assert policy_dpd(line, on) == contractual_dpd(line, on) == 51
    # 31 nights on 100.00 to 31 March, one more on 200.00 before the plan, seven after 13 April.
    assert line.active[0].owed_now.late == 31 * 10 + 20 + 7 * 20


def test_a_promise_may_be_late_by_its_own_tolerance():
    in_time = pay("a", date(2025, 4, 12), 1_000)
    line = take(TERMS, BOUGHT, PLAN, in_time, to=date(2025, 5, 1)).line
    assert line.arrangements[0].status == "active"


def test_one_arrangement_at_a_time():
    again = event("k", "hardship_plan", date(2025, 4, 2), payments=PROMISES)
    assert refused(take(TERMS, BOUGHT, PLAN, again)) == [("k", "OVERLAP")]


def test_the_days_on_which_it_can_break():
    held = Arrangement("h", "hardship_plan", START, ((START, 5),), 2)
    assert breach_days(held) == [date(2025, 2, 3)]
    assert not fulfilled(held)


def test_a_broken_promise_counts_no_later_payment_and_makes_room_for_another():
    line = take(TERMS, BOUGHT, PLAN, pay("r", date(2025, 4, 20), 700)).line
    assert [(held.status, held.paid_minor) for held in line.arrangements] == [("broken", 0)]
    again = event(
        "k",
        "hardship_plan",
        date(2025, 4, 20),
        payments=[{"on": "2025-05-10", "amount_minor": 1_000}],
    )
    life = take(TERMS, BOUGHT, PLAN, again, pay("r", date(2025, 4, 21), 700))
    assert refused(life) == []
    assert [(h.id, h.status, h.paid_minor) for h in life.line.arrangements] == [
        ("h", "broken", 0),
        ("k", "active", 700),
    ]


def test_promises_that_fall_due_together_are_counted_together():
    # Due on 10 April and 10 May, two days of patience: 1,500 by 12 May is too little, 2,000 is not.
    less = take(TERMS, BOUGHT, PLAN, pay("r", date(2025, 4, 5), 1_500), to=date(2025, 5, 13)).line
    assert (less.arrangements[0].status, less.arrangements[0].ended_on) == (
        "broken",
        date(2025, 5, 13),
    )
    even = take(TERMS, BOUGHT, PLAN, pay("r", date(2025, 4, 5), 2_000), to=date(2025, 5, 13)).line
    assert even.arrangements[0].status == "kept"
    assert fulfilled(even.arrangements[0])


def test_only_standing_promises_of_the_kind_that_is_asked_are_found():
    line = take(TERMS, BOUGHT, PLAN).line
    assert active(line) is active(line, "hardship_plan") is line.arrangements[0]
    assert active(line, "discounted_settlement") is None
    gone = take(TERMS, BOUGHT, PLAN, to=date(2025, 4, 20)).line
    assert (active(gone), breach_days(gone.arrangements[0])) == (None, [])
