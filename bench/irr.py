"""All-in rates and cap tests of schedules: ours exact, pyxirr in floating point.

`python -m bench irr [schedules]`; figures are for one core, and scaled to a million schedules.
"""

import random
import time
from fractions import Fraction

import pyxirr

from ruqi.law.price import Flow, all_in_rate, costs_more_than
from ruqi.primitives.rate import Rate

CAP = Rate(Fraction(24, 100))
YEAR = Fraction(12)


def main(words: list[str]) -> int:
    """Time three ways over the same schedules, and compare their answers."""
    count = int(words[0]) if words else 2_000
    schedules = [schedule(random.Random(seed)) for seed in range(count)]
    flows = [
        [Flow(k, Fraction(0), minor) for k, minor in enumerate(amounts)] for amounts in schedules
    ]
    theirs, peer = timed(lambda: [pyxirr.irr(amounts) for amounts in schedules])
    ours, exact = timed(lambda: [all_in_rate(one, YEAR) for one in flows])
    _, cap = timed(lambda: [costs_more_than(one, CAP, YEAR) for one in flows])
    gap = max(abs(float(a) / 12 - b) for a, b in zip(ours, theirs, strict=True))
    scale = 1_000_000 / count
    print(f"{count} schedules of 3 to 36 instalments; largest gap to pyxirr {gap:.1e} a month")
    print(f"pyxirr (floating):  {peer * scale:8.1f} s a million")
    print(f"exact cap test:     {cap * scale:8.1f} s a million ({cap / peer:.1f}x pyxirr's IRR)")
    print(f"exact all-in rate:  {exact * scale:8.1f} s a million ({exact / peer:.0f}x)")
    return 0


def schedule(dice: random.Random) -> list[int]:
    """A random level schedule that costs something."""
    count = dice.randint(3, 36)
    lent = dice.randint(10_000, 5_000_000)
    return [-lent, *[lent // count + lent * dice.randint(1, 20) // 1000] * count]


def timed(work):  # type: ignore[no-untyped-def]
    """(answer, seconds)."""
    began = time.perf_counter()
    found = work()
    return found, time.perf_counter() - began
