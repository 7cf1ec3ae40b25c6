"""A finished run as it goes onto the shelf, and as pages get it back: plain frozen values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import polars as pl

Row = Mapping[str, Any]


@dataclass(frozen=True)
class HeldRun:
    """A finished run, read whole. `documents` by file name, `frames` by table."""

    folder: str
    sha256: str
    documents: Mapping[str, Any]
    frames: Mapping[str, pl.DataFrame]


@dataclass(frozen=True)
class RunHead:
    """What a list of runs says of one."""

    id: int
    book: str
    as_of: date
    accounts: int
    loaded_at: datetime
    folder: str


@dataclass(frozen=True)
class Found:
    """Rows that a query found; `total` counts all that match."""

    rows: Sequence[Row]
    total: int


@dataclass(frozen=True)
class AccountRows:
    """One account's rows: of the plan, the treatments weighed, the scores, and its months."""

    plan: Row
    steps: Sequence[Row]
    scores: Sequence[Row]
    history: Sequence[Row]
    others: Sequence[Row]  # the borrower's other accounts in the plan
