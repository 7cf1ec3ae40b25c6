from ruqi.ledger.entry import Leg
from ruqi.loans.parts import INCOME, NOTHING, PARTS, RECEIVABLE, Parts, total


def test_parts_add_and_subtract_one_by_one():
    some = Parts(100, 20, 3, 4, 5)
    assert some.plus(some).minus(some) == some
    assert (some.total, some.performing) == (132, 127)
    assert some.only("fee") == Parts(fee=3)
    assert total([some, Parts(principal=1)]) == Parts(101, 20, 3, 4, 5)
    assert total([]) == NOTHING


def test_every_part_has_its_account():
    assert set(RECEIVABLE) == set(PARTS)
    assert set(INCOME) == set(PARTS) - {"principal"}
    assert Leg(RECEIVABLE["late"], 1).account == "late_due"
