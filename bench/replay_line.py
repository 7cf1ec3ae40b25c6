"""Replay of one line with 3,000 events after a backdating of 30 days, with and without checkpoints.

`python -m bench replay_line [events]`; medians of one core's own time. Beside them stands what the
users of peers report: no peer publishes a time for this.
"""

import statistics
import sys
import time
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

from ruqi.loans.events import Event
from ruqi.loans.history import Life, live
from ruqi.loans.line import blank, fold
from ruqi.loans.terms import Late, plain

PEERS = """peers, as their users report (other machines, other events; orders of magnitude only):
  frappe/lending  one loan's repost took 709 s, after mending 350 s; 25 at once fail
                  (#1338, #1315, #1384)
  apache/fineract reading a loan takes > 20 s once daily accruals pile up (#3997, #5041)"""
START = date(2016, 1, 4)
TERMS = plain(instalments=3, late=Late(Fraction(5, 10_000)), grace_days=3)


def main(words: list[str]) -> int:
    """Build the line, then time one backdated payment, and one fold of everything."""
    count = int(words[0]) if words else 3_000
    events = busy(count)
    life = live(events, {TERMS.id: TERMS}, TERMS, Life({}, TERMS).caps)
    last = events[-1].value_on
    times = []
    for number in range(21):
        found = Event(
            f"found-{number}",
            "repayment",
            last - timedelta(days=30),
            _at(last),
            {"amount_minor": 1},
        )
        began = time.process_time()
        refused = life.take(found)
        times.append(time.process_time() - began)
        if refused:
            sys.exit(f"refused: {refused.says_en}")
    whole = life.standing
    began = time.process_time()
    line, _ = fold(blank({}, TERMS, START), whole)
    full = time.process_time() - began
    same = line.credit_minor == (life.line.credit_minor if life.line else None)
    typical = statistics.median(times)
    print(f"{len(whole)} events over {(last - START).days} days")
    print(
        f"backdated by 30 days, with checkpoints: median {typical * 1e3:.1f} ms, "
        f"best {min(times) * 1e3:.1f} ms (aim < 10 ms)"
    )
    print(f"full fold: {full * 1e3:.0f} ms; checkpoints save {full / typical:.0f}x; same: {same}")
    print(PEERS)
    return 0


def busy(count: int) -> list[Event]:
    """A purchase and its repayments, over and over, about one event a day."""
    events, day = [], START
    for number in range(count // 4):
        name = f"p{number:05}"
        events.append(Event(name, "purchase", day, _at(day), {"amount_minor": 30_000}))
        for part in range(3):
            day += timedelta(days=1)
            data = {"amount_minor": 10_000, "purchase": name}
            events.append(Event(f"r{number:05}-{part}", "repayment", day, _at(day), data))
        day += timedelta(days=1)
    return events


def _at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
