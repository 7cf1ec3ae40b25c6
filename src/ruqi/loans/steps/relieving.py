"""Relief: pauses, other dates, other terms, and promises under hardship or for a settlement."""

from dataclasses import replace
from datetime import date

from ruqi.ledger.entry import Entry, Move, entry
from ruqi.loans.arrangement import active, end, fulfilled, judged, put
from ruqi.loans.delinquency import open_pause
from ruqi.loans.events import Event
from ruqi.loans.parts import PARTS, RECEIVABLE
from ruqi.loans.refusals import No, Reason, no
from ruqi.loans.relay import moved
from ruqi.loans.schedule import anchor_day, due_dates
from ruqi.loans.state import NOTHING, Arrangement, Due, Line, Pause, Purchase
from ruqi.loans.waterfall import note_flow, settle, swap
from ruqi.primitives.dates import add_months
from ruqi.primitives.money import major

Step = tuple[Line, list[Entry]]


# --- pauses ---------------------------------------------------------------------------------


def judge_pause(line: Line, event: Event) -> No | None:
    """Pauses do not overlap, and do not end before they start."""
    until = event.data.get("until")
    if until is not None and until < event.value_on:
        return no(Reason.DATE_ORDER, "until", event.value_on)
    standing = open_pause(line, event.text("purchase"), event.value_on)
    return no(Reason.OVERLAP, standing.id) if standing else None


def pause(line: Line, event: Event) -> Step:
    """Stop the clock from today; a pause that a correction made overlap counts each day once."""
    made = Pause(
        event.id,
        line.on,
        event.data.get("until"),
        event.text("purchase"),
        bool(event.data.get("stops_late", False)),
        bool(event.data.get("stops_interest", False)),
    )
    return line._replace(pauses=(*line.pauses, made)), []


def judge_resume(line: Line, event: Event) -> No | None:
    """Something must be paused."""
    standing = open_pause(line, event.text("purchase"), event.value_on)
    return None if standing else no(Reason.NOT_PAUSED)


def resume(line: Line, event: Event) -> Step:
    """End every pause today, or that of one purchase alone; they stay in the history."""
    named = event.text("purchase")
    pauses = tuple(
        _ended(held, named, line.on) if held.stands(named, line.on) else held
        for held in line.pauses
    )
    return line._replace(pauses=pauses), []


def _ended(held: Pause, named: str | None, on: date) -> Pause:
    """A pause ended today; one of the whole line, for the purchase named."""
    if named is None or held.purchase is not None:
        return replace(held, end=on)
    return replace(held, resumed=(*held.resumed, (named, on)))


# --- other dates, other terms ---------------------------------------------------------------


def judge_relay(line: Line, event: Event) -> No | None:
    """The purchase must owe something, not be charged off, and not be moved into the past."""
    first = event.data.get("first_due_on")
    if first is not None and first <= event.value_on:
        return no(Reason.DATE_ORDER, "first_due_on", event.value_on)
    purchase = line.find(event.text("purchase"))
    if purchase is None:
        return no(Reason.UNKNOWN_REFERENCE, event.text("purchase"))
    if purchase.charged_off_on is not None:
        return no(Reason.CHARGED_OFF)
    if not _unpaid(purchase, event.value_on, _past_due_too(event)):
        return no(Reason.NOTHING_OWED)
    return None


def _past_due_too(event: Event) -> bool:
    return event.kind in ("re_age", "restructure")


def _unpaid(purchase: Purchase, on: date, past_due_too: bool) -> list[Due]:
    return [
        due for due in purchase.dues if due.left.principal and (past_due_too or due.due_on > on)
    ]


def relay(line: Line, event: Event) -> Step:
    """Deferral, extension, re-age or restructure: lay what is unpaid over other dates."""
    purchase = line.find(event.text("purchase"))
    if purchase is None or purchase.charged_off_on is not None:
        return line, []
    past_due_too = _past_due_too(event)
    unpaid = _unpaid(purchase, line.on, past_due_too)
    if not unpaid:
        return line, []
    terms = purchase.terms
    if event.kind == "restructure" and "annual_rate" in event.data:
        terms = replace(terms, annual_rate=event.data["annual_rate"])
    dates = _new_dates(purchase, unpaid, event, line.on)
    purchase = moved(purchase, line.on, dates, terms, past_due_too)
    if past_due_too:
        purchase = purchase._replace(anchor_day=anchor_day(dates[0], purchase.anchor))
    if event.kind == "restructure":
        purchase = purchase._replace(restructured_on=line.on)
    if event.kind == "re_age":
        purchase = purchase._replace(re_aged=purchase.re_aged + 1)
    return line.put(purchase), []


def _new_dates(purchase: Purchase, unpaid: list[Due], event: Event, on: date) -> list[date]:
    terms, start, kept = purchase.terms, purchase.on, purchase.anchor
    first = unpaid[0].due_on
    if event.kind == "deferral":
        periods = event.data["periods"]
        if terms.period_days is None:
            shifted = add_months(first, periods, kept)
        else:
            shifted = due_dates(terms, first, periods)[-1]
        return due_dates(terms, start, len(unpaid), shifted, kept)
    if event.kind == "extension":
        return due_dates(terms, start, len(unpaid) + event.data["instalments"], first, kept)
    count = event.data.get("instalments", len(unpaid))
    named = event.data.get("first_due_on")
    return due_dates(terms, max(on, start), count, named, kept if named else None)


# --- promises -------------------------------------------------------------------------------


def judge_arrangement(line: Line, event: Event) -> No | None:
    """One arrangement at a time; promises in order of date, from today, for something owed."""
    days = [day for day, _ in event.data["payments"]]
    if not days or days != sorted(days) or days[0] < event.value_on:
        return no(Reason.DATE_ORDER, "payments", event.value_on)
    owed = sum(purchase.left.total for purchase in line.active)
    if not owed:
        return no(Reason.NOTHING_OWED)
    promised = sum(minor for _, minor in event.data["payments"])
    if event.kind == "discounted_settlement" and promised >= owed:
        return no(Reason.ABOVE_ORIGINAL, major(promised, line.currency), major(owed, line.currency))
    standing = active(line)
    return no(Reason.OVERLAP, standing.id) if standing else None


def arrange(line: Line, event: Event) -> Step:
    """Write the promises down, about all that owes something on that day.

    The contract stays as it is beneath them.
    """
    made = Arrangement(
        event.id,
        event.kind,
        line.on,
        tuple(event.data["payments"]),
        event.data.get("breach_days", 0),
        tuple(purchase.id for purchase in line.active),
    )
    return line._replace(arrangements=(*line.arrangements, made)), []


def end_arrangement(line: Line, event: Event) -> Step:
    """End it by agreement."""
    for held in line.arrangements:
        if held.id == event.text("arrangement") and held.status == "active":
            return end(line, held, "ended"), []
    return line, []


def keep_promises(line: Line, event: Event) -> Step:
    """After money came in: an arrangement whose promises are all met is kept.

    A discounted settlement then waives whatever is left of its purchases, and only then.
    """
    held = active(line)
    if held is None or not fulfilled(held):
        return line, []
    if held.kind == "hardship_plan":
        return end(line, held, "kept"), []
    moves: list[Move] = []
    covered = [purchase for purchase in line.active if purchase.id in held.purchases]
    dues = tuple((p.id, due) for p in covered for due in p.dues if any(due.left))
    line = end(line, replace(held, given_up=dues), "kept")
    for purchase in covered:
        line = line.put(_given_up(purchase, moves))
    made = entry(line.on, event.id, "settlement_waiver", line.currency, moves)
    return settle(line), made


def _given_up(purchase: Purchase, moves: list[Move]) -> Purchase:
    owed = purchase.owed_now
    if purchase.charged_off_on is None:
        moves += [("waivers", RECEIVABLE[part], getattr(owed, part)) for part in PARTS]
    dues = tuple(
        due._replace(
            billed=due.billed._replace(interest=due.earned_interest, fee=due.earned_fee),
            left=NOTHING,
        )
        for due in purchase.dues
    )
    return purchase._replace(dues=dues).give_up(owed)


def take_back(line: Line, payment_id: str, minor: int, moves: list[Move]) -> Line:
    """Money that was counted towards promises went back: it was not paid towards them.

    Where a kept arrangement is no longer paid for, it stands again, or is broken where its time is
    over, and what was waived for it is owed as before.
    """
    for held in line.arrangements:
        if payment_id not in held.paid_by:
            continue
        less = replace(held, paid_minor=held.paid_minor - minor)
        if held.status == "kept" and not fulfilled(less):
            for purchase_id, before in held.given_up:
                line = _owed_again(line, purchase_id, before, moves)
            less = replace(less, status="active", ended_on=None, given_up=())
        line = put(line, judged(less, line.on))
    return line


def _owed_again(line: Line, purchase_id: str, before: Due, moves: list[Move]) -> Line:
    """Open what a settlement had waived of one due; a merchant may have paid for it since."""
    purchase = line.find(purchase_id)
    due = next((d for d in purchase.dues if d.number == before.number), None) if purchase else None
    if purchase is None or due is None:
        return line
    principal = min(before.left.principal, purchase.waived.principal)
    owed = before.owed_now._replace(principal=principal)
    after = due._replace(
        billed=due.billed._replace(
            interest=due.billed.interest + before.future_interest,
            fee=due.billed.fee + before.future_fee,
        ),
        left=due.left.plus(before.left._replace(principal=principal)),
    )
    if purchase.charged_off_on is None:
        moves += [(RECEIVABLE[part], "waivers", getattr(owed, part)) for part in PARTS]
    purchase = swap(purchase, due, after).give_up(NOTHING.minus(owed))
    return line.put(note_flow(purchase, line.on, 0))
