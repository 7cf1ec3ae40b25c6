from datetime import date
from fractions import Fraction

import pytest

from lines import event
from ruqi.loans.events import Event
from ruqi.loans.intake import typed
from ruqi.loans.refusals import No, Reason
from ruqi.loans.terms import plain

DAY = date(2025, 3, 1)
TERMS = plain()


def read(kind, **data):
    return typed(event("e", kind, DAY, **data), {"plain": TERMS}, TERMS)


def test_fields_become_what_they_hold():
    found = read("restructure", purchase="p", instalments=3, annual_rate="6%", note="x")
    assert isinstance(found, Event)
    assert found.data == {"purchase": "p", "instalments": 3, "annual_rate": Fraction(6, 100)}
    found = read("hardship_plan", payments=[{"on": "2025-04-01", "amount_minor": 5}])
    assert found.data == {"payments": ((date(2025, 4, 1), 5),)}


def test_money_as_an_object_means_the_same():
    found = read("repayment", amount={"minor": 5, "currency": "CNY"})
    assert found.data == {"amount_minor": 5}
    assert read("repayment", amount={"minor": 5, "currency": "USD"}).reason is Reason.OTHER_CURRENCY


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("repayment", {}),
        ("repayment", {"amount_minor": "much"}),
        ("repayment", {"amount_minor": True}),
        ("repayment", {"amount_minor": "5"}),
        ("repayment", {"amount_minor": 5, "amout": 5}),
        ("close", {"why": "x"}),
        ("capture", {"authorisation": ""}),
        ("pause", {"until": "soon"}),
        ("pause", {"stops_late": 1}),
        ("deferral", {"purchase": "p", "periods": 0}),
        ("deferral", {"purchase": "p", "periods": 601}),
        ("deferral", {"purchase": "p", "periods": True}),
        ("restructure", {"purchase": "p", "instalments": 3, "annual_rate": "-1"}),
        ("restructure", {"purchase": "p", "instalments": 3, "annual_rate": "x"}),
        ("hardship_plan", {"payments": []}),
        ("hardship_plan", {"payments": [5]}),
        ("hardship_plan", {"payments": [{"on": "x", "amount_minor": 5}]}),
        ("charge_off", {"reason": 5}),
    ],
)
def test_bad_fields(kind, data):
    found = read(kind, **data)
    assert isinstance(found, No)
    assert found.reason is Reason.BAD_FIELD


def test_a_limit_may_be_zero_and_an_amount_may_not():
    assert isinstance(read("limit_change", limit_minor=0), Event)
    assert read("fee", amount_minor=0).reason is Reason.NOT_POSITIVE
    assert read("fee", amount_minor="0.5").reason is Reason.DECIMALS
