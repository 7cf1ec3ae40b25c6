"""Twenty seeded kills while books are brought and run: nothing half, nothing lost, up again."""

import pytest

from desk_server import short_folder
from kills import PHASES, VICTIMS, Struck, blow

SEEDS = range(1, 21)


@pytest.mark.parametrize("seeds", [SEEDS[:10], SEEDS[10:]], ids=["first", "second"])
def test_no_blow_leaves_half_a_run_or_loses_what_was_confirmed(seeds):
    with short_folder() as folder:
        desk = Struck(folder)
        try:
            for seed in seeds:
                desk.strike(seed)
            desk.finish()
        finally:
            desk.leave()


def test_the_seeds_strike_everybody_in_every_phase():
    blows = [blow(seed) for seed in SEEDS]
    assert {one.victim for one in blows} == set(VICTIMS)
    assert {one.phase for one in blows} == set(PHASES)
    assert blow(7) == blow(7)
    assert len({(blow(seed).victim, blow(seed).phase) for seed in range(35)}) == 35
