"""What time does to a line: `advance(line, to)` yields it, and nothing else moves by itself.

The effects of a day come at its opening, on what the day before left: interest and fees earned
over the night, penalty interest and late fees, reservations that ran out, promises that were
broken, a credit balance that meets a due. So a day's payments never change that day's accrual, and
a day-close that was missed n times equals n day-closes. Exact amounts are carried; each posting
rounds the running total once, so no cent drifts.

Source: ADR 0101, 0104.
"""

from datetime import date

from ruqi.ledger.entry import Entry, Move, entry
from ruqi.loans.arrangement import breach_days, break_late_promises
from ruqi.loans.delinquency import in_arrears, in_flight_covers, late_stopped, note_day
from ruqi.loans.parts import INCOME, RECEIVABLE
from ruqi.loans.state import Due, Line, Purchase
from ruqi.loans.waterfall import use_credit
from ruqi.primitives.dates import ONE_DAY
from ruqi.primitives.money import round_ratio


def advance(line: Line, to: date) -> tuple[Line, list[Entry]]:
    """The line at the opening of `to`, and every entry that time alone made on the way."""
    made: list[Entry] = []
    while line.on < to:
        line = note_day(line)
        line, entries = open_day(line._replace(on=min(next_day(line), to)))
        made += entries
    return line, made


def next_day(line: Line) -> date:
    """The next day on which time can change anything; tomorrow while anything accrues or is late.

    A line that sleeps wakes for its next due, expiry or promise; with none of these, never.
    """
    tomorrow = line.on + ONE_DAY
    days = [tomorrow] if line.credit_minor and line.active else []
    for purchase in line.active:
        if days and days[0] == tomorrow:
            return tomorrow
        days += _wake(purchase, line.on, tomorrow)
    days += [held.expires_on + ONE_DAY for held in line.reservations if held.expires_on]
    days += [day for held in line.arrangements for day in breach_days(held)]
    days += [pause.end + ONE_DAY for pause in line.pauses if pause.end]
    return min((day for day in days if day > line.on), default=date.max)


def _wake(purchase: Purchase, on: date, tomorrow: date) -> list[date]:
    days = []
    for due in purchase.dues:
        earning = due.earned_interest < due.billed.interest or due.earned_fee < due.billed.fee
        if purchase.charged_off_on is None and earning:
            days.append(tomorrow if due.start_on <= on else due.start_on + ONE_DAY)
        if any(due.left):
            days.append(tomorrow if due.due_on < tomorrow else due.due_on)
        if days and days[-1] == tomorrow:
            return [tomorrow]
    return days


def open_day(line: Line) -> tuple[Line, list[Entry]]:
    """The effects of one opening, on the day `line.on`."""
    moves: list[Move] = []
    line = line._replace(active=tuple(_open_purchase(line, p, moves) for p in line.active))
    kept = tuple(h for h in line.reservations if h.expires_on is None or h.expires_on >= line.on)
    if len(kept) < len(line.reservations):
        line = line._replace(reservations=kept)
    if line.arrangements:
        line = break_late_promises(line)
    made = entry(line.on, "day", "accrual", line.currency, moves)
    if line.credit_minor:
        line, moves = use_credit(line, line.on)
        made += entry(line.on, "day", "credit_used", line.currency, moves)
    return line, made


def _open_purchase(line: Line, purchase: Purchase, moves: list[Move]) -> Purchase:
    if purchase.charged_off_on is not None:
        return purchase
    dues, changed = [], False
    for due in purchase.dues:
        after = due
        if due.start_on < line.on and (
            due.earned_interest < due.billed.interest or due.earned_fee < due.billed.fee
        ):
            after = earn_to(due, line.on, purchase, moves)
        if due.pay_by < line.on and any(due.left):
            after = _late(line, purchase, after, moves)
        changed = changed or after is not due
        dues.append(after)
    return purchase._replace(dues=tuple(dues)) if changed else purchase


def earn_to(due: Due, on: date, purchase: Purchase, moves: list[Move]) -> Due:
    """Earn a due's interest and fee up to the opening of `on`, in a straight line."""
    start = due.base_on or due.start_on
    length = max((due.due_on - start).days, 1)
    run = min((on - start).days, length)
    mode = purchase.terms.rounding
    interest = due.base_interest + round_ratio(
        (due.billed.interest - due.base_interest) * run, length, mode
    )
    fee = due.base_fee + round_ratio((due.billed.fee - due.base_fee) * run, length, mode)
    return earn(due, max(interest, due.earned_interest), max(fee, due.earned_fee), moves)


def earn(due: Due, interest: int, fee: int, moves: list[Move]) -> Due:
    """Make these totals of interest and fee real: receivable against income."""
    if interest == due.earned_interest and fee == due.earned_fee:
        return due
    moves.append((RECEIVABLE["interest"], INCOME["interest"], interest - due.earned_interest))
    moves.append((RECEIVABLE["fee"], INCOME["fee"], fee - due.earned_fee))
    return due._replace(earned_interest=interest, earned_fee=fee)


def _late(line: Line, purchase: Purchase, due: Due, moves: list[Move]) -> Due:
    terms, late = purchase.terms, purchase.terms.late
    if not in_arrears(purchase, due, line.on) or late_stopped(line, purchase.id, line.on):
        return due
    base = due.left.principal
    if late.base == "instalment":
        base += due.left.interest + due.left.fee
    raw = due.late_raw + base * late.daily_rate.numerator
    past_grace = (line.on - due.pay_by).days > terms.grace_days
    posted = due.late_posted
    fee = 0
    if past_grace:
        posted = max(posted, round_ratio(raw, late.daily_rate.denominator, terms.rounding))
        if late.cap_share is not None:
            posted = max(min(posted, _late_cap(purchase, due)), due.late_posted)
        fee = late.fee_minor if _fee_falls(line, due) else 0
    more = posted - due.late_posted + fee
    moves.append((RECEIVABLE["late"], INCOME["late"], more))
    return due._replace(
        late_raw=raw,
        late_posted=posted,
        late_fee_done=due.late_fee_done or fee > 0,
        billed=due.billed._replace(late=due.billed.late + more),
        left=due.left._replace(late=due.left.late + more),
    )


def _fee_falls(line: Line, due: Due) -> bool:
    """A late fee falls once a due; never on what a bank returned, never on money on its way."""
    return not due.late_fee_done and due.kind != "returned" and not in_flight_covers(line)


def _late_cap(purchase: Purchase, due: Due) -> int:
    share = purchase.terms.late.cap_share
    return 0 if share is None else purchase.terms.round(share * due.billed.principal)
