"""The choice: what stays open to whom, and one contact a borrower."""

import numpy as np

from plans import account, book, cases_of, policy
from ruqi.treatment.actions import ACTIONS, IDS
from ruqi.treatment.choose import choose

CONTACT = np.array([one.channel is not None for one in ACTIONS])


def chosen(tape, chances, limits=None, **changed):
    held = policy(limits, **changed)
    return choose(tape, cases_of(tape, chances), held, margins=True)


def test_only_what_policy_allows_and_the_guard_does_not_bar_is_open():
    tape = book(account("a", "M1", 9_000, consent=["sms", "email"]))
    made = chosen(tape, {"a": 0.9})
    assert [name for name, yes in zip(IDS, made.open[0], strict=True) if yes] == [
        "wait",
        "sms",
        "email",
    ]


def test_the_other_accounts_of_a_borrower_keep_only_work_that_reaches_nobody():
    tape = book(
        account("a", "M3+", 9_000, borrower_id="x"),
        account("b", "M3+", 90_000, borrower_id="x"),
    )
    made = chosen(tape, {"a": 0.9, "b": 0.9})
    assert made.same_borrower.tolist() == [True, False]
    assert not made.open[0, CONTACT].any()
    assert made.open[0, IDS.index("legal_review")]


def test_of_equal_accounts_of_a_borrower_the_first_by_id_is_contacted():
    tape = book(*(account(name, "M2", 9_000, borrower_id="x") for name in "cab"))
    made = chosen(tape, dict.fromkeys("abc", 0.9))
    assert made.same_borrower.tolist() == [False, True, True]


def test_an_account_whose_contacts_are_worth_nothing_does_not_block_its_sibling():
    tape = book(account("a", "M2", 0, borrower_id="x"), account("b", "M2", 9_000, borrower_id="x"))
    made = chosen(tape, {"a": 0.9, "b": 0.9})
    assert made.same_borrower.tolist() == [False, False]


def test_limits_are_counted_for_the_books_own_size():
    tape = book(account("a", "M2", 9_000), account("b", "M0", 9_000))
    made = chosen(tape, {"a": 0.9, "b": 0.1}, {"sms": 5})
    assert made.limited["sms"] == 5
    assert made.waits_for == ""


def test_a_currency_without_costs_leaves_nothing_but_waiting():
    made = chosen(book(account("a", "M2", 9_000), currency="EUR"), {"a": 0.9})
    assert made.waits_for == "NO_POLICY_FOR_CURRENCY"
    assert made.found.choice.tolist() == [0]
    assert not made.open[0, 1:].any()
