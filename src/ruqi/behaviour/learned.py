"""What a score in use was learned from and by, as facts for its model card.

After Mitchell et al. (2019), Model Cards for Model Reporting.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

import numpy as np

from ruqi.behaviour.boosting import SETTINGS, BoostedBag
from ruqi.behaviour.features import Feature
from ruqi.behaviour.panel import Floats


@dataclass(frozen=True)
class Months:
    """Days between which conduct was read, the last day of the event, and the days of the test."""

    conduct_from: date
    conduct_to: date
    event_to: date
    tested_on: date
    tested_event_to: date


def card(
    score_id: str,
    columns: Sequence[Feature],
    bags: Sequence[BoostedBag],
    y: Floats,
    accounts: int,
    months: Months,
) -> dict[str, Any]:
    """The card's facts, JSON-ready, of `bags` learned from events `y`, a row each."""
    return {
        "score_id": score_id,
        "learned": {
            "rows": len(y),
            "accounts": accounts,
            "events": int(y.sum()),
            "conduct_from": months.conduct_from.isoformat(),
            "conduct_to": months.conduct_to.isoformat(),
            "event_to": months.event_to.isoformat(),
        },
        "tested": {
            "on": months.tested_on.isoformat(),
            "event_to": months.tested_event_to.isoformat(),
        },
        "features": [
            {
                "name": one.name,
                "name_en": one.name_en,
                "name_zh": one.name_zh,
                "family": one.family,
                "sign": one.sign,
            }
            for one in columns
        ],
        "algorithm": {
            "models": len(bags),
            "members": bags[0].members,
            "trees": bags[0].trees,
            "leaves": SETTINGS["num_leaves"],
            "depth": SETTINGS["max_depth"],
            "learning_rate": SETTINGS["learning_rate"],
        },
        "seed": bags[0].seed,
        "model_sha256": fingerprint(bags),
    }


def fingerprint(bags: Sequence[BoostedBag]) -> str:
    """One hash of all that decides what these bags answer: splits, values, calibration."""
    whole = sha256()
    for bag in bags:
        whole.update(np.array([bag.intercept_, bag.slope_]).tobytes())
        for tree in (tree for member in bag.members_ for tree in member):
            whole.update(repr(tree.splits).encode())
            whole.update(np.ascontiguousarray(tree.shares).tobytes())
    return whole.hexdigest()
