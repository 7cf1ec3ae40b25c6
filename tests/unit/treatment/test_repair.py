"""Back within the limits, and every move that still gains."""

import numpy as np
import pytest

from assignments import draw, draw_book
from ruqi.treatment.assignment import Problem, certify, sums, survey
from ruqi.treatment.repair import filled, released


def test_those_worth_least_per_unit_give_way() -> None:
    problem = Problem(np.array([[0, 9], [0, 20], [0, 8]]), [np.array([[0, 3], [0, 10], [0, 1]])],
                      np.array([10]))  # fmt: skip
    book = survey(problem)
    exact = certify(book, np.zeros(1))
    assert exact.choice.tolist() == [1, 1, 1]  # 14 minutes at 3, 2 and 8 a minute
    assert released(book, exact).tolist() == [1, 0, 1]


def test_filling_takes_what_gains_and_fits() -> None:
    problem = Problem(np.array([[0, 9], [0, 20], [0, 8]]), [np.array([[0, 3], [0, 10], [0, 1]])],
                      np.array([10]))  # fmt: skip
    book = survey(problem)
    exact = certify(book, np.full(1, 30.0))
    plan = filled(book, exact, exact.choice)
    value, used = sums(book, 0, plan)
    assert (value, used.tolist()) == (17, [4])


@pytest.mark.parametrize("seed", range(40))
def test_whatever_the_prices_the_result_fits_and_nothing_is_left_to_gain(seed: int) -> None:
    problem = draw(seed)
    book = survey(problem)
    random = np.random.Generator(np.random.PCG64(seed))
    exact = certify(book, random.random(len(problem.limit)) * 5)
    plan = released(book, exact)
    value, used = sums(book, 0, plan)
    assert (used <= problem.limit).all()
    full = filled(book, exact, plan)
    better, used = sums(book, 0, full)
    assert (used <= problem.limit).all()
    assert better >= value
    assert np.array_equal(filled(book, exact, full), full)


def test_a_large_book_is_filled_in_a_few_rounds() -> None:
    problem = draw_book(5000)
    book = survey(problem)
    exact = certify(book, np.array([9000.0, 800.0, 6000.0, 60_000.0, 0.0]))
    value, used = sums(book, 0, filled(book, exact, released(book, exact)))
    assert (used <= problem.limit).all()
    assert value > 0.95 * (exact.value + exact.loss(problem.limit) / 2**exact.shift)
