"""From a raw event to a typed one: fields, currency and amounts, in order of precedence.

Only the event itself is looked at here; whether the line can take it is `line.judge`'s affair.
"""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from ruqi.loans.events import KINDS, Event, Field, Kind
from ruqi.loans.refusals import No, Reason, no
from ruqi.loans.terms import Product
from ruqi.primitives.ids import is_id
from ruqi.primitives.rate import share

FRAME = ("id", "kind", "value_on", "recorded_at")


def typed(raw: Event, products: Mapping[str, Product], terms: Product) -> Event | No:
    """The event with its fields as dates, whole numbers and fractions, or why it is refused."""
    kind = KINDS.get(raw.kind)
    if kind is None:
        return no(Reason.UNKNOWN_KIND, raw.kind)
    flat = _flat(raw.data)
    data: dict[str, Any] = {}
    refused: list[No] = []
    for field in kind.fields:
        value = _read(field, flat.get(field.name))
        if isinstance(value, No):
            refused.append(value)
        elif value is not None:
            data[field.name] = value
    product = flat.get("product")
    if product is not None and product not in products:
        refused.append(no(Reason.UNKNOWN_PRODUCT, product))
    elif product is not None and products[product].currency != terms.currency:
        refused.append(no(Reason.OTHER_CURRENCY, products[product].currency, terms.currency))
    currency = flat.get("currency")
    if currency is not None and currency != terms.currency:
        refused.append(no(Reason.OTHER_CURRENCY, currency, terms.currency))
    refused += [_unknown(kind, name) for name in flat if not _knows(kind, name)]
    if refused:
        return min(refused, key=lambda found: found.reason.precedence)
    return Event(raw.id, raw.kind, raw.value_on, raw.recorded_at, data)


def _flat(data: Mapping[str, Any]) -> dict[str, Any]:
    """`amount: {minor, currency}` means the same as `amount_minor` beside `currency`."""
    flat = dict(data)
    amount = flat.get("amount")
    if isinstance(amount, dict) and set(amount) <= {"minor", "currency"}:
        del flat["amount"]
        flat.setdefault("amount_minor", amount.get("minor"))
        if "currency" in amount:
            flat.setdefault("currency", amount["currency"])
    return flat


def _knows(kind: Kind, name: str) -> bool:
    # A currency may always stand, and notes never hurt.
    return name in ("currency", "note") or any(field.name == name for field in kind.fields)


def _unknown(kind: Kind, name: str) -> No:
    known = ", ".join(field.name for field in kind.fields) or "no other field"
    return no(Reason.BAD_FIELD, name, f"is not one of a {kind.name}: {known}")


def _read(field: Field, value: Any) -> Any:
    """One field's value, a refusal, or None where it does not stand and need not."""
    if value is None:
        return no(Reason.BAD_FIELD, field.name, "is missing") if field.required else None
    return READERS[field.holds](field.name, value)


def _amount(name: str, value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        floor = 0 if name == "limit_minor" else 1
        return value if value >= floor else no(Reason.NOT_POSITIVE, name)
    try:
        found = Fraction(str(value))
    except (ValueError, ZeroDivisionError):
        return no(Reason.BAD_FIELD, name, "is not an amount in minor units")
    if found.denominator != 1:
        return no(Reason.DECIMALS, name, value)
    return no(Reason.BAD_FIELD, name, "must be written as a whole number")


def _date(name: str, value: Any) -> Any:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        return no(Reason.BAD_FIELD, name, "is not a date, YYYY-MM-DD")


def _id(name: str, value: Any) -> Any:
    return value if is_id(value) else no(Reason.BAD_FIELD, name, "is not an id")


def _text(name: str, value: Any) -> Any:
    return value if isinstance(value, str) else no(Reason.BAD_FIELD, name, "is not a text")


def _flag(name: str, value: Any) -> Any:
    return value if isinstance(value, bool) else no(Reason.BAD_FIELD, name, "is not true or false")


def _count(name: str, value: Any) -> Any:
    whole = isinstance(value, int) and not isinstance(value, bool)
    floor = 0 if name == "breach_days" else 1
    if whole and floor <= value <= 600:
        return value
    return no(Reason.BAD_FIELD, name, f"is not a whole number from {floor} to 600")


def _share(name: str, value: Any) -> Any:
    try:
        found = share(str(value))
    except (ValueError, ZeroDivisionError):
        return no(Reason.BAD_FIELD, name, "is not a rate, like 0.12 or 12%")
    return found if found >= 0 else no(Reason.BAD_FIELD, name, "is below zero")


def _payments(name: str, value: Any) -> Any:
    if not isinstance(value, list) or not value:
        return no(Reason.BAD_FIELD, name, "is not a list of {on, amount_minor}")
    rows = []
    for row in value:
        if not isinstance(row, dict):
            return no(Reason.BAD_FIELD, name, "is not a list of {on, amount_minor}")
        on, minor = _date("on", row.get("on")), _amount("amount_minor", row.get("amount_minor"))
        for found in (on, minor):
            if isinstance(found, No):
                return found
        rows.append((on, minor))
    return tuple(rows)


READERS = {
    "amount": _amount,
    "date": _date,
    "id": _id,
    "text": _text,
    "flag": _flag,
    "count": _count,
    "share": _share,
    "payments": _payments,
}
