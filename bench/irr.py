"""All-in rates and cap tests of schedules: exact, in columns with exact judges, and pyxirr.

`python -m bench irr [schedules]`; all over the same schedules in one run, on one core's own time.
The exact rate and cap test take the first thousands only, and every figure is per million.
"""

import random
import time
from datetime import date, timedelta
from fractions import Fraction

import numpy as np
import pyxirr

from ruqi.engines.price import above, dated_rate, laid_out, rates
from ruqi.law.price import Flow, all_in_rate, costs_more_than
from ruqi.primitives.rate import Rate

CAP = Rate(Fraction(24, 100))
YEAR = Fraction(12)
EXACT = 2_000


def main(words: list[str]) -> int:
    """Time each way over the same schedules, and compare their answers."""
    count = int(words[0]) if words else 100_000
    amounts = [schedule(random.Random(seed)) for seed in range(count)]
    flows = [[Flow(k, Fraction(0), minor) for k, minor in enumerate(one)] for one in amounts]
    few = flows[:EXACT]
    above(laid_out(few), CAP, YEAR), rates(laid_out(few), 12.0)  # compiles
    theirs, peer = timed(lambda: [pyxirr.irr(one) for one in amounts], count)
    columns, laying = timed(lambda: laid_out(flows), count)
    found, fast = timed(lambda: rates(columns, 12.0), count)
    (verdicts, near), screened = timed(lambda: above(columns, CAP, YEAR), count)
    exact, slow = timed(lambda: [all_in_rate(one, YEAR) for one in few], len(few))
    judged, cap = timed(lambda: [costs_more_than(one, CAP, YEAR) for one in few], len(few))
    gap = np.abs(found / 12 - np.array(theirs, float)).max()
    gap_exact = max(abs(a - float(b)) for a, b in zip(found, exact, strict=False))
    print(f"{count} schedules of 3 to 36 instalments; seconds a million of them:")
    print(f"pyxirr.irr, floating       {peer:8.2f}")
    print(f"laying out                 {laying:8.2f}")
    print(f"rates in columns           {fast:8.2f}  ({peer / fast:.0f}x as fast as pyxirr)")
    print(f"cap test in columns        {screened:8.2f}  ({len(near)} needed the exact test)")
    print(f"exact cap test, one by one {cap:8.1f}")
    print(f"exact all-in rate          {slow:8.1f}")
    print(f"largest gap a month to pyxirr {gap:.1e}; a year to the exact rate {gap_exact:.1e}")
    unlike = sum(a != b for a, b in zip(verdicts, judged, strict=False))
    print(f"verdicts unlike the exact test: {unlike}")
    print(f"dated rate (XIRR): largest gap to pyxirr.xirr {dated_gap():.1e} a year")
    return 0


def dated_gap() -> float:
    """Over random dated flows."""
    gaps = []
    for seed in range(300):
        dice = random.Random(seed)
        day = date(2024, 1, 1)
        flows = [(day, -dice.randint(10_000, 900_000))]
        for _ in range(dice.randint(1, 24)):
            day += timedelta(days=dice.randint(1, 60))
            flows.append((day, dice.randint(1, -flows[0][1])))
        ours, theirs = dated_rate(flows), pyxirr.xirr(*zip(*flows, strict=True))
        if ours is not None and theirs is not None and ours < 100:
            gaps.append(abs(ours - theirs))
    return max(gaps)


def schedule(dice: random.Random) -> list[int]:
    """A random level schedule that costs something."""
    count = dice.randint(3, 36)
    lent = dice.randint(10_000, 5_000_000)
    return [-lent, *[lent // count + lent * dice.randint(1, 20) // 1000] * count]


def timed(work, count: int):  # type: ignore[no-untyped-def]
    """(answer, seconds a million)."""
    began = time.process_time()
    found = work()
    return found, (time.process_time() - began) * 1_000_000 / count
