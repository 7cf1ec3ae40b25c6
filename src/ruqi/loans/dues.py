"""Adding a due to a line: fees, and what a bank took back."""

from datetime import date

from ruqi.ledger.entry import Move
from ruqi.loans.parts import RECEIVABLE, Parts
from ruqi.loans.schedule import due
from ruqi.loans.state import Line, Purchase


def holder(line: Line, purchase_id: str | None, event_id: str) -> Purchase:
    """The purchase that carries a new due: the one named, else the oldest open, else the newest.

    A line on which nothing was ever bought (a correction took it away) gets an empty holder.
    """
    named = line.find(purchase_id) if purchase_id else None
    if named:
        return named
    if line.active:
        return line.active[0]
    if line.done:
        return line.done[-1]
    return Purchase(event_id, line.terms, line.on, 0, ())


def add_due(line: Line, purchase: Purchase, kind: str, due_on: date, parts: Parts) -> Line:
    """The line with one more due on a purchase, wholly earned (interest and fee included)."""
    made = due(purchase.terms, purchase.next_number(), kind, line.on, due_on, parts)
    made = made._replace(
        start_on=min(line.on, due_on),
        pay_by=max(due_on, made.pay_by) if kind == "charge" else due_on,
        earned_interest=parts.interest,
        earned_fee=parts.fee,
        late_posted=0,
    )
    return line.put(purchase.with_dues((*purchase.dues, made)))


def owe_charge(line: Line, event_id: str, minor: int, moves: list[Move]) -> Line:
    """Money that left and cannot be taken from credit is owed today, as a charge."""
    if not minor:
        return line
    carrier = holder(line, None, event_id)
    moves.append((receivable(carrier, "charge"), "cash", minor))
    return add_due(line, carrier, "returned", line.on, Parts(charge=minor))


def receivable(purchase: Purchase, part: str) -> str:
    """The account that carries a part; after a charge-off there is none: money is a recovery."""
    return "recovery_income" if purchase.charged_off_on is not None else RECEIVABLE[part]


def next_due_on(purchase: Purchase, on: date) -> date:
    """The next due date after today with something left to pay; today where there is none."""
    return min((d.due_on for d in purchase.dues if d.due_on > on and any(d.left)), default=on)
