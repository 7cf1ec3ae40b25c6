from datetime import date
from fractions import Fraction

import pytest

from lines import LATE, event, take
from ruqi.loans.terms import Fee, Late, Method, Order, plain

START = date(2025, 1, 31)
FLAT = Fee("f", "费", "period", Fraction(1, 100), 0, "lender")
BOUGHT = event("p", "purchase", START, amount_minor=20_000)
PARTS_FIRST = Order(("principal", "interest", "fee", "charge", "late"), "by_part")
LATE_FIRST = Order(("late", "charge", "fee", "interest", "principal"), "by_part")


def terms(order):
    return plain(
        method=Method.FLAT_FEE,
        instalments=2,
        fees=(FLAT,),
        late=LATE,
        orders={"repayment": order} if order else plain().orders,
    )


@pytest.mark.parametrize(
    ("order", "rows"),
    [
        # 100.00 and 2.00 fell due on 28 Feb and again on 31 Mar; penalty 1.90 and 0.35 to 7 Apr.
        (None, [("late", 190), ("fee", 200), ("principal", 9_910)]),
        (PARTS_FIRST, [("principal", 10_000), ("principal", 300)]),
        (
            LATE_FIRST,
            [("late", 190), ("late", 35), ("fee", 200), ("fee", 200), ("principal", 9675)],
        ),
    ],
)
def test_the_order_is_data(order, rows):
    paid = event("r", "repayment", date(2025, 4, 7), amount_minor=10_300)
    line = take(terms(order), BOUGHT, paid).line
    assert [(part, minor) for _, _, part, minor in line.payments[0].rows] == rows


def test_every_cent_of_a_payment_is_somewhere():
    paid = event("r", "repayment", date(2025, 4, 7), amount_minor=99_999)
    line = take(terms(None), BOUGHT, paid).line
    (payment,) = line.payments
    assert sum(row[3] for row in payment.rows) + payment.credit_minor == 99_999
    assert payment.credit_minor == line.credit_minor == 99_999 - 20_000 - 400 - 190 - 35


def test_the_oldest_due_of_any_purchase_comes_first():
    other = event("q", "purchase", date(2025, 2, 5), amount_minor=10_000)
    paid = event("r", "repayment", date(2025, 3, 20), amount_minor=12_000)
    line = take(plain(instalments=2), BOUGHT, other, paid).line
    rows = line.payments[0].rows
    assert rows == (("p", 1, "principal", 10_000), ("q", 1, "principal", 2_000))


def test_fees_paid_ahead_are_earned_at_once():
    paid = event("r", "repayment", date(2025, 2, 20), amount_minor=10_200)  # 20 of 28 days earned
    life = take(terms(None), BOUGHT, paid)
    (entry,) = [e for e in life.journal.entries if e.kind == "repayment"]
    assert {leg.account: leg.minor for leg in entry.legs} == {
        "cash": 10_200,
        "principal": -10_000,
        "fee_due": -143,
        "fee_income": -57,
    }
    assert life.line.active[0].owed_now.fee == 0


def test_each_purchase_notes_its_own_money_and_no_penalty():
    # One payment meets two late purchases: the all-in cost of each counts only what was its own.
    on = date(2025, 1, 10)
    late = plain(instalments=2, late=Late(Fraction(1, 1000)))
    bought = [
        event(name, "purchase", on, amount_minor=minor)
        for name, minor in [("a", 2_000), ("b", 3_000)]
    ]
    paid = event("r", "repayment", date(2025, 3, 1), amount_minor=2_600)
    line = take(late, *bought, paid).line
    rows = line.payments[0].rows
    assert {row[0] for row in rows} == {"a", "b"} and "late" in {row[2] for row in rows}
    for purchase in line.active:
        own = sum(row[3] for row in rows if row[0] == purchase.id and row[2] != "late")
        assert sum(minor for _, minor in purchase.flows) == own
