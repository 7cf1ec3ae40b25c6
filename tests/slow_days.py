"""One day after another, the long way: an oracle for `advance`, which runs many nights at once.

Every day is noted, opened, and written into a new line; no day is skipped, nothing is summed ahead.
"""

from datetime import date, timedelta

from ruqi.ledger.entry import Entry, Move, entry
from ruqi.loans.arrangement import break_late_promises
from ruqi.loans.delinquency import contractual_dpd, in_arrears, policy_dpd
from ruqi.loans.parts import INCOME, RECEIVABLE
from ruqi.loans.state import Due, Line, Purchase
from ruqi.loans.waterfall import use_credit
from ruqi.primitives.money import round_ratio


def advance_daily(line: Line, to: date) -> tuple[Line, list[Entry]]:
    """What `advance` promises, day by day."""
    made: list[Entry] = []
    while line.on < to:
        line = noted(line)
        line, entries = opened(line._replace(on=line.on + timedelta(days=1)))
        made += entries
    return line, made


def noted(line: Line) -> Line:
    on = line.on
    days = policy_dpd(line, on)
    name = line.terms.bucket(days).name
    last = line.buckets[-1][1] if line.buckets else line.terms.bucket(0).name
    since = line.arrears_since if days else None
    if days and since is None:
        since = min(d.due_on for p in line.active for d in p.dues if in_arrears(p, d, on))
    entered = (*line.buckets, (on, name, days)) if name != last else line.buckets
    active = tuple(
        p._replace(worst_dpd=max(p.worst_dpd, contractual_dpd(line._replace(active=(p,)), on)))
        for p in line.active
    )
    return line._replace(arrears_since=since, buckets=entered, active=active)


def opened(line: Line) -> tuple[Line, list[Entry]]:
    moves: list[Move] = []
    line = line._replace(active=tuple(_purchase(line, p, moves) for p in line.active))
    kept = tuple(h for h in line.reservations if h.expires_on is None or h.expires_on >= line.on)
    line = break_late_promises(line._replace(reservations=kept))
    made = entry(line.on, "day", "accrual", line.currency, moves)
    if line.credit_minor:
        line, moves = use_credit(line, line.on)
        made += entry(line.on, "day", "credit_used", line.currency, moves)
    return line, made


def _purchase(line: Line, purchase: Purchase, moves: list[Move]) -> Purchase:
    if purchase.charged_off_on is not None:
        return purchase
    free = _rests(line, purchase.id, "stops_interest")
    given = (_unasked(due, line.on, purchase) if free else due for due in purchase.dues)
    dues = (_late(line, purchase, _earned(due, line.on, purchase, moves)) for due in given)
    after = purchase._replace(dues=tuple(dues))
    late = sum(d.billed.late for d in after.dues) - sum(d.billed.late for d in purchase.dues)
    moves.append((RECEIVABLE["late"], INCOME["late"], late))
    return after


def _unasked(due: Due, on: date, purchase: Purchase) -> Due:
    """A free night: what it would have earned of interest is taken off the bill first."""
    minor = _earned(due, on, purchase, []).earned_interest - due.earned_interest
    return due._replace(
        billed=due.billed._replace(interest=due.billed.interest - minor),
        left=due.left._replace(interest=due.left.interest - minor),
        base_interest=due.base_interest - minor,
    )


def _earned(due: Due, on: date, purchase: Purchase, moves: list[Move]) -> Due:
    if due.start_on >= on:
        return due
    start = due.base_on or due.start_on
    length = max((due.due_on - start).days, 1)
    run, mode = min((on - start).days, length), purchase.terms.rounding
    whole, fees = due.billed.interest - due.base_interest, due.billed.fee - due.base_fee
    interest = max(due.base_interest + round_ratio(whole * run, length, mode), due.earned_interest)
    fee = max(due.base_fee + round_ratio(fees * run, length, mode), due.earned_fee)
    moves.append((RECEIVABLE["interest"], INCOME["interest"], interest - due.earned_interest))
    moves.append((RECEIVABLE["fee"], INCOME["fee"], fee - due.earned_fee))
    return due._replace(earned_interest=interest, earned_fee=fee)


def _late(line: Line, purchase: Purchase, due: Due) -> Due:
    terms, late = purchase.terms, purchase.terms.late
    if not in_arrears(purchase, due, line.on) or _rests(line, purchase.id, "stops_late"):
        return due
    base = due.left.principal
    if late.base == "instalment":
        base += due.left.interest + due.left.fee
    raw, posted, fee = due.late_raw + base * late.daily_rate.numerator, due.late_posted, 0
    if (line.on - due.pay_by).days > terms.grace_days:
        posted = max(posted, round_ratio(raw, late.daily_rate.denominator, terms.rounding))
        if late.cap_share is not None:
            most = terms.round(late.cap_share * due.billed.principal)
            posted = max(min(posted, most), due.late_posted)
        if not due.late_fee_done and due.kind != "returned" and not line.in_flight:
            fee = late.fee_minor
    more = posted - due.late_posted + fee
    return due._replace(
        late_raw=raw,
        late_posted=posted,
        late_fee_done=due.late_fee_done or fee > 0,
        billed=due.billed._replace(late=due.billed.late + more),
        left=due.left._replace(late=due.left.late + more),
    )


def _rests(line: Line, purchase_id: str, what: str) -> bool:
    promised = what == "stops_late" and any(held.status == "active" for held in line.arrangements)
    return promised or any(
        pause.start < line.on <= (pause.end or line.on)
        for pause in line.pauses
        if getattr(pause, what) and pause.purchase in (None, purchase_id)
    )
