from datetime import date

import pytest

from ruqi.loans.parts import Parts
from ruqi.loans.schedule import draw
from ruqi.loans.state import Due, Line, Reservation, checked
from ruqi.loans.terms import plain
from ruqi.primitives.errors import InvariantBroken

DAY = date(2025, 1, 31)
TERMS = plain(instalments=3)
PHONE = draw("phone", TERMS, 30_000, DAY)


def line(**changes):
    base = Line(terms=TERMS, on=DAY, opened_on=DAY, limit_minor=100_000, active=(PHONE,))
    return base._replace(**changes)


def test_available_is_limit_less_held_less_drawn_and_never_below_zero():
    held = (Reservation("h", 20_000, None),)
    assert line(reservations=held).available_minor == 50_000
    assert line(limit_minor=10_000).available_minor == 0
    assert line(limit_minor=None).available_minor is None


def test_what_time_has_not_earned_is_not_owed_now():
    due = Due(1, "instalment", DAY, DAY, DAY, Parts(100, 10, 4), Parts(100, 10, 4), 3, 4)
    assert due.owed_now == Parts(100, 3, 4)
    assert (due.future_interest, due.future_fee) == (7, 0)


def test_after_a_charge_off_only_what_was_earned_is_claimed():
    due = Due(1, "instalment", DAY, DAY, DAY, Parts(100, 10), Parts(0, 7), 3)
    phone = PHONE._replace(dues=(due,))
    assert phone.claim(due) == Parts(0, 7)
    off = phone._replace(charged_off_on=DAY)
    assert off.claim(due) == Parts(0, 0)
    assert off.is_paid
    assert not phone.is_paid


def test_a_done_purchase_comes_back_when_it_is_put():
    done = line(active=(), done=(PHONE,))
    back = done.put(PHONE._replace(refunded_minor=1))
    assert (back.done, len(back.active)) == ((), 1)
    assert done.find("phone") is PHONE
    assert done.find("tv") is None
    assert line().scope(None) == line().scope("phone") == (PHONE,)
    assert line().scope("tv") == ()


@pytest.mark.parametrize(("left", "earned"), [(Parts(-1), 0), (Parts(0, 4), 5), (Parts(0, 5), 4)])
def test_impossible_dues_are_our_bug(left, earned):
    due = Due(1, "instalment", DAY, DAY, DAY, Parts(10, 10), left, earned)
    with pytest.raises(InvariantBroken):
        checked(due)
