"""Many random lines on one day, cheaply: drawn earlier, paid at random, some charged off."""

import random
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from lines import PRODUCTS
from ruqi.loans import terms as t
from ruqi.loans.events import Event
from ruqi.loans.line import apply, blank
from ruqi.loans.state import Line
from ruqi.primitives.dates import last_instant

START = date(2025, 6, 1)
MORE = (
    t.plain(
        id="dear", instalments=3, late=t.Late(Fraction(1, 300), "instalment", 700, Fraction(1, 5))
    ),
    t.plain(
        id="sticky",
        method=t.Method.EQUAL_PRINCIPAL,
        instalments=24,
        annual_rate=Fraction(359, 1000),
        anchor=t.Anchor.START_OF_ARREARS,
        grace_days=5,
        tolerance_minor=999,
    ),
)
# Credit balances need the exact step; money ahead goes to the next instalment here.
TERMS = tuple(replace(p, prepayment=t.Prepayment.NEXT) for p in (*PRODUCTS.values(), *MORE))


def random_lines(seed: int, count: int) -> list[Line]:
    """`count` columnar lines standing on START, of many products, ages and latenesses."""
    dice = random.Random(seed)
    made = []
    while len(made) < count:
        line = _line(dice)
        if not line.credit_minor:
            made.append(line)
    return made


def current_lines(seed: int, count: int) -> list[Line]:
    """`count` lines of one purchase over twelve months each, every due paid on its day."""
    dice = random.Random(seed)
    terms = replace(PRODUCTS["level"], instalments=12)
    made = []
    for _ in range(count):
        on = START - timedelta(days=dice.randint(1, 330))
        line = _did(blank({}, terms, on), "p", "purchase", on, dice.randint(10_000, 500_000))
        for due in line.active[0].dues:
            if due.due_on < START:
                line = _did(line, f"r{due.due_on}", "repayment", due.due_on, due.left.total)
        made.append(_did(line, "z", "resume", START, None))
    return made


def _line(dice: random.Random) -> Line:
    terms = dice.choice(TERMS)
    on = START - timedelta(days=dice.randint(0, 120))
    line = blank({}, terms, on)
    for number in range(dice.randint(1, 3)):
        on = min(START, on + timedelta(days=dice.randint(0, 40)))
        line = _did(line, f"p{number}", "purchase", on, dice.randint(1, 500_000))
    while on < START and dice.random() < 0.75:
        on = min(START, on + timedelta(days=dice.randint(5, 45)))
        owed = sum(p.left.total for p in line.active)
        if owed > 1:
            share = dice.choice([1, 2, 3, 6, 12])
            line = _did(line, f"r{on}", "repayment", on, dice.randint(1, max(1, owed // share)))
    if line.active and dice.random() < 0.1:
        line = _did(line, "off", "charge_off", on, None)
    return _did(line, "z", "resume", START, None)


def _did(line: Line, name: str, kind: str, on: date, minor: int | None) -> Line:
    data = {} if minor is None else {"amount_minor": minor}
    return apply(line, Event(name, kind, on, last_instant(on, "UTC"), data))[0]


def punctual_lines(seed: int, count: int) -> list[Line]:
    """`count` lines of any product that paid every due by START, each on its day, and owe more."""
    dice = random.Random(seed)
    made = []
    while len(made) < count:
        terms = dice.choice(TERMS)
        on = START - timedelta(days=dice.randint(0, 90))
        line = _did(blank({}, terms, on), "p", "purchase", on, dice.randint(1, 500_000))
        for due_on in sorted({due.due_on for due in line.active[0].dues if due.due_on <= START}):
            owed = sum(d.left.total for p in line.active for d in p.dues if d.due_on <= due_on)
            if owed:
                line = _did(line, f"r{due_on}", "repayment", due_on, owed)
        if line.active:
            made.append(_did(line, "z", "resume", START, None))
    return made
