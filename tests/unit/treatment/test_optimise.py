"""Choice within shared limits: by hand, against every plan, and what a limit is worth."""

from dataclasses import replace

import numpy as np
import pytest

from assignments import assert_honest, best_by_looking, draw, draw_book
from ruqi.primitives.errors import InvariantBroken
from ruqi.treatment.optimise import NEVER, Problem, marginals, resolve, solve


def problem(value: list[list[int]], cost: list, limit: list[int]) -> Problem:
    planes = [np.array(plane, np.int64) for plane in cost]
    return Problem(np.array(value, np.int64), planes, np.array(limit, np.int64))


def test_the_most_valuable_pair_by_hand() -> None:
    # 10 minutes: one long call (8 for 9) or two short ones (5 + 5 for 6 + 6).
    solution = solve(problem([[0, 9], [0, 6], [0, 6]], [[[0, 8], [0, 5], [0, 5]]], [10]))
    assert solution.choice.tolist() == [0, 1, 1]
    assert (solution.objective, solution.bound, solution.gap) == (12, 12, 0.0)
    assert solution.used.tolist() == [10]


def test_a_second_limit_changes_who_gets_what() -> None:
    # Actions: wait, text (1 text), call (1 call). One of each to give.
    value = [[0, 5, 9], [0, 4, 6], [0, 1, 7]]
    solution = solve(problem(value, [[0, 1, 0], [0, 0, 1]], [1, 1]))
    assert solution.choice.tolist() == [2, 1, 0]  # 9 + 4 beats 5 + 7 and 9 + 1
    assert solution.objective == 13


def test_equal_accounts_are_served_in_their_order_and_gentler_actions_first() -> None:
    assert solve(problem([[0, 3, 3]] * 5, [[0, 1, 1]], [2])).choice.tolist() == [1, 1, 0, 0, 0]
    many = solve(problem([[0, 50, 100]] * 1000, [[0, 0, 5]], [53]))
    assert np.flatnonzero(many.choice == 2).tolist() == list(range(10))
    assert (many.choice[10:] == 1).all()


def test_without_limits_each_takes_its_best_and_never_a_loss() -> None:
    solution = solve(problem([[0, 5, 7], [0, -1, NEVER], [0, 2, 2]], [], []))
    assert solution.choice.tolist() == [2, 0, 1]
    assert solution.gap == 0


@pytest.mark.parametrize(
    ("value", "limit", "objective"),
    [
        ([[0, NEVER], [0, NEVER]], [5], 0),  # nobody eligible
        ([[0, 4], [0, 3]], [0], 0),  # nothing to give
        ([[0, 4], [0, 3]], [2], 0),  # too little for anyone
        ([[0, 4], [0, 3]], [3], 4),
        ([[0, 4], [0, 3]], [600], 7),
    ],
)
def test_nothing_to_do_and_everything_to_do(
    value: list[list[int]], limit: list[int], objective: int
) -> None:
    asked = problem(value, [[0, 3]], limit)
    solution = solve(asked)
    assert_honest(asked, solution)
    assert solution.objective == solution.bound == objective


def test_a_book_without_accounts() -> None:
    solution = solve(Problem(np.zeros((0, 3), np.int64), [np.array([0, 1, 2])], np.array([4])))
    assert solution.choice.shape == (0,)
    assert (solution.objective, solution.bound, solution.gap) == (0, 0, 0.0)


@pytest.mark.parametrize("seed", range(40))
def test_small_books_get_the_best_of_all_plans(seed: int) -> None:
    asked = draw(seed)
    solution = solve(asked)
    assert_honest(asked, solution)
    assert solution.objective == best_by_looking(asked)


def test_a_hundred_thousand_equal_accounts() -> None:
    value = np.tile(np.array([0, 50, 100]), (100_000, 1))
    asked = Problem(value, [np.array([0, 0, 5]), np.array([0, 1, 0])], np.array([50_003, 7_001]))
    solution = solve(asked)
    assert_honest(asked, solution)
    assert solution.objective == 10_000 * 100 + 7_001 * 50


@pytest.mark.parametrize(("accounts", "gap"), [(10_000, 5e-4), (100_000, 1e-4)])
def test_large_books_are_close_to_their_bound(accounts: int, gap: float) -> None:
    asked = draw_book(accounts)
    solution = solve(asked)
    assert_honest(asked, solution)
    assert 0 <= solution.gap <= gap
    assert (solution.used / asked.limit)[:4].min() > 0.999  # the limits bind


def test_the_sample_and_the_start_change_the_way_but_not_the_bound() -> None:
    asked = draw_book(20_000)
    first = solve(asked)
    for other in (solve(asked, seed=5), solve(asked, start_prices=first.prices)):
        assert_honest(asked, other)
        assert abs(other.bound - first.bound) <= 1e-6 * first.bound


def test_prices_are_those_of_the_marginal_account() -> None:
    # Five calls of one minute, three minutes: a fourth is worth what the fourth account brings.
    asked = problem([[0, 10], [0, 8], [0, 6], [0, 5], [0, 1]], [[0, 1]], [3])
    best, (minute,) = marginals(asked, solve(asked))
    assert (best.objective, minute.plus, minute.minus) == (24, 29, 18)
    assert 5 <= minute.price <= 6


def test_a_slack_limit_is_worth_nothing_and_an_empty_one_what_its_first_unit_brings() -> None:
    asked = problem([[0, 10, 0], [0, 8, 7]], [[0, 1, 0], [0, 0, 1]], [9, 0])
    _, (slack, empty) = marginals(asked, solve(asked))
    assert (slack.plus, slack.minus, slack.price) == (18, 18, 0.0)
    assert (empty.plus, empty.minus, empty.price) == (18, None, 0.0)
    tight = problem([[0, 10, 0], [0, 8, 9]], [[0, 1, 0], [0, 0, 1]], [1, 0])
    _, (_, offer) = marginals(tight, solve(tight))
    assert (offer.plus, offer.minus, offer.price) == (19, None, 9.0)


def test_a_step_of_a_limit_may_be_wider_than_its_unit() -> None:
    asked = problem([[0, 10], [0, 8], [0, 6]], [[0, 60]], [120])
    _, (call,) = marginals(asked, solve(asked), steps=[60])
    assert (call.plus, call.minus) == (24, 10)
    assert 6 <= call.price <= 8


@pytest.mark.parametrize("seed", range(3))
def test_steps_up_never_lose_and_steps_down_never_gain(seed: int) -> None:
    asked = draw_book(1_500, seed)
    best, found = marginals(asked, solve(asked))
    assert_honest(asked, best)
    for k, limit in enumerate(found):
        assert limit.minus is not None
        assert limit.minus <= best.objective <= limit.plus
        down, up = best.objective - limit.minus, limit.plus - best.objective
        assert min(down, up) <= limit.price <= max(down, up) or best.used[k] < asked.limit[k]
        if best.used[k] < asked.limit[k]:
            assert (limit.minus, limit.price) == (best.objective, 0.0)


def test_a_larger_limit_keeps_the_plan_that_it_had() -> None:
    asked = draw_book(1_500, 3)
    solution = solve(asked)
    for k in range(5):
        assert resolve(asked, solution, k, 1).objective >= solution.objective
        assert resolve(asked, solution, k, -1).used[k] <= asked.limit[k] - 1
    better = replace(solution, objective=solution.bound * 2)  # a plan that no search would find
    full = int(np.flatnonzero(solution.used == asked.limit)[0])
    assert resolve(asked, better, full, 1).choice is better.choice
    assert resolve(asked, better, full, -1).choice is not better.choice


@pytest.mark.parametrize(
    ("value", "cost", "limit"),
    [
        ([[1, 2]], [[0, 1]], [3]),  # waiting is worth something
        ([[0, 2]], [[1, 1]], [3]),  # waiting costs something
        ([[0, 2]], [[0, -1]], [3]),
        ([[0, 2]], [[0, 1]], [-3]),
        ([[0, 2]], [], [3]),
        ([[0, 1 << 61]], [[0, 1]], [3]),
    ],
)
def test_what_breaks_the_problems_promises_is_a_bug(value: list, cost: list, limit: list) -> None:
    with pytest.raises(InvariantBroken):
        solve(problem(value, cost, limit))
