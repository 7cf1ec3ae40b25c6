from datetime import date
from fractions import Fraction

from lines import CAPS, event, refused, take
from ruqi.law.price import Cap, Caps, DatedCap
from ruqi.loans.events import KINDS
from ruqi.loans.line import (
    JUDGES,
    PRICED,
    STEPS,
    act,
    apply,
    blank,
    fold,
    frozen,
    judge,
    standing_on,
)
from ruqi.loans.refusals import Reason
from ruqi.loans.terms import Fee, Late, Method, Settling, plain
from ruqi.primitives.rate import Rate

START = date(2025, 1, 31)
TERMS = plain(method=Method.EQUAL_INSTALMENT, instalments=6, annual_rate=Fraction(23, 100))
BOUGHT = event("p", "purchase", START, amount_minor=60_000)
CAP = CAPS.on(START)


def test_judges_and_priced_events_are_kinds():
    assert set(JUDGES) <= set(STEPS) <= set(KINDS)
    assert set(KINDS) >= PRICED


def test_a_step_leaves_the_state_it_was_given_alone():
    line = blank({}, TERMS, START)
    after, made = act(line, BOUGHT)
    assert (line.active, len(after.active), len(made)) == ((), 1, 1)
    assert act(line, BOUGHT) == (after, made)


def test_folding_is_applying_one_by_one():
    line = blank({}, TERMS, START)
    paid = event("r", "repayment", date(2025, 3, 5), amount_minor=5_000)
    whole, entries = fold(line, [BOUGHT, paid])
    half, first = apply(line, BOUGHT)
    rest, second = apply(half, paid)
    assert (whole, entries) == (rest, first + second)
    assert standing_on(whole, whole.on) is whole
    assert standing_on(whole, date(2025, 4, 1)).on == date(2025, 4, 1)


def test_the_cap_is_asked_again_after_every_event_that_can_raise_the_cost():
    small = event("f", "fee", date(2025, 2, 10), amount_minor=10)
    large = event("g", "fee", date(2025, 2, 10), amount_minor=500)
    life = take(TERMS, BOUGHT, small, large)
    assert refused(life) == [("g", "ABOVE_CAP")]
    assert life.refusals[0].rule == "test.cap"
    dear = event(
        "s", "restructure", date(2025, 2, 10), purchase="p", instalments=6, annual_rate="0.30"
    )
    assert refused(take(TERMS, BOUGHT, dear)) == [("s", "ABOVE_CAP")]


def test_many_small_fees_meet_the_cap_together():
    fees = [event(f"f{k}", "fee", date(2025, 2, 10), amount_minor=60) for k in range(9)]
    assert {reason for _, reason in refused(take(TERMS, BOUGHT, *fees))} == {"ABOVE_CAP"}


def test_no_cap_no_refusal():
    line = blank({}, TERMS, START)
    large = event("g", "fee", START, amount_minor=50_000)
    line, _ = act(line, BOUGHT)
    assert judge(line, large, None) is None
    assert judge(line, large, CAP).reason is Reason.ABOVE_CAP


def test_terms_that_are_too_dear_when_late_buy_nothing():
    ceiling = DatedCap(Cap(Rate(Fraction(18, 100)), "law.late"), None, None)
    terms = plain(instalments=2, late=Late(Fraction(5, 10_000)))
    held = event("a", "authorise", START, amount_minor=1)
    taken = event("c", "capture", START, authorisation="a")
    life = take(terms, BOUGHT, held, taken, caps=Caps(late=(ceiling,)))
    assert refused(life) == [("c", "ABOVE_CAP"), ("p", "ABOVE_CAP")]
    assert life.refusals[0].rule == "law.late"
    assert refused(take(plain(), BOUGHT, caps=Caps(late=(ceiling,)))) == []


def test_a_closed_line_takes_only_what_others_do_to_it():
    paid = event("r", "early_settlement", date(2025, 2, 10))
    shut = event("c", "close", date(2025, 2, 11))
    again = event("q", "purchase", date(2025, 2, 12), amount_minor=1)
    back = event("b", "returned_debit", date(2025, 2, 13), payment="r")
    life = take(TERMS, BOUGHT, paid, shut, again, back, to=date(2025, 2, 14))
    assert refused(life) == [("q", "LINE_CLOSED")]
    assert life.line.status == "open"
    assert life.line.active[0].owed_now.total == 60_000 + life.line.payments[0].rows[0][3]


def test_a_repayment_that_would_earn_too_much_too_soon_is_kept_as_credit():
    fee = Fee("f", "费", "period", Fraction(5, 1000), 0, "lender")
    terms = plain(method=Method.FLAT_FEE, instalments=12, fees=(fee,), settling=Settling.ALL)
    line, _ = act(blank({}, terms, START), BOUGHT)
    paid = event("r", "repayment", START, amount_minor=63_600)
    assert frozen(line, paid, CAP).data == {"amount_minor": 63_600, "prepayment": "credit"}
    assert act(line, frozen(line, paid, CAP))[0].credit_minor == 63_600
    assert frozen(line, paid, None) == paid
    little = event("r", "repayment", START, amount_minor=1)
    assert frozen(line, little, CAP) == little
