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
    assert read("pause", stops_late=True).data == {"stops_late": True}


def test_money_as_an_object_means_the_same():
    found = read("repayment", amount={"minor": 5, "currency": "CNY"})
    assert found.data == {"amount_minor": 5}
    assert read("repayment", amount={"minor": 5, "currency": "USD"}).reason is Reason.OTHER_CURRENCY


LIST = "is not a list of {on, amount_minor}"
REPAYMENT = "amount_minor, purchase, started, prepayment"


@pytest.mark.parametrize(
    ("kind", "data", "words"),
    [
        ("repayment", {}, ("amount_minor", "is missing")),
        (
            "repayment",
            {"amount_minor": "much"},
            ("amount_minor", "is not an amount in minor units"),
        ),
        ("repayment", {"amount_minor": "1/0"}, ("amount_minor", "is not an amount in minor units")),
        ("repayment", {"amount_minor": True}, ("amount_minor", "is not an amount in minor units")),
        ("repayment", {"amount_minor": "5"}, ("amount_minor", "must be written as a whole number")),
        (
            "repayment",
            {"amount_minor": 5, "amout": 5},
            ("amout", f"is not one of a repayment: {REPAYMENT}"),
        ),
        (
            "repayment",
            {"amount_minor": 5, "amount": {"minor": 5, "unit": "CNY"}},
            ("amount", f"is not one of a repayment: {REPAYMENT}"),
        ),
        ("close", {"why": "x"}, ("why", "is not one of a close: no other field")),
        ("capture", {"authorisation": ""}, ("authorisation", "is not an id")),
        ("pause", {"until": "soon"}, ("until", "is not a date, YYYY-MM-DD")),
        ("pause", {"until": 20250401}, ("until", "is not a date, YYYY-MM-DD")),
        ("pause", {"stops_late": 1}, ("stops_late", "is not true or false")),
        (
            "deferral",
            {"purchase": "p", "periods": 0},
            ("periods", "is not a whole number from 1 to 600"),
        ),
        (
            "deferral",
            {"purchase": "p", "periods": 601},
            ("periods", "is not a whole number from 1 to 600"),
        ),
        (
            "deferral",
            {"purchase": "p", "periods": True},
            ("periods", "is not a whole number from 1 to 600"),
        ),
        (
            "hardship_plan",
            {"payments": [{"on": "2025-04-01", "amount_minor": 5}], "breach_days": -1},
            ("breach_days", "is not a whole number from 0 to 600"),
        ),
        (
            "restructure",
            {"purchase": "p", "instalments": 3, "annual_rate": "-1"},
            ("annual_rate", "is below zero"),
        ),
        (
            "restructure",
            {"purchase": "p", "instalments": 3, "annual_rate": "x"},
            ("annual_rate", "is not a rate, like 0.12 or 12%"),
        ),
        (
            "restructure",
            {"purchase": "p", "instalments": 3, "annual_rate": "1/0"},
            ("annual_rate", "is not a rate, like 0.12 or 12%"),
        ),
        ("hardship_plan", {"payments": []}, ("payments", LIST)),
        ("hardship_plan", {"payments": "2025-04-01"}, ("payments", LIST)),
        ("hardship_plan", {"payments": [5]}, ("payments", LIST)),
        (
            "hardship_plan",
            {"payments": [{"on": "x", "amount_minor": 5}]},
            ("on", "is not a date, YYYY-MM-DD"),
        ),
        (
            "hardship_plan",
            {"payments": [{"on": "2025-04-01", "amount_minor": "much"}]},
            ("amount_minor", "is not an amount in minor units"),
        ),
        ("charge_off", {"reason": 5}, ("reason", "is not a text")),
    ],
)
def test_a_bad_field_is_named_and_what_is_wrong_with_it(kind, data, words):
    assert read(kind, **data) == No(Reason.BAD_FIELD, words)


def test_bounds_are_included():
    for periods in (1, 600):
        assert read("deferral", purchase="p", periods=periods).data["periods"] == periods
    plan = {"payments": [{"on": "2025-04-01", "amount_minor": 1}], "breach_days": 0}
    assert read("hardship_plan", **plan).data["breach_days"] == 0
    assert read("restructure", purchase="p", instalments=1, annual_rate=0).data["annual_rate"] == 0


def test_what_is_not_known_is_named():
    assert read("donation") == No(Reason.UNKNOWN_KIND, ("donation",))
    gold = read("purchase", amount_minor=5, product="gold")
    assert gold == No(Reason.UNKNOWN_PRODUCT, ("gold",))
    dollars = read("purchase", amount_minor=5, product="plain", currency="USD")
    assert dollars == No(Reason.OTHER_CURRENCY, ("USD", "CNY"))


def test_the_first_reason_of_the_published_order_is_the_answer():
    wrong = {"amount_minor": "1.5", "currency": "USD", "product": "gold"}
    assert read("purchase", **wrong, colour="red").reason is Reason.BAD_FIELD
    assert read("purchase", **wrong).reason is Reason.UNKNOWN_PRODUCT
    del wrong["product"]
    assert read("purchase", **wrong).reason is Reason.OTHER_CURRENCY


def test_a_typed_event_is_the_same_event():
    raw = event("e", "purchase", DAY, amount_minor=5, product="plain", currency="CNY", note="x")
    assert typed(raw, {"plain": TERMS}, TERMS) == Event(
        "e", "purchase", DAY, raw.recorded_at, {"amount_minor": 5, "product": "plain"}
    )


def test_what_stands_outside_the_amount_object_is_kept():
    both = read("repayment", amount={"minor": 5}, currency="USD")
    assert both == No(Reason.OTHER_CURRENCY, ("USD", "CNY"))
    assert read("repayment", amount={"currency": "CNY"}, amount_minor=7).data == {"amount_minor": 7}
    assert read("repayment", amount={"minor": 5, "currency": "CNY"}, amount_minor=7).data == {
        "amount_minor": 7
    }


def test_a_limit_may_be_zero_and_an_amount_may_not():
    assert isinstance(read("limit_change", limit_minor=0), Event)
    below = read("limit_change", limit_minor=-1)
    assert below == No(Reason.NOT_POSITIVE, ("limit_minor",))
    assert read("fee", amount_minor=0) == No(Reason.NOT_POSITIVE, ("amount_minor",))
    assert read("fee", amount_minor="0.5") == No(Reason.DECIMALS, ("amount_minor", "0.5"))
