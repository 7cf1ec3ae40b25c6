"""Published prices of credit: what others print for these flows, the house finds too.

A rate is nominal (one period's rate x periods a year); the effective rate compounds it. Flows on
plain dates are flows on periods of one day, 365 a year, so the dated rates below are effective
rates on that basis, and pyxirr is their second solver.
Sources: Microsoft support, XIRR; FSharp.Finance.Personal's tests (United Kingdom); 98/7/EC Annex
III (its printed 13 % for the first; the others' inputs, reckoned again).
"""

from datetime import date
from fractions import Fraction

import pytest
from pyxirr import xirr

from lines import event, take
from ruqi.law.price import Flow, all_in_rate, effective_rate
from ruqi.loans.schedule import flow, flows
from ruqi.loans.terms import Fee, Method, Product, plain
from ruqi.primitives.rate import percent_text

DAILY = plain(period_days=1)
DATED = {
    "XIRR document": (
        {
            date(2008, 1, 1): -1_000_000,
            date(2008, 3, 1): 275_000,
            date(2008, 10, 30): 425_000,
            date(2009, 2, 15): 325_000,
            date(2009, 4, 1): 275_000,
        },
        "0.3733625335",
        Fraction(1, 10**8),  # the document prints 0.373362535, which is 1.5e-9 off
    ),
    "UK, 500 to 510 in five days": (
        {date(2023, 10, 1): -50_000, date(2023, 10, 6): 51_000},
        "3.24436",
        Fraction(5, 10**6),
    ),
    "UK, 500 as twice 270": (
        {date(2023, 10, 10): -50_000, date(2023, 11, 10): 27_000, date(2023, 12, 10): 27_000},
        "0.8463",
        Fraction(5, 10**5),
    ),
    "EU 1, 1000 to 1200 in 546 days": (
        {date(1994, 1, 1): -100_000, date(1995, 7, 1): 120_000},
        "0.1296",
        Fraction(5, 10**5),
    ),
    "EU 2, of which 50 are kept": (
        {date(1994, 1, 1): -95_000, date(1995, 7, 1): 120_000},
        "0.1690",
        Fraction(5, 10**5),
    ),
    "EU 3, twice 600": (
        {date(1994, 1, 1): -100_000, date(1995, 1, 1): 60_000, date(1996, 1, 1): 60_000},
        "0.1307",
        Fraction(5, 10**5),
    ),
    "EU 4, 272, 272 and 544": (
        {
            date(1994, 1, 1): -100_000,
            date(1994, 4, 1): 27_200,
            date(1994, 7, 1): 27_200,
            date(1995, 1, 1): 54_400,
        },
        "0.1323",
        Fraction(5, 10**5),
    ),
}
MONTHLY = {
    "UK, 500 as twice 270": ([-50_000, 27_000, 27_000], [0, 1, 2], "0.8559"),
    "EU 1": ([-100_000, 120_000], [0, 18], "0.1292"),
    "EU 2": ([-95_000, 120_000], [0, 18], "0.1685"),
    "EU 3": ([-100_000, 60_000, 60_000], [0, 12, 24], "0.1307"),
    "EU 4": ([-100_000, 27_200, 27_200, 54_400], [0, 3, 6, 12], "0.1319"),
}


@pytest.mark.parametrize("case", DATED)
def test_a_price_by_dates(case):
    paid, printed, within = DATED[case]
    start = min(paid)
    nominal = all_in_rate([flow(DAILY, start, on, m) for on, m in paid.items()], Fraction(365))
    found = effective_rate(nominal, Fraction(365))
    assert abs(found - Fraction(printed)) <= within
    # Eight decimals of a nominal rate leave the compounded one a few units of the eighth.
    assert abs(float(found) - xirr(list(paid), list(paid.values()))) < 3e-8


@pytest.mark.parametrize("case", MONTHLY)
def test_the_same_price_by_equal_months(case):
    minors, months, printed = MONTHLY[case]
    placed = [Flow(k, Fraction(0), m) for k, m in zip(months, minors, strict=True)]
    found = effective_rate(all_in_rate(placed, Fraction(12)), Fraction(12))
    assert abs(found - Fraction(printed)) <= Fraction(5, 10**5)


def test_days_and_months_are_two_bases_and_not_one():
    # 84.63 % and 85.59 % are the same credit: which basis was used must be said.
    paid, _, _ = DATED["UK, 500 as twice 270"]
    by_days = all_in_rate([flow(DAILY, min(paid), on, m) for on, m in paid.items()], Fraction(365))
    by_months = all_in_rate(
        [flow(plain(), min(paid), on, m) for on, m in paid.items()], Fraction(12)
    )
    assert percent_text(effective_rate(by_days, Fraction(365))) == "84.63%"
    assert percent_text(effective_rate(by_months, Fraction(12))) == "85.59%"


def test_five_parts_in_ten_thousand_a_day_has_three_names():
    daily = Fraction(5, 10_000)
    assert daily * 365 == Fraction("0.1825")
    assert daily * 360 == Fraction("0.18")
    assert percent_text(effective_rate(daily * 365, Fraction(365)), 4) == "20.0159%"


def bought(terms: Product, minor: int):
    made = event("p", "purchase", date(2024, 1, 15), amount_minor=minor)
    line = take(terms, made).line
    assert line is not None
    return line.active[0]


def test_twelve_thousand_at_one_percent_a_month():
    rate = Fraction(12, 100)
    level = bought(
        plain(method=Method.EQUAL_INSTALMENT, instalments=12, annual_rate=rate), 1_200_000
    )
    billed = [due.billed for due in level.dues]
    assert (billed[0].interest, billed[0].principal) == (12_000, 94_619)
    assert {part.total for part in billed[:-1]} == {106_619}
    assert sum(part.interest for part in billed) == 79_423
    assert abs(all_in_rate(flows(level, level.on), Fraction(12)) - rate) < Fraction(1, 10**5)
    equal = bought(
        plain(method=Method.EQUAL_PRINCIPAL, instalments=12, annual_rate=rate), 1_200_000
    )
    totals = [due.billed.total for due in equal.dues]
    assert (totals[0], totals[-1]) == (112_000, 101_000)
    assert sum(due.billed.interest for due in equal.dues) == 78_000


@pytest.mark.parametrize(
    ("fee", "months", "printed"),
    [
        ("0.005", 12, "10.8964%"),
        ("0.006", 12, "13.0342%"),
        ("0.0075", 12, "16.2165%"),
        ("0.01", 12, "21.4572%"),
        ("0.005", 3, "8.9777%"),
        ("0.005", 6, "10.2136%"),
        ("0.005", 24, "11.1267%"),
    ],
)
def test_a_flat_fee_a_month_as_a_purchase_carries_it(fee, months, printed):
    each = Fee("Instalment fee", "分期手续费", "period", Fraction(fee), 0, "lender")
    terms = plain(method=Method.FLAT_FEE, instalments=months, fees=(each,))
    # A price so large that rounding to cents cannot show in the fourth decimal.
    purchase = bought(terms, 12_000_000_000)
    assert percent_text(all_in_rate(flows(purchase, purchase.on), Fraction(12)), 4) == printed
    assert sum(due.billed.fee for due in purchase.dues) == Fraction(fee) * months * 12_000_000_000


def test_six_percent_taken_at_once_over_equal_principal():
    taken = Fee("Opening fee", "开办费", "purchase", Fraction(6, 100), 0, "lender")
    terms = plain(method=Method.EQUAL_PRINCIPAL, instalments=12, fees=(taken,))
    purchase = bought(terms, 12_000_000_000)
    nominal = all_in_rate(flows(purchase, purchase.on), Fraction(12))
    assert percent_text(nominal, 4) == "11.5801%"
    assert percent_text(effective_rate(nominal, Fraction(12)), 4) == "12.2149%"
