"""The problem surveyed, and exact sums at fixed-point prices."""

import numpy as np
import pytest

from assignments import draw, draw_book
from ruqi.treatment.assignment import (
    NEVER,
    Problem,
    certify,
    eligible,
    narrowed,
    reachable,
    reduced_profit,
    sums,
    survey,
    uses,
    view_of,
)
from ruqi.treatment.prices import HIGH, evaluate


def made() -> Problem:
    value = np.array([[0, 5, 8], [0, 4, 7], [0, NEVER, 9]])
    return Problem(value, [np.array([0, 2, 2]), np.array([[0, 1, 4], [0, 1, 1], [0, 1, 3]])],
                   np.array([9, 3]))  # fmt: skip


def test_a_survey_keeps_equal_costs_apart_from_those_that_vary() -> None:
    book = survey(made())
    assert book.flat.tolist() == [[0, 2, 2], [0, 1, 0]]
    assert book.varying == ((1, 2),)
    assert book.tall == {(1, 2)}
    assert book.dead.tolist() == [True, False, False]


def test_an_action_must_be_worth_something_and_fit_each_limit_alone() -> None:
    assert eligible(survey(made()), slice(None)).tolist() == [
        [False, True, False],
        [False, True, True],
        [False, False, True],
    ]
    never = Problem(made().value, [np.array([0, 2, 10]), *made().cost[1:]], made().limit)
    assert not eligible(survey(never), slice(None))[:, 2].any()


def test_a_regret_is_what_the_second_best_action_falls_short_by() -> None:
    exact = certify(survey(made()), np.array([1.0, 0.0]))
    assert exact.choice.tolist() == [1, 2, 2]
    assert (exact.regret >> exact.shift).tolist() == [
        3,
        3,
        7,
    ]  # second: wait, the first action, wait
    assert (exact.value, exact.used.tolist()) == (21, [6, 5])
    assert exact.loss(made().limit) == (9 - 6) << exact.shift


def test_a_limit_is_floored_to_what_costs_can_use() -> None:
    problem = Problem(np.zeros((2, 3), np.int64), [np.array([0, 6, 9]), np.array([0, 0, 0])],
                      np.array([20, 7]))  # fmt: skip
    assert reachable(problem).tolist() == [18, 7]
    assert reachable(made()).tolist() == [8, 3]


def test_uses_and_sums_are_those_of_the_choice() -> None:
    book = survey(made())
    choice = np.array([1, 0, 2], np.int8)
    assert uses(book, np.arange(3), choice).tolist() == [[2, 0, 2], [1, 0, 3]]
    value, used = sums(book, 0, choice)
    assert (value, used.tolist()) == (14, [4, 4])
    assert sums(book, 1, choice[1:])[0] == 9


def test_reduced_profit_is_exact_and_never_for_what_is_not_eligible() -> None:
    reduced = reduced_profit(survey(made()), slice(None), np.array([3, 1]), 2)
    assert reduced.tolist() == [[5 * 4 - 7, 4 * 4 - 7, -HIGH], [-HIGH, 7 * 4 - 7, 9 * 4 - 9]]


@pytest.mark.parametrize("seed", range(30))
def test_the_bound_holds_at_any_prices_and_equals_the_dual(seed: int) -> None:
    problem = draw(seed)
    book = survey(problem)
    prices = np.random.Generator(np.random.PCG64(seed)).random(len(problem.limit)) * 40
    exact = certify(book, prices)
    bound = exact.value + exact.loss(problem.limit) / 2**exact.shift
    view = view_of(book, slice(None), problem.limit.astype(np.float64))
    fixed = exact.prices / 2**exact.shift
    assert bound == pytest.approx(evaluate(view, fixed, np.zeros(len(fixed)))[0], rel=1e-9)
    assert (exact.regret >= 0).all()


def test_the_book_narrows_in_chunks_as_it_does_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = draw_book(2000)
    book = survey(problem)
    low, high = np.full(5, 10.0), np.array([9000.0, 900, 7000, 60_000, 20])
    whole = narrowed(book, low, high)
    monkeypatch.setattr("ruqi.treatment.assignment.CHUNK", 300)
    parts = narrowed(book, low, high)
    assert parts.rows.tolist() == whole.rows.tolist()
    assert np.array_equal(parts.value, whole.value)
    assert parts.room.tolist() == whole.room.tolist()
