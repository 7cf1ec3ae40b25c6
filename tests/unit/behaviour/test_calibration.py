import numpy as np
import pytest

from ruqi.behaviour.calibration import curve, ece, ece_by_chance, expit, line, logit, wilson
from ruqi.primitives.errors import InvariantBroken


def sample(n=20_000, seed=1):
    random = np.random.Generator(np.random.PCG64(seed))
    p = expit(random.normal(-1.5, 1.2, n))
    return (random.random(n) < p).astype(float), p


def test_a_right_probability_has_slope_one_and_intercept_nought():
    y, p = sample()
    found = line(y, logit(p))
    assert abs(found.slope - 1) < 3 * found.slope_se
    assert abs(found.intercept) < 3 * found.intercept_se
    assert 0.01 < found.slope_se < 0.03


def test_overconfidence_halves_the_slope():
    y, p = sample()
    assert line(y, 2 * logit(p)).slope == pytest.approx(line(y, logit(p)).slope / 2, rel=1e-5)


def test_line_agrees_with_an_unpenalised_logistic_regression():
    from sklearn.linear_model import LogisticRegression

    y, p = sample(3000)
    x = 0.7 * logit(p) + 0.3
    peer = LogisticRegression(C=np.inf, tol=1e-10).fit(x[:, None], y)
    found = line(y, x)
    assert found.slope == pytest.approx(peer.coef_[0, 0], abs=1e-4)
    assert found.intercept == pytest.approx(peer.intercept_[0], abs=1e-4)


def test_a_separating_score_stays_finite():
    y = np.repeat([0.0, 1.0], 50)
    assert np.isfinite(line(y, np.where(y > 0, 5.0, -5.0)).slope)


def test_one_class_alone_is_our_bug():
    with pytest.raises(InvariantBroken):
        line(np.ones(5), np.zeros(5))


def test_line_as_json_is_value_with_a_95_interval():
    y, p = sample(2000)
    slope = line(y, logit(p)).as_json()["slope"]
    assert slope["low"] < slope["value"] < slope["high"]
    assert slope["high"] - slope["value"] == pytest.approx(
        1.96 * line(y, logit(p)).slope_se, rel=1e-4
    )


def test_ece_by_hand():
    p = np.repeat([0.1, 0.5], 10)
    y = np.concatenate([np.repeat([0.0, 1.0], [8, 2]), np.repeat([0.0, 1.0], 5)])
    assert ece(y, p, bins=2) == pytest.approx(0.05)


def test_ece_of_the_truth_is_what_chance_leaves():
    y, p = sample(9000)
    mean, most = ece_by_chance(p, seed=0)
    assert mean == pytest.approx(0.008, abs=0.003)
    assert mean < most < 2 * mean
    assert ece(y, p) < 0.02


def test_wilson_known_values():
    assert wilson(8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert wilson(0, 10)[0] == 0
    assert wilson(10, 10)[1] == pytest.approx(1)


def test_curve_has_equal_counts_and_says_what_was_seen():
    y, p = sample(1005)
    points = curve(y, p)
    assert sum(point["n"] for point in points) == 1005
    assert {point["n"] for point in points} == {100, 101}
    assert [point["predicted"] for point in points] == sorted(q["predicted"] for q in points)
    assert all(point["low"] <= point["observed"] <= point["high"] for point in points)
