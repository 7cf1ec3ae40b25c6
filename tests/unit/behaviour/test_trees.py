import lightgbm
import numpy as np
import pytest

from ruqi.behaviour.boosting import SETTINGS
from ruqi.behaviour.trees import scores, shares, tables
from ruqi.primitives.errors import InvariantBroken

FAMILY = (0, 0, 1, 1, 2)


def learned(missing: bool, leaves: int = 8, rows: int = 1500):
    random = np.random.Generator(np.random.PCG64(3))
    X = random.normal(size=(rows, 5))
    X[:, 4] = random.integers(0, 7, rows)
    if missing:
        X[random.random(X.shape) < 0.15] = np.nan
    known = np.nan_to_num(X)
    y = (known[:, 0] - known[:, 2] + np.isin(known[:, 4], [1, 5]) + random.normal(size=rows)) > 0
    settings = SETTINGS | {"num_leaves": leaves}
    data = lightgbm.Dataset(X, y.astype(float), categorical_feature=[4], params=settings)
    return lightgbm.train(settings, data, 25), X


@pytest.mark.parametrize("missing", [False, True])
def test_shares_are_lightgbms_own_contributions_by_family(missing):
    model, X = learned(missing)
    asked = X.copy()
    asked[::3, 1] = np.nan  # also where training saw nothing missing
    asked[::5, 4] = 9  # and a category never seen
    given = model.predict(asked, pred_contrib=True)
    expected = np.column_stack(
        [
            given[:, :-1][:, [c for c, f in enumerate(FAMILY) if f == k]].sum(axis=1)
            for k in range(3)
        ]
        + [given[:, -1]]
    )
    trees = tables(model.dump_model(), FAMILY, 3)
    found = shares([trees, trees], asked)[1]
    np.testing.assert_allclose(scores([trees], asked)[0], found.sum(axis=1), atol=1e-12)
    np.testing.assert_allclose(found, expected, atol=1e-12)
    np.testing.assert_allclose(found.sum(axis=1), model.predict(asked, raw_score=True), atol=1e-12)
    uses = {split.column for tree in trees for split in tree.splits}
    assert 4 in uses  # the categories were really asked about


def test_a_tree_without_a_split_is_its_base_value():
    model, X = learned(False, rows=60)  # too few rows for any leaf
    found = shares([tables(model.dump_model(), FAMILY, 3)], X)[0]
    np.testing.assert_array_equal(found[:, :3], 0)
    np.testing.assert_allclose(found[:, 3], model.predict(X, raw_score=True))


def test_a_tree_too_large_for_a_table_is_our_bug():
    model, _ = learned(False, leaves=12)
    with pytest.raises(InvariantBroken, match="at most 7 splits"):
        tables(model.dump_model(), FAMILY, 3)


def test_a_column_asked_about_at_more_places_than_a_byte_counts():
    random = np.random.Generator(np.random.PCG64(8))
    X = random.normal(size=(4000, 1))
    y = (random.random(4000) < 0.5).astype(float)
    settings = SETTINGS | {
        "max_bin": 2000,
        "min_data_in_bin": 1,
        "min_data_in_leaf": 5,
        "lambda_l2": 0.0,
    }
    model = lightgbm.train(settings, lightgbm.Dataset(X, y, params=settings), 200)
    trees = tables(model.dump_model(), (0,), 1)
    assert len({split.threshold for tree in trees for split in tree.splits}) > 300
    np.testing.assert_allclose(scores([trees], X)[0], model.predict(X, raw_score=True), atol=1e-10)


def test_blocks_of_rows_join_without_a_seam(monkeypatch):
    model, X = learned(True)
    trees = tables(model.dump_model(), FAMILY, 3)
    whole = shares([trees], X)
    monkeypatch.setattr("ruqi.behaviour.trees.BLOCK", 37)
    assert shares([trees], X).tobytes() == whole.tobytes()
