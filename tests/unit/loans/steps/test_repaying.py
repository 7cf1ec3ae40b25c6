from datetime import date
from fractions import Fraction

import pytest

from lines import FLAT, LATE, event, refused, take
from ruqi.loans.accrual import advance
from ruqi.loans.steps.repaying import settlement_quote
from ruqi.loans.terms import Method, Prepayment, Settling, plain

START = date(2025, 1, 31)
LEVEL = plain(
    method=Method.EQUAL_INSTALMENT, instalments=12, annual_rate=Fraction(12, 100), late=LATE
)
BOUGHT = event("p", "purchase", START, amount_minor=120_000)
MID = date(2025, 3, 14)


@pytest.mark.parametrize("way", list(Settling))
@pytest.mark.parametrize("product", ["level", "flat"])
@pytest.mark.parametrize("on", [START, date(2025, 2, 28), MID, date(2025, 8, 15)])
def test_a_quote_equals_its_result_to_the_cent(way, product, on):
    terms = plain(
        method=Method.EQUAL_INSTALMENT if product == "level" else Method.FLAT_FEE,
        instalments=12,
        annual_rate=Fraction(12, 100) if product == "level" else Fraction(0),
        fees=() if product == "level" else (FLAT,),
        late=LATE,
        settling=way,
    )
    line, _ = advance(take(terms, BOUGHT).line, on)
    quote = settlement_quote(line)
    settle = event("s", "early_settlement", on, amount_minor=quote.total)
    life = take(terms, BOUGHT, settle, to=date(2026, 3, 1))
    assert refused(life) == []
    assert (life.line.active, life.line.credit_minor) == ((), 0)
    cash = sum(leg.minor for e in life.journal.entries for leg in e.legs if leg.account == "cash")
    assert cash == quote.total
    one_less = event("s", "early_settlement", on, amount_minor=quote.total - 1)
    assert refused(take(terms, BOUGHT, one_less)) == [("s", "NOT_THE_QUOTE")]


def test_settling_owes_cost_as_the_product_says():
    fees = []
    for way in Settling:
        terms = plain(method=Method.FLAT_FEE, instalments=12, fees=(FLAT,), settling=way)
        line, _ = advance(take(terms, BOUGHT).line, date(2025, 2, 14))
        quote = settlement_quote(line)
        fees.append((quote.owed.fee, quote.saved_minor))
    assert fees == [(300, 6_900), (600, 6_600), (7_200, 0)]


def test_an_overpayment_is_a_credit_balance_never_a_negative_claim():
    paid = event("r", "repayment", MID, amount_minor=200_000)
    line = take(LEVEL, BOUGHT, paid).line
    assert line.active == ()
    # 66: fourteen days late; interest that time has not earned is not taken.
    assert line.credit_minor == 200_000 - 120_000 - 1_200 - 499 - 66
    back = event("c", "credit_refund", date(2025, 3, 20), amount_minor=80_000)
    assert refused(take(LEVEL, BOUGHT, paid, back)) == [("c", "ABOVE_CREDIT")]
    back = event("c", "credit_refund", date(2025, 3, 20))
    assert take(LEVEL, BOUGHT, paid, back).line.credit_minor == 0


def test_a_credit_refund_that_a_correction_leaves_uncovered_is_owed():
    paid = event("r", "repayment", START, amount_minor=121_000)
    back = event("c", "credit_refund", date(2025, 2, 20))
    oops = event("x", "reversal", date(2025, 2, 25), of="r")
    line = take(plain(), BOUGHT, paid, back, oops, to=date(2025, 2, 26)).line
    assert line.active[0].left.total == 120_000
    fixed = event("c", "credit_refund", date(2025, 2, 20), amount_minor=1_000)
    line = take(plain(), BOUGHT, paid, fixed, oops, to=date(2025, 2, 26)).line
    assert line.active[0].left.charge == 1_000


@pytest.mark.parametrize(
    ("way", "left"),
    [
        (Prepayment.NEXT, [0, 0, 8_000, 10_000]),
        (Prepayment.SHORTEN, [10_000, 8_000, 0, 0]),
        (Prepayment.LOWER, [4_500, 4_500, 4_500, 4_500]),
        (Prepayment.CREDIT, [10_000] * 4),
    ],
)
def test_money_ahead_does_what_was_agreed(way, left):
    terms = plain(instalments=4, prepayment=way)
    bought = event("p", "purchase", START, amount_minor=40_000)
    paid = event("r", "repayment", date(2025, 2, 10), amount_minor=22_000)
    line = take(terms, bought, paid).line
    assert [due.left.principal for due in line.active[0].dues] == left
    assert line.credit_minor == (22_000 if way is Prepayment.CREDIT else 0)


def test_the_borrowers_choice_beats_the_product():
    bought = event("p", "purchase", START, amount_minor=40_000)
    paid = event("r", "repayment", START, amount_minor=10_000, prepayment="shorten")
    line = take(plain(instalments=4), bought, paid).line
    assert [due.left.principal for due in line.active[0].dues] == [10_000] * 3 + [0]


def test_a_named_purchase_is_paid_and_no_other():
    other = event("q", "purchase", START, amount_minor=500)
    paid = event("r", "repayment", date(2025, 2, 1), amount_minor=700, purchase="q")
    line = take(plain(), BOUGHT, other, paid).line
    assert line.find("q").is_paid
    assert (line.find("p").left.total, line.credit_minor) == (120_000, 200)


def test_settling_nothing_is_refused():
    settle = event("s", "early_settlement", START, purchase="q")
    assert refused(take(LEVEL, BOUGHT, settle)) == [("s", "NOTHING_OWED")]


def test_a_settlement_that_became_too_little_is_a_repayment():
    line, _ = advance(take(LEVEL, BOUGHT).line, MID)
    quote = settlement_quote(line).total
    settle = event("s", "early_settlement", MID, amount_minor=quote)
    fee = event("f", "fee", date(2025, 3, 1), date(2025, 3, 20), amount_minor=50)
    life = take(LEVEL, BOUGHT, settle, fee, to=date(2025, 3, 20))
    assert refused(life) == []
    assert life.line.active[0].left.total > 0


def test_money_on_its_way_lands_or_fails():
    started = event("w", "payment_started", START, amount_minor=500)
    landed = event("r", "repayment", date(2025, 2, 2), amount_minor=500, started="w")
    failed = event("r", "payment_failed", date(2025, 2, 2), payment="w")
    assert len(take(LEVEL, BOUGHT, started).line.in_flight) == 1
    assert take(LEVEL, BOUGHT, started, landed).line.in_flight == ()
    assert take(LEVEL, BOUGHT, started, failed).line.in_flight == ()
