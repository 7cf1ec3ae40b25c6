"""The accounts that the search may move: nearest first, with true regrets and changes."""

import numpy as np

from assignments import draw_book
from ruqi.treatment.assignment import Problem, certify, survey, uses
from ruqi.treatment.core import CORE, Found, core_of, moved


def test_options_are_all_other_ways_of_the_nearest_accounts() -> None:
    value = np.array([[0, 10, 12], [0, 100, 0], [0, 6, 0]])
    problem = Problem(value, [np.array([0, 1, 2])], np.array([2]))
    exact = certify(survey(problem), np.array([5.0]))
    core = core_of(survey(problem), exact, np.arange(3), exact.choice)
    one = 1 << exact.shift
    assert exact.choice.tolist() == [1, 1, 1]
    assert core.rows.tolist() == [2, 0, 1]  # a fifth of the price moves the third, 19 the second
    assert core.account.tolist() == [0, 1, 1, 2]
    assert core.action.tolist() == [0, 0, 2, 0]
    assert (core.regret // one).tolist() == [1, 5, 3, 95]
    assert core.change.tolist() == [[-1], [-1], [1], [-1]]
    assert core.room.tolist() == [2 - 3]


def test_accounts_outside_stay_as_planned() -> None:
    problem = draw_book(2000)
    book = survey(problem)
    exact = certify(book, np.array([8000.0, 700.0, 6000.0, 50_000.0, 0.0]))
    plan = np.zeros(2000, np.int8)
    core = core_of(book, exact, np.arange(2000), plan)
    assert len(core.rows) == CORE
    inside = uses(book, core.rows, exact.choice[core.rows]).sum(axis=1)
    assert core.room.tolist() == (problem.limit - inside).tolist()
    assert (np.diff(core.account) >= 0).all() and (core.regret >= 0).all()


def test_a_plan_is_moved_only_where_the_search_says() -> None:
    problem = draw_book(2000)
    book = survey(problem)
    exact = certify(book, np.array([8000.0, 700.0, 6000.0, 50_000.0, 0.0]))
    core = core_of(book, exact, np.arange(2000), exact.choice)
    made = moved(exact.choice, exact, core, Found((0, 5), 0, proven=False))
    changed = np.flatnonzero(made != exact.choice)
    assert set(changed) == set(core.rows[core.account[[0, 5]]])
    for option in (0, 5):
        assert made[core.rows[core.account[option]]] == core.action[option]
