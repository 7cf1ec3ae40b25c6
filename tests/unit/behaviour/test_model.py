import numpy as np

from ruqi.behaviour.features import Feature
from ruqi.behaviour.model import families_of, learn

COLUMNS = (
    Feature("used", "utilisation", 1, "used", "使用"),
    Feature("late", "lateness", 1, "late", "逾期"),
    Feature("own:shop", "own", 0, "shop", "门店", categorical=True),
)


def test_families_come_in_the_order_of_the_house():
    assert families_of(COLUMNS) == ("lateness", "utilisation", "own")


def test_signs_families_and_categories_reach_the_learner():
    random = np.random.Generator(np.random.PCG64(0))
    X = np.column_stack([random.random(500), random.random(500), random.integers(0, 3, 500)])
    y = (X[:, 1] + random.random(500) > 1.2).astype(float)
    bag = learn(COLUMNS, X, y, seed=5)
    assert bag.signs == (1, 1, 0)
    assert bag.families == (1, 0, 2)
    assert bag.categorical == (2,)
    assert bag.seed == 5
    sizes = np.abs(bag.reasons(X)).mean(axis=0)
    assert sizes[0] == sizes[:3].max()
