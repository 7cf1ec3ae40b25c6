import numpy as np
import pytest

from ruqi.portfolio.intervals import Moments, estimate, ratio, wilson


def one(**arrays):
    return {name: np.array([float(value)]) for name, value in arrays.items()}


def of(values, weights):
    """Moments of a share of weights, from single accounts."""
    x, y = np.array(values) * np.array(weights, float), np.array(weights, float)
    return Moments(
        **one(
            numerator=x.sum(),
            denominator=y.sum(),
            n=len(x),
            numerator2=(x * x).sum(),
            cross=(x * y).sum(),
            denominator2=(y * y).sum(),
        )
    )


def test_wilson_known_answer():
    # 10 of 100: statsmodels' proportion_confint(10, 100, method="wilson") says .0552, .1744.
    low, high = wilson(np.array([0.1]), np.array([100.0]))
    assert (low[0], high[0]) == pytest.approx((0.05522914, 0.17436566), abs=1e-6)


def test_wilson_stays_inside_and_holds_the_value_at_both_ends():
    low, high = wilson(np.array([0.0, 1.0]), np.array([7.0, 7.0]))
    assert low[0] == 0.0
    assert high[1] == 1.0
    assert high[0] == pytest.approx(1 - low[1])
    assert 0.3 < high[0] < 0.4


def test_nothing_over_nothing_is_unknown():
    found = estimate(Moments(**one(numerator=0, denominator=0, n=0)))
    assert np.isnan([found.value[0], found.low[0], found.high[0]]).all()
    assert np.isnan(ratio(np.array([3.0]), np.array([0.0]))[0])


def test_equal_weights_come_near_to_wilson():
    values = [1] * 30 + [0] * 170
    weighted = estimate(of(values, [500] * 200))
    counted = estimate(Moments(**one(numerator=30, denominator=200, n=200)))
    assert weighted.value == counted.value
    assert weighted.low[0] == pytest.approx(counted.low[0], abs=0.002)
    assert weighted.high[0] == pytest.approx(counted.high[0], abs=0.002)


def test_one_heavy_account_widens_the_interval():
    values = [1] * 30 + [0] * 170
    even = estimate(of(values, [100] * 200))
    heavy = estimate(of(values, [4000] + [100] * 199))
    assert heavy.high[0] - heavy.low[0] > 2 * (even.high[0] - even.low[0])


def test_a_share_of_nought_is_not_certain():
    found = estimate(of([0] * 20, range(1, 21)))
    assert (found.value[0], found.low[0]) == (0.0, 0.0)
    assert 0.1 < found.high[0] < 0.3


def test_a_ratio_that_is_no_share_may_pass_one_and_one_account_has_no_interval():
    x, y = np.array([3.0, 5.0, 4.0]), np.array([2.0, 3.0, 4.0])
    sums = one(
        numerator=x.sum(),
        denominator=y.sum(),
        n=3,
        numerator2=(x * x).sum(),
        cross=(x * y).sum(),
        denominator2=(y * y).sum(),
    )
    found = estimate(Moments(**sums, part=False))
    assert found.high[0] > found.value[0] == 12 / 9 > found.low[0] >= 0
    alone = estimate(Moments(**{**sums, "n": np.array([1.0])}, part=False))
    assert np.isnan(alone.low[0])
    assert np.isnan(alone.high[0])


def test_a_ratio_of_which_nothing_was_seen_is_not_certain():
    sums = one(numerator=0, denominator=50, n=5, numerator2=0, cross=0, denominator2=510)
    found = estimate(Moments(**sums, part=False))
    assert found.value[0] == 0.0
    assert found.high[0] > 0.3


def test_each_changes_every_array_and_keeps_the_rest():
    doubled = of([1, 0], [2, 3]).each(lambda table: table * 2)
    assert doubled.denominator[0] == 10
    assert doubled.denominator2[0] == 26
    assert doubled.observations is None
    assert doubled.part
