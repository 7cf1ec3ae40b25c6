"""How a purchase may go: paid late, paid off early, paid with more each time; by the books' engine.

Each figure is what the line itself would post, to the cent, not a formula beside it.
"""

from datetime import date, timedelta
from typing import Any

from ruqi.law.price import Caps
from ruqi.loans.events import Event
from ruqi.loans.line import act, blank, frozen, standing_on
from ruqi.loans.schedule import draw
from ruqi.loans.state import Due, Line
from ruqi.loans.steps.repaying import settlement_quote
from ruqi.loans.terms import Product
from ruqi.primitives.dates import last_instant

LATE_DAYS = (7, 30, 90)
PURCHASE = "quote"


def quote_courses(
    product: Product, caps: Caps, minor: int, on: date, more_minor: int
) -> dict[str, Any]:
    """What would happen to a purchase of `minor` on a day, as a JSON-ready document.

    `late`: what the first instalment costs more where it is paid so many days late, nothing else
    being paid late. `settled`: what pays everything off with the n-th instalment, and what that
    saves. `more`: paying `more_minor` beyond what is due with each instalment, until all is paid.
    """
    dues = draw(PURCHASE, product, minor, on).dues
    instalments = [due for due in dues if due.kind == "instalment"]
    return {
        "late": [_late(product, minor, on, instalments[0], days) for days in LATE_DAYS],
        "settled": _settled(product, caps, minor, on, instalments),
        "more": _more(product, caps, minor, on, more_minor),
    }


def _bought(product: Product, minor: int, on: date) -> Line:
    """The line after the purchase, and after what is asked for on its own day."""
    line = blank({product.id: product}, product, on)
    line = _moved(line, "purchase", PURCHASE, minor, Caps())
    at_once = _due_now(line)
    return _moved(line, "repayment", "at once", at_once, Caps()) if at_once else line


def _moved(line: Line, kind: str, name: str, minor: int, caps: Caps) -> Line:
    """The line after one event on its own day, judged as the books would judge it."""
    known = last_instant(line.on, line.terms.time_zone)
    event = Event(name, kind, line.on, known, {"amount_minor": minor})
    return act(line, frozen(line, event, caps.on(line.on)))[0]


def _late(product: Product, minor: int, on: date, first: Due, days: int) -> dict[str, Any]:
    """What lateness adds to the first instalment by the opening of its `days`-th late day."""
    until = first.due_on + timedelta(days=days)
    line = standing_on(_bought(product, minor, on), until)
    grown = sum(
        due.left.total
        for purchase in line.active
        for due in purchase.dues
        if due.number == first.number and due.kind == first.kind
    )
    return {
        "days": days,
        "due_on": first.due_on.isoformat(),
        "due_minor": first.billed.total,
        "more_minor": max(0, grown - first.billed.total),
    }


def _settled(
    product: Product, caps: Caps, minor: int, on: date, instalments: list[Due]
) -> list[dict[str, Any]]:
    """Everything paid off with an instalment about a quarter, half and three quarters through."""
    count = len(instalments)
    wanted = sorted({count * part // 4 for part in (1, 2, 3)} - {0, count})
    line, rows = _bought(product, minor, on), []
    for number, due in enumerate(instalments, start=1):
        line = standing_on(line, due.due_on)
        if number in wanted:
            quote = settlement_quote(line)
            row = {"number": number, "on": due.due_on.isoformat()}
            rows.append({**row, "pay_minor": quote.total, "saved_minor": quote.saved_minor})
        if _due_now(line):
            line = _moved(line, "repayment", f"pay-{number}", _due_now(line), caps)
    return rows


def _more(product: Product, caps: Caps, minor: int, on: date, more_minor: int) -> dict[str, Any]:
    """Every instalment paid on its day with so much more, until nothing is owed."""
    dues, payments = draw(PURCHASE, product, minor, on).dues, 0
    usual = sum(due.billed.total for due in dues)
    line, paid = _bought(product, minor, on), sum(d.billed.total for d in dues if d.due_on <= on)
    while (coming := _next_due(line)) is not None:
        line = standing_on(line, coming.due_on)
        owed = settlement_quote(line).total - line.credit_minor
        pay = min(_due_now(line) + more_minor, owed)
        if pay <= 0:
            continue  # credit that was paid before met this due, as of its day
        payments += 1
        line = _moved(line, "repayment", f"pay-{payments}", pay, caps)
        paid += pay
    total = paid - line.credit_minor
    return {
        "more_minor": more_minor,
        "payments": payments,
        "ends_on": line.on.isoformat(),
        "total_minor": total,
        "saved_minor": usual - total,
    }


def _next_due(line: Line) -> Due | None:
    """The next due of which something is unpaid."""
    open_dues = [
        due for purchase in line.active for due in purchase.dues if any(purchase.claim(due))
    ]
    return min(open_dues, key=lambda due: (due.due_on, due.number), default=None)


def _due_now(line: Line) -> int:
    """Everything due by the line's own day and unpaid."""
    return sum(
        purchase.claim(due).total
        for purchase in line.active
        for due in purchase.dues
        if due.due_on <= line.on
    )
