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


SEASONING = np.array(
    [[0.95, 0.05, 0, 0], [0.45, 0.15, 0.40, 0], [0.20, 0.10, 0.20, 0.50], [0.05, 0, 0, 0.95]]
)
DAYS = ["0", "30", "60", "90"]


@pytest.mark.parametrize("first", [[0.9, 0.1, 0, 0], [0.75, 0.25, 0, 0], [0.9, 0.09, 0.01, 0]])
@pytest.mark.parametrize("count", [500, 1000, 5000])
@pytest.mark.parametrize("months", [2, 3, 9])
def test_a_book_that_seasons_by_constant_chances_has_not_changed_its_coding(first, count, months):
    for seed in range(5):
        states = walk(generator(seed), count, months, lambda m: SEASONING, None, np.array(first))
        assert not code_changes(code_counts(states, DAYS, BUCKETS[:4]))


@pytest.mark.parametrize("months", [2, 3, 9])
@pytest.mark.parametrize(
    "change",
    [
        recoded(0, 1, 0.10, slice(1, None)),  # some not late are now late
        recoded(1, 0, 1.00, slice(1, None)),  # merged into the better code
        recoded(1, 2, 1.00, slice(1, None)),  # merged into the worse code
    ],
)
def test_a_seasoned_book_is_told_of_a_change_in_its_second_month(change, months):
    for seed in range(5):
        states = change(calm("stationary", seed, 2000)[:, :months], generator(seed + 1000))
        found = code_changes(code_counts(states, CODES, BUCKETS))
        assert {c.month for c in found} == {1}


@pytest.mark.parametrize("months", [2, 3, 9])
@pytest.mark.parametrize(
    ("change", "codes"),
    [
        (recoded(1, 2, 1.0, slice(1, None)), {"M1", "M2"}),  # from the bucket next to it
        (recoded(0, 2, 0.1, slice(1, None)), {"M0", "M2"}),  # from another
    ],
)
def test_a_recoding_into_a_rare_deep_code_is_no_young_book(change, codes, months):
    moves = np.array([[0.995, 0.005, 0], [0.05, 0.93, 0.02], [0.5, 0, 0.5]])
    first = np.linalg.matrix_power(moves, 4000)[0]
    states = walk(generator(6), 3000, months, lambda month: moves, None, first)
    found = code_changes(code_counts(change(states, generator(7)), CODES[:3], BUCKETS[:3]))
    assert {c.code for c in found if c.month == 1} == codes


def test_a_young_books_chances_go_on_and_a_recoding_of_some_accounts_does_not():
    moves = np.array([[0.995, 0.005, 0], [0.05, 0.93, 0.02], [0.5, 0, 0.5]])
    first = np.linalg.matrix_power(moves, 4000)[0]
    states = walk(generator(6), 450, 5, lambda month: moves, None, first)
    some = np.arange(450) % 10 > 0
    states[some, 1:] = np.where(states[some, 1:] == 1, 2, states[some, 1:])
    found = code_changes(code_counts(states, CODES[:3], BUCKETS[:3]))
    assert {c.code for c in found if c.month == 1} == {"M1", "M2"}


@pytest.mark.parametrize("month", [3, 5, 8])
def test_a_young_book_that_changes_its_coding_later_is_told_of_that_month_alone(month):
    for seed in range(5):
        first = np.array([0.9, 0.1, 0, 0])
        states = walk(generator(seed), 2000, 9, lambda month: SEASONING, None, first)
        states = recoded(0, 1, 0.12, slice(month, None))(states, generator(seed + 1000))
        assert {c.month for c in code_changes(code_counts(states, DAYS, BUCKETS[:4]))} == {month}


def test_a_young_book_of_two_months_is_still_told_where_not_late_turns_late():
    first = np.array([0.9, 0.1, 0, 0])
    states = walk(generator(8), 2000, 2, lambda month: SEASONING, None, first)
    states = recoded(0, 1, 0.15, slice(1, 2))(states, generator(9))
    found = code_changes(code_counts(states, DAYS, BUCKETS[:4]))
    assert {c.code for c in found} == {"30", "0"}


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
