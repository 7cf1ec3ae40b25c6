from datetime import date
from fractions import Fraction

import pytest

from answers import posted, sentences
from lines import FLAT, LATE, event, refused, take
from ruqi.loans.delinquency import policy_dpd
from ruqi.loans.line import act
from ruqi.loans.terms import Method, plain
from ruqi.primitives.money import Rounding

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
    life = take(FREE, BOUGHT, refund("m", date(2025, 2, 20), 9_000), undo)
    legs = {"merchant": 9_000, "credit_balance": -9_000}
    assert posted(life, "m")[-1] == ("merchant_refund", "CNY", legs)


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


PAID = event("r", "repayment", date(2025, 2, 28), amount_minor=10_000)


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (
            event("x", "merchant_refund", date(2025, 3, 5), purchase="q", amount_minor=5),
            "It refers to q, which is not known.",
        ),
        (
            refund("x", date(2025, 3, 5), 30_001),
            "300.01 is more than the 300.00 that is left of the original.",
        ),
        (
            event("x", "chargeback", date(2025, 3, 5), payment="p", amount_minor=5),
            "It refers to p, which is not known.",
        ),
        (
            event("x", "chargeback", date(2025, 3, 5), payment="r", amount_minor=6_001),
            "60.01 is more than the 60.00 that is left of the original.",
        ),
    ],
)
def test_what_is_refused_says_why(asked, says):
    first = refund("m", date(2025, 3, 1), 10_000)
    back = event("b", "chargeback", date(2025, 3, 1), payment="r", amount_minor=4_000)
    life = take(FREE, BOUGHT, PAID, first, back)
    life.take(asked)
    assert sentences(life) == [("x", says)]


def test_a_refund_posts_what_it_lowered_and_what_it_credits():
    life = take(FREE, BOUGHT, PAID, refund("m", date(2025, 3, 5), 35_000))
    legs = {"merchant": 35_000, "principal": -30_000, "credit_balance": -5_000}
    assert posted(life, "m") == [("merchant_refund", "CNY", legs)]
    phone = life.line.find("p")
    assert (phone.refunded_minor, phone.cost_refunded_minor) == (35_000, 0)
    assert phone.flows == ((date(2025, 2, 28), 10_000), (date(2025, 3, 5), 30_000))


def test_a_refund_of_a_paid_purchase_is_credit_and_is_remembered():
    settled = event("s", "early_settlement", date(2025, 2, 3))
    life = take(FREE, BOUGHT, settled, refund("m", date(2025, 3, 5), 9_000))
    assert (life.line.active, life.line.credit_minor) == ((), 9_000)
    (phone,) = life.line.done
    assert phone.refunded_minor == 9_000
    assert posted(life, "m") == [
        ("merchant_refund", "CNY", {"merchant": 9_000, "credit_balance": -9_000})
    ]
    more = refund("n", date(2025, 3, 6), 31_001)
    assert refused(take(FREE, BOUGHT, settled, refund("m", date(2025, 3, 5), 9_000), more)) == [
        ("n", "ABOVE_ORIGINAL")
    ]


def test_each_refund_gives_back_its_share_of_the_cost_so_far():
    # Fees of 200 a period. A quarter goes back when 200 are earned: 50, and later fees are 150.
    # A second quarter goes back when 350 are earned: half of them less the 50 of before.
    terms = plain(method=Method.FLAT_FEE, instalments=4, fees=(FLAT,))
    first, second = refund("m", date(2025, 2, 28), 10_000), refund("n", date(2025, 3, 31), 10_000)
    life = take(terms, BOUGHT, first)
    assert [due.left.fee for due in life.line.active[0].dues] == [150, 150, 150, 150]
    assert posted(life, "m") == [
        (
            "merchant_refund",
            "CNY",
            {"merchant": 10_000, "cost_refunds": 50, "principal": -10_000, "fee_due": -50},
        )
    ]
    life = take(terms, BOUGHT, first, second)
    phone = life.line.active[0]
    assert [due.left.fee for due in phone.dues] == [25, 150, 100, 100]
    assert (phone.refunded_minor, phone.cost_refunded_minor) == (20_000, 175)


def test_cost_that_was_paid_comes_back_as_credit():
    terms = plain(method=Method.FLAT_FEE, instalments=4, fees=(FLAT,))
    paid = event("r", "repayment", date(2025, 2, 28), amount_minor=10_200)
    # By 1 March 200 are paid and 6 of the next 200 earned: half of 206 goes back, 6 of it unpaid.
    life = take(terms, BOUGHT, paid, refund("m", date(2025, 3, 1), 20_000))
    assert life.line.credit_minor == 97
    assert life.line.active[0].flows == (
        (date(2025, 2, 28), 10_200),
        (date(2025, 3, 1), 20_000 - 97),
    )
    assert [due.billed.fee for due in life.line.active[0].dues] == [200, 103, 100, 100]
    assert posted(life, "m") == [
        (
            "merchant_refund",
            "CNY",
            {
                "merchant": 20_000,
                "cost_refunds": 103,
                "principal": -20_000,
                "fee_due": -6,
                "credit_balance": -97,
            },
        )
    ]


def test_a_refund_in_mid_period_keeps_what_was_earned_and_lowers_what_comes():
    # At 12 % a year: 400 and 300 ... a period. By 14 February half of the first 400 is earned.
    terms = plain(method=Method.EQUAL_PRINCIPAL, instalments=4, annual_rate=Fraction(12, 100))
    keep = terms.__class__(**{**vars(terms), "refund_cost": "none"})
    line = take(keep, BOUGHT, refund("m", date(2025, 2, 14), 20_000)).line
    assert [due.billed.principal for due in line.active[0].dues] == [10_000, 10_000, 0, 0]
    assert [due.billed.interest for due in line.active[0].dues] == [200 + 100, 100, 0, 0]


def test_a_refund_of_a_loss_is_a_recovery_and_prices_nothing_anew():
    terms = plain(method=Method.FLAT_FEE, instalments=4, fees=(FLAT,), refund_cost="none")
    off = event("o", "charge_off", date(2025, 3, 5))
    life = take(terms, BOUGHT, off, refund("m", date(2025, 3, 6), 15_000))
    assert posted(life, "m") == [
        ("merchant_refund", "CNY", {"merchant": 15_000, "recovery_income": -15_000})
    ]
    assert [due.billed.fee for due in life.line.active[0].dues] == [200] * 4
    dear = plain(method=Method.EQUAL_PRINCIPAL, instalments=4, annual_rate=Fraction(12, 100))
    lost = take(dear, BOUGHT, off, refund("m", date(2025, 3, 6), 15_000)).line.active[0]
    assert [due.billed.interest for due in lost.dues] == [400, 300, 200, 100]
    undo = event("u", "undo_charge_off", date(2025, 3, 7))
    life.take(undo)
    assert refused(life) == [("u", "LATER_MONEY")]


def test_a_return_posts_the_opposite_and_takes_its_money_out_of_the_all_in_cost():
    back = event("b", "returned_debit", date(2025, 3, 10), payment="r")
    life = take(FREE, BOUGHT, PAID, back)
    assert posted(life, "b") == [("returned_debit", "CNY", {"principal": 10_000, "cash": -10_000})]
    assert life.line.active[0].flows == (
        (date(2025, 2, 28), 10_000),
        (date(2025, 3, 10), -10_000),
    )
    (payment,) = life.line.payments
    assert payment.returned_minor == 10_000


def test_a_return_opens_the_last_thing_paid_first_by_part():
    # Paid on 10 March: penalty 50, fee 200, principal 10,000 of the first due.
    terms = plain(method=Method.FLAT_FEE, instalments=4, fees=(FLAT,), late=LATE)
    paid = event("r", "repayment", date(2025, 3, 10), amount_minor=10_250)
    part = event("b", "chargeback", date(2025, 3, 11), payment="r", amount_minor=10_000)
    rest = event("c", "chargeback", date(2025, 3, 12), payment="r")
    life = take(terms, BOUGHT, paid, part, rest)
    made = [due for due in life.line.active[0].dues if due.kind == "returned"]
    assert [(d.due_on.day, d.billed.principal, d.billed.fee, d.billed.late) for d in made] == [
        (11, 10_000, 0, 5),  # a night late by then
        (12, 0, 200, 50),
    ]
    assert posted(life, "c") == [
        ("chargeback", "CNY", {"fee_due": 200, "late_due": 50, "cash": -250})
    ]
    assert [minor for _, minor in life.line.active[0].flows] == [10_200, -10_000, -200]


def test_a_payment_goes_back_once_whatever_is_heard_of_later():
    back = event("b", "chargeback", date(2025, 3, 5), payment="r", amount_minor=9_000)
    early = event(
        "c", "chargeback", date(2025, 3, 1), date(2025, 3, 7), payment="r", amount_minor=1_001
    )
    assert refused(take(FREE, BOUGHT, PAID, back, early)) == [("c", "ABOVE_ORIGINAL")]


def test_what_the_bank_took_beyond_a_payment_is_owed():
    line = take(FREE, BOUGHT, PAID, to=date(2025, 3, 1)).line
    back = event("b", "chargeback", date(2025, 3, 1), payment="r", amount_minor=10_700)
    line, made = act(line, back)
    assert line.payments[0].returned_minor == 10_000
    assert (line.find("p").left.principal, line.find("p").left.charge) == (40_000, 700)
    assert [(leg.account, leg.minor) for leg in made[0].legs][-1] == ("cash", -10_700)


def test_a_return_of_a_payment_for_a_purchase_that_is_gone_is_owed():
    back = event("b", "returned_debit", date(2025, 3, 2), payment="r")
    undo = event("x", "reversal", date(2025, 3, 9), of="r")
    life = take(FREE, BOUGHT, PAID, back, undo)
    assert life.line.active[0].left.total == 50_000
    named = event("b", "returned_debit", date(2025, 3, 2), payment="r", amount_minor=10_000)
    life = take(FREE, BOUGHT, PAID, named, undo)
    assert posted(life, "b")[-1] == (
        "returned_debit",
        "CNY",
        {"charge_due": 10_000, "cash": -10_000},
    )


def test_a_refund_of_one_paid_purchase_leaves_the_other_as_it_was():
    other = event("q", "purchase", date(2025, 2, 1), amount_minor=500)
    settled = event("s", "early_settlement", date(2025, 2, 3))
    life = take(FREE, BOUGHT, other, settled, refund("m", date(2025, 3, 5), 9_000))
    assert [(p.id, p.refunded_minor) for p in life.line.done] == [("p", 9_000), ("q", 0)]


def test_the_share_of_cost_is_rounded_as_the_product_says():
    terms = plain(method=Method.FLAT_FEE, instalments=4, fees=(FLAT,), rounding=Rounding.UP)
    life = take(terms, BOUGHT, refund("m", date(2025, 2, 28), 10_001))  # a share of 50.005
    assert life.line.active[0].cost_refunded_minor == 51


def test_a_return_opens_the_purchase_that_was_paid_and_counts_on_its_own_payment():
    other = event("q", "purchase", date(2025, 2, 1), amount_minor=500)
    more = event("t", "repayment", date(2025, 3, 1), amount_minor=300, purchase="q")
    back = event("b", "chargeback", date(2025, 3, 2), payment="t")
    line = take(FREE, BOUGHT, other, PAID, more, back).line
    assert [(p.id, p.returned_minor) for p in line.payments] == [("r", 0), ("t", 300)]
    assert (line.find("p").left.total, line.find("q").left.total) == (30_000, 500)
    assert [due.kind for due in line.find("q").dues if due.kind == "returned"] == ["returned"]


def test_a_return_is_money_that_moved_after_a_charge_off():
    off = event("o", "charge_off", date(2025, 3, 5))
    back = event("b", "chargeback", date(2025, 3, 6), payment="r", amount_minor=5)
    undo = event("u", "undo_charge_off", date(2025, 3, 7))
    assert refused(take(FREE, BOUGHT, PAID, off, back, undo)) == [("u", "LATER_MONEY")]


def test_a_return_on_a_line_that_never_bought_is_owed_by_its_own_name():
    over = event("r", "repayment", date(2025, 2, 28), amount_minor=500)
    spent = event("c", "credit_refund", date(2025, 3, 1), amount_minor=200)
    back = event("d", "chargeback", date(2025, 3, 2), payment="r")
    life = take(FREE, over, spent, back)
    (carrier,) = life.line.active
    assert (carrier.id, carrier.left.charge, life.line.credit_minor) == ("d", 200, 0)
    legs = {"charge_due": 200, "credit_balance": 300, "cash": -500}
    assert posted(life, "d") == [("chargeback", "CNY", legs)]
