"""The five parts of what a borrower owes, always in this order, in minor units."""

from collections.abc import Iterable
from typing import NamedTuple


class Parts(NamedTuple):
    """Principal, interest, instalment fee, other charge, penalty interest."""

    principal: int = 0
    interest: int = 0
    fee: int = 0
    charge: int = 0
    late: int = 0

    @property
    def total(self) -> int:
        """All five together."""
        return sum(self)

    @property
    def performing(self) -> int:
        """What the borrower owes if on time: everything but penalty interest."""
        return sum(self) - self.late

    def plus(self, other: "Parts") -> "Parts":
        """Part by part."""
        return Parts(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))

    def minus(self, other: "Parts") -> "Parts":
        """Part by part."""
        return Parts(*(mine - theirs for mine, theirs in zip(self, other, strict=True)))

    def only(self, part: str) -> "Parts":
        """One part, the others zero."""
        return NOTHING._replace(**{part: getattr(self, part)})


NOTHING = Parts()
PARTS = Parts._fields

# Which accounts of the ledger carry a part: what is due, and what was earned by charging it.
RECEIVABLE = {
    "principal": "principal",
    "interest": "interest_due",
    "fee": "fee_due",
    "charge": "charge_due",
    "late": "late_due",
}
INCOME = {
    "interest": "interest_income",
    "fee": "fee_income",
    "charge": "charge_income",
    "late": "late_income",
}


def total(parts: Iterable[Parts]) -> Parts:
    """The sum of many, part by part."""
    result = NOTHING
    for item in parts:
        result = result.plus(item)
    return result
