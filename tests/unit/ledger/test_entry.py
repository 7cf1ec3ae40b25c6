from datetime import date

import pytest

from ruqi.ledger.entry import Entry, Leg, balanced, entry, reversal

DAY = date(2025, 3, 1)


def test_moves_become_one_balanced_entry_and_zeros_vanish():
    (made,) = entry(
        DAY, "p1", "purchase", "CNY", [("principal", "cash", 5), ("fee_due", "fee_income", 0)]
    )
    assert made.legs == (Leg("principal", 5), Leg("cash", -5))
    assert (made.legs[0].debit_minor, made.legs[1].credit_minor) == (5, 5)
    assert (made.legs[0].credit_minor, made.legs[1].debit_minor) == (0, 0)
    assert balanced(made.legs)


def test_nothing_moves_nothing_is_written():
    assert entry(DAY, "d", "accrual", "CNY", []) == []
    assert entry(DAY, "d", "accrual", "CNY", [("cash", "cash", 5)]) == []


def test_legs_balance_per_owner():
    assert not balanced([Leg("cash", 5, "a"), Leg("principal", -5, "b")])


def test_a_reversal_is_equal_and_opposite_on_the_same_value_date():
    (made,) = entry(DAY, "p1", "purchase", "CNY", [("principal", "cash", 5)])
    posted = made._replace(id="e1")
    undone = reversal(posted, date(2025, 4, 2), "e2")
    assert [leg.minor for leg in undone.legs] == [-5, 5]
    assert (undone.on, undone.posted_on, undone.reverses) == (DAY, date(2025, 4, 2), "e1")
    assert reversal(posted._replace(corrects="e0"), DAY, "e3").corrects is None
    assert not made.same_money(undone)
    assert made.same_money(posted)


@pytest.mark.parametrize("amount", [-3, 3])
def test_a_negative_move_swaps_the_sides(amount):
    (made,) = entry(DAY, "x", "x", "CNY", [("a", "b", amount)])
    assert {leg.account: leg.minor for leg in made.legs} == {"a": amount, "b": -amount}


def test_a_reversal_keeps_every_leg_with_its_owner():
    legs = (Leg("cash", 5, "partner"), Leg("principal", -5, "partner"))
    made = Entry(DAY, "p1", "purchase", "CNY", legs)
    assert reversal(made, DAY, "e2").legs == (
        Leg("cash", -5, "partner"),
        Leg("principal", 5, "partner"),
    )
