from datetime import date
from fractions import Fraction

from lines import FLAT, event, refused, take
from ruqi.loans.delinquency import policy_dpd
from ruqi.loans.terms import Method, plain

START = date(2025, 1, 31)
FREE = plain(instalments=4)
BOUGHT = event("p", "purchase", START, amount_minor=40_000)


def refund(name, on, minor, **more):
    return event(name, "merchant_refund", on, purchase="p", amount_minor=minor, **more)


def left(line):
    return [due.left.principal for due in line.find("p").dues]


def test_a_refund_lowers_the_last_instalments_first():
    line = take(FREE, BOUGHT, refund("m", date(2025, 2, 5), 15_000)).line
    assert left(line) == [10_000, 10_000, 5_000, 0]
    other = plain(instalments=4, refund_order="next_first")
    assert left(take(other, BOUGHT, refund("m", date(2025, 2, 5), 15_000)).line) == [
        0,
        5_000,
        10_000,
        10_000,
    ]


def test_what_was_paid_already_comes_back_as_credit():
    paid = event("r", "repayment", date(2025, 2, 28), amount_minor=10_000)
    life = take(FREE, BOUGHT, paid, refund("m", date(2025, 3, 5), 35_000))
    assert (left(life.line), life.line.credit_minor) == ([0, 0, 0, 0], 5_000)
    assert take(FREE, BOUGHT, paid, refund("m", date(2025, 3, 5), 40_001)).refusals


def test_several_refunds_never_exceed_the_price():
    first, second = refund("m", date(2025, 2, 5), 30_000), refund("n", date(2025, 2, 6), 10_001)
    assert refused(take(FREE, BOUGHT, first, second)) == [("n", "ABOVE_ORIGINAL")]


def test_goods_wholly_returned_have_cost_nothing():
    terms = plain(method=Method.EQUAL_INSTALMENT, instalments=4, annual_rate=Fraction(12, 100))
    paid = event("r", "repayment", date(2025, 2, 28), amount_minor=10_251)
    first, second = refund("m", date(2025, 3, 5), 10_000), refund("n", date(2025, 3, 20), 30_000)
    life = take(terms, BOUGHT, paid, first, second)
    cash = sum(leg.minor for e in life.journal.entries for leg in e.legs if leg.account == "cash")
    assert life.line.credit_minor == cash == 10_251
    assert life.line.find("p").is_paid


def test_a_product_may_keep_its_cost():
    terms = plain(method=Method.FLAT_FEE, instalments=2, fees=(FLAT,), refund_cost="none")
    life = take(terms, BOUGHT, refund("m", date(2025, 2, 28), 40_000))
    assert life.line.find("p").cost_refunded_minor == 0
    assert life.line.active[0].left.fee == 200


def test_future_fees_shrink_with_the_price():
    terms = plain(method=Method.FLAT_FEE, instalments=4, fees=(FLAT,))
    line = take(terms, BOUGHT, refund("z", START, 20_000)).line
    assert [due.billed.fee for due in line.active[0].dues] == [100] * 4


def test_reversing_a_refund_reverses_its_cost_refund():
    terms = plain(method=Method.FLAT_FEE, instalments=4, fees=(FLAT,))
    undo = event("x", "reversal", date(2025, 3, 9), of="m")
    on = date(2025, 3, 10)
    assert (
        take(terms, BOUGHT, refund("m", date(2025, 2, 20), 9_000), undo, to=on).line
        == take(terms, BOUGHT, to=on).line
    )


def test_a_refund_of_a_purchase_that_was_reversed_is_credit():
    undo = event("x", "reversal", date(2025, 3, 9), of="p")
    line = take(FREE, BOUGHT, refund("m", date(2025, 2, 20), 9_000), undo).line
    assert (line.active, line.credit_minor) == ((), 9_000)


def test_a_returned_debit_is_due_again_from_its_own_day():
    paid = event("r", "repayment", date(2025, 2, 28), amount_minor=10_000)
    back = event("b", "returned_debit", date(2025, 3, 10), payment="r")
    line = take(FREE, BOUGHT, paid, back, to=date(2025, 3, 15)).line
    assert policy_dpd(line, date(2025, 3, 15)) == 5
    assert line.active[0].worst_dpd == 4  # as the last day ended
    made = next(d for d in line.active[0].dues if d.kind == "returned")
    assert (made.due_on, made.left.principal) == (date(2025, 3, 10), 10_000)


def test_partial_and_repeated_chargebacks_end_at_the_original():
    paid = event("r", "repayment", date(2025, 2, 28), amount_minor=10_000)
    backs = [
        event(f"b{k}", "chargeback", date(2025, 3, k), payment="r", amount_minor=4_000)
        for k in (1, 2, 3)
    ]
    rest = event("c", "chargeback", date(2025, 3, 4), payment="r")
    none = event("d", "chargeback", date(2025, 3, 5), payment="r")
    life = take(FREE, BOUGHT, paid, *backs, rest, none)
    assert refused(life) == [("b3", "ABOVE_ORIGINAL"), ("d", "ABOVE_ORIGINAL")]
    assert life.line.principal_minor == 40_000


def test_credit_goes_back_first_and_spent_credit_is_owed():
    paid = event("r", "repayment", date(2025, 2, 28), amount_minor=45_000)
    spent = event("c", "credit_refund", date(2025, 3, 1), amount_minor=2_000)
    back = event("b", "chargeback", date(2025, 3, 2), payment="r", amount_minor=5_500)
    line = take(FREE, BOUGHT, paid, spent, back).line
    assert line.credit_minor == 0
    assert line.find("p").left.principal == 500
    assert line.find("p").left.charge == 2_000


def test_a_chargeback_on_a_charged_off_purchase_takes_the_recovery_back():
    off = event("o", "charge_off", date(2025, 6, 1))
    got = event("r", "recovery", date(2025, 6, 2), amount_minor=7_000)
    back = event("b", "chargeback", date(2025, 6, 9), payment="r")
    life = take(FREE, BOUGHT, off, got, back)
    assert life.line.principal_minor == 40_000
    (entry,) = [e for e in life.journal.entries if e.cause == "b"]
    assert {leg.account: leg.minor for leg in entry.legs} == {
        "recovery_income": 7_000,
        "cash": -7_000,
    }


def test_a_return_of_a_payment_that_was_reversed_is_owed():
    paid = event("r", "repayment", date(2025, 2, 28), amount_minor=10_000)
    back = event("b", "returned_debit", date(2025, 3, 2), payment="r", amount_minor=10_000)
    undo = event("x", "reversal", date(2025, 3, 9), of="r")
    line = take(FREE, BOUGHT, paid, back, undo).line
    assert line.active[0].left.charge == 10_000
