"""Drawing on a line: opening, limit, holds and their capture, purchases, closing."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ruqi.ledger.entry import Entry, Move, entry
from ruqi.loans.delinquency import contractual_dpd
from ruqi.loans.events import Event
from ruqi.loans.parts import INCOME, RECEIVABLE
from ruqi.loans.refusals import No, Reason, no
from ruqi.loans.schedule import draw
from ruqi.loans.state import Line, Reservation
from ruqi.loans.terms import Product
from ruqi.primitives.money import major

Step = tuple[Line, list[Entry]]
Fixed = Mapping[str, Any]


def open_line(line: Line, event: Event) -> Step:
    """Set the limit the line was opened with."""
    return line._replace(limit_minor=event.data.get("limit_minor", line.limit_minor)), []


def limit_change(line: Line, event: Event) -> Step:
    """A cut below what is drawn leaves nothing available; what is drawn stays."""
    return line._replace(limit_minor=event.data["limit_minor"]), []


def _above_limit(line: Line, minor: int) -> No | None:
    available = line.available_minor
    if available is not None and minor > available:
        currency = line.currency
        return no(Reason.ABOVE_LIMIT, major(minor, currency), major(available, currency))
    return None


def judge_authorise(line: Line, event: Event) -> No | None:
    """Needs room on the line, and must not expire before it starts."""
    expires = event.data.get("expires_on")
    if expires is not None and expires < event.value_on:
        return no(Reason.DATE_ORDER, "expires_on", event.value_on)
    return _above_limit(line, event.minor)


def authorise(line: Line, event: Event) -> Step:
    """Hold the amount until it is captured, voided or expires."""
    held = Reservation(event.id, event.minor, event.data.get("expires_on"))
    return line._replace(reservations=(*line.reservations, held)), []


def _held(line: Line, event: Event) -> Reservation | None:
    wanted = event.text("authorisation")
    return next((held for held in line.reservations if held.id == wanted), None)


def judge_void(line: Line, event: Event) -> No | None:
    """The hold must still stand."""
    return None if _held(line, event) else no(Reason.ALREADY_DONE, event.text("authorisation"))


def void(line: Line, event: Event) -> Step:
    """Release the hold, once."""
    return _release(line, event), []


def _release(line: Line, event: Event) -> Line:
    wanted = event.text("authorisation")
    return line._replace(reservations=tuple(h for h in line.reservations if h.id != wanted))


def judge_capture(line: Line, event: Event) -> No | None:
    """The hold must still stand and cover the amount, even where the limit was cut since."""
    held = _held(line, event)
    if held is None:
        return no(Reason.ALREADY_DONE, event.text("authorisation"))
    minor = event.data.get("amount_minor", held.minor)
    if minor > held.minor:
        currency = line.currency
        return no(Reason.ABOVE_ORIGINAL, major(minor, currency), major(held.minor, currency))
    return _outside_product(line, event, minor)


def fixed_capture(line: Line, event: Event) -> Fixed:
    """All that is held."""
    held = _held(line, event)
    return {"amount_minor": held.minor} if held else {}


def capture(line: Line, event: Event) -> Step:
    """Release the hold and draw; a hold that a backdated event took away draws what is asked."""
    held = _held(line, event)
    minor = event.data.get("amount_minor", held.minor if held else 0)
    line = _release(line, event)
    return _draw(line, event, minor) if minor else (line, [])


def judge_purchase(line: Line, event: Event) -> No | None:
    """Needs room on the line, within the product's bounds."""
    return _above_limit(line, event.minor) or _outside_product(line, event, event.minor)


def _outside_product(line: Line, event: Event, minor: int) -> No | None:
    terms, count = terms_of(line, event), named_terms(line, event).instalments
    if terms.instalments > count:
        return no(Reason.OUTSIDE_PRODUCT, f"instalments {terms.instalments}", f"1 – {count}")
    low, high = terms.minimum_minor, terms.maximum_minor
    if minor < low or (high is not None and minor > high):
        most = "∞" if high is None else major(high, terms.currency)
        bounds = f"{major(low, terms.currency)} – {most}"
        return no(Reason.OUTSIDE_PRODUCT, major(minor, terms.currency), bounds)
    return None


def purchase(line: Line, event: Event) -> Step:
    """Draw the amount; the merchant is owed it."""
    return _draw(line, event, event.minor)


def _draw(line: Line, event: Event, minor: int) -> Step:
    terms = terms_of(line, event)
    drawn = draw(event.id, terms, minor, line.on)
    moves: list[Move] = [(RECEIVABLE["principal"], "merchant", minor)]
    moves += [(RECEIVABLE["fee"], INCOME["fee"], due.earned_fee) for due in drawn.dues]
    return line.add(drawn), entry(line.on, event.id, event.kind, line.currency, moves)


def terms_of(line: Line, event: Event) -> Product:
    """The product the event names (default: the line's), with the instalments it chose."""
    chosen = named_terms(line, event)
    count = event.data.get("instalments")
    return chosen if count is None else replace(chosen, instalments=count)


def named_terms(line: Line, event: Event) -> Product:
    """The product the event names (default: the line's)."""
    return line.catalogue.get(event.text("product") or "", line.terms)


def judge_close(line: Line, _event: Event) -> No | None:
    """A line closes only when nothing is owed either way and nothing is held."""
    owed = sum(purchase.left.total for purchase in line.active)
    if owed or line.reserved_minor or line.credit_minor:
        amounts = (owed, line.reserved_minor, line.credit_minor)
        return no(Reason.STILL_OWED, *(major(minor, line.currency) for minor in amounts))
    return None


def close(line: Line, event: Event) -> Step:
    """Close the line; where a backdated event left something owed, it stays open for that."""
    if judge_close(line, event) or contractual_dpd(line, line.on):
        return line, []
    return line._replace(status="closed"), []
