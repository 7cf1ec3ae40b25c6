from datetime import date

import pytest

from ruqi.adapters.files.product_file import shipped_product, shipped_products
from ruqi.services.quote import quote
from ruqi.services.quote_courses import quote_courses

DAY = date(2026, 1, 31)


def courses(name, minor=120_000, more=1_000):
    file = shipped_product(name)
    return quote_courses(file.product, file.caps, minor, DAY, more)


def test_lateness_costs_so_much_a_day_of_the_price_part():
    late = courses("flat_fee_12")["late"]
    # 100.00 of the instalment is price: 0.05 % a day is 0.05.
    assert [(row["days"], row["more_minor"]) for row in late] == [(7, 35), (30, 150), (90, 450)]
    assert (late[0]["due_on"], late[0]["due_minor"]) == ("2026-02-28", 10_600)


@pytest.mark.parametrize("name", shipped_products())
def test_settling_pays_what_the_schedule_asks_less_what_is_saved(name):
    file = shipped_product(name)
    told = quote(file.product, file.caps, "1200", DAY)
    paid = {row["number"]: row["total_minor"] for row in told["schedule"]}
    for row in courses(name)["settled"]:
        before = sum(minor for number, minor in paid.items() if number < row["number"])
        assert before + row["pay_minor"] == told["total_minor"] - row["saved_minor"]


def test_settling_early_saves_the_fees_to_come_and_nothing_where_there_are_none():
    assert [row["saved_minor"] for row in courses("flat_fee_12")["settled"]] == [
        5_400,
        3_600,
        1_800,
    ]
    assert {row["saved_minor"] for row in courses("down_payment_4")["settled"]} == {0}
    assert courses("pay_later_30")["settled"] == []


def test_paying_more_does_what_the_product_says():
    shorter = courses("principal_12")["more"]
    assert (shorter["payments"], shorter["ends_on"]) == (11, "2026-12-31")
    assert shorter["saved_minor"] == 655
    assert courses("flat_fee_12")["more"]["saved_minor"] == 0
    lower = courses("instalments_12")["more"]
    assert (lower["payments"], lower["saved_minor"]) == (12, 390)


@pytest.mark.parametrize("name", shipped_products())
def test_paying_everything_with_the_first_instalment_is_a_settlement(name):
    more = courses(name, more=10**9)["more"]
    assert more["payments"] == 1
    file = shipped_product(name)
    usual = quote(file.product, file.caps, "1200", DAY)["total_minor"]
    assert more["total_minor"] == usual - more["saved_minor"]
