from collections.abc import Callable

import numpy as np
import pytest

from remark_books import code_counts, walk
from ruqi.tape.code_changes import CODES_MAX, CodeCounts, arcsine_step, code_changes

CODES, BUCKETS = ["M0", "M1", "M2", "M3", "M4"], [0, 1, 2, 3, 4]
MONTHS = 24
# long-run shares 86.6, 6.2, 2.3, 1.5, 3.4 %
USUAL = np.array(
    [
        [0.94, 0.06, 0, 0, 0],
        [0.55, 0.15, 0.30, 0, 0],
        [0.25, 0.05, 0.15, 0.55, 0],
        [0.12, 0, 0.03, 0.15, 0.70],
        [0.30, 0, 0, 0, 0.70],
    ]
)
LONG_RUN = np.linalg.matrix_power(USUAL, 400)[0]


def generator(seed: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(seed))


def later(factor: float) -> np.ndarray:
    """The usual moves with `factor` times as many accounts falling late."""
    moves = USUAL.copy()
    moves[0] = [1 - 0.06 * factor, 0.06 * factor, 0, 0, 0]
    return moves


def season(month: int) -> np.ndarray:
    return later(1 + 0.3 * np.sin(2 * np.pi * month / 12))


def calm(kind: str, seed: int, count: int) -> np.ndarray:
    rng = generator(seed)
    first, moves, opened = LONG_RUN, lambda month: USUAL, None
    if kind == "seasonal":
        moves = season
    elif kind == "worsening":
        moves = lambda month: later(1 + month / MONTHS)  # noqa: E731
    elif kind == "growing":  # old accounts from the start, new ones every month
        opened = np.where(rng.random(count) < 0.2, 0, rng.integers(0, MONTHS, count))
    elif kind == "young":  # nothing older than the book itself
        opened = np.minimum(rng.integers(0, MONTHS, count), rng.integers(0, MONTHS, count))
        first = None
    elif kind == "one cohort":
        first = None
    elif kind == "drawn afresh":  # no memory at all: the widest sampling noise
        moves = lambda month: np.tile(LONG_RUN, (5, 1))  # noqa: E731
    return walk(rng, count, MONTHS, moves, opened, first)


@pytest.mark.parametrize(
    "kind",
    ["stationary", "seasonal", "worsening", "growing", "young", "one cohort", "drawn afresh"],
)
@pytest.mark.parametrize("count", [300, 2000])
def test_a_hundred_calm_books_of_two_years_and_five_codes_raise_one_remark_at_most(kind, count):
    fired = [
        change
        for seed in range(100)
        for change in code_changes(code_counts(calm(kind, seed, count), CODES, BUCKETS))
    ]
    assert len(fired) <= 1


def recoded(source: int, target: int, part: float, months: slice) -> Callable:
    """A share of the rows with code `source` carries `target` in `months`."""

    def change(states: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        changed = states.copy()
        block = changed[:, months]
        block[(block == source) & (rng.random(block.shape) < part)] = target
        return changed

    return change


@pytest.mark.parametrize(
    ("change", "month", "kinds"),
    [
        (recoded(0, 1, 0.10, slice(12, None)), 12, {"code_share"}),
        (recoded(0, 1, 0.10, slice(23, None)), 23, {"code_share"}),
        (recoded(0, 1, 0.10, slice(1, None)), 1, {"code_share"}),
        (recoded(1, 0, 1.00, slice(12, None)), 12, {"code_share", "code_vanishes"}),
        (recoded(1, 0, 1.00, slice(0, 12)), 12, {"code_share", "code_appears"}),
        (recoded(4, 3, 1.00, slice(0, 12)), 12, {"code_share", "code_appears"}),
    ],
)
def test_a_planted_change_is_found_in_its_month_and_only_there(change, month, kinds):
    for seed in range(10):
        states = change(calm("seasonal", seed, 2000), generator(seed + 1000))
        found = code_changes(code_counts(states, CODES, BUCKETS))
        assert {c.month for c in found} == {month}
        assert {c.kind for c in found} == kinds


def test_a_glitch_of_one_month_is_a_change_there_and_back():
    states = recoded(0, 1, 0.15, slice(12, 13))(calm("stationary", 0, 2000), generator(7))
    found = code_changes(code_counts(states, CODES, BUCKETS))
    assert {c.month for c in found} == {12, 13}


def test_the_counts_and_shares_before_and_after_stand_in_the_change():
    rows = {(0, "0"): 990, (0, "1"): 10, (1, "0"): 850, (1, "1"): 150}
    moves = {(1, "0", "0"): 850, (1, "0", "1"): 140, (1, "1", "1"): 10}
    counts = CodeCounts({**rows, (0, "2"): 5, (1, "2"): 5}, moves, {"0": 0, "1": 1, "2": 2})
    found = [(c.code, c.count_before, c.count) for c in code_changes(counts)]
    assert found == [("1", 10, 150), ("0", 990, 850)]
    assert code_changes(counts)[0].share == 150 / 1005


def test_newcomers_of_another_kind_are_growth_and_no_change_of_coding():
    states = calm("stationary", 3, 2000)
    newcomers = np.full((1500, MONTHS), -1)
    newcomers[:, 12:] = 4  # a portfolio of very late accounts is bought
    both = np.vstack([states, newcomers])
    assert not code_changes(code_counts(both, CODES, BUCKETS))


def test_newcomers_in_the_second_month_are_told_apart_without_any_usual_moves():
    both = np.vstack([calm("stationary", 3, 2000), np.full((1500, MONTHS), -1)])
    both[2000:, 1:] = 4
    assert not code_changes(code_counts(both, CODES, BUCKETS))


def test_first_dues_that_come_late_are_no_new_code():
    states = np.zeros((1000, 8), dtype=int)
    states[:60, 3:] = 1  # nothing was due before
    states[:30, 4:] = 2
    assert not code_changes(code_counts(states, CODES, BUCKETS))


def drawn(first_shares: list[float], count: int) -> np.ndarray:
    """A book drawn afresh each month, with `first_shares[month]` in state 0, the rest in 1."""
    rng = generator(2)
    return (rng.random((count, len(first_shares))) > np.array(first_shares)).astype(int)


def test_a_change_of_a_restless_code_is_nothing_new():
    restless = drawn([0.95, 0.95, 0.88] * 8, 2000)
    assert not code_changes(code_counts(restless, CODES, BUCKETS))
    once = drawn([0.95] * 12 + [0.88] * 12, 2000)
    assert {c.month for c in code_changes(code_counts(once, CODES, BUCKETS))} == {12}


def test_a_small_change_is_not_worth_a_word_however_many_accounts_show_it():
    assert not code_changes(code_counts(drawn([0.5] * 6 + [0.565] * 6, 30_000), CODES, BUCKETS))
    assert code_changes(code_counts(drawn([0.5] * 6 + [0.60] * 6, 30_000), CODES, BUCKETS))


def test_a_young_book_reaches_each_stage_for_the_first_time_in_silence():
    states = walk(generator(5), 30_000, 8, lambda month: USUAL)
    assert not code_changes(code_counts(states, CODES, BUCKETS))


def test_days_are_no_codes():
    states = recoded(1, 0, 1.0, slice(12, None))(calm("stationary", 1, 2000), generator(1))
    counts = code_counts(states, CODES, BUCKETS)
    assert code_changes(counts)
    for extra in range(CODES_MAX - len(CODES) + 1):
        counts.rows[0, f"{extra + 100}"] = 1
    assert not code_changes(counts)


def test_codes_that_lead_to_a_status_are_events_and_not_judged():
    states = recoded(0, 4, 0.1, slice(12, None))(calm("stationary", 1, 2000), generator(1))
    counts = code_counts(states, [*CODES[:4], "sold"], BUCKETS)
    del counts.buckets["sold"]
    assert "sold" not in {c.code for c in code_changes(counts)}


def test_the_arcsine_step_is_cohens_h_for_many_rows_and_sober_for_few():
    assert arcsine_step((5_000, 100_000), (10_000, 100_000)) == pytest.approx(0.1924, abs=2e-4)
    assert abs(arcsine_step((0, 20), (1, 20))) < 0.35  # Cohen's own h says 0.45


def test_an_empty_book_has_no_changes():
    assert code_changes(CodeCounts({}, {}, {})) == []
