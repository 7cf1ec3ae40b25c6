"""One action for each account within shared limits, beside HiGHS simplex and interior point.

    python -m bench optimise             # 10,000 and 100,000 accounts, peers stopped after 45 s
    python -m bench optimise --full      # up to 1,000,000, peers stopped after an hour

A drawn book: 8 actions, 5 limits that bind (minutes that differ by account, texts, bot calls,
offers, money). The peers solve the LP relaxation, whose value bounds every plan; ours returns a
plan in whole numbers and its own certified bound. Arrays are built before the clock starts.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix, vstack

from ruqi.treatment.optimise import Problem, solve

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

PEERS = ("highs-ds", "highs-ipm")


def relaxation(problem: Problem) -> dict[str, object]:
    """The same problem as an LP: one variable for each account and action worth something."""
    account, action = np.nonzero(problem.value > 0)
    count = len(account)
    one = csr_matrix((np.ones(count), (account, np.arange(count))), (len(problem.value), count))
    cost = [p[action] if p.ndim == 1 else p[account, action] for p in problem.cost]
    return {
        "c": -problem.value[account, action].astype(np.float64),
        "A_ub": vstack([one, csr_matrix(np.stack(cost).astype(np.float64))]).tocsr(),
        "b_ub": np.concatenate([np.ones(len(problem.value)), problem.limit]),
        "bounds": (0, 1),
    }


def clock(work: Callable[[], object]) -> tuple[float, object]:
    """Seconds of wall clock, and what came of it."""
    start = time.perf_counter()
    made = work()
    return time.perf_counter() - start, made


def compare(accounts: int, rounds: int, cap: float) -> None:
    """Interleaved rounds of ours and each peer that still ends in time; medians and ratios."""
    from assignments import draw_book  # the tests' generator

    problem = draw_book(accounts)
    lp = relaxation(problem)
    solve(problem)  # warm
    taken: dict[str, list[float]] = {name: [] for name in ("ours", *PEERS)}
    stopped: set[str] = set()
    relaxed: dict[str, float] = {}
    for _ in range(rounds):
        for peer in PEERS:
            seconds, plan = clock(lambda: solve(problem))
            taken["ours"].append(seconds)
            if peer in stopped:
                continue
            options = {"time_limit": cap}
            seconds, found = clock(lambda: linprog(**lp, method=peer, options=options))  # noqa: B023
            taken[peer].append(seconds)
            if found.status == 0:
                relaxed[peer] = -found.fun
            else:
                stopped.add(peer)
    ours = statistics.median(taken["ours"])
    print(f"{accounts:>9,} accounts x 8 actions x 5 limits, rounds {rounds}, medians")
    print(f"    ours       {ours:8.3f} s   gap {plan.gap:.6%}   passes {plan.passes}")
    for peer in PEERS:
        middle = statistics.median(taken[peer])
        said = f"stopped after {cap:.0f} s" if peer in stopped else f"LP {relaxed[peer]:,.0f}"
        least = ">= " if peer in stopped else ""
        print(f"    {peer:<10} {middle:8.3f} s   {least}{middle / ours:.0f}x ours   {said}")
    for value in relaxed.values():
        # The relaxation bounds every plan, and no certified bound can be far above it.
        assert plan.objective <= value + 1e-6 * abs(value)
        assert plan.bound <= value + 1e-6 * abs(value)


def main(arguments: list[str]) -> int:
    """Compare at each size."""
    parser = argparse.ArgumentParser(prog="bench optimise", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--rounds", type=int, default=0, help="default 3, 1 from 100,000 on")
    parser.add_argument("--cap", type=float, default=45.0, help="seconds after which a peer stops")
    parser.add_argument("--full", action="store_true", help="up to a million, peers up to an hour")
    asked = parser.parse_args(arguments)
    if asked.full:
        asked.sizes, asked.cap = [10_000, 100_000, 1_000_000], 3600.0
    for accounts in asked.sizes:
        rounds = asked.rounds or (3 if accounts < 100_000 or asked.full else 1)
        compare(accounts, rounds, asked.cap)
    return 0
