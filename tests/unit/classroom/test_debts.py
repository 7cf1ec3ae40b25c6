from datetime import date
from fractions import Fraction

from lines import event, take
from ruqi.classroom.debts import Bill, Foreign, Own, bills, due_by, grown, paid
from ruqi.loans.terms import Method, plain

START = date(2025, 1, 31)
CARD = Foreign("card", 100_000, Fraction(18, 100), 31, 5_000, Fraction(1, 10))
TERMS = plain(method=Method.EQUAL_INSTALMENT, instalments=3, annual_rate=Fraction(12, 100))


def own():
    line = take(TERMS, event("p", "purchase", START, amount_minor=30_000)).line
    return Own("phone", line, Fraction(12, 100))


def test_a_foreign_debt_grows_by_a_twelfth():
    assert grown(CARD, date(2025, 1, 1), date(2025, 2, 1)).balance_minor == 101_500
    assert grown(own(), START, date(2025, 2, 1)) == own()


def test_what_is_paid_off_neither_grows_nor_asks():
    over = Foreign("card", 0, Fraction(18, 100), 31, 5_000, Fraction(1, 10))
    assert grown(over, date(2025, 1, 1), date(2025, 2, 1)) is over
    assert bills(over, date(2025, 2, 1)) == []


def test_odd_days_are_thirtieths_of_a_month():
    assert grown(CARD, date(2025, 1, 20), date(2025, 2, 1)).balance_minor == 100_600
    assert grown(CARD, START, date(2025, 2, 1)).balance_minor == 100_050


def test_a_minimum_is_the_larger_of_amount_and_share_and_clamps_its_day():
    assert bills(CARD, date(2025, 2, 1)) == [Bill(date(2025, 2, 28), "card", 10_000)]
    small = Foreign("c", 20_000, Fraction(0), 5, 5_000, Fraction(1, 10))
    assert bills(small, date(2025, 2, 1)) == [Bill(date(2025, 2, 5), "c", 5_000)]
    last = Foreign("c", 300, Fraction(0), 5, 5_000)
    assert bills(last, date(2025, 2, 1))[0].minor == 300
    assert bills(Foreign("c", 0, Fraction(0), 5, 5_000), date(2025, 2, 1)) == []


def test_what_was_missed_is_asked_for_again():
    after, used = paid(CARD, START, 4_000, short_minor=6_000)
    assert (after.balance_minor, used) == (96_000, 4_000)
    assert bills(after, date(2025, 2, 1))[0].minor == 9_600 + 6_000


def test_our_own_line_bills_by_the_engine():
    debt = own()
    (february,) = bills(debt, date(2025, 2, 1))
    assert (february.on, february.minor) == (date(2025, 2, 28), 10_201)
    after, used = paid(debt, february.on, 10_201)
    assert used == 10_201
    assert due_by(after.line, february.on) == 0
    assert [b.on for b in bills(debt, date(2025, 3, 1))] == [date(2025, 3, 1), date(2025, 3, 31)]


def test_paying_all_of_our_own_line_is_a_settlement():
    debt = own()
    owed = debt.owed(date(2025, 2, 14))
    after, used = paid(debt, date(2025, 2, 14), 10**9)
    assert (used, after.owed(date(2025, 2, 14))) == (owed, 0)
    assert owed == 30_000 + 150
    assert paid(after, date(2025, 2, 15), 5)[1] == 0


def test_a_credit_balance_helps_to_pay_off():
    over = event("r", "repayment", START, amount_minor=5_000, prepayment="credit")
    line = take(TERMS, event("p", "purchase", START, amount_minor=30_000), over).line
    debt, day = Own("phone", line, Fraction(12, 100)), date(2025, 2, 14)
    assert debt.owed(day) == 30_000 + 150 - 5_000
    after, used = paid(debt, day, 10**9)
    assert (used, after.owed(day), after.line.credit_minor) == (25_150, 0, 0)
    more = take(TERMS, event("p", "purchase", START, amount_minor=4_000), over).line
    assert Own("phone", more, Fraction(0)).owed(START) == 0
