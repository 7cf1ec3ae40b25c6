"""Whatever the book: plans keep their limits, lie under their bound, and do not hang on order."""

import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assignments import assert_honest, best_by_looking, draw, draw_book
from ruqi.treatment.optimise import NEVER, Problem, marginals, solve

ROOT = Path(__file__).parents[2]
BOOKS = 240


def proven(problem: Problem) -> tuple[int, int]:
    solution = solve(problem)
    assert_honest(problem, solution)
    return solution.objective, solution.bound


@pytest.mark.parametrize("part", range(4))
def test_plans_are_feasible_and_no_plan_beats_the_bound(part: int) -> None:
    for seed in range(1000 + part, 1000 + BOOKS, 4):
        problem = draw(seed, accounts=200)
        objective, bound = proven(problem)
        assert bound - objective <= 0.02 * bound + 2, seed


@pytest.mark.parametrize("part", range(2))
def test_small_books_reach_what_looking_through_every_plan_finds(part: int) -> None:
    for seed in range(5000 + part, 5060, 2):
        problem = draw(seed, accounts=16)
        objective, bound = proven(problem)
        assert objective == best_by_looking(problem) <= bound, seed


def test_more_room_never_gives_less_where_both_are_proven() -> None:
    compared = 0
    for seed in range(2000, 2080):
        problem = draw(seed, accounts=60)
        if not len(problem.limit):
            continue
        more = replace(problem, limit=problem.limit + np.arange(1, len(problem.limit) + 1))
        tight, loose = proven(problem), proven(more)
        assert tight[0] <= loose[1], seed
        if loose[0] == loose[1]:
            assert tight[0] <= loose[0], seed
            compared += 1
    assert compared > 40


def test_the_order_of_accounts_changes_no_proven_sum() -> None:
    compared = 0
    for seed in range(3000, 3060):
        problem = draw(seed, accounts=60)
        order = np.random.Generator(np.random.PCG64(seed)).permutation(len(problem.value))
        cost = [plane if plane.ndim == 1 else plane[order] for plane in problem.cost]
        here, there = proven(problem), proven(Problem(problem.value[order], cost, problem.limit))
        assert here[0] <= there[1] and there[0] <= here[1], seed
        if here[0] == here[1] and there[0] == there[1]:
            assert here[0] == there[0], seed
            compared += 1
    assert compared > 40


def test_a_costly_or_barred_action_is_never_taken_for_its_value() -> None:
    problem = draw_book(3000)
    barred = problem.value.copy()
    barred[:, 5] = NEVER
    costly = [plane.copy() for plane in problem.cost]
    costly[1][2] = problem.limit[1] + 1
    assert not (solve(replace(problem, value=barred)).choice == 5).any()
    assert not (solve(replace(problem, cost=costly)).choice == 2).any()


@pytest.mark.parametrize("seed", range(12))
def test_steps_are_consistent(seed: int) -> None:
    problem = draw(seed + 7000, accounts=120)
    best, found = marginals(problem, solve(problem))
    assert_honest(problem, best)
    for k, limit in enumerate(found):
        assert best.objective <= limit.plus
        assert limit.minus is None or limit.minus <= best.objective
        assert limit.price >= 0
        if best.used[k] < problem.limit[k]:
            assert limit.minus == best.objective
            assert limit.price == 0


def test_threads_change_nothing() -> None:
    code = (
        "import hashlib; from assignments import draw_book; from ruqi.treatment.optimise import "
        "solve; s = solve(draw_book(20_000)); print(s.objective, s.bound, "
        "hashlib.sha256(s.choice.tobytes() + s.prices.tobytes()).hexdigest())"
    )
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS")
    said = {
        subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ
            | dict.fromkeys(names, threads)
            | {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT / 'tests'}"},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for threads in ("1", "2")
    }
    solution = solve(draw_book(20_000))
    digest = hashlib.sha256(solution.choice.tobytes() + solution.prices.tobytes()).hexdigest()
    assert said == {f"{solution.objective} {solution.bound} {digest}\n"}
