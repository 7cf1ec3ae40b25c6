"""Product and debts files that crashed, or were taken as if they made sense; each file is kept."""

from pathlib import Path

import pytest

from ruqi.adapters.files.debts_file import read_debts
from ruqi.adapters.files.product_file import read_product
from ruqi.primitives.errors import InputFaulty, PolicyError
from ruqi.services.payoff import payoff

HERE = Path(__file__).parent
PRODUCTS = sorted((HERE / "products").glob("*.yaml"))


@pytest.mark.parametrize("path", PRODUCTS, ids=lambda path: path.stem)
def test_a_product_that_makes_no_sense_is_refused_at_its_line(path):
    with pytest.raises(PolicyError) as caught:
        read_product(path)
    told = path.read_text(encoding="utf-8").splitlines()[-1]
    assert told == f"# refused, {caught.value.line}: {caught.value.problem}"


@pytest.mark.parametrize(
    ("name", "line", "problem"),
    [
        ("other_currency", 5, "own is in CNY, the file in USD."),
        ("income_that_is_not_stated", 7, "income_share needs income_minor."),
        ("order_of_an_unknown_debt", 4, "no debt is called 'zzz'."),
    ],
)
def test_debts_that_make_no_sense_are_refused_at_their_line(name, line, problem):
    with pytest.raises(InputFaulty) as caught:
        read_debts(HERE / f"debts/{name}.debts.yaml")
    (fault,) = caught.value.faults.places
    assert (fault.line, fault.found) == (line, problem)


def told(name, order="minimum"):
    document = payoff(*read_debts(HERE / f"debts/{name}.debts.yaml"))
    return document, next(plan for plan in document["plans"] if plan["order"] == order)


def test_a_credit_balance_is_part_of_what_is_owed():
    document, plan = told("own_credit")
    # Settling takes 1,200.00 and 19 days of interest, less the credit of 50.00.
    assert document["owed_minor"] == 120_000 + 735 - 5_000
    assert plan["cost_minor"] == 7_207


def test_a_bill_is_asked_once():
    _, plan = told("last_of_a_month")
    # One day of interest to February: 0.33; then a month's on 991.33: 9.91.
    assert [row["paid_minor"] for row in plan["path"][:3]] == [0, 900, 900]
    assert [row["left_minor"] for row in plan["path"][:3]] == [100_000, 99_133, 99_224]


def test_a_passed_bill_is_paid_and_interest_runs():
    _, plan = told("within_a_month", "avalanche")
    # Free: 1,500.00, of which 300.00 went out on the 9th; twelve days at 18 % on 1,800.00: 10.80.
    assert [row["paid_minor"] for row in plan["path"][:2]] == [120_000, 150_000]
    assert plan["path"][1]["left_minor"] == 180_000 + 1_080 - 150_000
