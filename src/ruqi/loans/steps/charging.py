"""Fees and waivers: what a lender adds, and what it gives up."""

from collections.abc import Mapping
from typing import Any

from ruqi.ledger.entry import Entry, Move, entry
from ruqi.loans.dues import add_due, holder, next_due_on
from ruqi.loans.events import Event
from ruqi.loans.parts import INCOME, NOTHING, RECEIVABLE, Parts
from ruqi.loans.refusals import No, Reason, no
from ruqi.loans.state import Line, checked
from ruqi.loans.waterfall import settle, swap
from ruqi.primitives.money import major

Step = tuple[Line, list[Entry]]
Fixed = Mapping[str, Any]
WAIVABLE = ("late", "charge", "fee", "interest")


def judge_fee(line: Line, event: Event) -> No | None:
    """A fee needs an open purchase to stand on, and no day of the past to be due."""
    due_on = event.data.get("due_on")
    if due_on is not None and due_on < event.value_on:
        return no(Reason.DATE_ORDER, "due_on", event.value_on)
    named = event.text("purchase")
    if not line.active or (named and line.find(named) is None):
        return no(Reason.UNKNOWN_REFERENCE, named or "an open purchase")
    return None


def fixed_fee(line: Line, event: Event) -> Fixed:
    """The purchase that carries it."""
    return {"purchase": holder(line, event.text("purchase"), event.id).id}


def fee(line: Line, event: Event) -> Step:
    """Charge it, earned at once, due with the next instalment unless it says otherwise."""
    purchase = holder(line, event.text("purchase"), event.id)
    due_on = event.data.get("due_on") or next_due_on(purchase, line.on)
    line = add_due(line, purchase, "charge", due_on, Parts(charge=event.minor))
    if purchase.charged_off_on is not None:  # the claim grows; no income is booked on a loss
        return line, []
    moves: list[Move] = [(RECEIVABLE["charge"], INCOME["charge"], event.minor)]
    return line, entry(line.on, event.id, event.kind, line.currency, moves)


def judge_waiver(line: Line, event: Event) -> No | None:
    """No more than is owed of that kind today; principal is never waived by itself."""
    part = event.text("part")
    if part is not None and part not in WAIVABLE:
        return no(Reason.BAD_FIELD, "part", f"is none of {', '.join(WAIVABLE)}")
    owed = sum(
        getattr(purchase.owed_now, one)
        for purchase in line.scope(event.text("purchase"))
        for one in ([part] if part else WAIVABLE)
    )
    if not owed:
        return no(Reason.NOTHING_OWED)
    if event.minor > owed:
        currency = line.currency
        return no(Reason.ABOVE_ORIGINAL, major(event.minor, currency), major(owed, currency))
    return None


def waiver(line: Line, event: Event) -> Step:
    """Give up what is owed, oldest due first; what nothing owes any more is simply not waived."""
    part = event.text("part")
    line, moves = waive(line, event.minor, (part,) if part else WAIVABLE, event.text("purchase"))
    return settle(line), entry(line.on, event.id, event.kind, line.currency, moves)


def waive(
    line: Line, minor: int, parts: tuple[str, ...], purchase_id: str | None
) -> tuple[Line, list[Move]]:
    """Take up to `minor` off these parts of what is owed now, oldest due first."""
    moves: list[Move] = []
    queue = sorted(
        (due.due_on, purchase.id, due.number)
        for purchase in line.scope(purchase_id)
        for due in purchase.dues
        if any(due.left)
    )
    for _, owner, number in queue:
        purchase = next(p for p in line.active if p.id == owner)
        for part in parts:
            due = next(d for d in purchase.dues if d.number == number)
            taken = min(minor, getattr(due.owed_now, part))
            if taken:
                left = due.left._replace(**{part: getattr(due.left, part) - taken})
                purchase = swap(purchase, due, checked(due._replace(left=left)))
                purchase = purchase.give_up(NOTHING._replace(**{part: taken}))
                if purchase.charged_off_on is None:
                    moves.append(("waivers", RECEIVABLE[part], taken))
                minor -= taken
        line = line.put(purchase)
    return line, moves
