from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyxirr import irr

from ruqi.law.price import (
    Cap,
    Caps,
    DatedCap,
    Flow,
    all_in_rate,
    costs_more_than,
    effective_rate,
    late_refusal,
    not_in_force,
    present_value,
    refusal,
)
from ruqi.primitives.rate import Rate

YEAR = Fraction(12)


def monthly(lent, *paid):
    return [Flow(0, Fraction(0), -lent), *(Flow(k, Fraction(0), p) for k, p in enumerate(paid, 1))]


def flat(fee, months, lent=12_000_000):
    return monthly(lent, *[lent // months + lent * fee // 1000] * months)


@pytest.mark.parametrize(
    ("fee", "months", "nominal"),
    [
        (5, 12, "0.108964"),
        (6, 12, "0.130342"),
        (10, 12, "0.214572"),
        (5, 3, "0.089777"),
        (5, 6, "0.102136"),
        (5, 24, "0.111267"),
    ],
)
def test_a_flat_fee_costs_nearly_twice_what_it_says(fee, months, nominal):
    rate = all_in_rate(flat(fee, months), YEAR)
    assert abs(rate - Fraction(nominal)) < Fraction(1, 10**6)


def test_the_effective_rate_compounds():
    rate = all_in_rate(flat(5, 12), YEAR)
    assert abs(effective_rate(rate, YEAR) - Fraction("0.114574")) < Fraction(1, 10**6)
    assert effective_rate(Fraction(0), YEAR) == 0


def test_six_percent_up_front_over_equal_principal():
    flows = [Flow(0, Fraction(0), -1_200_000), Flow(0, Fraction(0), 72_000)]
    flows += [Flow(k, Fraction(0), 100_000) for k in range(1, 13)]
    assert abs(all_in_rate(flows, YEAR) - Fraction("0.115801")) < Fraction(1, 10**6)


def test_europes_example_by_months():
    # 1,000 lent, 272 after 3 and 6 months and 544 after 12: 13.19 % effective by months.
    flows = [
        Flow(0, Fraction(0), -100_000),
        Flow(3, Fraction(0), 27_200),
        Flow(6, Fraction(0), 27_200),
        Flow(12, Fraction(0), 54_400),
    ]
    rate = effective_rate(all_in_rate(flows, YEAR), YEAR)
    assert abs(rate - Fraction("0.1319")) < Fraction(1, 10**4)


@given(st.lists(st.integers(1, 10**7), min_size=1, max_size=36), st.integers(1, 10**8))
def test_an_independent_solver_finds_the_same_rate(paid, lent):
    flows = monthly(lent, *paid)
    ours = all_in_rate(flows, YEAR)
    if sum(paid) <= lent:
        assert ours == 0
    elif ours is not None and ours < 5:
        theirs = irr([-lent, *paid])
        assert abs(float(ours) / 12 - theirs) < 1e-8


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=24), st.integers(1, 10**7))
def test_the_cap_test_is_the_exact_sign(paid, lent):
    flows = monthly(lent, *paid)
    cap = Rate(Fraction(24, 100))
    value = sum(Fraction(f.minor) / (1 + Fraction(2, 100)) ** f.whole for f in flows)
    assert present_value(flows, Fraction(2, 100)) == value
    assert costs_more_than(flows, cap, YEAR) == (value > 0)


def test_one_cent_decides():
    # 100.00 for one month at 2 %: 102.00 is the cap itself, 102.01 is above it.
    cap = Cap(Rate(Fraction(24, 100)), "price.cap")
    assert refusal(monthly(10_000, 10_200), YEAR, cap) is None
    refused = refusal(monthly(10_000, 10_201), YEAR, cap)
    assert refused is not None
    assert refused.rule == "price.cap"
    assert "24.1200%" in refused.says_en
    assert "24.00%" in refused.says_zh


def test_odd_days_grow_simply():
    half = [Flow(0, Fraction(0), -100), Flow(0, Fraction(1, 2), 101)]
    assert present_value(half, Fraction(2, 100)) == 0


def test_no_rate_where_nothing_is_lent_or_all_is_paid_at_once():
    assert all_in_rate([Flow(0, Fraction(0), 5)], YEAR) is None
    nothing = [Flow(0, Fraction(0), -100), Flow(0, Fraction(0), 150)]
    assert all_in_rate(nothing, YEAR) is None
    refused = refusal(nothing, YEAR, Cap(Rate(Fraction(1)), "r"))
    assert refused is not None
    assert "> 100000%" in refused.says_en


def test_the_strictest_cap_in_force_binds():
    law = Cap(Rate(Fraction(24, 100)), "law")
    own = Cap(Rate(Fraction(24, 100)), "own")
    low = Cap(Rate(Fraction(20, 100)), "low")
    caps = Caps(
        (
            DatedCap(law, date(2025, 10, 1), None),
            DatedCap(own, None, None),
            DatedCap(low, None, date(2024, 12, 31)),
        )
    )
    assert caps.on(date(2024, 12, 31)) == low
    assert caps.on(date(2025, 9, 30)) == own
    assert caps.on(date(2025, 10, 1)) == law
    assert Caps().on(date(2025, 1, 1)) is None


def test_a_daily_rate_may_reach_the_ceiling_and_no_more():
    cap = Cap(Rate(Fraction(24, 100)), "law.late")
    assert late_refusal(Fraction(24, 36_500), cap) is None
    refused = late_refusal(Fraction(24, 36_500) + Fraction(1, 10**9), cap)
    assert refused is not None and refused.rule == "law.late"
    assert "24.00%" in refused.says_zh


def test_a_day_without_any_cap_in_force_is_told_from_a_product_without_caps():
    held = DatedCap(Cap(Rate(Fraction(1)), "r"), date(2020, 1, 2), date(2020, 1, 3))
    assert not_in_force(Caps(), date(2020, 1, 1)) is None
    assert not_in_force(Caps((held,)), date(2020, 1, 3)) is None
    assert not_in_force(Caps((held,)), date(2020, 1, 1)).rule == "NOT_IN_FORCE"
    assert Caps(late=(held,)).late_on(date(2020, 1, 2)).rule == "r"
    assert Caps(late=(held,)).late_on(date(2020, 1, 4)) is None
