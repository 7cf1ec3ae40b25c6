"""One treatment for each account within the day's limits, and what one more unit is worth."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from ruqi.treatment.actions import RESOURCES
from ruqi.treatment.cases import Flags, Ints


@dataclass(frozen=True)
class Allocation:
    """`choice` holds an action's index for each account; `left` what each resource has over.

    `price` is a unit's worth at the margin in minor units, 0 where a limit is slack; no plan within
    the limits is worth more than `bound_minor`.
    """

    choice: Ints
    objective_minor: int
    bound_minor: int
    used: Ints
    available: Ints
    price: tuple[Decimal, ...]

    @property
    def left(self) -> Ints:
        """Units that nobody uses."""
        rest: Ints = self.available - self.used
        return rest


def allocate(value: Ints, open_: Flags, use: Ints, available: Ints) -> Allocation:
    """The most valuable allowed treatments within the limits.

    Shapes: `value` and `open_` (accounts, actions), `use` (actions, resources), `available`
    (resources,). Action 0 is waiting: open to all, worth and using nothing.
    """
    return _greedy(value, open_, use, available)


def limit_rows(
    found: Allocation, value: Ints, open_: Flags, use: Ints, limited: Mapping[str, int]
) -> list[dict[str, Any]]:
    """The rows of limits.json: each price checked by solving again with a unit more and less."""
    rows = []
    for index, resource in enumerate(RESOURCES):
        if resource.id not in limited:
            continue
        step = np.zeros_like(found.available)
        step[index] = 1
        more = allocate(value, open_, use, found.available + step)
        less = allocate(value, open_, use, np.maximum(found.available - step, 0))
        rows.append(
            {
                "limit": resource.id,
                "unit": resource.unit,
                "name_en": resource.name_en,
                "name_zh": resource.name_zh,
                "available": int(found.available[index]),
                "used": int(found.used[index]),
                "shadow_price_minor": found.price[index],
                "objective_minor": found.objective_minor,
                "objective_plus_one_minor": more.objective_minor,
                "objective_minus_one_minor": less.objective_minor,
            }
        )
    return rows


def _greedy(value: Ints, open_: Flags, use: Ints, available: Ints) -> Allocation:
    choice = np.zeros(len(value), np.int64)
    left = available.copy()
    worth = np.where(open_, value, 0)
    order = np.argsort(-worth.max(axis=1), kind="stable")
    for row in order:
        for action in np.argsort(-worth[row], kind="stable"):
            if worth[row, action] <= 0:
                break
            if (use[action] <= left).all():
                choice[row] = action
                left -= use[action]
                break
    objective = int(worth[np.arange(len(value)), choice].sum())
    prices = tuple(Decimal(0) for _ in available)
    return Allocation(
        choice, objective, int(worth.max(axis=1).sum()), available - left, available, prices
    )
