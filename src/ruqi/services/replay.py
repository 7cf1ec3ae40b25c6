"""One credit line from its events: state, schedule, entries and history, as of and as known at."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from ruqi.law.price import Caps
from ruqi.ledger.account import Chart
from ruqi.ledger.entry import Entry
from ruqi.ledger.journal import known, trial_balance
from ruqi.loans.delinquency import bucket, contractual_dpd, policy_dpd
from ruqi.loans.events import Event
from ruqi.loans.history import Life, live
from ruqi.loans.parts import PARTS, Parts, total
from ruqi.loans.refusals import Refusal
from ruqi.loans.state import Due, Line, Purchase
from ruqi.loans.steps.repaying import settlement_quote
from ruqi.loans.terms import Product
from ruqi.primitives.dates import civil_day, last_instant


def replay(
    events: Iterable[Event],
    products: Mapping[str, Product],
    caps: Caps,
    chart: Chart,
    as_of: date | None = None,
    as_known_at: datetime | None = None,
) -> dict[str, Any]:
    """A JSON-ready document. The first product is the line's own.

    `as_known_at` leaves out every event recorded after that instant, and every posting made after
    its day. `as_of` is the day the answer is for: events with a later value date are left out.
    Default: the day of `as_known_at`, else the last day that any event names.
    """
    terms = next(iter(products.values()))
    given = list(events)
    heard = [e for e in given if as_known_at is None or e.recorded_at <= as_known_at]
    life = live(heard, products, terms, caps)
    day = as_of or _last_day(heard, terms, as_known_at)
    if day is not None:
        life.close_days(day)
    return _document(life, day, as_known_at, chart)


def known_instant(text: str, zone: str) -> datetime:
    """`2025-03-01` means the end of that civil day in the product's zone; else an instant.

    An instant without an offset is UTC. Raises ValueError where the text is neither.
    """
    if len(text) == 10:
        return last_instant(date.fromisoformat(text), zone)
    instant = datetime.fromisoformat(text)
    return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).astimezone(UTC)


def life_of(
    events: Iterable[Event],
    products: Mapping[str, Product],
    caps: Caps,
    as_of: date | None = None,
) -> Life:
    """The life itself, for callers that want the journal (a Beancount export, a tape)."""
    terms = next(iter(products.values()))
    life = live(events, products, terms, caps)
    if as_of is not None:
        life.close_days(as_of)
    return life


def _last_day(events: Sequence[Event], terms: Product, as_known_at: datetime | None) -> date | None:
    if as_known_at is not None:
        return civil_day(as_known_at, terms.time_zone)
    days = [event.recorded_on(terms.time_zone) for event in events]
    return max(days, default=None)


def _document(
    life: Life, day: date | None, as_known_at: datetime | None, chart: Chart
) -> dict[str, Any]:
    line, entries = life.as_of(day) if day else (None, [])
    if as_known_at is not None:
        entries = known(entries, known_on=civil_day(as_known_at, life.terms.time_zone))
    found, days = bucket(line, day) if line and day else (life.terms.bucket(0), 0)
    state = _state(line, day) if line and day else {"status": "not_open", "as_of": _iso(day)}
    state["as_known_at"] = _iso(as_known_at)
    return {
        "currency": life.terms.currency,
        "state": state,
        "schedule": _schedule(line, day) if line and day else [],
        "dpd_days": days,
        "bucket": found.name,
        "bucket_days": found.days,
        "entries": [_entry(entry) for entry in entries],
        "trial_balance": [
            {
                "account": row.account.name,
                "code": row.account.code,
                "name_en": row.account.name_en,
                "name_zh": row.account.name_zh,
                "debit_minor": row.debit_minor,
                "credit_minor": row.credit_minor,
            }
            for row in trial_balance(entries, chart)
        ],
        "refusals": [_refusal(refusal) for refusal in life.refusals],
    }


def _state(line: Line, day: date) -> dict[str, Any]:
    charged_off = any(p.charged_off_on is not None for p in line.active)
    quote = settlement_quote(line)
    return {
        "as_of": day.isoformat(),
        "status": "charged_off" if charged_off else line.status,
        "currency": line.currency,
        "opened_on": line.opened_on.isoformat(),
        "limit_minor": line.limit_minor,
        "reserved_minor": line.reserved_minor,
        "available_minor": line.available_minor,
        "credit_minor": line.credit_minor,
        "outstanding": _parts(total(p.owed_now for p in line.active)),
        "overdue_minor": _due(line, day, before=True),
        "due_minor": _due(line, day, before=False),
        "contract_left_minor": sum(p.left.total for p in line.active),
        "settlement_minor": quote.total,
        "contractual_dpd_days": contractual_dpd(line, day),
        "policy_dpd_days": policy_dpd(line, day),
        "dpd_anchor": line.terms.anchor.value,
        "bucket_history": [
            {"on": on.isoformat(), "bucket": name, "dpd_days": days}
            for on, name, days in _buckets(line, day)
        ],
        "purchases": [_purchase(p) for p in sorted((*line.active, *line.done), key=_age)],
        "reservations": [
            {"id": held.id, "amount_minor": held.minor, "expires_on": _iso(held.expires_on)}
            for held in line.reservations
        ],
        "in_flight": [{"id": p.id, "amount_minor": p.minor} for p in line.in_flight],
        "pauses": [
            {
                "id": held.id,
                "from": held.start.isoformat(),
                "to": _iso(held.end),
                "purchase": held.purchase,
                "resumed": [{"purchase": name, "on": _iso(on)} for name, on in held.resumed],
            }
            for held in line.pauses
        ],
        "arrangements": [
            {
                "id": held.id,
                "kind": held.kind,
                "status": held.status,
                "from": held.start.isoformat(),
                "ended_on": _iso(held.ended_on),
                "promised_minor": sum(minor for _, minor in held.promised),
                "paid_minor": held.paid_minor,
            }
            for held in line.arrangements
        ],
    }


def _buckets(line: Line, day: date) -> list[tuple[date, str, int]]:
    """The history of buckets entered, today's change included."""
    history = list(line.buckets)
    found, days = bucket(line, day)
    last = history[-1][1] if history else line.terms.bucket(0).name
    return [*history, (day, found.name, days)] if found.name != last else history


def _age(purchase: Purchase) -> tuple[date, str]:
    return purchase.on, purchase.id


def _due(line: Line, day: date, before: bool) -> int:
    return sum(
        sum(purchase.claim(due))
        for purchase in line.active
        for due in purchase.dues
        if (due.pay_by < day if before else due.due_on <= day)
    )


def _purchase(purchase: Purchase) -> dict[str, Any]:
    status = "paid" if purchase.is_paid else "open"
    return {
        "id": purchase.id,
        "product": purchase.terms.id,
        "product_version": purchase.terms.version,
        "on": purchase.on.isoformat(),
        "amount_minor": purchase.amount_minor,
        "refunded_minor": purchase.refunded_minor,
        "cost_refunded_minor": purchase.cost_refunded_minor,
        "status": "charged_off" if purchase.charged_off_on else status,
        "charged_off_on": _iso(purchase.charged_off_on),
        "restructured_on": _iso(purchase.restructured_on),
        "re_aged": purchase.re_aged,
        "worst_dpd_days": purchase.worst_dpd,
        "outstanding": _parts(purchase.owed_now),
    }


def _parts(parts: Parts) -> dict[str, int]:
    return {f"{name}_minor": getattr(parts, name) for name in PARTS} | {"total_minor": parts.total}


def _schedule(line: Line, day: date) -> list[dict[str, Any]]:
    rows = [
        (due.due_on, purchase, due)
        for purchase in (*line.active, *line.done)
        for due in purchase.dues
        if any(due.billed) or any(due.left)
    ]
    rows.sort(key=lambda row: (row[0], row[1].on, row[1].id, row[2].number))
    return [_row(purchase, due, day) for _, purchase, due in rows]


def _row(purchase: Purchase, due: Due, day: date) -> dict[str, Any]:
    collect_on = purchase.terms.collect_on(due.due_on)
    unpaid = purchase.claim(due).total
    status = "paid" if not unpaid else "overdue" if due.pay_by < day else "due"
    return {
        "purchase": purchase.id,
        "number": due.number,
        "kind": due.kind,
        "due_on": due.due_on.isoformat(),
        "collect_on": collect_on.isoformat(),
        "projected": purchase.terms.calendar.projected(collect_on),
        "status": status if due.due_on <= day or not unpaid else "planned",
        **{f"{name}_minor": getattr(due.billed, name) for name in PARTS},
        "total_minor": due.billed.total,
        "left_minor": due.left.total,
        "left": _parts(due.left),
    }


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "on": entry.on.isoformat(),
        "posted_on": _iso(entry.posted_on),
        "cause": entry.cause,
        "kind": entry.kind,
        "corrects": entry.corrects,
        "reverses": entry.reverses,
        "currency": entry.currency,
        "lines": [
            {
                "account": leg.account,
                "owner": leg.owner,
                "debit_minor": leg.debit_minor,
                "credit_minor": leg.credit_minor,
            }
            for leg in entry.legs
        ],
    }


def _refusal(refusal: Refusal) -> dict[str, Any]:
    return {
        "id": refusal.event_id,
        "reason": refusal.reason.name,
        "rule": refusal.rule,
        "precedence": refusal.reason.precedence,
        "says_en": refusal.says_en,
        "says_zh": refusal.says_zh,
    }


def _iso(day: date | datetime | None) -> str | None:
    return None if day is None else day.isoformat()
