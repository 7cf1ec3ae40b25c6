"""The dual: cuts, boxes and settled accounts, against direct sums and a general LP solver."""

import numpy as np
import pytest
from scipy.optimize import linprog

from assignments import draw_book
from ruqi.treatment.assignment import survey, view_of
from ruqi.treatment.prices import (
    Model,
    View,
    descend,
    evaluate,
    first_best,
    lone_prices,
    minimise,
    narrow,
)


def view(accounts: int = 500, seed: int = 1) -> View:
    problem = draw_book(accounts, seed)
    return view_of(survey(problem), slice(None), problem.limit.astype(np.float64))


def dual(given: View, prices: np.ndarray) -> tuple[float, np.ndarray]:
    """D and use, account by account."""
    total, use = float(prices @ given.room), np.zeros(len(prices))
    for i in range(given.size):
        cost = given.flat.copy()
        for k, a, each in given.varying:
            cost[k, a] = each[i]
        reduced = np.append(0.0, given.value[:, i] - prices @ cost)
        best = int(reduced.argmax())
        total += reduced[best]
        use += cost[:, best - 1] if best else 0
    return total, use


def test_one_pass_sums_what_every_account_chooses() -> None:
    given = view()
    prices = np.array([8000.0, 700.0, 6000.0, 50_000.0, 0.5])
    height, slope = evaluate(given, prices, np.zeros(5))
    total, use = dual(given, prices)
    assert height == pytest.approx(total, rel=1e-12)
    assert slope == pytest.approx(given.room - use)


def test_ties_go_to_the_first_action_and_nothing_to_waiting() -> None:
    reduced = np.array([[3.0, 0.0, -1.0], [3.0, 2.0, -2.0]])
    chosen = first_best(reduced, reduced.max(axis=0, initial=0.0))
    assert chosen.tolist() == [[True, False, False], [False, True, False]]


def test_narrowing_settles_only_accounts_that_no_price_in_the_box_moves() -> None:
    given = view()
    centre = np.array([8000.0, 700.0, 6000.0, 50_000.0, 0.5])
    low, high = centre * 0.9, centre * 1.1
    narrowed = narrow(given, low, high)
    assert 0 < narrowed.size < given.size / 2
    random = np.random.Generator(np.random.PCG64(4))
    whole0, _ = evaluate(given, centre, centre)
    part0, _ = evaluate(narrowed, centre, centre)
    for _ in range(20):
        prices = low + (high - low) * random.random(5)
        whole, slope = evaluate(given, prices, centre)
        part, slope_part = evaluate(narrowed, prices, centre)
        assert slope_part == pytest.approx(slope)
        assert part - part0 == pytest.approx(whole - whole0, rel=1e-9, abs=1e-3)


@pytest.mark.parametrize("seed", range(20))
def test_the_model_is_lowest_where_an_lp_solver_says(seed: int) -> None:
    random = np.random.Generator(np.random.PCG64(seed))
    limits = int(random.integers(1, 6))
    low, high = np.zeros(limits), np.ones(limits)
    model = Model(low, high)
    cuts = []
    for _ in range(12):
        at, slope, height = random.random(limits), random.normal(size=limits), random.normal()
        model.add(height, slope, at)
        cuts.append((height - slope @ at, slope))
        found, lowest = model.minimum()
        solved = linprog(
            np.append(np.zeros(limits), 1),
            A_ub=[[*s, -1] for _, s in cuts],
            b_ub=[-c for c, _ in cuts],
            bounds=[(0, 1)] * limits + [(None, None)],
        )
        assert lowest == pytest.approx(solved.fun, abs=1e-9)
        assert max(c + s @ found for c, s in cuts) == pytest.approx(solved.fun, abs=1e-9)


def test_a_box_says_which_prices_want_out() -> None:
    given = view()
    wide = minimise(given, np.zeros(5), np.full(5, 1e6), np.full(5, 100.0), 1e-9)
    assert not wide.pushes.any()
    small = minimise(given, np.zeros(5), wide.prices / 2 + 1e-6, wide.prices / 4, 1e-9)
    assert small.pushes[0]  # minutes are worth more than the box allows


def test_descending_reaches_the_lp_from_a_box_that_lies_elsewhere() -> None:
    problem = draw_book(300)
    given = view(300)
    n, rows, cost = 300, [], []
    for i in range(n):
        for a in range(7):
            if np.isfinite(given.value[a, i]):
                rows.append((i, -given.value[a, i]))
                each = given.flat[:, a].copy()
                for k, b, own in given.varying:
                    each[k] += own[i] if b == a else 0
                cost.append(each)
    one = np.zeros((n, len(rows)))
    one[[i for i, _ in rows], range(len(rows))] = 1
    solved = linprog(
        [v for _, v in rows],
        A_ub=np.vstack([one, np.array(cost).T]),
        b_ub=np.concatenate([np.ones(n), problem.limit]),
        bounds=(0, 1),
    )
    priced = descend(lambda low, high: narrow(given, low, high), np.ones(5), np.ones(5), 50)
    assert evaluate(given, priced.prices, np.zeros(5))[0] == pytest.approx(-solved.fun, rel=1e-9)
    assert 50 <= len(priced.near) < 300


def test_a_slack_limit_has_no_price() -> None:
    given = view(300)
    slack = View(given.rows, given.value, given.flat, given.varying, given.room * [1, 1, 1, 1, 99])
    priced = descend(lambda low, high: narrow(slack, low, high), np.ones(5), np.ones(5), 50)
    assert priced.prices[4] == 0
    assert (priced.prices[:4] > 0).all()


def test_a_lone_limit_has_the_price_of_the_first_account_that_it_shuts_out() -> None:
    value = np.array([[10.0, 8.0, 6.0, 5.0]])
    prices, typical = lone_prices(
        View(np.arange(4), value, np.array([[2.0]]), (), np.array([4.0])),
    )
    assert (prices.tolist(), typical.tolist()) == ([4.0], [2.0])
