"""The search near given prices: least loss, proof, and when it proves nothing."""

from dataclasses import replace

import numpy as np
import pytest

from assignments import draw_core, least_loss
from ruqi.treatment.core import Core
from ruqi.treatment.prices import HIGH
from ruqi.treatment.search import search


@pytest.mark.parametrize("seed", range(80))
def test_small_cores_are_looked_through_and_proven(seed: int) -> None:
    core = draw_core(seed, limits=seed % 3 + 1)
    found, expected = search(core, HIGH, 0), least_loss(core)
    if expected is None:
        assert found is None
        return
    assert found is not None
    assert found.loss == expected
    assert found.proven or found.loss == 0
    moves = list(found.options)
    spare = core.room - core.change[moves].sum(axis=0, dtype=np.int64)
    assert (spare >= 0).all()
    assert found.loss == core.regret[moves].sum() + (spare * core.prices).sum()


def test_proof_ends_where_accounts_outside_the_core_might_do_better() -> None:
    core = replace(draw_core(1), prices=np.array([5, 5]), room=np.array([1, 3]))
    found = search(core, HIGH, 0)
    assert found is not None and found.proven and found.loss > 0
    outside = search(core, found.loss - 1, 0)
    assert outside is not None and outside.loss == found.loss and not outside.proven


def test_a_limit_without_a_price_still_binds() -> None:
    # Without the second limit the first option is best; it overruns it.
    core = Core(np.arange(2), np.array([0, 1]), np.array([1, 1]), np.array([3, 7]),
                np.array([[1, 9], [1, 1]]), np.array([50, 0]), np.array([1, 2]))  # fmt: skip
    found = search(core, HIGH, 0)
    assert found is not None
    assert (found.options, found.loss) == ((1,), 7)
    free = search(replace(core, room=np.array([1, 9])), HIGH, 0)
    assert free is not None and free.options == (0,)


def test_many_accounts_are_a_beam_that_still_keeps_the_limits() -> None:
    random = np.random.Generator(np.random.PCG64(2))
    accounts, limits = 300, 4
    core = Core(
        rows=np.arange(accounts),
        account=np.arange(accounts),
        action=np.ones(accounts, np.intp),
        regret=np.sort(random.integers(1, 10_000, accounts)),
        change=random.integers(-50_000, 50_000, (accounts, limits)),
        prices=np.full(limits, 3),
        room=np.full(limits, -40_000),
    )
    found = search(core, HIGH, 0)
    assert found is not None and not found.proven
    assert (core.change[list(found.options)].sum(axis=0) <= core.room).all()
