"""One treatment for each account within the day's limits, and what one more unit is worth.

Worths are compared in minor units; where all accounts at the largest worth would reach 2^61 of them
the whole plan is reckoned in a coarser unit, the least power of two that fits, worths rounded down.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ruqi.treatment.actions import RESOURCES
from ruqi.treatment.cases import Flags, Ints
from ruqi.treatment.optimise import NEVER, Marginal, Problem, Solution, marginals, resolve, solve
from ruqi.treatment.prices import HIGH

PRICE_DECIMALS = 4  # of a minor unit
STEPS = {"agent_minutes": 60}  # what a person buys more of at once; of all else, one


@dataclass(frozen=True)
class Allocation:
    """`choice` holds an action's index for each account, `used` the units of each of `RESOURCES`.

    `price` is a unit's worth at the margin in minor units, 0 where a resource is slack or not
    limited; no plan within the limits is worth more than `bound_minor`. Worths are multiples of
    `unit_minor`, 1 but for amounts near the end of 64 bits.
    """

    choice: Ints
    objective_minor: int
    bound_minor: int
    used: Ints
    price: tuple[float, ...]
    limit_rows: list[dict[str, Any]]
    unit_minor: int = 1


def allocate(
    value: Ints, open_: Flags, use: Ints, limited: Mapping[str, int], margins: bool
) -> Allocation:
    """The most valuable open treatments within the limits, gentler before harder where equal.

    Shapes: `value` and `open_` (accounts, actions), `use` (actions, resources). Action 0 is
    waiting: open to all, worth and using nothing. With `margins` every limit is solved again with
    a unit more, a unit less and a whole step (`STEPS`) more, and the better plan of all that fit
    is taken.
    """
    rows = np.flatnonzero((open_ & (value > 0)).any(axis=1))
    kept = [index for index, resource in enumerate(RESOURCES) if resource.id in limited]
    unit, bits = coarsest(value[rows])
    problem = Problem(
        value=np.where(open_[rows], value[rows] >> bits if bits else value[rows], NEVER),
        cost=[use[:, index] for index in kept],
        limit=np.array([limited[RESOURCES[index].id] for index in kept], np.int64),
    )
    solution = solve(problem)
    found: tuple[Marginal, ...] = ()
    if margins:
        solution, found = marginals(problem, solution)
    stepped = _stepped(problem, solution, found, [RESOURCES[index].id for index in kept])
    choice = np.zeros(len(value), np.int64)
    choice[rows] = solution.choice
    price = [0.0] * len(RESOURCES)
    for place, index in enumerate(kept):
        each = found[place].price if margins else float(solution.prices[place])
        price[index] = round(each * unit, PRICE_DECIMALS)
    used = use[choice].sum(axis=0)
    return Allocation(
        choice=choice,
        objective_minor=solution.objective * unit,
        # Rounding down hid less than a unit of each account.
        bound_minor=(solution.bound + (len(rows) if bits else 0)) * unit,
        used=used,
        price=tuple(price),
        limit_rows=[
            row | {name: worth * unit for name, worth in row.items() if _is_worth(name, worth)}
            for row in _limit_rows(kept, limited, solution, found, price, stepped)
        ],
        unit_minor=unit,
    )


def coarsest(value: Ints) -> tuple[int, int]:
    """The least power of two in which sums of one value an account stay below HIGH, and its bits.

    `value` has the shape (accounts, actions).
    """
    most = int(value.max(initial=0)) * len(value)
    bits = max(most.bit_length() - (HIGH.bit_length() - 1), 0)
    return 1 << bits, bits


def _is_worth(name: str, worth: Any) -> bool:
    return name.startswith("objective") and worth is not None


def _stepped(
    problem: Problem, solution: Solution, found: tuple[Marginal, ...], names: list[str]
) -> list[tuple[int, int]]:
    """Each limit's step and the plan's worth with that much more; a step holds a unit."""
    made = []
    for k, margin in enumerate(found):
        step = STEPS.get(names[k], 1)
        more = margin.plus if step == 1 else resolve(problem, solution, k, step).objective
        made.append((step, max(more, margin.plus)))
    return made


def _limit_rows(
    kept: list[int],
    limited: Mapping[str, int],
    solution: Solution,
    found: tuple[Marginal, ...],
    price: list[float],
    stepped: list[tuple[int, int]],
) -> list[dict[str, Any]]:
    """The rows of limits.json, one a limited resource."""
    return [
        {
            "limit": RESOURCES[index].id,
            "unit": RESOURCES[index].unit,
            "name_en": RESOURCES[index].name_en,
            "name_zh": RESOURCES[index].name_zh,
            "available": limited[RESOURCES[index].id],
            "used": int(solution.used[place]),
            "shadow_price_minor": price[index],
            "objective_minor": solution.objective,
            "objective_plus_one_minor": margin.plus,
            "objective_minus_one_minor": margin.minus,
            "step": step,
            "objective_plus_step_minor": more,
        }
        for place, (index, margin, (step, more)) in enumerate(
            zip(kept, found, stepped, strict=False)
        )
    ]
