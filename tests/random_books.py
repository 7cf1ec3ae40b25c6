"""Books drawn from a seed: gaps, exits, charge-offs and odd amounts, for properties and oracles."""

from datetime import date
from typing import Any

import numpy as np

from ruqi.tape.columns import Tape
from tapes import DAYS, make_tape

ENDS = ("charged_off", "paid_off", "sold", "closed")


def random_book(seed: int, accounts: int = 40, months: int = 9, gap: float = 0.1) -> Tape:
    """A small book in which nearly everything happens that may happen to an account."""
    dice = np.random.Generator(np.random.PCG64(seed))
    rows: list[dict[str, Any]] = []
    facts: list[dict[str, Any]] = []
    for number in range(accounts):
        name = f"A{number:04d}"
        opened = int(dice.integers(-2, months - 1))
        begin = max(opened + int(dice.integers(0, 3)) * (dice.random() < 0.3), 0)
        facts.append(
            {
                "account_id": name,
                "opened_on": None if dice.random() < 0.05 else _day(opened),
                "product": str(dice.choice(["3", "6"])),
                "partner_id": str(dice.choice(["甲", "乙"])),
                "region": None if dice.random() < 0.2 else str(dice.choice(["n", "s"])),
            }
        )
        late, owed = 0, int(dice.integers(0, 90_000))
        for month in range(begin, months):
            if dice.random() < gap:
                continue
            late = int(np.clip(late + dice.integers(-2, 3), 0, 4)) if dice.random() < 0.6 else late
            ended = dice.random() < 0.07
            row = {
                "account_id": name,
                "on": _day(month, 28 if dice.random() < 0.1 else None),
                "status": str(dice.choice(ENDS)) if ended else "open",
                "dpd_days": (0, int(dice.integers(1, 31)), 31, 75, 130)[late],
                "balance_minor": None if dice.random() < 0.03 else owed - 500,
                "due_minor": int(dice.choice([0, owed // 5])),
                "paid_minor": int(dice.integers(-5, owed // 4 + 10)),
            }
            rows.append(row)
            owed = max(owed - int(dice.integers(0, 5000)), 0)
            if ended and dice.random() < 0.7:
                break
            if dice.random() < 0.04:
                break
    if not rows:
        rows.append({"account_id": "A0000", "on": _day(0), "dpd_days": 0, "balance_minor": 1})
    return make_tape(rows, accounts=facts, delinquency=DAYS)


def _day(month: int, day: int | None = None) -> date:
    index = 2024 * 12 + month
    last = (date((index + 1) // 12, (index + 1) % 12 + 1, 1) - date.resolution).day
    return date(index // 12, index % 12 + 1, day or last)
