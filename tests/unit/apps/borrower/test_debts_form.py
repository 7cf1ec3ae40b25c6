from datetime import date
from fractions import Fraction

import pytest

from ruqi.apps.borrower.debts_form import MOST_DEBTS, read
from ruqi.classroom.payoff import Means
from typed_debts import WHOLE


def test_a_whole_form_is_a_wallet_and_its_what_ifs():
    asked = read(WHOLE, True, 4)
    card, loan = asked.wallet.debts
    assert asked.wallet.means == Means(800_000, 520_000)
    assert asked.wallet.start == date(2026, 12, 1)
    assert (card.balance_minor, card.rate, card.due_day) == (1_450_000, Fraction(73, 400), 8)
    assert (card.minimum_minor, card.minimum_share) == (0, Fraction(1, 10))
    assert (loan.name, loan.due_day, loan.minimum_minor) == ("Debt 2", 1, 50_000)
    assert asked.wallet.order == ("Debt 2", "Card")
    more, less = asked.changes
    assert (more.extra_minor, more.name_en, more.name_zh) == (
        20_000,
        "CN¥200.00 more a month",
        "每月多还 ¥200.00",
    )
    assert (less.start, less.income_share) == (date(2027, 3, 1), Fraction(4, 5))


def test_nothing_is_judged_before_it_is_asked():
    asked = read({}, False, 2)
    assert asked.problems == []
    assert asked.wallet is None
    assert len(asked.rows) == 2


@pytest.mark.parametrize(
    ("change", "faulty"),
    [
        ({"income": ""}, ["income"]),
        ({"outgoings": "-1"}, ["outgoings"]),
        ({"start": "2300-01-01"}, ["start"]),
        ({"balance-1": "0"}, ["balance-1"]),
        ({"rate-1": "5000"}, ["rate-1"]),
        ({"minimum-1": ""}, ["minimum-1"]),
        ({"minimum-1": "x%"}, ["minimum-1"]),
        ({"due-1": "32"}, ["due-1"]),
        ({"turn-1": "0"}, ["turn-1"]),
        ({"name-1": "a", "name-2": "a"}, ["name-2"]),
        ({"name-3": "only a name"}, ["balance-3", "rate-3", "minimum-3"]),
        ({"extra": "x"}, ["extra"]),
        ({"less": "101"}, ["less"]),
        ({"from": "soon"}, ["from"]),
    ],
)
def test_every_fault_stands_at_its_field(change, faulty):
    asked = read({**WHOLE, **change}, True, 4)
    assert [field.name for field in asked.problems] == faulty
    assert asked.wallet is None


def test_an_empty_form_asks_for_the_first_debt():
    asked = read({"income": "1", "outgoings": "0"}, True, 3)
    assert [field.name for field in asked.problems] == ["balance-1", "rate-1", "minimum-1"]
    assert asked.problems[0].group.en == "Debt 1"


def test_more_debts_than_can_be_worked_out_are_told():
    asked = read(WHOLE, True, MOST_DEBTS + 1)
    assert "30" in asked.too_many.en
    assert asked.wallet is None
    assert len(asked.rows) == MOST_DEBTS


def test_a_currency_that_is_none_is_the_first():
    assert read({**WHOLE, "currency": "XXX"}, True, 2).wallet.currency == "CNY"
    assert read({**WHOLE, "currency": "EUR"}, True, 2).wallet.currency == "EUR"


def test_a_row_opens_what_was_typed_in_it():
    first, second, third = read(WHOLE, False, 3).rows
    assert first.opened
    assert second.opened
    assert not third.opened
