"""From described columns to a fitted bag: the one place where features meet the learner."""

import numpy as np
import numpy.typing as npt

from ruqi.behaviour.boosting import BoostedBag
from ruqi.behaviour.features import FAMILIES, Feature
from ruqi.behaviour.panel import Floats


def families_of(columns: tuple[Feature, ...]) -> tuple[str, ...]:
    """The families that have a column, in the order of `FAMILIES`."""
    present = {column.family for column in columns}
    return tuple(family for family in FAMILIES if family in present)


def learn(
    columns: tuple[Feature, ...],
    X: Floats,
    y: Floats,
    seed: int,
    accounts: npt.NDArray[np.int64] | None = None,
) -> BoostedBag:
    """A bag over these columns, fitted on rows `X` (NaN where unknown) and events `y`."""
    families = families_of(columns)
    bag = BoostedBag(
        signs=tuple(column.sign for column in columns),
        families=tuple(families.index(column.family) for column in columns),
        family_count=len(families),
        categorical=tuple(place for place, c in enumerate(columns) if c.categorical),
        seed=seed,
    )
    return bag.fit(X, y, accounts)
