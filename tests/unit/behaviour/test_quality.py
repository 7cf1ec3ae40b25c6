import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruqi.behaviour.calibration import ece
from ruqi.behaviour.quality import auc, brier, difference, draws_for, ks, measures
from ruqi.primitives.errors import InvariantBroken

Y = np.array([1, 1, 0, 1, 0, 0, 1, 0, 0, 0], dtype=float)
SCORE = -np.arange(10.0)


def test_the_scorecard_golden():
    assert ks(Y, SCORE) == pytest.approx(0.583333, abs=1e-6)
    assert auc(Y, SCORE) == pytest.approx(0.833333, abs=1e-6)


def test_ties_are_ties_whatever_the_order_of_rows():
    # Read in row order, all four tied rows would seem perfectly ranked.
    y = np.array([0.0, 0, 1, 1])
    assert auc(y, np.zeros(4)) == 0.5
    assert ks(y, np.zeros(4)) == 0
    rounded = np.array([0.1, 0.3, 0.3, 0.3, 0.3, 0.8])
    for order in ([0, 1, 2, 3, 4, 5], [5, 4, 3, 2, 1, 0]):
        events = np.array([0.0, 0, 0, 1, 1, 1])[order]
        assert ks(events, rounded[order]) == pytest.approx(1 / 3)
        assert auc(events, rounded[order]) == pytest.approx((9 - 4 / 2) / 9)


@given(
    st.lists(st.tuples(st.booleans(), st.integers(0, 5)), min_size=2, max_size=40).filter(
        lambda rows: len({event for event, _ in rows}) == 2
    )
)
def test_auc_and_ks_are_their_definitions(rows):
    y = np.array([float(event) for event, _ in rows])
    score = np.array([float(value) for _, value in rows])
    bad, good = score[y > 0], score[y == 0]
    pairs = (bad[:, None] > good) + 0.5 * (bad[:, None] == good)
    assert auc(y, score) == pytest.approx(pairs.mean())
    gaps = [abs((bad <= cut).mean() - (good <= cut).mean()) for cut in range(6)]
    assert ks(y, score) == pytest.approx(max(gaps))


def test_brier_by_hand():
    assert brier(np.array([1.0, 0]), np.array([0.8, 0.4])) == pytest.approx(0.1)


def sample(n=2000, seed=5):
    random = np.random.Generator(np.random.PCG64(seed))
    p = random.beta(1, 4, n)
    return (random.random(n) < p).astype(float), p


def test_measures_hold_the_plain_figures_inside_seeded_intervals():
    y, p = sample()
    found = measures(y, p, seed=7)
    assert found == measures(y, p, seed=7)
    assert found != measures(y, p, seed=8)
    assert found["auc"]["value"] == auc(y, p)
    assert found["ks"]["value"] == ks(y, p)
    assert found["brier"]["value"] == pytest.approx(brier(y, p))
    assert found["ece"]["value"] == pytest.approx(ece(y, p))
    for name, one in found.items():
        assert one["low"] <= one["value"] <= one["high"], name
    # Hanley and McNeil's standard error for this sample is about .013.
    assert found["auc"]["high"] - found["auc"]["low"] == pytest.approx(4 * 0.013, rel=0.25)


def test_the_order_of_rows_changes_no_figure():
    y, p = sample()
    back = slice(None, None, -1)
    assert measures(y[back], p[back], 7)["auc"]["value"] == measures(y, p, 7)["auc"]["value"]


def test_a_score_beats_itself_by_nothing_and_noise_by_much():
    y, p = sample()
    assert difference(y, p, p, seed=1)["auc"] == {"value": 0, "low": 0, "high": 0}
    noise = np.random.Generator(np.random.PCG64(2)).random(len(y))
    assert difference(y, p, noise, seed=1)["auc"]["low"] > 0.1
    close = p + 0.01 * noise
    paired = difference(y, p, close, seed=1)["auc"]
    alone = measures(y, p, seed=1)["auc"]
    assert paired["high"] - paired["low"] < (alone["high"] - alone["low"]) / 3


def test_one_class_alone_is_our_bug():
    with pytest.raises(InvariantBroken):
        auc(np.zeros(4), np.arange(4.0))


def test_draws_shrink_with_the_rows():
    assert draws_for(1000) == 1000
    assert draws_for(30_000) == 200
    assert draws_for(10**8) == 100
