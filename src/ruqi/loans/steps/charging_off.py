"""Charge-off, its undoing, and recoveries: accounting for a loss while the claim survives."""

from collections.abc import Mapping
from typing import Any

from ruqi.ledger.entry import Entry, Move, entry
from ruqi.loans.events import Event
from ruqi.loans.parts import INCOME, PARTS, RECEIVABLE
from ruqi.loans.refusals import No, Reason, no
from ruqi.loans.state import Line, Purchase
from ruqi.loans.steps.repaying import receive

Step = tuple[Line, list[Entry]]
Fixed = Mapping[str, Any]


def _scope(line: Line, event: Event, charged_off: bool) -> tuple[Purchase, ...]:
    fixed = event.data.get("purchases")
    return tuple(
        purchase
        for purchase in line.scope(event.text("purchase"))
        if (purchase.charged_off_on is not None) is charged_off
        and (fixed is None or purchase.id in fixed)
    )


def fixed_charge_off(line: Line, event: Event) -> Fixed:
    """The purchases taken off."""
    return {"purchases": tuple(purchase.id for purchase in _scope(line, event, False))}


def fixed_undo(line: Line, event: Event) -> Fixed:
    """The purchases put back."""
    return {"purchases": tuple(purchase.id for purchase in _scope(line, event, True))}


def judge_charge_off(line: Line, event: Event) -> No | None:
    """Something must be owed that is not charged off yet."""
    if _scope(line, event, charged_off=False):
        return None
    return no(Reason.CHARGED_OFF) if _scope(line, event, True) else no(Reason.NOTHING_OWED)


def charge_off(line: Line, event: Event) -> Step:
    """Take the receivables off as a loss. Nothing is earned after it; the claim stays."""
    moves: list[Move] = []
    for purchase in _scope(line, event, charged_off=False):
        owed = purchase.owed_now
        moves += [("charge_off_loss", RECEIVABLE[part], getattr(owed, part)) for part in PARTS]
        line = line.put(
            purchase._replace(charged_off_on=line.on, written_off=owed, money_since=False)
        )
    return line, entry(line.on, event.id, event.kind, line.currency, moves)


def judge_undo_charge_off(line: Line, event: Event) -> No | None:
    """Only while no money has moved since; otherwise reverse that first."""
    scope = _scope(line, event, charged_off=True)
    if not scope:
        return no(Reason.NOT_CHARGED_OFF)
    return no(Reason.LATER_MONEY) if any(purchase.money_since for purchase in scope) else None


def undo_charge_off(line: Line, event: Event) -> Step:
    """Put what is owed back on the balance sheet."""
    moves: list[Move] = []
    for purchase in _scope(line, event, charged_off=True):
        moves += _put_back(purchase)
        line = line.put(purchase._replace(charged_off_on=None))
    return line, entry(line.on, event.id, event.kind, line.currency, moves)


def _put_back(purchase: Purchase) -> list[Move]:
    """Take the whole loss back; what the claim grew or shrank by since goes where it belongs.

    Fees are income and waivers are waived; where money moved after all, it was no recovery.
    """
    moves: list[Move] = []
    for part in PARTS:
        lost, owed = getattr(purchase.written_off, part), getattr(purchase.owed_now, part)
        moves.append((RECEIVABLE[part], "charge_off_loss", lost))
        if owed > lost and not purchase.money_since:
            moves.append((RECEIVABLE[part], INCOME[part], owed - lost))
        else:
            other = "recovery_income" if purchase.money_since else "waivers"
            moves.append((other, RECEIVABLE[part], lost - owed))
    return moves


def judge_recovery(line: Line, event: Event) -> No | None:
    """Something must be charged off; money for a living loan is a repayment."""
    return None if _scope(line, event, charged_off=True) else no(Reason.NOT_CHARGED_OFF)


def recovery(line: Line, event: Event) -> Step:
    """Money after charge-off: income, in the order agreed; too much of it is credit."""
    return receive(line, event, event.minor, "recovery")
