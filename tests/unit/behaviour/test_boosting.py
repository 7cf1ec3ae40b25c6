import numpy as np
import pytest

from ruqi.behaviour import boosting
from ruqi.behaviour.boosting import BoostedBag
from ruqi.behaviour.calibration import line, logit
from ruqi.behaviour.quality import auc
from ruqi.primitives.errors import InvariantBroken

SIGNS = (1, -1, 0, 0)


def world(rows=4000, seed=1):
    random = np.random.Generator(np.random.PCG64(seed))
    X = random.normal(size=(rows, 4))
    y = (random.random(rows) < 1 / (1 + np.exp(2 - X[:, 0] + 0.7 * X[:, 1]))).astype(float)
    return X, y


def bag(**more):
    return BoostedBag(signs=SIGNS, families=(0, 0, 1, 1), family_count=2, **more)


@pytest.fixture(scope="module")
def fitted():
    X, y = world()
    return bag(seed=3).fit(X, y)


def test_it_ranks_and_is_calibrated_on_rows_it_never_saw(fitted):
    X, y = world(seed=2)
    p = fitted.predict(X)
    truth = X[:, 0] - 0.7 * X[:, 1]
    assert auc(y, p) > auc(y, truth) - 0.015
    assert line(y, logit(p)).slope == pytest.approx(1, abs=0.1)
    assert p.mean() == pytest.approx(y.mean(), abs=0.015)


def test_reasons_sum_to_the_log_odds_and_belong_to_what_matters(fitted):
    X, _ = world(seed=2)
    probability, low, high, reasons = fitted.answer(X)
    np.testing.assert_allclose(reasons.sum(axis=1), logit(probability), atol=1e-9)
    np.testing.assert_array_equal(reasons, fitted.reasons(X))
    np.testing.assert_allclose(probability, fitted.predict(X), rtol=1e-12)
    assert np.abs(reasons[:, 0]).mean() > 5 * np.abs(reasons[:, 1]).mean()
    assert ((low <= probability) & (probability <= high)).all()


def test_intervals_hold_the_true_probability_about_as_often_as_they_say(fitted):
    X, _ = world(seed=2)
    truth = 1 / (1 + np.exp(2 - X[:, 0] + 0.7 * X[:, 1]))
    _, low, high, _ = fitted.answer(X)
    assert ((low <= truth) & (truth <= high)).mean() > 0.85


@pytest.mark.parametrize(("column", "sign"), [(0, 1), (1, -1)])
def test_signed_columns_move_the_chance_one_way_only(fitted, column, sign):
    X, _ = world(300, seed=4)
    asked = np.repeat(X, 9, axis=0)
    asked[:, column] = np.tile(np.linspace(-3, 3, 9), 300)
    p = fitted.predict(asked).reshape(300, 9)
    assert (np.diff(p, axis=1) * sign >= -1e-12).all()
    assert (p[:, 0] != p[:, -1]).any()


def test_permuted_labels_teach_nothing():
    X, y = world(seed=5)
    noise = np.random.Generator(np.random.PCG64(6)).permutation(y)
    X_new, y_new = world(seed=2)
    learned = bag().fit(X, noise)
    # New labels are permuted too: the signs alone know which way the real ones lie.
    unrelated = np.random.Generator(np.random.PCG64(7)).permutation(y_new)
    assert auc(unrelated, learned.predict(X_new)) == pytest.approx(0.5, abs=0.04)
    assert auc(noise, learned.unseen_) == pytest.approx(0.5, abs=0.04)
    assert np.ptp(learned.predict(X_new)) < 0.2


def test_rows_of_one_account_never_calibrate_each_other():
    X, y = world(300, seed=7)
    thrice, account = np.tile(X, (3, 1)), np.tile(np.arange(300), 3)
    labels = np.random.Generator(np.random.PCG64(8)).permutation(y)
    grouped = bag().fit(thrice, np.tile(labels, 3), account)
    ungrouped = bag().fit(thrice, np.tile(labels, 3))
    assert auc(np.tile(labels, 3), grouped.unseen_) < 0.62
    assert auc(np.tile(labels, 3), ungrouped.unseen_) > 0.7  # what the grouping is there to stop


def test_the_number_of_threads_changes_no_bit(monkeypatch):
    X, y = world(1500)
    one = bag(members=3, trees=10).fit(X, y).answer(X)
    monkeypatch.setitem(boosting.SETTINGS, "num_threads", 2)
    two = bag(members=3, trees=10).fit(X, y).answer(X)
    for left, right in zip(one, two, strict=True):
        assert left.tobytes() == right.tobytes()


def test_another_seed_deals_other_groups_but_tells_the_same_story(fitted):
    X, y = world()
    other = bag(seed=4).fit(X, y)
    assert not np.array_equal(other.predict(X), fitted.predict(X))
    assert np.abs(other.predict(X) - fitted.predict(X)).mean() < 0.01


def test_one_class_alone_is_our_bug():
    X, _ = world(100)
    with pytest.raises(InvariantBroken, match="both classes"):
        bag().fit(X, np.zeros(100))
