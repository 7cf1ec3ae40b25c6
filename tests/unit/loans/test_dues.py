from datetime import date

from ruqi.loans.dues import add_due, holder, next_due_on, owe_charge, receivable
from ruqi.loans.line import blank
from ruqi.loans.parts import Parts
from ruqi.loans.schedule import draw
from ruqi.loans.terms import plain

DAY = date(2025, 1, 31)
TERMS = plain(instalments=2)
PHONE = draw("phone", TERMS, 200, DAY)
EMPTY = blank({}, TERMS, DAY)


def test_a_new_due_is_wholly_earned_and_has_a_number_of_its_own():
    line = add_due(EMPTY.put(PHONE), PHONE, "charge", date(2025, 3, 5), Parts(charge=7, interest=1))
    made = next(d for d in line.active[0].dues if d.kind == "charge")
    assert (made.number, made.start_on, made.earned_interest) == (3, DAY, 1)
    assert [d.due_on.month for d in line.active[0].dues] == [2, 3, 3]


def test_who_carries_a_due():
    line = EMPTY.put(PHONE)
    assert holder(line, "phone", "e").id == "phone"
    assert holder(line, None, "e").id == "phone"
    assert holder(line._replace(active=(), done=(PHONE,)), None, "e").id == "phone"
    assert holder(EMPTY, "gone", "e").id == "e"


def test_money_that_left_is_owed_today():
    moves = []
    line = owe_charge(EMPTY.put(PHONE), "e", 9, moves)
    assert moves == [("charge_due", "cash", 9)]
    assert line.active[0].left.charge == 9
    assert owe_charge(line, "e", 0, moves) is line


def test_after_a_charge_off_money_is_a_recovery():
    assert receivable(PHONE, "late") == "late_due"
    assert receivable(PHONE._replace(charged_off_on=DAY), "late") == "recovery_income"


def test_the_next_due_date():
    assert next_due_on(PHONE, date(2025, 3, 1)) == date(2025, 3, 31)
    assert next_due_on(PHONE, date(2025, 4, 1)) == date(2025, 4, 1)
