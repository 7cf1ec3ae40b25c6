"""Money in: repayments (partial, early, over), early settlement with its quote, credit refunds.

A repayment pays what is past due, oldest first, then what is due today; beyond that it does what
the product (or the borrower, for this payment) says. What nothing owes becomes a credit balance.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ruqi.ledger.entry import Entry, Move, entry
from ruqi.loans.accrual import earn
from ruqi.loans.arrangement import note_paid
from ruqi.loans.dues import owe_charge
from ruqi.loans.events import Event
from ruqi.loans.parts import Parts, total
from ruqi.loans.refusals import No, Reason, no
from ruqi.loans.relay import lower, repriced, shorten
from ruqi.loans.state import Due, InFlight, Line, Payment, Purchase, Row
from ruqi.loans.terms import Prepayment, Settling
from ruqi.loans.waterfall import CASH, Spread, note_flow, pay_part, settle, spread, swap
from ruqi.primitives.money import major

Step = tuple[Line, list[Entry]]
Fixed = Mapping[str, Any]


def judge_repayment(_line: Line, event: Event) -> No | None:
    """Money that arrived is a fact: only a choice that does not exist is refused."""
    chosen = event.text("prepayment")
    if chosen is not None and chosen not in list(Prepayment):
        return no(Reason.BAD_FIELD, "prepayment", f"is none of {', '.join(Prepayment)}")
    return None


def repayment(line: Line, event: Event) -> Step:
    """Spread the money: overdue, due, ahead, credit."""
    line = _landed(line, event)
    return receive(line, event, event.minor, "repayment")


def receive(line: Line, event: Event, minor: int, transaction: str) -> Step:
    """Spread money received over one purchase or all, and keep its rows."""
    first = spread(
        line,
        minor,
        CASH,
        line.terms.order(transaction),
        line.scope(event.text("purchase")),
        line.on,
    )
    line, rows, moves = first.line, first.rows, list(first.moves)
    rest = first.rest_minor
    if rest:
        ahead = _ahead(line, event, rest)
        line, rows, moves = ahead.line, rows + ahead.rows, moves + list(ahead.moves)
        rest = ahead.rest_minor
    return _book(line, event, minor, Spread(line, rows, tuple(moves), rest))


def _book(line: Line, event: Event, minor: int, done: Spread) -> Step:
    """Keep the payment with its rows; what found nothing to pay is the borrower's credit."""
    moves = [*done.moves, (CASH, "credit_balance", done.rest_minor)]
    paid = Payment(event.id, line.on, minor, done.rows, done.rest_minor)
    line = line._replace(
        payments=(*line.payments, paid),
        credit_minor=line.credit_minor + done.rest_minor,
    )
    line = settle(note_paid(line, paid, event.text("purchase")))
    return line, entry(line.on, event.id, event.kind, line.currency, moves)


def _landed(line: Line, event: Event) -> Line:
    """The payment that was on its way has arrived."""
    started = event.text("started")
    return line._replace(in_flight=tuple(p for p in line.in_flight if p.id != started))


def _ahead(line: Line, event: Event, minor: int) -> Spread:
    """What a repayment does beyond all that is due; enough for everything is a settlement."""
    rows: tuple[Row, ...] = ()
    moves: list[Move] = []
    for purchase in line.scope(event.text("purchase")):
        way = Prepayment(event.text("prepayment") or purchase.terms.prepayment)
        if not minor or way is Prepayment.CREDIT:
            break
        if purchase.charged_off_on is None and minor >= owed_to_settle(purchase, line.on).total:
            after, paid, made = _pay_off(purchase, line.on)
            line, minor = line.put(after), minor - sum(row[3] for row in paid)
            rows, moves = rows + paid, moves + made
            continue
        if way is Prepayment.NEXT or purchase.charged_off_on is not None:
            order = line.terms.order("repayment")
            done = spread(line, minor, CASH, order, (purchase,), date.max)
            line, minor = done.line, done.rest_minor
            rows, moves = rows + done.rows, moves + list(done.moves)
            continue
        after, paid, made = _prepay(line, purchase, minor, way)
        line, minor = line.put(after), minor - sum(row[3] for row in paid)
        rows, moves = rows + paid, moves + made
    return Spread(line, rows, tuple(moves), minor)


def _prepay(
    line: Line, purchase: Purchase, minor: int, way: Prepayment
) -> tuple[Purchase, tuple[Row, ...], list[Move]]:
    """Pay future principal, last due first, then lay the rest again."""
    rows: list[Row] = []
    moves: list[Move] = []
    future = [due for due in purchase.dues if due.due_on > line.on and due.left.principal]
    paid_all = 0
    for due in reversed(future):
        purchase, paid, made = pay_part(purchase, due.number, "principal", minor - paid_all, CASH)
        if paid:
            rows.append((purchase.id, due.number, "principal", paid))
            moves += made
            paid_all += paid
    purchase = note_flow(purchase, line.on, paid_all)
    laid = lower if way is Prepayment.LOWER else shorten
    return laid(purchase, line.on), tuple(rows), moves


# --- early settlement -----------------------------------------------------------------------


@dataclass(frozen=True)
class Quote:
    """What settles on a day, part by part, and the future cost that then falls away."""

    on: date
    owed: Parts
    saved_minor: int

    @property
    def total(self) -> int:
        """The amount to pay, in minor units."""
        return self.owed.total


def settlement_quote(line: Line, purchase_id: str | None = None) -> Quote:
    """What pays off one purchase or all on the day `line.on`, before any credit balance."""
    scope = line.scope(purchase_id)
    owed = total(owed_to_settle(purchase, line.on) for purchase in scope)
    left = sum(purchase.left.total for purchase in scope)
    return Quote(line.on, owed, left - owed.total)


def owed_to_settle(purchase: Purchase, on: date) -> Parts:
    """Everything due, future principal, and as much future cost as the product says."""
    return total(_settling_due(purchase, due, on) for due in purchase.dues)


def _settling_due(purchase: Purchase, due: Due, on: date) -> Parts:
    way = purchase.terms.settling
    whole = way is Settling.ALL or (way is Settling.PERIOD and due.start_on < on)
    if purchase.charged_off_on is None and (due.due_on <= on or whole):
        return due.left
    return due.owed_now


def judge_early_settlement(line: Line, event: Event) -> No | None:
    """Something must be owed, and an amount that is named must be the quote."""
    quote = settlement_quote(line, event.text("purchase"))
    if not quote.total:
        return no(Reason.NOTHING_OWED)
    named = event.data.get("amount_minor")
    if named is not None and named != quote.total:
        currency = line.currency
        return no(Reason.NOT_THE_QUOTE, major(named, currency), major(quote.total, currency))
    return None


def fixed_settlement(line: Line, event: Event) -> Fixed:
    """The quote, and the purchases that it ends."""
    ended = tuple(purchase.id for purchase in line.scope(event.text("purchase")))
    quote = settlement_quote(line, event.text("purchase"))
    return {"amount_minor": quote.total, "purchases": ended}


def early_settlement(line: Line, event: Event) -> Step:
    """Pay off what the quote named, as it was when it was accepted.

    Where later knowledge made it too much, the rest is credit. Where it made it too little, the
    settlement pays from the last due backwards: what lacks stays owed on the oldest dues.
    """
    scope = line.scope(event.text("purchase"))
    ended = event.data.get("purchases", [purchase.id for purchase in scope])
    scope = tuple(purchase for purchase in scope if purchase.id in ended)
    quoted = total(owed_to_settle(purchase, line.on) for purchase in scope).total
    minor = event.data.get("amount_minor", quoted)
    if minor < quoted:
        done = _pay_backwards(line, scope, minor)
        return _book(done.line, event, minor, done)
    rows: list[Row] = []
    moves: list[Move] = []
    for purchase in scope:
        after, paid, made = _pay_off(purchase, line.on)
        line = line.put(after)
        rows += paid
        moves += made
    return _book(line, event, minor, Spread(line, tuple(rows), tuple(moves), minor - quoted))


def _pay_off(purchase: Purchase, on: date) -> tuple[Purchase, tuple[Row, ...], list[Move]]:
    """Drop the cost that falls away, then pay every part of every due."""
    moves: list[Move] = []
    rows: list[Row] = []
    for due in purchase.dues:
        purchase = swap(purchase, due, _without_future(purchase, due, on, moves))
        purchase, paid, made = _pay_due(purchase, due.number, sum(due.left))
        rows += paid
        moves += made
    return note_flow(purchase, on, _passed(rows)), tuple(rows), moves


def _pay_backwards(line: Line, scope: Sequence[Purchase], minor: int) -> Spread:
    """Pay off dues from the last one until the money ends; cost to come is laid anew on the rest.

    Of the due at which it ends, what is to come yet pays principal only.
    """
    held = {purchase.id: purchase for purchase in scope}
    queue = sorted((d.due_on, p.on, p.id, d.number) for p in scope for d in p.dues)
    moves: list[Move] = []
    rows: list[Row] = []
    for due_on, _, name, number in reversed(queue):
        purchase = held[name]
        due = next(d for d in purchase.dues if d.number == number)
        parts = purchase.terms.order("repayment").parts
        if minor >= _settling_due(purchase, due, line.on).total:
            purchase = swap(purchase, due, _without_future(purchase, due, line.on, moves))
        elif due_on > line.on:
            parts = ("principal",)
        held[name], paid, made = _pay_due(purchase, number, minor, parts)
        minor -= sum(row[3] for row in paid)
        rows += paid
        moves += made
    for purchase in held.values():
        mine = [row for row in rows if row[0] == purchase.id]
        after = note_flow(purchase, line.on, _passed(mine))
        line = line.put(after if after.charged_off_on else repriced(after, line.on))
    return Spread(line, tuple(rows), tuple(moves), minor)


def _pay_due(
    purchase: Purchase, number: int, minor: int, parts: Sequence[str] | None = None
) -> tuple[Purchase, list[Row], list[Move]]:
    """Pay one due, part by part in the order agreed, with up to `minor`."""
    rows: list[Row] = []
    moves: list[Move] = []
    for part in parts or purchase.terms.order("repayment").parts:
        purchase, paid, made = pay_part(purchase, number, part, minor, CASH)
        minor -= paid
        moves += made
        if paid:
            rows.append((purchase.id, number, part, paid))
    return purchase, rows, moves


def _passed(rows: Sequence[Row]) -> int:
    """What counts for the all-in cost: penalties do not."""
    return sum(row[3] for row in rows if row[2] != "late")


def _without_future(purchase: Purchase, due: Due, on: date, moves: list[Move]) -> Due:
    keep = _settling_due(purchase, due, on)
    billed = due.billed._replace(
        interest=due.billed.interest - (due.left.interest - keep.interest),
        fee=due.billed.fee - (due.left.fee - keep.fee),
    )
    after = due._replace(billed=billed, left=keep)
    return earn(after, billed.interest, billed.fee, moves)


# --- money on its way, credit balance -------------------------------------------------------


def payment_started(line: Line, event: Event) -> Step:
    """Remember that money is on its way."""
    return line._replace(in_flight=(*line.in_flight, InFlight(event.id, event.minor))), []


def payment_failed(line: Line, event: Event) -> Step:
    """Forget it again: dues stand as they stood, and no fee that fell before falls twice."""
    failed = event.text("payment")
    return line._replace(in_flight=tuple(p for p in line.in_flight if p.id != failed)), []


def judge_credit_refund(line: Line, event: Event) -> No | None:
    """No more than the credit balance."""
    minor = event.data.get("amount_minor", line.credit_minor)
    if minor > line.credit_minor or not minor:
        currency = line.currency
        return no(Reason.ABOVE_CREDIT, major(minor, currency), major(line.credit_minor, currency))
    return None


def fixed_credit_refund(line: Line, _event: Event) -> Fixed:
    """All of the credit balance."""
    return {"amount_minor": line.credit_minor}


def credit_refund(line: Line, event: Event) -> Step:
    """Pay credit back; where a correction left too little credit, the difference is owed."""
    minor = event.data.get("amount_minor", line.credit_minor)
    from_credit = min(minor, line.credit_minor)
    line = line._replace(credit_minor=line.credit_minor - from_credit)
    moves: list[Move] = [("credit_balance", CASH, from_credit)]
    line = owe_charge(line, event.id, minor - from_credit, moves)
    return line, entry(line.on, event.id, event.kind, line.currency, moves)
