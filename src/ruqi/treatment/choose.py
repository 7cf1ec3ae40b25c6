"""The choice itself: what each account may get, what it is worth, and what the limits leave."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from ruqi.tape.columns import Tape
from ruqi.treatment.actions import ACTIONS, WAIT
from ruqi.treatment.allocate import Allocation, allocate
from ruqi.treatment.cases import Cases, Flags, Ints
from ruqi.treatment.policy import Policy
from ruqi.treatment.value import Worth, uses, worth


@dataclass(frozen=True)
class Choices:
    """The arrays behind a plan: what is open to whom, what it is worth, and what was chosen."""

    cases: Cases
    worth: Worth
    same_borrower: Flags  # (accounts,): another account of the borrower is the one to contact
    use: Ints
    limited: Mapping[str, int]
    found: Allocation
    waits_for: str  # a code for the whole book, or empty

    @property
    def open(self) -> Flags:
        """Actions that policy, guard and the borrower's other accounts leave open."""
        return _open(self.cases, self.worth, self.same_borrower)


def choose(tape: Tape, found: Cases, policy: Policy, *, margins: bool = False) -> Choices:
    """Value every allowed treatment and choose within the limits; `margins` prices each limit."""
    costs = policy.costs.get(tape.currency)
    n = found.frame.height
    waits_for = ""
    if costs is None:
        waits_for = "NO_POLICY_FOR_CURRENCY"
    elif not tape.has("performance.balance"):
        waits_for = "NEEDS_BALANCE"
    if costs is None or waits_for:
        nothing = np.zeros((n, len(ACTIONS)), np.int64)
        allowed = np.zeros(nothing.shape, np.bool_)
        allowed[:, WAIT] = True
        made = Worth(nothing, nothing, allowed)
    else:
        made = worth(found, policy, costs)
    same = _same_borrower(found, made, policy)
    limited = {limit.resource: limit.of(n) for limit in policy.limits}
    use = uses(policy)
    solved = allocate(made.value, _open(found, made, same), use, limited, margins)
    return Choices(found, made, same, use, limited, solved, waits_for)


def _open(found: Cases, made: Worth, same_borrower: Flags) -> Flags:
    contact = np.array([action.channel is not None for action in ACTIONS])
    open_: Flags = made.allowed & ~found.barred & ~(same_borrower[:, None] & contact)
    return open_


def _same_borrower(found: Cases, made: Worth, policy: Policy) -> Flags:
    """Accounts that leave their borrower's one contact of the day to a more valuable account."""
    n = found.frame.height
    if not policy.one_contact_per_borrower:
        return np.zeros(n, np.bool_)
    contact = np.array([action.channel is not None for action in ACTIONS])
    best = np.where(made.allowed & ~found.barred & contact, made.value, 0).max(axis=1, initial=0)
    ranked = (
        found.frame.select("account_id", "borrower_id")
        .with_row_index("row")
        .with_columns(pl.Series("best", best))
        .filter(pl.col("best") > 0)
        .sort("borrower_id", "best", "account_id", descending=[False, True, False])
    )
    later = ranked.filter(pl.int_range(pl.len()).over("borrower_id") > 0)
    same = np.zeros(n, np.bool_)
    same[later["row"].to_numpy()] = True
    return same
