"""One journal entry: legs that balance per currency and owner, or it is not an entry.

`on` is the value date, when it is true; `posted_on` the day of the open period on which the books
took it in. `corrects` and `reverses` name earlier entries; nothing is ever edited.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from ruqi.primitives.errors import ensure

# What moves: (account debited, account credited, minor units). Negative amounts swap the sides.
Move = tuple[str, str, int]


class Leg(NamedTuple):
    """One side of an entry: minor units, debit positive, credit negative; never zero."""

    account: str
    minor: int
    owner: str = "lender"

    @property
    def debit_minor(self) -> int:
        """The debit column."""
        return max(self.minor, 0)

    @property
    def credit_minor(self) -> int:
        """The credit column."""
        return max(-self.minor, 0)


class Entry(NamedTuple):
    """A balanced set of legs in one currency, caused by one event or by time (`cause` = "day")."""

    on: date
    cause: str
    kind: str
    currency: str
    legs: tuple[Leg, ...]
    posted_on: date | None = None  # None until a journal has taken it in
    id: str = ""
    corrects: str | None = None
    reverses: str | None = None

    def same_money(self, other: "Entry") -> bool:
        """Whether both say the same, whenever and wherever they were posted."""
        return (
            self.on == other.on
            and self.cause == other.cause
            and self.kind == other.kind
            and self.legs == other.legs
        )


def balanced(legs: Iterable[Leg]) -> bool:
    """Whether debits equal credits for every owner."""
    totals: dict[str, int] = {}
    for leg in legs:
        totals[leg.owner] = totals.get(leg.owner, 0) + leg.minor
    return not any(totals.values())


def entry(on: date, cause: str, kind: str, currency: str, moves: Sequence[Move]) -> list[Entry]:
    """One entry of these moves, merged per account, debits first; nothing where nothing moves."""
    sums: dict[str, int] = {}
    for debit, credit, minor in moves:
        if minor:
            sums[debit] = sums.get(debit, 0) + minor
            sums[credit] = sums.get(credit, 0) - minor
    if not any(sums.values()):
        return []
    found = sorted((minor < 0, account, minor) for account, minor in sums.items() if minor)
    legs = tuple([Leg(account, minor) for _, account, minor in found])
    ensure(balanced(legs), "an entry must balance")
    return [Entry(on, cause, kind, currency, legs)]


def reversal(original: Entry, posted_on: date, entry_id: str) -> Entry:
    """The equal and opposite of an entry, on its value date, posted in the open period."""
    return original._replace(
        legs=tuple(Leg(leg.account, -leg.minor, leg.owner) for leg in original.legs),
        posted_on=posted_on,
        id=entry_id,
        corrects=None,
        reverses=original.id,
    )
