"""Which months of a book a forward score learns from, and whether its coding changed among them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from ruqi.behaviour.scored import NotPossible, Target
from ruqi.tape.columns import Tape
from ruqi.tape.remarks import Remark, coding_changes

WINDOW_MOST = 6  # months of conduct read for one account-month
PAIRS_MOST = 12  # pairs of months learned from, the latest


@dataclass(frozen=True)
class History:
    """Months `first` to `last` (numbers), read in windows, `horizon` months ahead.

    `crossed` are the months among them at which the coding of lateness changed.
    """

    first: int
    last: int
    window: int
    horizon: int
    crossed: tuple[date, ...]

    def learned(self, until: int) -> list[int]:
        """The months whose window is whole and whose event is known by month `until`."""
        months = range(self.first + self.window - 1, until - self.horizon + 1)
        return list(months)[-PAIRS_MOST:]


def history(tape: Tape, remarks: Sequence[Remark], target: Target) -> History | NotPossible:
    """The months to learn from: after the last change of coding where enough follow it, else all.

    A test needs its own pair of months, and at least two pairs known before it.
    """
    months = tape.performance["month"]
    last = number(tape.as_of)
    if target.min_bucket_index < 1:
        return NotPossible(
            "The book has no bucket of lateness for the target to name.",
            "该明细没有可作为目标的逾期阶段。",
            ("delinquency.buckets",),
        )
    first = months.min()
    ahead = target.horizon_months
    if not isinstance(first, int) or last - first + 1 < 2 * ahead + 2:
        seen = months.n_unique()
        return NotPossible(
            f"{seen} {'month' if seen == 1 else 'months'} of history; a forward score needs "
            f"{2 * ahead + 2}: two pairs of months to learn from, and one to be tested on.",
            f"仅有 {seen} 个月的历史；前瞻评分至少需要 {2 * ahead + 2} 个月："
            "两对月份用于学习，一对用于检验。",
            ("performance.on",),
        )
    if tape.open_at_end().is_empty():
        return NotPossible(
            f"No account is open in the month of {tape.as_of}.",
            f"{tape.as_of} 当月没有未结清账户。",
            ("performance.on",),
        )
    changes = [on for on in coding_changes(remarks) if first < number(on) <= last]
    enough = [number(on) for on in changes if last - number(on) + 1 >= 2 * ahead + 4]
    start = enough[-1] if enough else first
    return History(
        first=start,
        last=last,
        window=min(WINDOW_MOST, last - start + 1 - 2 * ahead - 1),
        horizon=ahead,
        crossed=tuple(on for on in changes if number(on) > start),
    )


def number(on: date) -> int:
    """The month's number, as in `tape.columns`: year * 12 + month - 1."""
    return on.year * 12 + on.month - 1


def day(tape: Tape, month: int) -> date:
    """The last day observed in a month that the book has."""
    on = tape.performance.filter(pl.col("month") == month)["on"].max()
    return on if isinstance(on, date) else date(month // 12, month % 12 + 1, 1)
