"""Small books for tests of remarks: written cell by cell, or drawn month by month from a seed."""

from calendar import monthrange
from collections.abc import Callable
from datetime import date

import numpy as np
import polars as pl

from ruqi.tape.code_changes import CodeCounts
from ruqi.tape.columns import ACCOUNTS, PERFORMANCE

NOT_A_BUCKET = ("charged_off", "paid_off", "sold", "closed")


def month_of(text: str) -> int:
    return int(text[:4]) * 12 + int(text[5:7]) - 1


def month_end(month: int) -> date:
    year, part = divmod(month, 12)
    return date(year, part + 1, monthrange(year, part + 1)[1])


def performance(rows: list[dict]) -> pl.DataFrame:
    """Rows with `account_id`, `on` ("2024-03") and any canonical column; the rest is missing."""
    made = []
    for row in rows:
        month = month_of(row["on"])
        given = {"status": "open", "code": None, **row}
        made.append({**given, "on": month_end(month), "month": month})
    return pl.DataFrame(made, schema=PERFORMANCE, orient="row")


def accounts(rows: list[dict]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=ACCOUNTS, orient="row")


def panel(states: np.ndarray, codes: list[str], buckets: list[int], start: int) -> pl.DataFrame:
    """A book from states[account, month] (index of `codes`; -1: no row)."""
    account, step = np.nonzero(states >= 0)
    state = states[account, step]
    ends = pl.Series([month_end(start + i) for i in range(states.shape[1])], dtype=pl.Date)
    frame = pl.DataFrame(
        {
            "account_id": np.char.mod("A%06d", account),
            "on": ends.gather(step),
            "month": (start + step).astype(np.int32),
            "bucket": np.array(buckets, dtype=np.int8)[state],
            "code": np.array(codes)[state],
        }
    )
    empty = [
        pl.lit(None, dtype).alias(name)
        for name, dtype in PERFORMANCE.items()
        if name not in (*frame.columns, "status")
    ]
    status = pl.lit("open").cast(PERFORMANCE["status"]).alias("status")
    return frame.with_columns(status, *empty).select(*PERFORMANCE)


def walk(
    rng: np.random.Generator,
    accounts_count: int,
    months: int,
    moves: Callable[[int], np.ndarray],
    opened: np.ndarray | None = None,
    first: np.ndarray | None = None,
) -> np.ndarray:
    """States of a Markov book: `moves(month)` is its matrix, `opened` each account's first month.

    Accounts open in state 0, or are drawn from `first` where they stand from the beginning.
    """
    opened = np.zeros(accounts_count, dtype=int) if opened is None else opened
    states = np.full((accounts_count, months), -1)
    for month in range(months):
        new = opened == month
        fresh = 0 if first is None or month else rng.choice(len(first), new.sum(), p=first)
        states[new, month] = fresh
        old = opened < month
        cumulated = moves(month).cumsum(axis=1)
        before = states[old, month - 1]
        draw = rng.random(old.sum())
        states[old, month] = (draw[:, None] > cumulated[before][:, :-1]).sum(axis=1)
    return states


def code_counts(states: np.ndarray, codes: list[str], buckets: list[int]) -> CodeCounts:
    """What `panel` would be counted as, without a frame in between."""
    rows: dict[tuple[int, str], int] = {}
    moves: dict[tuple[int, str | None, str], int] = {}
    kinds = len(codes) + 1
    for month in range(states.shape[1]):
        now = states[:, month]
        before = states[:, month - 1] if month else np.full_like(now, -1)
        there = now >= 0
        for pair, count in enumerate(np.bincount((before[there] + 1) * kinds + now[there])):
            if count:
                earlier, code = divmod(pair, kinds)
                moves[month, codes[earlier - 1] if earlier else None, codes[code]] = int(count)
                rows[month, codes[code]] = rows.get((month, codes[code]), 0) + int(count)
    return CodeCounts(rows, moves, dict(zip(codes, buckets, strict=True)))
