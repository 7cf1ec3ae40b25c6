from datetime import date
from fractions import Fraction

import pytest

from ruqi.adapters.files.product_file import shipped_calendar
from ruqi.loans.terms import Bucket, Order, plain
from ruqi.primitives.dates import Roll


@pytest.mark.parametrize(
    ("days", "name"), [(0, "M0"), (1, "M1"), (30, "M1"), (31, "M2"), (90, "M3"), (91, "M4+")]
)
def test_buckets_at_their_edges(days, name):
    assert plain().bucket(days).name == name


def test_a_bucket_says_its_days():
    assert [b.days for b in plain().buckets] == ["0", "1-30", "31-60", "61-90", "91+"]
    assert Bucket("M1", 1, 30).days == "1-30"


def test_a_year_has_twelve_months_or_365_days_of_periods():
    assert plain().periods_a_year == 12
    assert plain(period_days=30).periods_a_year == Fraction(365, 30)


def test_an_order_that_is_not_named_is_repayments():
    own = Order(("principal", "interest", "fee", "charge", "late"), "by_part")
    terms = plain(orders={"repayment": plain().order("repayment"), "recovery": own})
    assert terms.order("recovery") == own
    assert terms.order("credit") == terms.order("repayment")


def test_collection_rolls_over_days_off_and_the_due_date_stays():
    terms = plain(calendar=shipped_calendar("CN"), roll=Roll.FOLLOWING)
    assert terms.collect_on(date(2025, 5, 31)) == date(2025, 6, 3)
    assert plain().collect_on(date(2025, 5, 31)) == date(2025, 5, 31)


def test_rounding_is_the_products():
    assert plain().round(Fraction(5, 2)) == 2
