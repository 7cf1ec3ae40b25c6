"""transitionMatrix 0.5.1 as an oracle: its cohort estimator, made to run without statsmodels.

Only its confidence intervals would need statsmodels; they are not looked at here.
"""

import sys
import types
import warnings
from typing import Any

import numpy as np
import pandas as pd


def cohort_estimate(panel: pd.DataFrame, states: int) -> np.ndarray:
    """The peer's average matrix of a panel with ID, Time (0, 1, ...) and State (0, 1, ...).

    The peer counts the very last row twice; a last entity without a step takes that upon itself.
    """
    peer, estimator = _load()
    times = int(panel["Time"].max()) + 1
    ballast = pd.DataFrame({"ID": [panel["ID"].max() + 1], "Time": [times], "State": [0]})
    data = pd.concat([panel.sort_values(["ID", "Time"]), ballast], ignore_index=True)
    space = peer.StateSpace([(str(k), str(k)) for k in range(states)])
    made = estimator.CohortEstimator(
        states=space, cohort_bounds=list(range(times)), ci={"method": "goodman", "alpha": 0.05}
    )
    made.fit(data, labels={"ID": "ID", "Time": "Time", "State": "State"})
    return np.asarray(made.average_matrix)


def _load() -> tuple[Any, Any]:
    if "statsmodels" not in sys.modules:
        for name in ("statsmodels", "statsmodels.stats", "statsmodels.stats.proportion"):
            sys.modules[name] = types.ModuleType(name)
        sys.modules["statsmodels.stats"].proportion = sys.modules["statsmodels.stats.proportion"]  # type: ignore[attr-defined]
        sys.modules["statsmodels.stats.proportion"].multinomial_proportions_confint = (  # type: ignore[attr-defined]
            lambda counts, **_: np.zeros((len(counts), 2))
        )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import transitionMatrix
        from transitionMatrix.estimators import cohort_estimator
    return transitionMatrix, cohort_estimator
