"""What time does to a line: `advance(line, to)` yields it, and nothing else moves by itself.

The effects of a day come at its opening, on what the day before left: interest and fees earned
over the night, penalty interest and late fees, reservations that ran out, promises that were
broken, a credit balance that meets a due. So a day's payments never change that day's accrual, and
a day-close that was missed n times equals n day-closes.

Source: ADR 0101, 0104.
"""

from datetime import date

from ruqi.ledger.entry import Entry, Move, entry
from ruqi.loans.arrangement import breach_days, break_late_promises
from ruqi.loans.delinquency import note_days
from ruqi.loans.nights import Nights, through
from ruqi.loans.parts import INCOME, RECEIVABLE
from ruqi.loans.state import Due, Line
from ruqi.loans.waterfall import use_credit
from ruqi.primitives.dates import ONE_DAY


def advance(line: Line, to: date) -> tuple[Line, list[Entry]]:
    """The line at the opening of `to`, and every entry that time alone made on the way."""
    made: list[Entry] = []
    while line.on < to:
        line, entries = _run(line, min(to, next_turn(line)))
        made += entries
    return line, made


def next_turn(line: Line) -> date:
    """The next day on which time does more than earn, charge lateness and count; else never.

    A hold has run out, a promise is judged, a pause has its last day, or credit meets a due; what
    money on its way will pay is asked every day.
    """
    days = [held.expires_on + ONE_DAY for held in line.reservations if held.expires_on]
    days += [day for held in line.arrangements for day in breach_days(held)]
    days += [pause.end for pause in line.pauses if pause.end]
    days = [day for day in days if day > line.on]
    if line.in_flight:
        days.append(line.on + ONE_DAY)
    if line.credit_minor:
        first = line.on + ONE_DAY
        days += [max(d.due_on, first) for p in line.active for d in p.dues if any(p.claim(d))]
    return min(days, default=date.max)


def _run(line: Line, until: date) -> tuple[Line, list[Entry]]:
    """Every night up to the opening of `until`, then whatever else that opening brings."""
    noted = note_days(line, until)
    nights = Nights(line.on + ONE_DAY, until)
    active = tuple(through(nights, noted, purchase) for purchase in noted.active)
    made = nights.entries(line.currency)
    kept = tuple(h for h in line.reservations if h.expires_on is None or h.expires_on >= until)
    coming = tuple(started for started in line.in_flight if started.given_up_on > until)
    line = noted._replace(on=until, active=active, reservations=kept, in_flight=coming)
    if line.arrangements:
        line = break_late_promises(line)
    if line.credit_minor:
        line, moves = use_credit(line, until)
        made += entry(until, "day", "credit_used", line.currency, moves)
    return line, made


def earn(due: Due, interest: int, fee: int, moves: list[Move]) -> Due:
    """Make these totals of interest and fee real: receivable against income."""
    if interest == due.earned_interest and fee == due.earned_fee:
        return due
    moves.append((RECEIVABLE["interest"], INCOME["interest"], interest - due.earned_interest))
    moves.append((RECEIVABLE["fee"], INCOME["fee"], fee - due.earned_fee))
    return due._replace(earned_interest=interest, earned_fee=fee)
