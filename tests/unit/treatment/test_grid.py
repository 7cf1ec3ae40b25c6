"""The table of small changes, against looking through every combination of moves."""

import numpy as np
import pytest

from assignments import draw_core, least_loss
from ruqi.treatment.core import Core
from ruqi.treatment.grid import CELLS, tabulate
from ruqi.treatment.prices import HIGH


@pytest.mark.parametrize("seed", range(60))
def test_the_table_meets_the_cheapest_moves(seed: int) -> None:
    core = draw_core(seed)
    found = tabulate(core, HIGH, np.zeros(2, bool))
    expected = least_loss(core)
    if expected is None:
        assert found is None
        return
    assert found is not None and found.loss >= expected
    moves = list(found.options)
    assert len({int(core.account[option]) for option in moves}) == len(moves)
    spare = core.room - core.change[moves].sum(axis=0, dtype=np.int64)
    assert (spare >= 0).all()
    assert found.loss == core.regret[moves].sum() + (spare * core.prices).sum()


def test_it_nearly_always_is_the_cheapest() -> None:
    cores = [draw_core(seed) for seed in range(200)]
    pairs = [(tabulate(core, HIGH, np.zeros(2, bool)), least_loss(core)) for core in cores]
    met = [found.loss == expected for found, expected in pairs if found and expected is not None]
    assert sum(met) >= 0.97 * len(met)


def test_a_limit_that_is_not_watched_may_be_overrun() -> None:
    core = Core(np.arange(1), np.array([0]), np.array([1]), np.array([3]), np.array([[1, 9]]),
                np.array([50, 0]), np.array([1, 2]))  # fmt: skip
    assert tabulate(core, HIGH, np.array([False, True])).options == (0,)
    watched = tabulate(core, HIGH, np.array([False, False]))
    assert watched is not None and watched.options == ()


def test_wide_costs_have_no_table() -> None:
    core = draw_core(3)
    wide = Core(core.rows, core.account, core.action, core.regret, core.change * CELLS,
                core.prices, core.room)  # fmt: skip
    assert tabulate(wide, HIGH, np.zeros(2, bool)) is None
