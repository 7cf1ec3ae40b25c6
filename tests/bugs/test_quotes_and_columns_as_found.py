"""Quotes and columns that once said something else than the line itself."""

from datetime import date
from fractions import Fraction

import pytest

from lines import event, take
from ruqi.engines.batch import advance_all
from ruqi.law.price import NO_CAPS
from ruqi.loans.accrual import advance
from ruqi.loans.terms import Fee, Late, Method, plain
from ruqi.primitives.rate import share
from ruqi.services.quote import quote

DAY = date(2025, 1, 31)
FEES = tuple(
    Fee(name, name, when, Fraction(n, 10_000), 0, "x")
    for name, when, n in (("a", "period", 33), ("b", "period", 47), ("c", "purchase", 33))
)


@pytest.mark.parametrize("cents", range(1, 100, 7))
def test_listed_fees_are_those_of_the_schedule_to_the_cent(cents):
    # Each payee's total was rounded alone: 6.40 in the list, 6.41 in the schedule.
    terms = plain(method=Method.FLAT_FEE, instalments=7, fees=FEES)
    told = quote(terms, NO_CAPS, f"100.{cents:02}", DAY)
    listed = sum(fee["total_minor"] for fee in told["fees"])
    assert listed == sum(row["fee_minor"] for row in told["schedule"]) == told["cost_minor"]


@pytest.mark.parametrize(
    ("terms", "amount", "refused"),
    [
        (plain(limit_minor=100_000), "1000.01", ["OUTSIDE_PRODUCT"]),
        (plain(limit_minor=100_000), "1000.00", []),
        (plain(limit_minor=100_000, maximum_minor=200_000), "2000.00", []),
        (plain(limit_minor=0), "0.01", ["OUTSIDE_PRODUCT"]),
    ],
)
def test_the_largest_purchase_is_the_limit_where_nothing_else_is_said(terms, amount, refused):
    told = quote(terms, NO_CAPS, amount, DAY)
    assert [no["rule"] for no in told["refusals"]] == refused
    assert all("∞" not in no["says_en"] for no in told["refusals"])


@pytest.mark.parametrize(
    "rate", ["0.0005", "0.000493150684931", "0.00049315068493150685", "7/36500", "1/3000"]
)
@pytest.mark.parametrize("minor", [120_000, 10_000_000, 10**12, 10**17])
def test_penalties_of_any_rate_and_amount_are_those_of_the_exact_step(rate, minor):
    # Rates of many decimals overflowed 64 bits silently: 91.41 instead of 5,967.12.
    late = Late(share(rate), cap_share=Fraction(10**6))
    terms = plain(method=Method.SINGLE, period_days=30, late=late)
    line = take(terms, event("p", "purchase", DAY, amount_minor=minor)).line
    to = date(2025, 6, 1)
    lines, made = advance_all([line], to)
    assert (lines[0], made[0]) == advance(line, to)
