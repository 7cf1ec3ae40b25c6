from datetime import date
from fractions import Fraction

from lines import FLAT, LATE, event, take
from ruqi.loans.parts import total
from ruqi.loans.relay import moved, repriced
from ruqi.loans.schedule import draw, due_dates
from ruqi.loans.terms import Method, Prepayment, plain

START = date(2025, 1, 31)
LEVEL = plain(method=Method.EQUAL_INSTALMENT, instalments=12, annual_rate=Fraction(12, 100))
PHONE = draw("p", LEVEL, 1_200_000, START)


def after(way, on, minor, terms=LEVEL):
    events = [event("p", "purchase", START, amount_minor=1_200_000)]
    events.append(event("r", "repayment", on, amount_minor=minor, prepayment=way))
    return take(terms, *events).line.active[0]


def unpaid(purchase):
    return [due for due in purchase.dues if any(due.left)]


def test_smaller_instalments_on_the_same_dates():
    phone = after("lower", date(2025, 2, 28), 106_619 + 300_000)
    dues = unpaid(phone)
    assert [due.due_on for due in dues] == [due.due_on for due in PHONE.dues[1:]]
    assert {due.left.total for due in dues[:-1]} == {77_682}  # 8,053.81 at 1 % over 11
    assert abs(dues[-1].left.total - 77_682) < 12
    assert phone.left.principal == 1_200_000 - 94_619 - 300_000


def test_the_same_instalment_on_fewer_dates():
    phone = after("shorten", date(2025, 2, 28), 106_619 + 300_000)
    dues = unpaid(phone)
    assert {due.left.total for due in dues[:-1]} == {106_619}
    assert len(dues) == 8
    assert 0 < dues[-1].left.total <= 106_619
    less = total(d.left for d in dues).interest
    assert less < total(d.left for d in unpaid(after("lower", date(2025, 2, 28), 406_619))).interest


def test_in_mid_period_the_running_instalment_is_no_larger():
    dues = unpaid(after("lower", date(2025, 2, 14), 300_000))
    assert {due.left.total for due in dues[:-1]} == {dues[0].left.total}
    assert abs(dues[-1].left.total - dues[0].left.total) < 12


def test_equal_principal_is_shortened_from_the_end():
    terms = plain(instalments=4, prepayment=Prepayment.SHORTEN, method=Method.EQUAL_PRINCIPAL)
    phone = after("shorten", date(2025, 2, 14), 350_000, terms)
    assert [due.left.principal for due in phone.dues] == [300_000, 300_000, 250_000, 0]


def test_repricing_what_has_not_changed_changes_nothing():
    again = repriced(PHONE, START)
    assert [due.billed for due in again.dues] == [due.billed for due in PHONE.dues]


def test_moving_keeps_what_was_earned_and_capitalises_nothing():
    line = take(LEVEL, event("p", "purchase", START, amount_minor=1_200_000), to=date(2025, 4, 10))
    before = line.line.active[0]
    on = date(2025, 4, 10)
    dates = due_dates(LEVEL, on, 10, date(2025, 5, 15))
    new = moved(before, on, dates, LEVEL, past_due_too=True)
    assert new.owed_now == before.owed_now
    assert [due.number for due in new.dues] == list(range(1, 11))
    late = take(
        LEVEL,
        event("p", "purchase", START, amount_minor=1_200_000),
        event("r", "repayment", date(2025, 2, 28), amount_minor=106_619),
        to=on,
    ).line
    kept = moved(late.active[0], on, dates, LEVEL, past_due_too=True)
    assert [due.number for due in kept.dues] == list(range(1, 12))
    assert [due.due_on for due in new.dues] == dates
    assert new.dues[0].left.interest > before.owed_now.interest
    assert sum(due.left.principal for due in new.dues) == 1_200_000


def test_a_periods_fee_is_owed_once_and_more_periods_cost_more():
    terms = plain(method=Method.FLAT_FEE, instalments=4, fees=(FLAT,))
    bought = event("p", "purchase", START, amount_minor=400_000)
    put_off = event("d", "deferral", date(2025, 2, 10), purchase="p", periods=2)
    assert take(terms, bought, put_off).line.active[0].left.fee == 4 * 2_000
    longer = event("d", "extension", date(2025, 2, 10), purchase="p", instalments=2)
    assert take(terms, bought, longer).line.active[0].left.fee == 6 * 2_000


def test_a_charge_to_come_bears_no_interest_when_the_rest_is_laid_again():
    bought = event("p", "purchase", START, amount_minor=1_200_000)
    fee = event("f", "fee", date(2025, 2, 5), amount_minor=700, due_on="2025-06-10")
    paid = event("r", "repayment", date(2025, 2, 14), amount_minor=300_000, prepayment="lower")
    phone = take(LEVEL, bought, fee, paid).line.active[0]
    (charge,) = [due for due in phone.dues if due.kind == "charge"]
    assert (charge.billed.total, charge.left.charge) == (700, 700)


def test_moving_carries_what_was_earned_and_not_paid_part_by_part():
    terms = plain(method=Method.FLAT_FEE, instalments=4, fees=(FLAT,), late=LATE)
    bought = event("p", "purchase", START, amount_minor=400_000)
    before = take(terms, bought, to=date(2025, 4, 10)).line.active[0]
    again = event("a", "re_age", date(2025, 4, 10), purchase="p", first_due_on="2025-05-15")
    after = take(terms, bought, again).line.active[0]
    assert before.owed_now.fee > 4_000
    assert after.owed_now == before.owed_now
    assert after.dues[0].left.fee >= before.owed_now.fee
