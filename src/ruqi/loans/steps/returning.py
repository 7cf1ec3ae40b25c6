"""Money that goes back: merchant refunds, returned debits, chargebacks.

A merchant refund lowers *its* purchase: principal first from the last instalment, then the share
of interest and fees that was charged for it; what was paid already becomes a credit balance.
A returned debit or chargeback opens again what the payment had paid, as a new due of today: the
borrower is not late for the days in which the money seemed to be there.
"""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from ruqi.ledger.entry import Entry, Move, entry
from ruqi.loans.dues import add_due, holder, owe_charge, receivable
from ruqi.loans.events import Event
from ruqi.loans.parts import NOTHING, PARTS, Parts
from ruqi.loans.refusals import No, Reason, no
from ruqi.loans.relay import repriced
from ruqi.loans.state import Line, Payment, Purchase, checked
from ruqi.loans.steps.relieving import take_back
from ruqi.loans.waterfall import CASH, note_flow, settle, swap
from ruqi.primitives.money import major, round_ratio

Step = tuple[Line, list[Entry]]
Fixed = Mapping[str, Any]


# --- merchant refund ------------------------------------------------------------------------


def judge_merchant_refund(line: Line, event: Event) -> No | None:
    """The purchase must be known, and all its refunds together no more than its price."""
    purchase = line.find(event.text("purchase"))
    if purchase is None:
        return no(Reason.UNKNOWN_REFERENCE, event.text("purchase"))
    rest = purchase.amount_minor - purchase.refunded_minor
    if event.minor > rest:
        return no(
            Reason.ABOVE_ORIGINAL, major(event.minor, line.currency), major(rest, line.currency)
        )
    return None


def merchant_refund(line: Line, event: Event) -> Step:
    """Lower the purchase, give back its share of cost, and credit what was paid already."""
    purchase = line.find(event.text("purchase"))
    if purchase is None:  # a correction took the purchase away: all of it is credit
        return _credit(line, event, event.minor, [("merchant", "credit_balance", event.minor)])
    moves: list[Move] = []
    cost = _cost_share(purchase, event.minor)
    before = purchase.amount_minor - purchase.refunded_minor
    purchase, rest = _lower_principal(purchase, event.minor, moves)
    keep = Fraction(max(before - event.minor, 0), before or 1)
    purchase = _scale_future_fees(purchase, keep)
    purchase = repriced(purchase, line.on) if purchase.charged_off_on is None else purchase
    purchase, rest_cost = _give_back_cost(purchase, cost, moves)
    purchase = note_flow(purchase, line.on, event.minor - rest - rest_cost)._replace(
        refunded_minor=purchase.refunded_minor + event.minor,
        cost_refunded_minor=purchase.cost_refunded_minor + cost,
    )
    moves.append(("merchant", "credit_balance", rest))
    moves.append(("cost_refunds", "credit_balance", rest_cost))
    line = (
        line.put(purchase)
        if any(p.id == purchase.id for p in line.active)
        else _in_done(line, purchase)
    )
    return _credit(line, event, rest + rest_cost, moves)


def _in_done(line: Line, purchase: Purchase) -> Line:
    return line._replace(done=tuple(purchase if p.id == purchase.id else p for p in line.done))


def _credit(line: Line, event: Event, minor: int, moves: list[Move]) -> Step:
    line = settle(line._replace(credit_minor=line.credit_minor + minor))
    return line, entry(line.on, event.id, event.kind, line.currency, moves)


def _cost_share(purchase: Purchase, minor: int) -> int:
    """The refunded share of interest and fees earned so far, less what went back before.

    It is counted over all refunds together, so that goods wholly returned have cost nothing. What
    was waived has cost nothing already.
    """
    if purchase.terms.refund_cost == "none" or not purchase.amount_minor:
        return 0
    earned = sum(due.earned_interest + due.earned_fee for due in purchase.dues)
    earned = max(0, earned - purchase.waived.interest - purchase.waived.fee)
    refunded = min(purchase.refunded_minor + minor, purchase.amount_minor)
    share = round_ratio(earned * refunded, purchase.amount_minor, purchase.terms.rounding)
    return max(0, share - purchase.cost_refunded_minor)


def _lower_principal(purchase: Purchase, minor: int, moves: list[Move]) -> tuple[Purchase, int]:
    """Take `minor` off unpaid principal in the product's order; (purchase, what found none)."""
    dues = [due for due in purchase.dues if due.left.principal]
    if purchase.terms.refund_order == "last_first":
        dues.reverse()
    for due in dues:
        taken = min(minor, due.left.principal)
        after = due._replace(
            billed=due.billed._replace(principal=due.billed.principal - taken),
            left=due.left._replace(principal=due.left.principal - taken),
        )
        purchase = swap(purchase, due, after)
        moves.append(("merchant", receivable(purchase, "principal"), taken))
        minor -= taken
    # What a settlement waived was never paid: it is the lender's again, not the borrower's credit.
    waived = min(minor, purchase.waived.principal)
    lost = "waivers" if purchase.charged_off_on is None else "recovery_income"
    moves.append(("merchant", lost, waived))
    return purchase.give_up(Parts(principal=-waived)), minor - waived


def _scale_future_fees(purchase: Purchase, keep: Fraction) -> Purchase:
    """Instalment fees still to be earned shrink with the price; `repriced` starts them anew."""
    dues = []
    for due in purchase.dues:
        cut = due.future_fee - purchase.terms.round(due.future_fee * keep)
        if cut and purchase.charged_off_on is None:
            due = due._replace(
                billed=due.billed._replace(fee=due.billed.fee - cut),
                left=due.left._replace(fee=due.left.fee - cut),
            )
        dues.append(due)
    return purchase._replace(dues=tuple(dues))


def _give_back_cost(purchase: Purchase, cost: int, moves: list[Move]) -> tuple[Purchase, int]:
    """Cost given back first pays what of it is still owed, oldest first; (purchase, the rest)."""
    for due in purchase.dues:
        for part in ("interest", "fee"):
            taken = min(cost, getattr(due.owed_now, part))
            if taken:
                left = due.left._replace(**{part: getattr(due.left, part) - taken})
                after = checked(due._replace(left=left))
                purchase = swap(purchase, due, after)
                moves.append(("cost_refunds", receivable(purchase, part), taken))
                due, cost = after, cost - taken
    return purchase, cost


# --- returned debit and chargeback ----------------------------------------------------------


def judge_return(line: Line, event: Event) -> No | None:
    """The payment must be known, and all returns together no more than it was."""
    payment = _payment(line, event)
    if payment is None:
        return no(Reason.UNKNOWN_REFERENCE, event.text("payment"))
    rest = payment.minor - payment.returned_minor
    minor = event.data.get("amount_minor", rest)
    if minor > rest or not rest:
        return no(Reason.ABOVE_ORIGINAL, major(minor, line.currency), major(rest, line.currency))
    return None


def _payment(line: Line, event: Event) -> Payment | None:
    wanted = event.text("payment")
    return next((paid for paid in reversed(line.payments) if paid.id == wanted), None)


def fixed_return(line: Line, event: Event) -> Fixed:
    """All of the payment that did not go back before."""
    payment = _payment(line, event)
    return {"amount_minor": payment.minor - payment.returned_minor} if payment else {}


def return_money(line: Line, event: Event) -> Step:
    """Open again what the payment paid, from the last thing it paid backwards, due today."""
    payment = _payment(line, event)
    if payment is None:  # a correction took the payment away: the bank still took this money
        return _owe(line, event, event.data.get("amount_minor", 0), [])
    rest = payment.minor - payment.returned_minor
    minor = event.data.get("amount_minor", rest)
    opened = min(minor, rest)
    rows, from_credit = _to_open(payment, opened)
    paid = replace(payment, returned_minor=payment.returned_minor + opened)
    line = line._replace(
        status="open",
        payments=tuple(paid if p is payment else p for p in line.payments),
    )
    moves: list[Move] = []
    for purchase_id, parts in rows:
        line = _reopen(line, purchase_id, parts, moves)
    line = take_back(line, payment.id, minor, moves)
    used = min(from_credit, line.credit_minor)
    line = line._replace(credit_minor=line.credit_minor - used)
    moves.append(("credit_balance", CASH, used))
    return _owe(line, event, from_credit - used + minor - opened, moves)


def _owe(line: Line, event: Event, minor: int, moves: list[Move]) -> Step:
    """What the bank took and nothing gives, as credit that was spent since, is owed as a charge."""
    line = owe_charge(line, event.id, minor, moves)
    return line, entry(line.on, event.id, event.kind, line.currency, moves)


def _to_open(payment: Payment, minor: int) -> tuple[list[tuple[str, Parts]], int]:
    """What a return of `minor` opens: parts by purchase, and how much comes out of credit.

    The payment's rows are walked from the last; what earlier returns opened is skipped.
    """
    skip, opened = payment.returned_minor, dict[str, Parts]()
    trail = [("", "", payment.credit_minor)]
    trail += [(purchase, part, paid) for purchase, _, part, paid in reversed(payment.rows)]
    from_credit = 0
    for purchase, part, paid in trail:
        passed = min(skip, paid)
        skip, taken = skip - passed, min(minor, paid - passed)
        minor -= taken
        if not part:
            from_credit = taken
        elif taken:
            held = opened.get(purchase, NOTHING)
            opened[purchase] = held._replace(**{part: getattr(held, part) + taken})
    return list(opened.items()), from_credit


def _reopen(line: Line, purchase_id: str, parts: Parts, moves: list[Move]) -> Line:
    purchase = line.find(purchase_id) or holder(line, None, purchase_id)
    moves += [(receivable(purchase, part), CASH, getattr(parts, part)) for part in PARTS]
    purchase = note_flow(purchase, line.on, -(parts.total - parts.late))
    return add_due(line.put(purchase), purchase, "returned", line.on, parts)
