"""Findings about the truth of a book's data; they stop nothing and follow each figure they touch."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Remark:
    """One finding.

    `on` is the month end or statement day it is about (None: the whole book); for a change between
    two months, the later one. `share` lies in [0, 1] of the rows it could have touched.
    """

    id: str  # stable and readable: kind-column-YYYY-MM
    kind: str
    table: str
    column: str | None
    on: date | None
    count: int
    share: float | None
    example: str | None  # an account or code, never personal data
    says_en: str
    says_zh: str
