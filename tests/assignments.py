"""Assignment problems for tests: drawn from a seed, and solved by looking through every plan."""

import itertools

import numpy as np

from ruqi.treatment.core import Core
from ruqi.treatment.optimise import NEVER, Problem, Solution


def draw(seed: int, accounts: int = 30) -> Problem:
    """A small problem of any shape: values of any size, costs equal for all or per account."""
    random = np.random.Generator(np.random.PCG64(seed))
    n, actions, limits = (int(random.integers(*ends)) for ends in ((0, accounts), (1, 7), (0, 4)))
    top = int(random.choice([3, 50, 10_000, 10**9]))
    value = random.integers(-top // 4, top + 1, (n, actions))
    value[random.random(value.shape) < 0.2] = NEVER
    value[:, 0] = 0
    most = int(random.choice([1, 3, 9]))
    cost = []
    for _ in range(limits):
        shape = (actions,) if random.random() < 0.5 else (n, actions)
        plane = random.integers(0, most + 1, shape)
        plane[..., 0] = 0
        cost.append(plane)
    room = int(n * most * random.random() / 2) + 1
    return Problem(value, cost, random.integers(0, room + 1, limits))


def draw_book(accounts: int, seed: int = 1) -> Problem:
    """A day's book: 8 actions, 5 limits that bind, minutes that differ by account."""
    random = np.random.Generator(np.random.PCG64(seed))
    owed = np.exp(random.normal(8, 1, (accounts, 1)))
    effect = np.array([0, 0.004, 0.01, 0.012, 0.02, 0.03, 0.05, 0.06])
    effect = effect * np.exp(random.normal(0, 0.6, (accounts, 8)))
    price = np.array([0, 0, 5, 2, 50, 500, 800, 3000])
    value = (owed * effect * 100).astype(np.int64) - price
    value[random.random(value.shape) < np.array([0, 5, 20, 40, 30, 30, 40, 70]) / 100] = NEVER
    value[:, 0] = 0
    minutes = np.zeros((accounts, 8), np.int64)
    for action, low, high in ((5, 3, 9), (6, 5, 15), (7, 10, 40)):
        minutes[:, action] = random.integers(low, high, accounts)
    sms, bot, offer = (np.isin(np.arange(8), at).astype(np.int64) for at in ([2, 6], [4], [6]))
    shares = np.array([0.3, 0.25, 0.15, 0.01, 40.0]) * accounts
    return Problem(value, [minutes, sms, bot, offer, price], shares.astype(np.int64))


def best_by_looking(problem: Problem) -> int:
    """The most that any plan is worth, by following every use of the limits that can be reached."""
    states = {(0,) * len(problem.limit): 0}
    for i in range(len(problem.value)):
        after: dict[tuple[int, ...], int] = {}
        for used, worth in states.items():
            for a in range(problem.value.shape[1]):
                if problem.value[i, a] < 0:
                    continue
                use = [plane[a] if plane.ndim == 1 else plane[i, a] for plane in problem.cost]
                now = tuple(int(u + c) for u, c in zip(used, use, strict=True))
                if all(u <= b for u, b in zip(now, problem.limit, strict=True)):
                    after[now] = max(after.get(now, -1), worth + int(problem.value[i, a]))
        states = after
    return max(states.values())


def assert_honest(problem: Problem, solution: Solution) -> None:
    """The plan is eligible, keeps every limit, is worth what it says, and lies under its bound."""
    rows = np.arange(len(problem.value))
    assert solution.choice.shape == rows.shape
    gained = problem.value[rows, solution.choice]
    assert (gained >= 0).all()
    assert int(gained.sum()) == solution.objective <= solution.bound
    for plane, limit, used in zip(problem.cost, problem.limit, solution.used, strict=True):
        each = plane[solution.choice] if plane.ndim == 1 else plane[rows, solution.choice]
        assert int(each.sum()) == used <= limit
    assert (solution.prices >= 0).all()


def draw_core(seed: int, limits: int = 2) -> Core:
    """A few accounts with a few options each, two limits."""
    random = np.random.Generator(np.random.PCG64(seed))
    accounts = int(random.integers(1, 6))
    account = np.repeat(np.arange(accounts), random.integers(1, 4, accounts))
    return Core(
        rows=np.arange(accounts),
        account=account,
        action=np.zeros(len(account), np.intp),
        regret=random.integers(0, 50, len(account)),
        change=random.integers(-2, 3, (len(account), limits)),
        prices=random.integers(0, 20, limits),
        room=random.integers(-2, 4, limits),
    )


def least_loss(core: Core) -> int | None:
    """The least loss of any combination of moves, one an account at most."""
    ways = [[None, *np.flatnonzero(core.account == account)] for account in range(len(core.rows))]
    losses = []
    for picked in itertools.product(*ways):
        moves = [int(option) for option in picked if option is not None]
        spare = core.room - core.change[moves].sum(axis=0, dtype=np.int64)
        if (spare >= 0).all():
            losses.append(int(core.regret[moves].sum() + (spare * core.prices).sum()))
    return min(losses, default=None)
