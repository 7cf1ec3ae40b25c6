from datetime import date

import pytest

from ruqi.adapters.files.product_file import shipped_chart
from ruqi.ledger.entry import Entry, Leg, entry
from ruqi.ledger.journal import (
    Journal,
    StatementRow,
    balances,
    known,
    statement,
    trial_balance,
)
from ruqi.primitives.errors import InvariantBroken

CHART = shipped_chart()
MARCH, APRIL = date(2025, 3, 1), date(2025, 4, 2)


def book():
    journal = Journal()
    (draw,) = entry(MARCH, "p1", "purchase", "CNY", [("principal", "merchant", 100)])
    (pay,) = entry(MARCH, "r1", "repayment", "CNY", [("cash", "principal", 40)])
    journal.post(draw, MARCH)
    journal.post(pay, APRIL)
    return journal


def test_as_of_and_as_known_are_two_questions():
    entries = book().entries
    assert balances(entries)["principal"] == 60
    assert balances(entries, as_of=MARCH, known_on=MARCH)["principal"] == 100
    assert balances(entries, as_of=MARCH)["principal"] == 60
    assert known(entries, as_of=date(2025, 2, 1)) == []
    assert balances(entries, as_of=date(2025, 2, 28)) == {}


def test_a_reversal_brings_everything_back():
    journal = book()
    for made in list(journal.entries):
        journal.reverse(made, APRIL)
    assert set(balances(journal.entries).values()) == {0}
    assert [e.id for e in journal.entries] == ["e000001", "e000002", "e000003", "e000004"]
    assert {e.posted_on for e in journal.entries[2:]} == {APRIL}
    assert balances(journal.entries, known_on=MARCH) == {"merchant": -100, "principal": 100}


def test_a_correction_names_what_it_corrects():
    (right,) = entry(MARCH, "r1", "repayment", "CNY", [("cash", "principal", 50)])
    assert book().post(right, APRIL, corrects="e000002").corrects == "e000002"


def test_the_trial_balance_has_two_equal_columns():
    rows = trial_balance(book().entries, CHART)
    assert sum(row.debit_minor for row in rows) == sum(row.credit_minor for row in rows) == 100
    assert [(row.account.name, row.debit_minor, row.credit_minor) for row in rows] == [
        ("cash", 40, 0),
        ("merchant", 0, 100),
        ("principal", 60, 0),
    ]


def test_the_trial_balance_asks_both_questions_too():
    entries = book().entries
    assert trial_balance(entries, CHART, as_of=date(2025, 2, 28)) == []
    known_in_march = trial_balance(entries, CHART, APRIL, MARCH)
    assert [row.account.name for row in known_in_march] == ["merchant", "principal"]


def test_books_that_do_not_balance_break():
    lame = Entry(MARCH, "x", "x", "CNY", (Leg("cash", 1),))
    with pytest.raises(InvariantBroken, match=r"^the trial balance does not balance"):
        trial_balance([lame], CHART)


def test_a_statement_runs_on_the_accounts_own_side():
    rows = statement(book().entries, CHART["principal"])
    assert rows == [
        StatementRow(MARCH, MARCH, "p1", "purchase", "e000001", 100, 100),
        StatementRow(MARCH, APRIL, "r1", "repayment", "e000002", -40, 60),
    ]


def test_a_statement_asks_both_questions_too():
    entries, principal = book().entries, CHART["principal"]
    assert statement(entries, principal, as_of=date(2025, 2, 28)) == []
    (row,) = statement(entries, principal, APRIL, MARCH)
    assert row.balance_minor == 100


def test_unbalanced_or_early_postings_break():
    journal = Journal()
    lame = Entry(MARCH, "x", "x", "CNY", (Leg("cash", 1),))
    with pytest.raises(InvariantBroken, match=r"^an unbalanced entry"):
        journal.post(lame, MARCH)
    (good,) = entry(APRIL, "x", "x", "CNY", [("cash", "principal", 1)])
    with pytest.raises(InvariantBroken, match=r"^an entry cannot be posted before"):
        journal.post(good, MARCH)
    assert len(journal) == 0


def test_entries_of_one_value_date_stand_in_posting_order():
    journal = Journal()
    for cause in ("z", "a"):
        (made,) = entry(MARCH, cause, "repayment", "CNY", [("cash", "principal", 5)])
        journal.post(made, APRIL)
    assert [row.cause for row in statement(journal.entries, CHART["cash"])] == ["z", "a"]
