"""Random lives of credit lines, by seed, with every invariant checked as they go: the long proof.

`python -m bench lives [first seed] [last seed] [events a line]`; prints events, kinds and breaches,
and the first breaching seeds, each of which replays by itself.
"""

import sys
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

from ruqi.loans.history import Life

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))


def main(words: list[str]) -> int:
    """Live every seed; exit 1 where anything broke."""
    numbers = [int(word) for word in words]
    first, last, events = [*numbers, *[1, 200, 40][len(numbers) :]]
    began = time.perf_counter()
    seen: Counter[str] = Counter()
    broken: list[tuple[int, str]] = []
    for seed in range(first, last + 1):
        fault = lived(seed, events, seen)
        if fault:
            broken.append((seed, fault))
    taken = time.perf_counter() - began
    total = seen["accepted"] + seen["refused"]
    print(f"seeds {first}-{last}, {total} events, {seen['accepted']} accepted, {taken:.0f} s")
    kinds = {kind: count for kind, count in sorted(seen.items()) if kind.startswith("kind ")}
    print(", ".join(f"{kind[5:]} {count}" for kind, count in kinds.items()))
    print(f"{len(broken)} breaches {broken[:3]}")
    return 1 if broken else 0


def lived(seed: int, events: int, seen: "Counter[str]") -> str | None:
    """One life; None, or what broke."""
    from lines import CAPS, PRODUCTS, check_invariants, history  # the tests' generator

    name = list(PRODUCTS)[seed % len(PRODUCTS)]
    terms = PRODUCTS[name]
    life = Life({terms.id: terms}, terms, CAPS)
    try:
        for number, event in enumerate(
            sorted(history(seed, events, name), key=lambda e: (e.recorded_at, e.id, e.body))
        ):
            life.take(event)
            if number % 4 == 0:
                check_invariants(life)
        if life.line is not None:
            life.close_days(life.line.on + timedelta(days=60))
        check_invariants(life)
    except (AssertionError, ArithmeticError, LookupError, TypeError, ValueError) as error:
        return f"{type(error).__name__}: {error}"[:120]
    seen["accepted"] += len(life.accepted)
    seen["refused"] += len(life.refusals)
    seen.update(f"kind {event.kind}" for event in life.accepted.values())
    return None
