"""In which order money meets debts: past due oldest first, then due, then what the product says.

The order is data, frozen into each purchase's terms. Every payment leaves rows behind, so that a
returned debit can open again exactly what it had paid.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ruqi.ledger.entry import Move
from ruqi.loans.dues import receivable
from ruqi.loans.parts import INCOME, RECEIVABLE
from ruqi.loans.state import Due, Line, Purchase, Row, checked
from ruqi.loans.terms import Order

# Which account gives the money: cash for a payment, the credit balance where that is used.
CASH, CREDIT = "cash", "credit_balance"


@dataclass(frozen=True)
class Spread:
    """Where an amount went, and what of it found nothing to pay."""

    line: Line
    rows: tuple[Row, ...]
    moves: tuple[Move, ...]
    rest_minor: int


def spread(
    line: Line, minor: int, source: str, order: Order, purchases: Iterable[Purchase], until: date
) -> Spread:
    """Pay everything with a due date up to `until`, in `order`, from `source`.

    Future interest and fees that are paid ahead are earned at once, so that no receivable falls
    below zero.
    """
    queue = sorted(
        (due.due_on, purchase.on, purchase.id, due.number)
        for purchase in purchases
        for due in purchase.dues
        if due.due_on <= until and any(purchase.claim(due))
    )
    steps = (
        [(key, part) for key in queue for part in order.parts]
        if order.across == "by_due"
        else [(key, part) for part in order.parts for key in queue]
    )
    given = tuple(purchases)
    held = {purchase.id: purchase for purchase in given}
    rows: list[Row] = []
    moves: list[Move] = []
    for (_, _, purchase_id, number), part in steps:
        if not minor:
            break
        purchase, paid, made = pay_part(held[purchase_id], number, part, minor, source)
        if paid:
            held[purchase_id] = purchase
            rows.append((purchase_id, number, part, paid))
            moves += made
            minor -= paid
    for before in given:
        if held[before.id] is not before:
            paid_here = sum(row[3] for row in rows if row[0] == before.id and row[2] != "late")
            line = line.put(note_flow(held[before.id], line.on, paid_here))
    return Spread(line, tuple(rows), tuple(moves), minor)


def pay_part(
    purchase: Purchase, number: int, part: str, minor: int, source: str
) -> tuple[Purchase, int, list[Move]]:
    """Pay up to `minor` of one part of one due; (purchase, paid, moves)."""
    due = next(d for d in purchase.dues if d.number == number)
    paid = min(minor, getattr(purchase.claim(due), part))
    if not paid:
        return purchase, 0, []
    moves: list[Move] = []
    after = due._replace(left=due.left._replace(**{part: getattr(due.left, part) - paid}))
    after = _earn_ahead(after, moves)
    moves.append((source, receivable(purchase, part), paid))
    return swap(purchase, due, checked(after)), paid, moves


def _earn_ahead(due: Due, moves: list[Move]) -> Due:
    """Earn what was just paid before time had earned it."""
    interest = max(due.earned_interest, due.billed.interest - due.left.interest)
    fee = max(due.earned_fee, due.billed.fee - due.left.fee)
    if interest > due.earned_interest:
        moves.append((RECEIVABLE["interest"], INCOME["interest"], interest - due.earned_interest))
    if fee > due.earned_fee:
        moves.append((RECEIVABLE["fee"], INCOME["fee"], fee - due.earned_fee))
    return due._replace(earned_interest=interest, earned_fee=fee)


def swap(purchase: Purchase, before: Due, after: Due) -> Purchase:
    """The purchase with one due in place of another."""
    return purchase._replace(dues=tuple(after if d is before else d for d in purchase.dues))


def note_flow(purchase: Purchase, on: date, minor: int) -> Purchase:
    """Write down money that passed for a purchase, for its all-in cost and its charge-off."""
    purchase = purchase._replace(money_since=purchase.charged_off_on is not None)
    return purchase._replace(flows=(*purchase.flows, (on, minor))) if minor else purchase


def use_credit(line: Line, until: date) -> tuple[Line, list[Move]]:
    """Let the credit balance pay whatever is due by `until`."""
    if not line.credit_minor:
        return line, []
    due_now = any(d.due_on <= until and any(p.claim(d)) for p in line.active for d in p.dues)
    if not due_now:
        return line, []
    order = line.terms.order("credit")
    done = spread(line, line.credit_minor, CREDIT, order, line.active, until)
    return settle(done.line._replace(credit_minor=done.rest_minor)), list(done.moves)


def settle(line: Line) -> Line:
    """Put purchases that owe nothing any more among the done ones."""
    paid = tuple(p for p in line.active if p.is_paid)
    if not paid:
        return line
    active = tuple(p for p in line.active if not p.is_paid)
    return line._replace(active=active, done=(*line.done, *paid))
