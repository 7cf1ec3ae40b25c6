"""The forward score held against what came of it, where the book's outcomes tell.

It was learned for another event (lateness next month), so this is a figure of ranking only.
"""

from collections.abc import Sequence
from typing import Any

import polars as pl

from ruqi.behaviour.entry import Head, Unclaimed, entry
from ruqi.behaviour.outcome import TARGET_EN, TARGET_ZH, labels
from ruqi.behaviour.scored import Scored
from ruqi.tape.columns import Tape

SPLIT = "forward_against_outcome"


def against_outcome(
    tape: Tape, scored: Scored, ids: Sequence[str], seed: int
) -> dict[str, Any] | None:
    """The entry of `scored` (a forward score) on later defaults; None where both are not seen.

    Every open account counts, also one that a plan sets aside: the figure is the score's own.
    """
    if tape.outcomes is None:
        return None
    accounts, y = labels(tape, tape.outcomes)
    if not 0 < y.sum() < len(y):
        return None
    told = pl.DataFrame({"account_id": accounts}).join(
        scored.frame, on="account_id", how="left", maintain_order="left"
    )
    head = Head(
        "forward",
        SPLIT,
        TARGET_EN,
        TARGET_ZH,
        remark_ids=ids,
        note_en="The score as used, on what happened after the book's last month.",
        note_zh="以实际使用的评分，对照最后观察月之后的真实结果。",
    )
    other = Unclaimed(
        "Default is another event than the one this score predicts; only its ranking is tested.",
        "违约并非该评分所预测的事件，此处只检验排序。",
    )
    return entry(head, y, told["probability"].to_numpy(), seed, other)
