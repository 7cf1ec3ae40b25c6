"""Random lives of a credit line, by seed: late, repeated, reordered, backdated, reversed events."""

import random
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

from ruqi.law.price import Cap, Caps, DatedCap
from ruqi.ledger.journal import balances
from ruqi.loans import terms as t
from ruqi.loans.events import Event
from ruqi.loans.history import Life
from ruqi.loans.parts import INCOME, RECEIVABLE, total
from ruqi.loans.state import Line
from ruqi.primitives.dates import DayCount
from ruqi.primitives.rate import Rate

START = date(2024, 1, 29)
LATE = t.Late(Fraction(5, 10000), fee_minor=0)
FLAT = t.Fee("Instalment fee", "分期手续费", "period", Fraction(5, 1000), 0, "lender")
CAPS = Caps((DatedCap(Cap(Rate(Fraction(24, 100)), "test.cap"), None, None),))

PRODUCTS = {
    "level": t.plain(
        id="level",
        method=t.Method.EQUAL_INSTALMENT,
        instalments=6,
        annual_rate=Fraction(12, 100),
        late=LATE,
        prepayment=t.Prepayment.LOWER,
    ),
    "principal": t.plain(
        id="principal",
        method=t.Method.EQUAL_PRINCIPAL,
        instalments=5,
        annual_rate=Fraction(18, 100),
        day_count=DayCount.ACT_365,
        late=t.Late(Fraction(5, 10000), "instalment", 500, Fraction(1)),
        grace_days=3,
        tolerance_minor=100,
        prepayment=t.Prepayment.SHORTEN,
        settling=t.Settling.PERIOD,
    ),
    "flat": t.plain(
        id="flat",
        method=t.Method.FLAT_FEE,
        instalments=4,
        fees=(FLAT, t.Fee("Opening fee", "开办费", "purchase", Fraction(1, 100), 0, "platform")),
        late=LATE,
        grace_days=2,
        anchor=t.Anchor.START_OF_ARREARS,
        settling=t.Settling.ALL,
    ),
    "free": t.plain(
        id="free",
        method=t.Method.INTEREST_FREE,
        instalments=3,
        down_payment=Fraction(1, 4),
        prepayment=t.Prepayment.CREDIT,
    ),
    "single": t.plain(id="single", method=t.Method.SINGLE, period_days=30, late=LATE),
}
KINDS = (
    ("repayment", 14),
    ("purchase", 6),
    ("merchant_refund", 3),
    ("early_settlement", 1),
    ("returned_debit", 2),
    ("chargeback", 1),
    ("reversal", 3),
    ("authorise", 2),
    ("capture", 2),
    ("void", 1),
    ("fee", 2),
    ("waiver", 2),
    ("pause", 1),
    ("resume", 1),
    ("deferral", 1),
    ("extension", 1),
    ("re_age", 1),
    ("restructure", 1),
    ("hardship_plan", 1),
    ("discounted_settlement", 1),
    ("end_arrangement", 1),
    ("charge_off", 1),
    ("undo_charge_off", 1),
    ("recovery", 1),
    ("credit_refund", 1),
    ("limit_change", 1),
    ("payment_started", 1),
    ("payment_failed", 1),
    ("close", 1),
)


def at(day: date, hour: int = 4) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def event(name: str, kind: str, on: date, recorded: date | None = None, **data: object) -> Event:
    return Event(name, kind, on, at(recorded or on), data)


CALM, BUSY = (0, 0, 1, 3, 7, 14), (0, 0, 0, 0, 1, 1, 2, 5)  # days from one message to the next


def history(
    seed: int, count: int, product: str = "level", gaps: tuple[int, ...] = CALM
) -> list[Event]:
    """`count` raw events of one line of a product, `gaps` days apart."""
    dice = random.Random(seed)
    events = [event("open", "open", START, limit_minor=dice.choice([300_000, 2_000_000]))]
    events.append(event("p0", "purchase", START, amount_minor=dice.randint(1, 250_000)))
    ids: dict[str, list[str]] = {
        "purchase": ["p0"],
        "repayment": [],
        "authorise": [],
        "any": ["p0"],
    }
    day = START
    for number in range(1, count):
        day += timedelta(days=dice.choice(gaps))
        kind = dice.choices([k for k, _ in KINDS], [w for _, w in KINDS])[0]
        back = dice.choice([0, 0, 0, 0, 1, 5, 40])
        on = max(START, day - timedelta(days=back))
        made = event(f"{kind[:2]}{number}", kind, on, day, **_data(dice, kind, on, ids))
        events.append(made)
        ids["any"].append(made.id)
        if kind in ids:
            ids[kind].append(made.id)
        if dice.random() < 0.05:  # a second delivery of the same message, a day later
            events.append(Event(made.id, made.kind, made.value_on, at(day, 5), made.data))
    return events


def _data(dice: random.Random, kind: str, on: date, ids: dict[str, list[str]]) -> dict[str, object]:
    purchase = dice.choice(ids["purchase"])
    payment = dice.choice(ids["repayment"] or ["none"])
    amount = dice.choice([1, 99, dice.randint(1, 60_000), dice.randint(1, 300_000)])
    ahead = on + timedelta(days=dice.randint(1, 45))
    promised = [
        {"on": (on + timedelta(days=30 * k)).isoformat(), "amount_minor": dice.randint(1, 40_000)}
        for k in range(dice.randint(1, 3))
    ]
    by_kind: dict[str, dict[str, object]] = {
        "repayment": {"amount_minor": amount}
        | dice.choice([{}, {}, {"purchase": purchase}, {"prepayment": "next"}]),
        "purchase": {"amount_minor": amount},
        "merchant_refund": {"purchase": purchase, "amount_minor": amount},
        "returned_debit": {"payment": payment},
        "chargeback": {"payment": payment, "amount_minor": amount},
        "reversal": {"of": dice.choice(ids["any"])},
        "authorise": {"amount_minor": amount, "expires_on": ahead.isoformat()},
        "capture": {"authorisation": dice.choice(ids["authorise"] or ["none"])},
        "void": {"authorisation": dice.choice(ids["authorise"] or ["none"])},
        "fee": {"amount_minor": dice.randint(1, 2_000), "purchase": purchase},
        "waiver": {"amount_minor": dice.randint(1, 2_000)},
        "pause": dice.choice([{}, {"until": ahead.isoformat(), "stops_late": True}]),
        "deferral": {"purchase": purchase, "periods": dice.randint(1, 2)},
        "extension": {"purchase": purchase, "instalments": dice.randint(1, 3)},
        "re_age": {"purchase": purchase, "first_due_on": ahead.isoformat()},
        "restructure": {"purchase": purchase, "instalments": 4, "annual_rate": "0.06"},
        "hardship_plan": {"payments": promised, "breach_days": 5},
        "discounted_settlement": {"payments": promised},
        "end_arrangement": {"arrangement": dice.choice(ids["any"])},
        "recovery": {"amount_minor": amount},
        "limit_change": {"limit_minor": dice.choice([0, 300_000, 3_000_000])},
        "payment_started": {"amount_minor": amount},
        "payment_failed": {"payment": dice.choice(ids["any"])},
    }
    return by_kind.get(kind, {})


def check_invariants(life: Life) -> None:
    """What must hold after every step of every life."""
    line = life.line
    if line is None:
        return
    entries = life.journal.entries
    held = balances(entries)
    assert sum(held.values()) == 0
    living = total(p.owed_now for p in line.active if p.charged_off_on is None)
    for part, account in RECEIVABLE.items():
        assert held.get(account, 0) == getattr(living, part), (part, held, living)
    assert -held.get("credit_balance", 0) == line.credit_minor >= 0
    for account in INCOME.values():
        assert held.get(account, 0) <= 0
    if line.limit_minor is not None:
        assert line.available_minor is not None and line.available_minor >= 0
    for purchase in (*line.active, *line.done):
        check_purchase(line, purchase)


def check_purchase(line: Line, purchase: object) -> None:
    numbers = [due.number for due in purchase.dues]  # type: ignore[attr-defined]
    assert len(set(numbers)) == len(numbers)
    days = [due.due_on for due in purchase.dues]  # type: ignore[attr-defined]
    assert days == sorted(days)
    for due in purchase.dues:  # type: ignore[attr-defined]
        assert min(due.left) >= 0
        assert min(due.billed.minus(due.left)) >= 0
        assert due.future_interest >= 0 and due.future_fee >= 0
        assert due.left.interest >= due.future_interest and due.left.fee >= due.future_fee


def take(terms: t.Product, *events: Event, to: date | None = None, caps: Caps = CAPS) -> Life:
    """A life of these events in their order of arrival, its days closed through `to`."""
    life = Life({terms.id: terms}, terms, caps)
    for one in sorted(events, key=lambda e: (e.recorded_at, e.id, e.body)):
        life.take(one)
    if to is not None:
        life.close_days(to)
    return life


def refused(life: Life) -> list[tuple[str, str]]:
    """(event, reason) of every refusal."""
    return [(refusal.event_id, refusal.reason.name) for refusal in life.refusals]
