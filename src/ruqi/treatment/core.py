"""The few accounts whose actions are nearly worth the same at given prices, and their options.

At prices p every account has a best action. Another plan loses, against the bound D(p), the regrets
of the accounts that it moves off their best action, plus the price of all that it leaves unused.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
HIGH = 1 << 61  # whole numbers stay below this


@dataclass(frozen=True)
class Core:
    """Accounts that the search may move, and what their other actions change.

    `rows` (m,): the accounts, first those that the least change of prices moves. An option is an
    `account`, a position in `rows`, and an `action`; arrays (o,), sorted by account. `regret` (o,)
    is not negative; `change` (o, k) of use is against the account's best action. `prices` (k,).
    `room` (k,): limits less the use of all accounts, those of the core at their best action.
    """

    rows: NDArray[np.intp]
    account: NDArray[np.intp]
    action: NDArray[np.intp]
    regret: Ints
    change: Ints
    prices: Ints
    room: Ints


@dataclass(frozen=True)
class Found:
    """Moves off the best actions as positions of options, their loss, whether none loses less."""

    options: tuple[int, ...]
    loss: int
    proven: bool
