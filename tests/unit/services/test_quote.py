from datetime import date
from fractions import Fraction

import pytest

from ruqi.adapters.files.product_file import shipped_product, shipped_products
from ruqi.law.price import Cap, Caps, DatedCap
from ruqi.primitives.rate import Rate
from ruqi.services.quote import quote

DAY = date(2025, 1, 31)


def ask(name, amount="1200", on=DAY):
    file = shipped_product(name)
    return quote(file.product, file.caps, amount, on)


def test_a_flat_half_percent_a_month_costs_nearly_eleven():
    told = ask("flat_fee_12")
    assert abs(told["all_in_rate"] - 0.108964) < 1e-6
    assert abs(told["effective_rate"] - 0.114574) < 1e-6
    assert told["cost_minor"] == 7_200
    assert told["fees"][0]["total_minor"] == 7_200
    assert told["refusals"] == []


@pytest.mark.parametrize("name", shipped_products())
def test_every_shipped_product_quotes_and_adds_up(name):
    told = ask(name, "999.99")
    assert sum(row["principal_minor"] for row in told["schedule"]) == 99_999
    assert told["schedule"][-1]["balance_minor"] == 0
    assert told["total_minor"] == sum(row["total_minor"] for row in told["schedule"])
    assert told["cap_rate"] == 0.24


def test_the_laws_rule_binds_once_it_is_in_force():
    assert ask("flat_fee_12")["rule"] == "lender.own_cap"
    told = ask("flat_fee_12", on=date(2025, 10, 1))
    assert (told["rule"], told["rule_source"]) == ("price.all_in_max_bank_assisted", "CN-ZD25")


def test_above_the_cap_is_refused_with_the_rule_and_the_figures():
    file = shipped_product("flat_fee_12")
    caps = Caps((DatedCap(Cap(Rate(Fraction("0.108")), "law.x"), None, None),))
    told = quote(file.product, caps, "1200", DAY)
    assert [row["rule"] for row in told["refusals"]] == ["law.x"]
    assert "10.8964%" in told["refusals"][0]["says_en"]
    assert "10.8964%" in told["refusals"][0]["says_zh"]
    assert told["all_in_rate"] > told["cap_rate"] == 0.108


@pytest.mark.parametrize("amount", ["0", "-5", "1.005", "much"])
def test_what_is_no_amount_is_refused(amount):
    told = ask("flat_fee_12", amount)
    assert [row["rule"] for row in told["refusals"]] == ["OUTSIDE_PRODUCT"]
    assert told["schedule"] == []


def test_days_that_are_not_announced_yet_say_so():
    rows = ask("instalments_12", on=date(2026, 8, 31))["schedule"]
    assert [row["projected"] for row in rows] == [False] * 4 + [True] * 8
    assert rows[0]["due_on"] == "2026-09-30"


def test_a_day_before_every_known_cap_is_refused():
    file = shipped_product("flat_fee_12")
    later = Caps((DatedCap(Cap(Rate(Fraction("0.24")), "law.x"), date(2025, 10, 1), None),))
    told = quote(file.product, later, "1200", DAY)
    assert [row["rule"] for row in told["refusals"]] == ["NOT_IN_FORCE"]
    assert "law.x" in told["refusals"][0]["says_en"]
    assert "2025-01-31" in told["refusals"][0]["says_zh"]
    assert quote(file.product, Caps(), "1200", DAY)["refusals"] == []


def test_penalty_interest_has_its_own_ceiling():
    told = ask("flat_fee_12")
    assert told["if_late"]["annual_rate"] == 0.1825
    assert (told["if_late"]["cap_rate"], told["if_late"]["rule"]) == (0.24, "price.court_ceiling")
    file = shipped_product("flat_fee_12")
    low = Caps(late=(DatedCap(Cap(Rate(Fraction("0.18")), "law.late"), None, None),))
    (refused,) = quote(file.product, low, "1200", DAY)["refusals"]
    assert refused["rule"] == "law.late"
    assert "0.0500% a day is 18.25% a year, above the ceiling of 18.00%" in refused["says_en"]
