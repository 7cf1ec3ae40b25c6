"""What one credit line is at a moment: frozen values, and nothing that cannot be replayed.

The three that change most are named tuples: a changed copy of one costs a third of a dataclass's.

`left` is unpaid; `billed` is all that was ever asked. `earned_*` is how much of a due's interest
and fee time has made real: what is left of that is a receivable in the ledger, the rest is future.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from ruqi.loans.parts import NOTHING, Parts, total
from ruqi.loans.terms import Product
from ruqi.primitives.errors import ensure


class Due(NamedTuple):
    """One planned payment. `pay_by` is the last day to pay it without being late."""

    number: int
    kind: str  # instalment, down_payment, charge, returned
    start_on: date
    due_on: date
    pay_by: date
    billed: Parts
    left: Parts
    earned_interest: int = 0
    earned_fee: int = 0
    base_on: date | None = None  # accrual runs linearly from here (None: start_on) …
    base_interest: int = 0  # … where this much
    base_fee: int = 0  # … and this much was earned already
    late_raw: int = 0  # penalty interest, exact, in units of 1 / (denominator of the daily rate)
    late_posted: int = 0
    late_fee_done: bool = False
    first_due_on: date | None = None  # when its oldest money was due, if past due when moved here

    @property
    def contract_on(self) -> date:
        """The due date from which contractual days count, whatever was agreed since."""
        return self.first_due_on or self.due_on

    @property
    def future_interest(self) -> int:
        """Interest that time has not earned yet."""
        return self.billed.interest - self.earned_interest

    @property
    def future_fee(self) -> int:
        """Instalment fee that time has not earned yet."""
        return self.billed.fee - self.earned_fee

    @property
    def owed_now(self) -> Parts:
        """What would be owed if the contract ended today: left, less what time has not earned."""
        left = self.left
        if self.earned_interest == self.billed.interest and self.earned_fee == self.billed.fee:
            return left
        return left._replace(
            interest=left.interest - self.future_interest, fee=left.fee - self.future_fee
        )


class Purchase(NamedTuple):
    """One drawing on the line, with the terms it was made under and its own dues."""

    id: str
    terms: Product
    on: date
    amount_minor: int
    dues: tuple[Due, ...]
    refunded_minor: int = 0
    cost_refunded_minor: int = 0
    flows: tuple[tuple[date, int], ...] = ()  # what the borrower paid for it, penalties excluded
    waived: Parts = NOTHING  # of what was owed, given up for good
    charged_off_on: date | None = None
    written_off: Parts = NOTHING  # what the charge-off took off the balance sheet
    money_since: bool = False  # whether money moved for it since then
    restructured_on: date | None = None
    re_aged: int = 0
    anchor_day: int | None = None  # day of the month of its dues, where agreed anew
    worst_dpd: int = 0

    @property
    def left(self) -> Parts:
        """Everything unpaid, future interest and fees included."""
        return total(due.left for due in self.dues)

    @property
    def owed_now(self) -> Parts:
        """Everything unpaid that is principal or already earned: the ledger's receivables."""
        return total(due.owed_now for due in self.dues)

    def claim(self, due: Due) -> Parts:
        """What is owed on a due: all that is left; after a charge-off, what was earned by then."""
        return due.left if self.charged_off_on is None else due.owed_now

    @property
    def anchor(self) -> int:
        """The day of the month on which it falls due, before clamping."""
        return self.anchor_day or self.terms.due_day or self.on.day

    @property
    def is_paid(self) -> bool:
        """Whether nothing is owed any more."""
        return not any(any(self.claim(due)) for due in self.dues)

    def give_up(self, parts: Parts) -> "Purchase":
        """The same purchase with so much more of what was owed given up (less where negative)."""
        return self._replace(waived=self.waived.plus(parts))

    def with_dues(self, dues: Iterator[Due] | tuple[Due, ...]) -> "Purchase":
        """The same purchase with other dues, by due date."""
        return self._replace(dues=tuple(sorted(dues, key=lambda due: (due.due_on, due.number))))

    def next_number(self) -> int:
        """A number that no due of this purchase has."""
        return max((due.number for due in self.dues), default=0) + 1


@dataclass(frozen=True, slots=True)
class Reservation:
    """Part of the limit held for an authorised purchase, through `expires_on`."""

    id: str
    minor: int
    expires_on: date | None


# Where a payment's money went: (purchase, number of the due, part, minor units), in order.
Row = tuple[str, int, str, int]


@dataclass(frozen=True, slots=True)
class Payment:
    """Money received, where it went, and how much of it came back out again."""

    id: str
    on: date
    minor: int
    rows: tuple[Row, ...]
    credit_minor: int  # what became a credit balance
    returned_minor: int = 0


@dataclass(frozen=True, slots=True)
class Pause:
    """The delinquency clock stands still from `start` to `end`, both included (None: open)."""

    id: str
    start: date
    end: date | None
    purchase: str | None
    stops_late: bool
    stops_interest: bool = False
    resumed: tuple[tuple[str, date], ...] = ()  # purchases for which it ended before

    def covers(self, purchase_id: str | None) -> bool:
        """Whether it is about a purchase (None: about all)."""
        return self.purchase is None or self.purchase == purchase_id

    def end_of(self, purchase_id: str | None) -> date | None:
        """Its last day for a purchase; None where it has none yet."""
        return next((on for name, on in self.resumed if name == purchase_id), self.end)

    def stands(self, purchase_id: str | None, on: date) -> bool:
        """Whether it stops a purchase's clock after this day (None: any purchase's)."""
        end = self.end_of(purchase_id)
        touches = purchase_id is None or self.covers(purchase_id)
        return touches and self.start <= on and (end is None or on < end)


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Promised payments under hardship or for a discounted settlement of some purchases.

    `given_up` holds the dues as they were before a kept settlement waived them.
    """

    id: str
    kind: str  # hardship_plan, discounted_settlement
    start: date
    promised: tuple[tuple[date, int], ...]
    breach_days: int
    purchases: tuple[str, ...] = ()
    paid_minor: int = 0
    paid_by: tuple[str, ...] = ()
    status: str = "active"  # active, kept, broken, ended
    ended_on: date | None = None
    given_up: "tuple[tuple[str, Due], ...]" = ()


@dataclass(frozen=True, slots=True)
class InFlight:
    """A payment that has been started and has not arrived: no new fee while it is on its way."""

    id: str
    minor: int


class Line(NamedTuple):
    """One borrower's credit line at the opening of `on`, with that day's events so far."""

    terms: Product
    on: date
    opened_on: date
    limit_minor: int | None
    status: str = "open"  # open, closed
    active: tuple[Purchase, ...] = ()
    done: tuple[Purchase, ...] = ()
    reservations: tuple[Reservation, ...] = ()
    credit_minor: int = 0
    payments: tuple[Payment, ...] = ()
    pauses: tuple[Pause, ...] = ()
    arrangements: tuple[Arrangement, ...] = ()
    in_flight: tuple[InFlight, ...] = ()
    buckets: tuple[tuple[date, str, int], ...] = ()  # (day, bucket entered, days past due)
    arrears_since: date | None = None
    catalogue: Mapping[str, Product] = MappingProxyType({})  # products by id

    @property
    def currency(self) -> str:
        """The one currency of the line."""
        return self.terms.currency

    @property
    def principal_minor(self) -> int:
        """Principal drawn and not yet repaid, charged-off principal included."""
        return sum(due.left.principal for purchase in self.active for due in purchase.dues)

    @property
    def reserved_minor(self) -> int:
        """Held for authorised purchases."""
        return sum(held.minor for held in self.reservations)

    @property
    def available_minor(self) -> int | None:
        """Limit less reserved less principal, never below zero; None without a limit."""
        if self.limit_minor is None:
            return None
        return max(0, self.limit_minor - self.reserved_minor - self.principal_minor)

    def find(self, purchase_id: str | None) -> Purchase | None:
        """A purchase by its id, active or done."""
        for purchase in (*self.active, *self.done):
            if purchase.id == purchase_id:
                return purchase
        return None

    def put(self, purchase: Purchase) -> "Line":
        """The line with this purchase in place of the one with its id; done ones come back."""
        if any(held.id == purchase.id for held in self.active):
            active = tuple(purchase if p.id == purchase.id else p for p in self.active)
            return self._replace(active=active)
        done = tuple(p for p in self.done if p.id != purchase.id)
        return self._replace(done=done).add(purchase)

    def add(self, purchase: Purchase) -> "Line":
        """The line with one more active purchase, whose id is new to it."""
        active = tuple(sorted((*self.active, purchase), key=lambda p: (p.on, p.id)))
        return self._replace(active=active)

    def scope(self, purchase_id: str | None) -> tuple[Purchase, ...]:
        """The active purchases an event is about: one, or all where it names none."""
        if purchase_id is None:
            return self.active
        return tuple(p for p in self.active if p.id == purchase_id)


def checked(due: Due) -> Due:
    """The due itself, once its numbers make sense (our bug where they do not)."""
    ensure(min(due.left) >= 0, f"due {due.number} is paid below zero")
    ensure(
        due.left.interest >= due.future_interest >= 0 and due.left.fee >= due.future_fee >= 0,
        f"due {due.number} was paid for what time has not earned",
    )
    return due


__all__ = [
    "NOTHING",
    "Arrangement",
    "Due",
    "InFlight",
    "Line",
    "Pause",
    "Payment",
    "Purchase",
    "Reservation",
    "Row",
    "checked",
]
