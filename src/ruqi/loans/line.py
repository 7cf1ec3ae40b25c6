"""One event meets one line: judged once, frozen, then applied by a step that cannot fail.

`apply` is the fold's step: time up to the event's value date first, then the event. `judge` says
in the published order of precedence why an event is refused, on the line as it is known to stand
after all accepted events of its value date.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from ruqi.law.price import Cap, late_refusal, refusal
from ruqi.ledger.entry import Entry, entry
from ruqi.loans.accrual import advance
from ruqi.loans.events import Event
from ruqi.loans.refusals import No, Reason, first, no
from ruqi.loans.schedule import flows
from ruqi.loans.state import Line
from ruqi.loans.steps import charging, charging_off, drawing, relieving, repaying, returning
from ruqi.loans.terms import Prepayment, Product, Settling
from ruqi.loans.waterfall import settle, use_credit
from ruqi.primitives.errors import Refused

Step = Callable[[Line, Event], tuple[Line, list[Entry]]]
Judge = Callable[[Line, Event], No | None]
Fix = Callable[[Line, Event], Mapping[str, Any]]

STEPS: Mapping[str, Step] = {
    "open": drawing.open_line,
    "limit_change": drawing.limit_change,
    "authorise": drawing.authorise,
    "capture": drawing.capture,
    "purchase": drawing.purchase,
    "void": drawing.void,
    "close": drawing.close,
    "merchant_refund": returning.merchant_refund,
    "returned_debit": returning.return_money,
    "chargeback": returning.return_money,
    "payment_started": repaying.payment_started,
    "payment_failed": repaying.payment_failed,
    "repayment": repaying.repayment,
    "early_settlement": repaying.early_settlement,
    "credit_refund": repaying.credit_refund,
    "fee": charging.fee,
    "waiver": charging.waiver,
    "pause": relieving.pause,
    "resume": relieving.resume,
    "deferral": relieving.relay,
    "extension": relieving.relay,
    "re_age": relieving.relay,
    "restructure": relieving.relay,
    "hardship_plan": relieving.arrange,
    "discounted_settlement": relieving.arrange,
    "end_arrangement": relieving.end_arrangement,
    "charge_off": charging_off.charge_off,
    "undo_charge_off": charging_off.undo_charge_off,
    "recovery": charging_off.recovery,
}
JUDGES: Mapping[str, Judge] = {
    "authorise": drawing.judge_authorise,
    "capture": drawing.judge_capture,
    "purchase": drawing.judge_purchase,
    "void": drawing.judge_void,
    "close": drawing.judge_close,
    "merchant_refund": returning.judge_merchant_refund,
    "returned_debit": returning.judge_return,
    "chargeback": returning.judge_return,
    "early_settlement": repaying.judge_early_settlement,
    "credit_refund": repaying.judge_credit_refund,
    "fee": charging.judge_fee,
    "waiver": charging.judge_waiver,
    "pause": relieving.judge_pause,
    "resume": relieving.judge_resume,
    "deferral": relieving.judge_relay,
    "extension": relieving.judge_relay,
    "re_age": relieving.judge_relay,
    "restructure": relieving.judge_relay,
    "hardship_plan": relieving.judge_arrangement,
    "discounted_settlement": relieving.judge_arrangement,
    "end_arrangement": relieving.judge_end_arrangement,
    "charge_off": charging_off.judge_charge_off,
    "undo_charge_off": charging_off.judge_undo_charge_off,
    "recovery": charging_off.judge_recovery,
}
# What an event leaves to a default and must not move with what becomes known later.
FIXES: Mapping[str, Fix] = {
    "capture": drawing.fixed_capture,
    "returned_debit": returning.fixed_return,
    "chargeback": returning.fixed_return,
    "early_settlement": repaying.fixed_settlement,
    "credit_refund": repaying.fixed_credit_refund,
    "fee": charging.fixed_fee,
    "hardship_plan": relieving.fixed_promises,
    "discounted_settlement": relieving.fixed_promises,
    "charge_off": charging_off.fixed_charge_off,
    "undo_charge_off": charging_off.fixed_undo,
}
# Events that can lift what a purchase costs in all: the cap is asked again after each.
PRICED = frozenset(
    {"purchase", "capture", "fee", "deferral", "extension", "restructure", "re_age"}
    | {"early_settlement", "merchant_refund"}
)
# Events that may meet a closed line: what others do to it, and corrections.
ON_CLOSED = frozenset(
    {"merchant_refund", "returned_debit", "chargeback", "credit_refund", "repayment", "reversal"}
)
DRAWN = frozenset({"purchase", "capture"})
MONEY_IN = frozenset({"repayment", "recovery", "early_settlement"})


def blank(products: Mapping[str, Product], terms: Product, on: date) -> Line:
    """A line on the day before anything happened to it."""
    return Line(terms=terms, on=on, opened_on=on, limit_minor=terms.limit_minor, catalogue=products)


def apply(line: Line, event: Event) -> tuple[Line, list[Entry]]:
    """Time up to the event's value date, then the event itself, and what it sets off."""
    line, made = advance(line, event.value_on)
    line, entries = act(line, event)
    return line, made + entries


def act(line: Line, event: Event) -> tuple[Line, list[Entry]]:
    """An event on the very day on which the line stands."""
    line, made = STEPS[event.kind](line, event)
    if event.kind in MONEY_IN:
        line, more = relieving.keep_promises(line, event)
        made += more
    if line.credit_minor and line.active:
        line, moves = use_credit(line, line.on)
        made += entry(line.on, event.id, "credit_used", line.currency, moves)
    return settle(line), made


def judge(line: Line, event: Event, cap: Cap | None, late_cap: Cap | None = None) -> No | None:
    """Why this event is refused on a line that stands on its value date; None where it is not.

    `cap` binds the all-in price, `late_cap` what lateness costs.
    """
    closed = line.status == "closed" and event.kind not in ON_CLOSED
    asked = JUDGES.get(event.kind)
    found = first(
        No(Reason.LINE_CLOSED) if closed else None,
        _unknown_purchase(line, event),
        asked(line, event) if asked else None,
    )
    if found is None and late_cap is not None and event.kind in DRAWN:
        late = late_refusal(drawing.terms_of(line, event).late.daily_rate, late_cap)
        found = _above(late) if late else None
    return found or (above_cap(line, event, cap) if event.kind in PRICED else None)


def _unknown_purchase(line: Line, event: Event) -> No | None:
    """A purchase that is named must be known; but money that arrived is a fact."""
    named = event.text("purchase")
    if named is None or event.kind == "repayment" or line.find(named):
        return None
    return no(Reason.UNKNOWN_REFERENCE, named)


def _above(refused: Refused) -> No:
    return No(Reason.ABOVE_CAP, (refused.says_en, refused.says_zh), refused.rule)


def frozen(line: Line, event: Event, cap: Cap | None = None) -> Event:
    """The event with the amount and purchases it left to a default, as they are on this line.

    Money that was received or paid is a fact: no replay may change it. A repayment that would pay
    so much cost ahead of time that the price passes the cap is not refused: the rest is credit.
    """
    if event.kind == "repayment" and above_cap(line, event, cap):
        return replace(event, data={**event.data, "prepayment": Prepayment.CREDIT.value})
    fix = FIXES.get(event.kind)
    return event if fix is None else replace(event, data={**fix(line, event), **event.data})


def above_cap(line: Line, event: Event, cap: Cap | None) -> No | None:
    """Whether the event would lift a purchase's all-in cost above the cap: exact, by trial."""
    if cap is None:
        return None
    after, _ = act(line, event)
    for purchase in (*after.active, *after.done):
        before = line.find(purchase.id)
        if before == purchase or not purchase.amount_minor or not _lifts(event, purchase.terms):
            continue
        found = refusal(flows(purchase, line.on), purchase.terms.periods_a_year, cap)
        if found:
            return _above(found)
    return None


def _lifts(event: Event, terms: Product) -> bool:
    """Whether such an event can lift the price: not by what time has earned as agreed."""
    if event.kind == "early_settlement":
        return terms.settling is not Settling.ACCRUED
    return event.kind != "merchant_refund" or terms.refund_cost == "none"


def fold(line: Line, events: Sequence[Event]) -> tuple[Line, list[Entry]]:
    """Apply events that are already in their places; the slow, whole way."""
    made: list[Entry] = []
    for event in events:
        line, entries = apply(line, event)
        made += entries
    return line, made


def standing_on(line: Line, on: date) -> Line:
    """The line advanced to a day, its entries left aside."""
    return advance(line, on)[0] if on > line.on else line
