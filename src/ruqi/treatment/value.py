"""What each treatment of each account is worth: prior effect × chance × balance × loss, less cost.

A worth is the fall in the chance of the target, times what the target loses, in minor units; each
amount is rounded half to even once, and whole numbers from there on. Waiting is worth nothing.
"""

from dataclasses import dataclass

import numpy as np

from ruqi.treatment.actions import ACTIONS, RESOURCES
from ruqi.treatment.cases import Cases, Flags, Floats, Ints
from ruqi.treatment.policy import Costs, Ladder, Policy

LARGEST = float(2**63 - 2**40)


@dataclass(frozen=True)
class Worth:
    """Arrays of shape (accounts, actions), in minor units; `value` is net of `cost`.

    `allowed` is what policy allows at each account's lateness and chance, whatever the guard says.
    """

    value: Ints
    cost: Ints
    allowed: Flags


def worth(cases: Cases, policy: Policy, costs: Costs) -> Worth:
    """Value, cost and permission of every action for every account."""
    frame = cases.frame
    months = frame["months_late"].to_numpy()
    chance = frame["chance"].to_numpy()
    # A credit balance owes nothing, so nothing can be lost on it.
    balance = frame["balance_minor"].fill_null(0).clip(lower_bound=0).to_numpy()
    at_stake = chance * balance.astype(np.float64) * along(policy.loss_share.value, months)
    shape = (frame.height, len(ACTIONS))
    value, cost = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    allowed = np.zeros(shape, np.bool_)
    allowed[:, 0] = True
    for index, action in enumerate(ACTIONS[1:], start=1):
        treatment = policy.treatments.get(action.id)
        if treatment is None:
            continue
        last = treatment.to_months_late
        allowed[:, index] = (
            (months >= treatment.from_months_late)
            & (True if last is None else months <= last)
            & (chance >= treatment.chance_from)
        )
        cost[:, index] = costs.fixed(treatment)
        if action.id == "hardship_offer":
            cost[:, index] += _whole(balance * costs.hardship_concession_share)
        gain = _whole(along(treatment.effect.value, months) * at_stake)
        value[:, index] = gain - cost[:, index]
    return Worth(value, cost, allowed)


def along(ladder: Ladder, months: Ints) -> Floats:
    """A ladder's value at each of `months`."""
    found, places = np.unique(months, return_inverse=True)
    values: Floats = np.array([ladder.at(int(month)) for month in found], dtype=np.float64)
    return values[places]


def uses(policy: Policy) -> Ints:
    """What one of each action uses up, in whole units: shape (actions, resources)."""
    table = np.zeros((len(ACTIONS), len(RESOURCES)), np.int64)
    for row, action in enumerate(ACTIONS):
        treatment = policy.treatments.get(action.id)
        for column, resource in enumerate(RESOURCES):
            table[row, column] = 0 if treatment is None else treatment.uses.get(resource.id, 0)
    return table


def _whole(amount: Floats) -> Ints:
    # rint: half to even; what rounds up past 64 bits stays below them, with room for fixed costs.
    whole: Ints = np.minimum(np.rint(amount), LARGEST).astype(np.int64)
    return whole
