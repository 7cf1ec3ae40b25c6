"""What a card tells of a score in use, and that its fingerprint follows what the score answers."""

from datetime import date

import numpy as np

from ruqi.behaviour.boosting import BoostedBag
from ruqi.behaviour.features import Feature
from ruqi.behaviour.learned import Months, card, fingerprint

DAYS = [date(2025, month, 28) for month in range(1, 6)]
COLUMNS = (Feature("late_0", "lateness", 1, "lateness now", "当前逾期阶段"),)


def bag(seed=1, turn=0.0):
    random = np.random.Generator(np.random.PCG64(3))
    X = random.normal(size=(400, 1))
    y = (X[:, 0] + turn + random.normal(size=400) > 0.5).astype(float)
    return BoostedBag((1,), (0,), 1, seed=seed, members=3, trees=5).fit(X, y), y


def test_the_card_counts_what_was_learned_from():
    made, y = bag()
    told = card("forward", COLUMNS, [made], y, 350, Months(*DAYS))
    assert told["learned"] | {"events": 0} == {
        "rows": 400,
        "accounts": 350,
        "events": 0,
        "conduct_from": "2025-01-28",
        "conduct_to": "2025-02-28",
        "event_to": "2025-03-28",
    }
    assert told["learned"]["events"] == int(y.sum())
    assert told["tested"] == {"on": "2025-04-28", "event_to": "2025-05-28"}
    assert [one["name_zh"] for one in told["features"]] == ["当前逾期阶段"]
    assert (told["algorithm"]["members"], told["algorithm"]["trees"], told["seed"]) == (3, 5, 1)


def test_equal_models_have_one_fingerprint_and_others_another():
    first = fingerprint([bag()[0]])
    assert first == fingerprint([bag()[0]])
    assert first != fingerprint([bag(turn=0.3)[0]])
    other = bag()[0]
    other.slope_ += 1e-9
    assert first != fingerprint([other])
