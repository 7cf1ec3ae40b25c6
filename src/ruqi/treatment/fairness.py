"""Who is called, offered help or left alone, by groups that the plan was never shown.

Of the late accounts of a group, the share that gets each treatment (95 % Wilson 1927), beside the
share that the same buckets of the whole book get: groups differ in lateness, and that part of a
difference is not the plan's. Groups below `SMALL` accounts are counted and not described.
"""

from math import sqrt
from typing import Any

import polars as pl

from ruqi.behaviour.calibration import Z95
from ruqi.behaviour.fairness import SMALL, bands, natural
from ruqi.tape.columns import Tape
from ruqi.treatment.actions import IDS


def treated_by_group(tape: Tape, frame: pl.DataFrame) -> list[dict[str, Any]]:
    """Rows of evaluation.json's `treatment_fairness`: one a group and treatment that is given.

    `frame` is a plan's. Rows: attribute, group, treatment, n (late accounts of the group),
    accounts, share, low, high, expected_share, suppressed. Empty where nothing is protected.
    """
    not_late = tape.delinquency.buckets[0].name
    late = frame.filter(pl.col("bucket").is_not_null() & (pl.col("bucket") != not_late))
    late = late.join(tape.protected, on="account_id", how="left", maintain_order="left")
    given = [name for name in IDS if (late["treatment"] == name).any()]
    late = late.with_columns(
        (pl.col("treatment") == name).mean().over("bucket").alias(f"usual_{name}") for name in given
    )
    rows: list[dict[str, Any]] = []
    for attribute in (name for name in tape.protected.columns if name != "account_id"):
        if late.is_empty():
            break
        banded = late.with_columns(bands(late[attribute]).alias("group"))
        groups = banded.partition_by("group", as_dict=True)
        for (group,), members in sorted(groups.items(), key=lambda item: natural(str(item[0][0]))):
            head = {"attribute": attribute, "group": group}
            rows += [head | _given(members, name) for name in given]
    return rows


def _given(members: pl.DataFrame, treatment: str) -> dict[str, Any]:
    """How often a group gets one treatment."""
    n, got = members.height, int((members["treatment"] == treatment).sum())
    told: dict[str, Any] = {"treatment": treatment, "n": n, "suppressed": n < SMALL}
    if n < SMALL:
        nothing = dict.fromkeys(("accounts", "share", "low", "high", "expected_share"))
        return told | nothing
    low, high = wilson(got, n)
    expected = members[f"usual_{treatment}"].mean()
    return told | {
        "accounts": got,
        "share": got / n,
        "low": low,
        "high": high,
        "expected_share": expected,
    }


def wilson(part: int, n: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927). `n` is not 0."""
    share, z2 = part / n, Z95 * Z95
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z95 / (1 + z2 / n) * sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    low = 0.0 if part == 0 else max(middle - half, 0.0)
    high = 1.0 if part == n else min(middle + half, 1.0)
    return low, high
