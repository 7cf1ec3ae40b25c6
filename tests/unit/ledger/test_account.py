import pytest

from ruqi.adapters.files.product_file import shipped_chart
from ruqi.ledger.account import AccountType
from ruqi.loans.parts import INCOME, RECEIVABLE
from ruqi.primitives.errors import InvariantBroken

CHART = shipped_chart()


def test_every_account_that_loans_use_is_in_the_chart():
    used = {*RECEIVABLE.values(), *INCOME.values(), "cash", "merchant", "credit_balance"}
    used |= {"waivers", "cost_refunds", "charge_off_loss", "recovery_income"}
    assert used == set(CHART.accounts)


def test_a_balance_has_the_sign_of_its_own_side():
    assert CHART["cash"].natural(5) == 5
    assert CHART["credit_balance"].natural(-5) == 5
    assert CHART["interest_income"].natural(-7) == 7
    assert CHART["waivers"].type is AccountType.EXPENSE


def test_codes_and_names_are_one_each():
    codes = [account.code for account in CHART.accounts.values()]
    names = [account.beancount for account in CHART.accounts.values()]
    assert len(set(codes)) == len(codes)
    assert len(set(names)) == len(names)
    with pytest.raises(InvariantBroken, match="no account"):
        CHART["slush"]
