import random
from datetime import date
from fractions import Fraction

import numpy as np
import pytest

from ruqi.engines.price import above, dated_rate, laid_out, rates
from ruqi.law.price import Flow, all_in_rate, costs_more_than
from ruqi.primitives.money import Rounding
from ruqi.primitives.rate import Rate, percent_text

YEAR, CAP = Fraction(12), Rate(Fraction(24, 100))


def schedule(seed):
    dice = random.Random(seed)
    count, lent = dice.randint(1, 36), dice.randint(1_000, 5_000_000)
    part = lent // count + lent * dice.randint(0, 30) // 1000
    odd = Fraction(dice.randint(1, 29), 30) if seed % 10 == 0 else Fraction(0)
    paid = [Flow(k, odd if k == count else Fraction(0), part) for k in range(1, count + 1)]
    return [Flow(0, Fraction(0), -lent), *paid]


def test_verdicts_are_those_of_the_exact_test():
    flows = [schedule(seed) for seed in range(600)]
    verdicts, near = above(laid_out(flows), CAP, YEAR)
    assert verdicts.tolist() == [costs_more_than(one, CAP, YEAR) for one in flows]
    assert 0 < verdicts.sum() < 600
    assert set(near.tolist()) == {k for k in range(600) if k % 10 == 0}


@pytest.mark.parametrize("more", [-1, 0, 1])
def test_where_the_cap_is_met_to_the_cent_the_exact_sign_judges(more):
    # 51^8 owed after eight months for 50^8: at 2 % a month the worth is exactly nothing.
    lent, owed = 50**8, 51**8
    flows = [[Flow(0, Fraction(0), -lent), Flow(8, Fraction(0), owed + more)]]
    verdicts, near = above(laid_out(flows), CAP, YEAR)
    assert verdicts.tolist() == [more > 0]
    assert len(near) == (more == 0)


def test_amounts_that_floats_cannot_hold_go_the_exact_way():
    flows = [[Flow(0, Fraction(0), -(2**60)), Flow(1, Fraction(0), 2**60 * 102 // 100)]]
    assert above(laid_out(flows), CAP, YEAR)[1].tolist() == [0]
    assert np.isnan(rates(laid_out(flows), 12.0)).all()


def test_rates_are_the_exact_ones_to_ten_places():
    flows = [schedule(seed) for seed in range(1, 300) if seed % 10]
    found = rates(laid_out(flows), 12.0)
    exact = [all_in_rate(one, YEAR) for one in flows]
    known = [k for k, rate in enumerate(exact) if rate]
    assert len(known) > 200
    assert max(abs(found[k] - float(exact[k])) for k in known) < 1e-8


def test_a_flat_half_percent_a_month_is_the_known_figure():
    flows = [
        Flow(0, Fraction(0), -1_200_000),
        *(Flow(k, Fraction(0), 106_000) for k in range(1, 13)),
    ]
    assert rates(laid_out([flows]), 12.0)[0] == pytest.approx(0.108964, abs=5e-7)


def day(text):
    return date.fromisoformat(text)


DATED = [  # Microsoft's XIRR page; UK and EU examples of annual percentage rates
    (
        [
            ("2008-01-01", -10_000),
            ("2008-03-01", 2_750),
            ("2008-10-30", 4_250),
            ("2009-02-15", 3_250),
            ("2009-04-01", 2_750),
        ],
        0.3733625335,
        1e-9,
    ),
    ([("2024-01-01", -50_000), ("2024-01-06", 51_000)], 3.24436, 1e-5),
    ([("1994-01-01", -1_000), ("1995-07-01", 1_200)], 0.1296, 5e-5),
    ([("1994-01-01", -950), ("1995-07-01", 1_200)], 0.1690, 5e-5),
    ([("1994-01-01", -1_000), ("1995-01-01", 600), ("1996-01-01", 600)], 0.1307, 5e-5),
]


@pytest.mark.parametrize(("flows", "rate", "within"), DATED)
def test_dated_rates_of_published_examples(flows, rate, within):
    assert dated_rate([(day(on), minor) for on, minor in flows]) == pytest.approx(rate, abs=within)


def test_the_uk_example_of_two_payments():
    # 500 lent on 10 October, 270 on 10 November and 10 December: 84.63 % by days / 365.
    flows = [("2024-10-10", -50_000), ("2024-11-10", 27_000), ("2024-12-10", 27_000)]
    assert dated_rate([(day(on), minor) for on, minor in flows]) == pytest.approx(0.8463, abs=5e-4)


def test_the_eu_prints_one_decimal_half_up():
    # 2008/48/EC, annex I: at least one decimal; a following digit of 5 or more raises it.
    assert percent_text(Fraction(1296, 10_000), 1, Rounding.HALF_UP) == "13.0%"
    assert percent_text(Fraction(1225, 10_000), 1, Rounding.HALF_UP) == "12.3%"
    assert percent_text(Fraction(1225, 10_000), 1) == "12.2%"


def test_no_rate_where_all_goes_one_way():
    assert dated_rate([(day("2024-01-01"), -5), (day("2024-02-01"), -5)]) is None
