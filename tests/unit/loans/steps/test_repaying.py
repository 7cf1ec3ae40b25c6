from datetime import date
from fractions import Fraction

import pytest

from answers import posted, sentences
from lines import FLAT, LATE, event, refused, take
from ruqi.law.price import NO_CAPS
from ruqi.loans.accrual import advance
from ruqi.loans.state import InFlight, Payment
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
    life = take(terms, BOUGHT, settle, to=date(2026, 3, 1), caps=NO_CAPS)
    assert refused(life) == []
    assert (life.line.active, life.line.credit_minor) == ((), 0)
    cash = sum(leg.minor for e in life.journal.entries for leg in e.legs if leg.account == "cash")
    assert cash == quote.total
    one_less = event("s", "early_settlement", on, amount_minor=quote.total - 1)
    assert refused(take(terms, BOUGHT, one_less)) == [("s", "NOT_THE_QUOTE")]


def test_settling_by_what_time_has_earned_is_never_above_the_cap():
    # Nine nights of a February are more than nine thirtieths of its price.
    terms = plain(method=Method.EQUAL_INSTALMENT, instalments=12, annual_rate=Fraction(239, 1000))
    bought = event("p", "purchase", date(2025, 2, 1), amount_minor=120_000)
    assert refused(take(terms, bought, event("s", "early_settlement", date(2025, 2, 10)))) == []


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
    fixed = event("c", "credit_refund", date(2025, 2, 20), amount_minor=1_000)
    for refund in (back, fixed):
        line = take(plain(), BOUGHT, paid, refund, oops, to=date(2025, 2, 26)).line
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


def test_a_settlement_that_became_too_little_leaves_what_lacks_owed_and_saves_the_rest():
    settle = event("s", "early_settlement", MID)
    fee = event("f", "fee", date(2025, 3, 1), date(2025, 3, 20), amount_minor=50)
    life = take(LEVEL, BOUGHT, settle, fee, to=MID)
    assert refused(life) == []
    (phone,) = life.line.active
    # What lacks is on the oldest due, which the settlement had met last.
    assert [(d.due_on, d.left.total) for d in phone.dues if d.left.total] == [
        (date(2025, 2, 28), 50)
    ]
    assert phone.owed_now.total == 50
    assert sum(d.billed.interest for d in phone.dues) == 1_200 + 499


def test_a_settlement_far_too_little_ends_the_last_dues_and_the_rest_runs_on():
    large = event("r", "repayment", START, amount_minor=70_000, prepayment="shorten")
    settle = event("s", "early_settlement", date(2025, 2, 10))
    bounced = event("x", "reversal", date(2025, 2, 12), of="r")
    life = take(LEVEL, BOUGHT, large, settle, bounced, to=date(2025, 2, 12))
    (phone,) = life.line.active
    paid = life.line.payments[0].minor
    assert 50_000 < paid < 51_000
    interest = phone.owed_now.interest
    assert phone.owed_now.total == 120_000 + interest - paid
    left = [d for d in phone.dues if d.left.principal]
    assert len(left) == 8 and left[0].number == 1
    # Interest to come is on what principal is left, as agreed: 1 % of it in the second month.
    assert left[1].billed.interest == round(0.01 * sum(d.left.principal for d in left[1:]))


def test_money_on_its_way_lands_or_fails():
    started = event("w", "payment_started", START, amount_minor=500)
    landed = event("r", "repayment", date(2025, 2, 2), amount_minor=500, started="w")
    failed = event("r", "payment_failed", date(2025, 2, 2), payment="w")
    assert len(take(LEVEL, BOUGHT, started).line.in_flight) == 1
    assert take(LEVEL, BOUGHT, started, landed).line.in_flight == ()
    assert take(LEVEL, BOUGHT, started, failed).line.in_flight == ()


FOUR = plain(instalments=4)
PHONE = event("p", "purchase", START, amount_minor=40_000)
OTHER = event("q", "purchase", START, amount_minor=20_000)


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (
            event("x", "repayment", START, amount_minor=5, prepayment="later"),
            "Field prepayment is none of next, shorten, lower, credit.",
        ),
        (
            event("x", "early_settlement", START, amount_minor=39_999),
            "Settling on this day takes 400.00, not 399.99.",
        ),
        (
            event("x", "credit_refund", START, amount_minor=5),
            "0.05 is more than the credit balance of 0.00.",
        ),
    ],
)
def test_what_is_refused_says_why(asked, says):
    life = take(FOUR, PHONE)
    life.take(asked)
    assert sentences(life) == [("x", says)]


def test_a_payment_is_kept_with_its_rows_and_posted_to_the_cent():
    paid = event("r", "repayment", date(2025, 2, 28), amount_minor=12_000, prepayment="credit")
    life = take(FOUR, PHONE, paid)
    rows = (("p", 1, "principal", 10_000),)
    assert life.line.payments == (Payment("r", date(2025, 2, 28), 12_000, rows, 2_000),)
    legs = {"cash": 12_000, "credit_balance": -2_000, "principal": -10_000}
    assert posted(life, "r") == [("repayment", "CNY", legs)]


def test_a_repayment_of_exactly_the_quote_settles():
    line, _ = advance(take(LEVEL, BOUGHT).line, MID)
    quote = settlement_quote(line)
    assert quote.on == MID
    paid = event("r", "repayment", MID, amount_minor=quote.total)
    line = take(LEVEL, BOUGHT, paid).line
    assert (line.active, line.credit_minor) == ((), 0)


def test_what_one_purchase_does_not_need_pays_the_next_one_ahead():
    paid = event("r", "repayment", date(2025, 2, 10), amount_minor=45_000)
    line = take(FOUR, PHONE, OTHER, paid).line
    assert line.find("p").is_paid
    assert [due.left.principal for due in line.find("q").dues] == [0, 5_000, 5_000, 5_000]
    # So it does where the first one is charged off, and its claim is paid in full.
    off = event("o", "charge_off", date(2025, 2, 5), purchase="p")
    line = take(FOUR, PHONE, OTHER, off, paid).line
    assert line.find("p").is_paid
    assert [due.left.principal for due in line.find("q").dues] == [0, 5_000, 5_000, 5_000]


def test_principal_paid_ahead_is_kept_posted_and_counted_for_the_all_in_cost():
    on = date(2025, 2, 10)
    paid = event("r", "repayment", on, amount_minor=22_000, prepayment="shorten")
    life = take(FOUR, PHONE, paid)
    assert life.line.payments[0].rows == (
        ("p", 4, "principal", 10_000),
        ("p", 3, "principal", 10_000),
        ("p", 2, "principal", 2_000),
    )
    assert posted(life, "r") == [("repayment", "CNY", {"cash": 22_000, "principal": -22_000})]
    assert life.line.active[0].flows == ((on, 22_000),)


def test_on_a_due_date_the_period_that_ends_is_the_last_one_charged():
    terms = plain(method=Method.FLAT_FEE, instalments=12, fees=(FLAT,), settling=Settling.PERIOD)
    line, _ = advance(take(terms, BOUGHT).line, date(2025, 2, 28))
    assert settlement_quote(line).owed.fee == 600
    line, _ = advance(line, date(2025, 3, 1))
    assert settlement_quote(line).owed.fee == 2 * 600


def test_settling_drops_the_cost_to_come_and_notes_what_was_paid_for_it():
    settle = event("s", "early_settlement", MID)
    life = take(LEVEL, BOUGHT, settle)
    (phone,) = life.line.done
    assert sum(due.billed.interest for due in phone.dues) == 1_200 + 499
    assert [due for due in phone.dues if due.left.total or due.future_interest] == []
    total = 120_000 + 1_200 + 499 + 66
    assert life.line.payments[0].minor == total
    assert phone.flows == ((MID, total - 66),)  # penalty is no part of the all-in cost
    assert posted(life, "s") == [
        (
            "early_settlement",
            "CNY",
            {"cash": total, "principal": -120_000, "interest_due": -1_699, "late_due": -66},
        )
    ]
    terms = plain(method=Method.FLAT_FEE, instalments=12, fees=(FLAT,))
    (phone,) = take(terms, BOUGHT, event("s", "early_settlement", date(2025, 2, 14))).line.done
    assert [due.billed.fee for due in phone.dues] == [300] + [0] * 11


@pytest.mark.parametrize("amount", [{}, {"amount_minor": 20_000}])
def test_one_purchase_of_two_is_settled(amount):
    settle = event("s", "early_settlement", START, purchase="q", **amount)
    line = take(FOUR, PHONE, OTHER, settle).line
    assert ([p.id for p in line.active], [p.id for p in line.done]) == (["p"], ["q"])
    assert line.active[0].left.total == 40_000


def test_settling_a_line_pays_every_purchase():
    life = take(
        plain(instalments=1, prepayment=Prepayment.CREDIT),
        PHONE,
        OTHER,
        event("s", "early_settlement", START, amount_minor=60_000),
    )
    assert (life.line.active, life.line.credit_minor) == ((), 0)
    rows = (("p", 1, "principal", 40_000), ("q", 1, "principal", 20_000))
    assert life.line.payments == (Payment("s", START, 60_000, rows, 0),)
    legs = {"cash": 60_000, "principal": -60_000}
    assert posted(life, "s") == [("early_settlement", "CNY", legs)]


def test_a_settlement_whose_debt_a_correction_took_away_is_credit():
    undo = event("x", "reversal", date(2025, 2, 3), of="p")
    named = event("s", "early_settlement", date(2025, 2, 1), amount_minor=40_000)
    for settle in (named, event("s", "early_settlement", date(2025, 2, 1))):
        line = take(FOUR, PHONE, settle, undo).line
        assert (line.active, line.credit_minor) == ((), 40_000)


def test_money_on_its_way_is_remembered_with_its_amount():
    started = event("w", "payment_started", START, amount_minor=500)
    assert take(FOUR, PHONE, started).line.in_flight == (InFlight("w", 500),)


def test_a_credit_refund_is_no_money_for_what_was_charged_off():
    over = event("r", "repayment", START, amount_minor=900, prepayment="credit")
    off = event("o", "charge_off", date(2025, 2, 3))
    back = event("c", "credit_refund", date(2025, 2, 4), amount_minor=300)
    undo = event("u", "undo_charge_off", date(2025, 2, 5))
    life = take(FOUR, PHONE, over, off, back, undo)
    assert refused(life) == []
    assert posted(life, "c") == [("credit_refund", "CNY", {"credit_balance": 300, "cash": -300})]
