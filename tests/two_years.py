"""One line over 24 months, by seed, as a lender's inbox sees it, with every invariant each month.

Messages come late, twice, in another order than they happened, dated back into closed months, and
are reversed. `python -m bench years` lives a hundred of them.
"""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import invariants
from lines import CAPS, KINDS, POINTED_AT, PRODUCTS, START, _data, at, event
from ruqi.loans.events import Event
from ruqi.loans.history import Life
from ruqi.primitives.dates import add_months

MONTHS = 24
BACK = [0, 0, 0, 0, 1, 5, 40, 100]  # days between when it was true and when it came
DELAY = [0, 0, 0, 1, 2, 9]  # days in transit: later messages overtake


def lived(seed: int, reach: int = 0) -> Counter[str]:
    """Live one line; how many messages came, of what sort. AssertionError where anything breaks.

    The first four months arrive again in any order, the whole life by up to `reach` places (0:
    it is folded anew only).
    """
    terms = PRODUCTS[sorted(PRODUCTS)[seed % len(PRODUCTS)]]
    life = Life({terms.id: terms}, terms, CAPS)
    seen: Counter[str] = Counter()
    said: dict[date, object] = {}
    inbox = sorted(_inbox(seed, seen), key=lambda e: (e.recorded_at, e.id, e.body))
    for month in range(1, MONTHS + 1):
        end = add_months(START, month)
        while inbox and inbox[0].recorded_at < at(end, 0):
            _take(life, inbox.pop(0), seen)
        life.close_days(end)
        invariants.check(life)
        yesterday = end - timedelta(days=1)
        said[yesterday] = invariants.report(life, yesterday)
        for day, told in said.items():
            assert invariants.report(life, day) == told, f"what was known on {day} has changed"
        if month in {4, MONTHS}:  # in any order; all of it as far as `reach`
            invariants.check_replays(life, seed + month, reach if month == MONTHS else 10**6)
        seen["months"] += 1
    seen["events"] = seen["accepted"] + seen["refused"] + seen["again"]
    return seen


def _take(life: Life, made: Event, seen: Counter[str]) -> None:
    again = made.id in life.received
    before = (life.line, len(life.journal))
    refused = life.take(made)
    if again:
        assert (life.line, len(life.journal)) == before, "a second delivery changed something"
        seen["again"] += 1
        return
    seen["refused" if refused else "accepted"] += 1
    if refused is None:
        seen[made.kind] += 1
        seen["backdated"] += made.recorded_at - at(made.value_on) > timedelta(days=31)
        line = life.line
        seen["late"] += line is not None and any(p.worst_dpd for p in line.active)


def _inbox(seed: int, seen: Counter[str]) -> Iterator[Event]:
    """About five messages a month, each with its day, its delay, and sometimes its double."""
    dice = random.Random(seed)
    yield event("open", "open", START, limit_minor=dice.choice([300_000, 2_000_000]))
    yield event("p0", "purchase", START, amount_minor=dice.randint(20_000, 250_000))
    ids: dict[str, list[str]] = {k: [] for k in POINTED_AT}
    ids |= {"purchase": ["p0"], "any": ["p0"]}
    last, day, number = at(START), START, 0
    kinds, weights = zip(*((k, w) for k, w in KINDS if k != "close"), strict=True)
    while (day := day + timedelta(days=dice.randint(0, 12))) < add_months(START, MONTHS):
        number += 1
        kind = dice.choices(kinds, weights)[0]
        on = max(START, day - timedelta(days=dice.choice(BACK)))
        came = at(day + timedelta(days=dice.choice(DELAY)))
        made = Event(f"{kind[:2]}{number:03d}", kind, on, came, _data(dice, kind, on, ids))
        yield made
        seen["reordered"] += came < last
        last = max(last, came)
        ids["any"].append(made.id)
        if kind in ids:
            ids[kind].append(made.id)
        if dice.random() < 0.08:
            yield _double(made, dice)


def _double(made: Event, dice: random.Random) -> Event:
    again: datetime = made.recorded_at + timedelta(days=dice.randint(0, 30), hours=1)
    return Event(made.id, made.kind, made.value_on, again, made.data)
