from datetime import date

import pytest

from ruqi.adapters.files.product_file import shipped_chart
from ruqi.ledger.entry import Entry, Leg, entry
from ruqi.ledger.journal import Journal, balances, known, statement, trial_balance
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


def test_a_reversal_brings_everything_back():
    journal = book()
    for made in list(journal.entries):
        journal.reverse(made, APRIL)
    assert set(balances(journal.entries).values()) == {0}
    assert [e.id for e in journal.entries] == ["e000001", "e000002", "e000003", "e000004"]
    assert balances(journal.entries, known_on=MARCH) == {"merchant": -100, "principal": 100}


def test_the_trial_balance_has_two_equal_columns():
    rows = trial_balance(book().entries, CHART)
    assert sum(row.debit_minor for row in rows) == sum(row.credit_minor for row in rows) == 100
    assert [row.account.name for row in rows] == ["cash", "merchant", "principal"]


def test_a_statement_runs_on_the_accounts_own_side():
    rows = statement(book().entries, CHART["principal"])
    assert [(row.minor, row.balance_minor) for row in rows] == [(100, 100), (-40, 60)]


def test_unbalanced_or_early_postings_break():
    journal = Journal()
    lame = Entry(MARCH, "x", "x", "CNY", (Leg("cash", 1),))
    with pytest.raises(InvariantBroken, match="unbalanced"):
        journal.post(lame, MARCH)
    (good,) = entry(APRIL, "x", "x", "CNY", [("cash", "principal", 1)])
    with pytest.raises(InvariantBroken, match="before"):
        journal.post(good, MARCH)
    assert len(journal) == 0
