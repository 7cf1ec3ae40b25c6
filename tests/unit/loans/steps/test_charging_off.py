from datetime import date
from fractions import Fraction

from answers import posted
from lines import LATE, event, refused, take
from ruqi.ledger.journal import balances
from ruqi.loans.terms import DEFAULT_ORDER, Method, Order, plain

START = date(2025, 1, 31)
TERMS = plain(method=Method.EQUAL_PRINCIPAL, instalments=4, annual_rate=Fraction(1, 10), late=LATE)
BOUGHT = event("p", "purchase", START, amount_minor=40_000)
OFF = event("o", "charge_off", date(2025, 7, 1))


def test_the_balance_sheet_is_empty_and_the_claim_survives():
    life = take(TERMS, BOUGHT, OFF, to=date(2025, 9, 1))
    held = balances(life.journal.entries)
    owed = life.line.active[0].owed_now
    assert held["principal"] == held["interest_due"] == held["late_due"] == 0
    assert held["charge_off_loss"] == owed.total == 40_000 + owed.interest + owed.late
    assert life.line.principal_minor == 40_000


def test_a_recovery_is_income_and_too_much_is_credit():
    owed = take(TERMS, BOUGHT, OFF).line.active[0].owed_now.total
    got = event("r", "recovery", date(2025, 8, 1), amount_minor=owed + 5)
    life = take(TERMS, BOUGHT, OFF, got)
    assert (life.line.active, life.line.credit_minor) == ((), 5)
    assert balances(life.journal.entries)["recovery_income"] == -owed


def test_a_repayment_after_a_charge_off_is_a_recovery_all_the_same():
    got = event("r", "repayment", date(2025, 8, 1), amount_minor=1_000)
    assert balances(take(TERMS, BOUGHT, OFF, got).journal.entries)["recovery_income"] == -1_000


def test_a_payment_found_later_moves_in_front_of_the_charge_off():
    found = event("r", "repayment", date(2025, 6, 1), date(2025, 8, 1), amount_minor=10_000)
    life = take(TERMS, BOUGHT, OFF, found)
    held = balances(life.journal.entries)
    assert held.get("recovery_income", 0) == 0
    assert held["charge_off_loss"] == life.line.active[0].owed_now.total


def test_undoing_needs_that_no_money_moved_since():
    undo = event("u", "undo_charge_off", date(2025, 7, 10))
    life = take(TERMS, BOUGHT, OFF, undo)
    held = balances(life.journal.entries)
    assert (held["charge_off_loss"], held["principal"]) == (0, 40_000)
    got = event("r", "recovery", date(2025, 7, 5), amount_minor=1)
    assert refused(take(TERMS, BOUGHT, OFF, got, undo)) == [("u", "LATER_MONEY")]
    taken_back = event("x", "reversal", date(2025, 7, 6), of="r")
    assert refused(take(TERMS, BOUGHT, OFF, got, taken_back, undo)) == []


def test_after_the_undoing_interest_runs_on():
    undo = event("u", "undo_charge_off", date(2025, 7, 2))
    off = event("o", "charge_off", date(2025, 3, 5))
    with_it = take(TERMS, BOUGHT, off, undo, to=date(2025, 7, 3)).line.active[0]
    without = take(TERMS, BOUGHT, to=date(2025, 7, 3)).line.active[0]
    assert with_it.owed_now.interest == without.owed_now.interest
    assert with_it.owed_now.late < without.owed_now.late  # no penalty while charged off


def test_once_is_enough_and_nothing_cannot_be_charged_off():
    again = event("q", "charge_off", date(2025, 7, 2))
    assert refused(take(TERMS, BOUGHT, OFF, again)) == [("q", "CHARGED_OFF")]
    empty = event("n", "open", START, limit_minor=1)
    assert refused(take(TERMS, empty, OFF)) == [("o", "NOTHING_OWED")]
    early = event("r", "recovery", date(2025, 2, 2), amount_minor=1)
    assert refused(take(TERMS, BOUGHT, early)) == [("r", "NOT_CHARGED_OFF")]
    undo = event("u", "undo_charge_off", date(2025, 2, 2))
    assert refused(take(TERMS, BOUGHT, undo)) == [("u", "NOT_CHARGED_OFF")]


def test_one_purchase_of_two_is_charged_off():
    other = event("q", "purchase", START, amount_minor=9_000)
    one = event("o", "charge_off", date(2025, 7, 1), purchase="q")
    life = take(TERMS, BOUGHT, other, one)
    assert balances(life.journal.entries)["principal"] == 40_000


def test_a_charge_off_posts_every_purchase_and_its_undoing_the_opposite():
    other = event("q", "purchase", date(2025, 6, 30), amount_minor=9_000)
    undo = event("u", "undo_charge_off", date(2025, 7, 1))
    life = take(TERMS, BOUGHT, other, OFF, undo)
    owed = take(TERMS, BOUGHT, other, to=date(2025, 7, 1)).line
    interest = sum(p.owed_now.interest for p in owed.active)
    late = sum(p.owed_now.late for p in owed.active)
    loss = {
        "charge_off_loss": 49_000 + interest + late,
        "principal": -49_000,
        "interest_due": -interest,
        "late_due": -late,
    }
    assert posted(life, "o") == [("charge_off", "CNY", loss)]
    back = {account: -minor for account, minor in loss.items()}
    assert posted(life, "u") == [("undo_charge_off", "CNY", back)]
    assert [p.charged_off_on for p in life.line.active] == [None, None]


def test_a_charge_off_forgets_the_money_before_it():
    paid = event("r", "repayment", date(2025, 6, 1), amount_minor=5)
    (phone,) = take(TERMS, BOUGHT, paid, OFF).line.active
    assert (phone.charged_off_on, phone.money_since) == (date(2025, 7, 1), False)
    assert phone.written_off == phone.owed_now
    later = event("r2", "repayment", date(2025, 7, 2), amount_minor=5)
    (phone,) = take(TERMS, BOUGHT, paid, OFF, later).line.active
    assert phone.money_since is True


def test_a_recovery_follows_its_own_order():
    principal_first = Order(("principal", "interest", "fee", "charge", "late"))
    terms = plain(
        instalments=4,
        late=LATE,
        orders={"repayment": DEFAULT_ORDER, "recovery": principal_first},
    )
    got = event("r", "recovery", date(2025, 8, 1), amount_minor=100)
    line = take(terms, BOUGHT, OFF, got).line
    assert line.payments[0].rows == (("p", 1, "principal", 100),)
