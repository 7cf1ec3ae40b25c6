"""A hundred lines over 24 months, every invariant each month: late, repeated, backdated, reversed.

`python -m bench years [first seed] [lines] [reach]`; the whole life arrives again with messages
overtaken by up to `reach` places (default 0: folded anew only). Prints the seeds, what came, and
every breach, whose seed lives again by itself.
"""

import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))


def main(words: list[str]) -> int:
    """Live every seed; exit 1 where anything broke."""
    from two_years import MONTHS, lived  # the tests' generator

    first, lines, reach = [*(int(word) for word in words), *[0, 100, 0][len(words) :]][:3]
    began = time.perf_counter()
    seen: Counter[str] = Counter()
    broken: list[str] = []
    for seed in range(first, first + lines):
        try:
            seen += lived(seed, reach)
        except (AssertionError, ArithmeticError, LookupError, TypeError, ValueError) as error:
            broken.append(f"seed {seed}: {type(error).__name__}: {error}"[:160])
    taken = time.perf_counter() - began
    print(f"{lines} lines of {MONTHS} months, seeds {first}-{first + lines - 1}, {taken:.0f} s")
    print(", ".join(f"{what} {count}" for what, count in sorted(seen.items())))
    print(f"{len(broken)} breaches", *broken, sep="\n")
    return 1 if broken else 0
