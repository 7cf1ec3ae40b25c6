"""Buckets of lateness as a manifest writes them: names with bounds, mildest first."""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Literal

from ruqi.tape.columns import Bucket, Delinquency
from ruqi.tape.contract import STATUSES

By = Literal["stage", "days", "months"]
LEADS: dict[str, By] = {"dpd_days": "days", "months_past_due": "months", "stage": "stage"}
_BOUNDS = re.compile(r"(\d{1,6})\s*(?:(?:-|–|~|至|到)\s*(\d{1,6})?|(\+))?")
DAYS = ("0", "1-30", "31-60", "61-90", "91-120", "121-150", "151-180", "181-")
NAMES = ("M0", "M1", "M2", "M3", "M4", "M5", "M6", "M6+")


def default(by: By) -> Delinquency | None:
    """The usual buckets; none for stages, whose order only the lender knows."""
    if by == "stage":
        return None
    bounds = DAYS if by == "days" else (*(str(month) for month in range(7)), "7-")
    made = [parse(name, bound) for name, bound in zip(NAMES, bounds, strict=True)]
    return Delinquency(by, tuple(bucket for bucket in made if bucket is not None))


def parse(name: str, bounds: str | None) -> Bucket | None:
    """`0`, `1-30`, `181-` or `181+`; None for bounds: days not stated. None: not understood."""
    if bounds is None:
        return Bucket(name, None, None)
    match = _BOUNDS.fullmatch(bounds.strip())
    if match is None:
        return None
    low = int(match[1])
    open_ended = bounds.strip() != match[1] and match[2] is None
    high = None if open_ended else int(match[2] or low)
    return None if high is not None and high < low else Bucket(name, low, high)


def problems(by: By, buckets: Sequence[Bucket]) -> Mapping[str, tuple[str, str]]:
    """What is wrong with buckets, by bucket name: (expected, mend). Empty: nothing."""
    found: dict[str, tuple[str, str]] = {}
    unit = "months" if by == "months" else "days"
    for bucket in buckets:
        if bucket.name in STATUSES:
            mend = f"{bucket.name} is a status; a bucket needs a name of its own"
            found[bucket.name] = ("a bucket's name", mend)
        if by != "stage" and bucket.low is None:
            found[bucket.name] = (f"bounds in {unit}", f"write e.g. `{bucket.name}: 1-30`")
    known = [bucket for bucket in buckets if bucket.low is not None]
    if known and known[0] is buckets[0] and known[0].low != 0:
        found.setdefault(
            known[0].name,
            ("a first bucket that starts at 0", "give those who are not late a bucket, `M0: 0`"),
        )
    for before, after in pairwise(known):
        apart = buckets.index(after) - buckets.index(before) > 1  # one without bounds between
        if before.high is None:
            mend = f"{before.name} has no end, so nothing can follow it; list the mildest first"
            found.setdefault(after.name, ("no bucket after an open-ended one", mend))
        elif after.low != before.high + 1 and not (apart and (after.low or 0) > before.high):
            word = "overlaps or is not in order" if (after.low or 0) <= before.high else "a gap"
            mend = f"{word} after {before.name}; start {after.name} at {before.high + 1}"
            found.setdefault(after.name, (f"bounds from {before.high + 1}", mend))
    return found
