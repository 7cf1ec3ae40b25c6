from datetime import date
from fractions import Fraction

import pytest

from lines import LATE, event, refused, take
from ruqi.loans.terms import Method, plain

START = date(2025, 1, 31)
TERMS = plain(method=Method.EQUAL_PRINCIPAL, instalments=4, annual_rate=Fraction(1, 10), late=LATE)
BOUGHT = event("p", "purchase", START, amount_minor=40_000)
LATER = date(2025, 3, 10)


def test_a_fee_is_due_with_the_next_instalment():
    line = take(TERMS, BOUGHT, event("f", "fee", LATER, amount_minor=5)).line
    made = next(d for d in line.active[0].dues if d.kind == "charge")
    assert (made.due_on, made.left.charge) == (date(2025, 3, 31), 5)


def test_a_fee_names_its_own_day_but_no_past_one():
    named = event("f", "fee", LATER, amount_minor=5, due_on="2025-03-12")
    line = take(TERMS, BOUGHT, named).line
    assert any(d.due_on == date(2025, 3, 12) for d in line.active[0].dues)
    past = event("f", "fee", LATER, amount_minor=5, due_on="2025-03-09")
    assert refused(take(TERMS, BOUGHT, past)) == [("f", "DATE_ORDER")]


@pytest.mark.parametrize("purchase", [None, "q"])
def test_a_fee_needs_something_to_stand_on(purchase):
    fee = event("f", "fee", START, amount_minor=5, **({"purchase": purchase} if purchase else {}))
    before = [] if purchase is None else [BOUGHT]
    life = take(TERMS, event("o", "open", START, limit_minor=99_999), *before, fee)
    assert refused(life) == [("f", "UNKNOWN_REFERENCE")]


def test_a_waiver_takes_penalty_first_and_only_what_is_owed_today():
    waive = event("w", "waiver", LATER, amount_minor=200)
    life = take(TERMS, BOUGHT, waive)
    owed = life.line.active[0].owed_now
    # Interest to 10 March: 333 of the first due and 77 of the second; penalty 50.
    assert (owed.late, owed.interest) == (0, 333 + 81 - 150)
    too_much = event("w", "waiver", LATER, amount_minor=50_000)
    assert refused(take(TERMS, BOUGHT, too_much)) == [("w", "ABOVE_ORIGINAL")]


def test_a_waiver_of_one_part_leaves_the_others():
    waive = event("w", "waiver", LATER, amount_minor=50, part="interest")
    owed = take(TERMS, BOUGHT, waive).line.active[0].owed_now
    assert owed.late == 50
    wrong = event("w", "waiver", LATER, amount_minor=50, part="principal")
    assert refused(take(TERMS, BOUGHT, wrong)) == [("w", "BAD_FIELD")]


def test_a_waiver_never_closes_a_loan_by_itself():
    line = take(TERMS, BOUGHT, event("w", "waiver", LATER, amount_minor=300)).line
    assert line.active[0].left.principal == 40_000
