"""A bag of small monotone boosted models: calibrated chance, its uncertainty, reasons by family.

Each member learns without one of `members` groups of accounts (delete-a-group jackknife), so the
rows it did not see calibrate the bag and the members' spread measures what another sample of
accounts would have changed. Kott (1998), The delete-a-group jackknife.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from ruqi.behaviour.calibration import expit, line
from ruqi.behaviour.panel import Floats
from ruqi.behaviour.trees import Table, scores, shares, tables
from ruqi.primitives.errors import ensure

# Chosen by cross-validation inside the training part of the shipped real book; the optimum is
# flat (docs/concepts/scores.md). Eight leaves keep a tree's table small.
SETTINGS: dict[str, Any] = {
    "objective": "binary",
    "learning_rate": 0.1,
    "num_leaves": 8,
    "max_depth": 4,
    "min_data_in_leaf": 50,
    "lambda_l2": 20.0,
    "max_bin": 63,
    "monotone_constraints_method": "basic",  # reasons most stable across seeds
    "num_threads": 1,  # more threads spin on shared cores and gain nothing at this size
    "deterministic": True,
    "force_row_wise": True,
    "verbosity": -1,
}
# 97.5 % points of Student's t by degrees of freedom, for the jackknife's few groups.
_T975 = {2: 4.302653, 3: 3.182446, 4: 2.776445, 5: 2.570582, 6: 2.446912, 7: 2.364624}


@dataclass
class BoostedBag:
    """`fit(X, y)` then `predict(X)`; X has shape (rows, columns) with NaN where unknown.

    `signs` and `families` (indices below `family_count`) have one entry a column, `categorical`
    the columns that hold category codes. Learned attributes end in `_`.
    """

    signs: tuple[int, ...]
    families: tuple[int, ...]
    family_count: int
    categorical: tuple[int, ...] = ()
    seed: int = 0
    members: int = 8
    trees: int = 60

    members_: list[list[Table]] = field(default_factory=list, init=False, repr=False)
    intercept_: float = field(default=0.0, init=False, repr=False)
    slope_: float = field(default=1.0, init=False, repr=False)
    unseen_: Floats = field(default_factory=lambda: np.empty(0), init=False, repr=False)

    def fit(
        self, X: Floats, y: Floats, accounts: npt.NDArray[np.int64] | None = None
    ) -> "BoostedBag":
        """Learn from rows `X` and events `y` (0 or 1); `accounts` numbers each row's account.

        Rows of one account share a group, so that none is calibrated by a model that saw it.
        `unseen_` then holds each training row's calibrated probability by the member blind to it.
        """
        ensure(X.shape[1] == len(self.signs) == len(self.families), "one sign, family a column")
        ensure(0 < y.sum() < len(y), "learning needs both classes")
        group = self._groups(y, accounts)
        self.members_ = []
        raw = np.empty(len(y))
        for member, trees in enumerate(self._learn(X, y, group)):
            blind = group == member
            self.members_.append(trees)
            raw[blind] = scores([trees], X[blind])[0]
        fitted = line(y, raw)
        # A negative slope means that nothing was learned: then every account gets the mean.
        self.slope_ = max(fitted.slope, 0.0)
        mean = float(y.mean())
        self.intercept_ = fitted.intercept if self.slope_ > 0 else float(np.log(mean / (1 - mean)))
        self.unseen_ = expit(self.intercept_ + self.slope_ * raw)
        return self

    def predict(self, X: Floats) -> Floats:
        """Calibrated probability of the event, shape (rows,)."""
        mean = scores(self.members_, X).mean(axis=0)
        return expit(self.intercept_ + self.slope_ * mean)

    def reasons(self, X: Floats) -> Floats:
        """Calibrated log-odds by family and, last, the base: shape (rows, family_count + 1)."""
        return self._calibrated(shares(self.members_, X).mean(axis=0))

    def answer(self, X: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        """Probability, low and high (each (rows,)), and `reasons`, in one pass over the trees.

        Low and high bound the *probability itself* at 95 % under another sample of accounts (model
        uncertainty); they say nothing about how surely the event follows.
        """
        made = shares(self.members_, X)
        each = made.sum(axis=2)
        k = self.members
        spread = each - each.mean(axis=0)
        error = np.sqrt((k - 1) / k * (spread * spread).sum(axis=0))
        half = _T975[k - 1] * self.slope_ * error
        reasons = self._calibrated(made.mean(axis=0))
        centre = reasons.sum(axis=1)
        return expit(centre), expit(centre - half), expit(centre + half), reasons

    def _calibrated(self, reasons: Floats) -> Floats:
        scaled = reasons * self.slope_
        scaled[:, -1] += self.intercept_
        return scaled

    def _groups(self, y: Floats, accounts: npt.NDArray[np.int64] | None) -> npt.NDArray[np.int64]:
        """A group below `members` for each row, dealt out by account and stratified by event."""
        if accounts is None:
            accounts = np.arange(len(y))
        _, row_account = np.unique(accounts, return_inverse=True)
        event = np.zeros(int(row_account.max()) + 1, dtype=np.bool_)
        np.logical_or.at(event, row_account, y > 0)
        random = np.random.Generator(np.random.PCG64(self.seed))
        shuffled = random.permutation(len(event))
        dealt = shuffled[np.argsort(event[shuffled], kind="stable")]
        group = np.empty(len(event), dtype=np.int64)
        group[dealt] = np.arange(len(event)) % self.members
        return group[row_account]

    def _learn(self, X: Floats, y: Floats, group: npt.NDArray[np.int64]) -> Iterator[list[Table]]:
        """One model a group, learned without it; the grid of values is shared, labels are not."""
        import lightgbm

        settings = {**SETTINGS, "monotone_constraints": list(self.signs), "seed": self.seed}
        grid = lightgbm.Dataset(
            X, y, categorical_feature=list(self.categorical), params=settings, free_raw_data=False
        ).construct()
        for member in range(self.members):
            seen = np.flatnonzero(group != member)
            model = lightgbm.train(settings, grid.subset(seen.tolist()), self.trees)
            yield tables(model.dump_model(), self.families, self.family_count)
