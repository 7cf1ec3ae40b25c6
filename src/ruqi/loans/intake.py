"""From a raw event to a typed one: fields, currency and amounts, in order of precedence.

Only the event itself is looked at here; whether the line can take it is `line.judge`'s affair.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from ruqi.loans.events import KINDS, Event, Field, Kind
from ruqi.loans.refusals import No, Reason, Said, first, no
from ruqi.loans.terms import Product
from ruqi.primitives.dates import FIRST_DAY, LAST_DAY
from ruqi.primitives.ids import is_id
from ruqi.primitives.money import exact
from ruqi.primitives.rate import share

FRAME = ("id", "kind", "value_on", "recorded_at")
MISSING = Said("is missing", "未填写")
NO_AMOUNT = Said("is not an amount in minor units", "不是以最小货币单位表示的金额")
NOT_WHOLE = Said("must be written as a whole number", "须写成整数")
NO_DATE = Said("is not a date, YYYY-MM-DD", "不是日期，格式为 YYYY-MM-DD")
FAR_DATE = Said(f"lies outside {FIRST_DAY} to {LAST_DAY}", f"不在 {FIRST_DAY} 至 {LAST_DAY} 之间")
NO_ID = Said("is not an id", "不是有效的编号")
NO_TEXT = Said("is not a text", "不是文字")
NO_FLAG = Said("is not true or false", "只能是 true 或 false")
NO_RATE = Said("is not a rate, like 0.12 or 12%", "不是利率，写法如 0.12 或 12%")
BELOW_ZERO = Said("is below zero", "小于零")
NO_LIST = Said("is not a list of {on, amount_minor}", "不是由 {on, amount_minor} 组成的列表")


def typed(raw: Event, products: Mapping[str, Product], terms: Product) -> Event | No:
    """The event with its fields as dates, whole numbers and fractions, or why it is refused."""
    kind = KINDS.get(raw.kind)
    if kind is None:
        return no(Reason.UNKNOWN_KIND, raw.kind)
    flat = dict(plain_body(raw, terms).data)
    data: dict[str, Any] = {}
    refused = [] if _is_near(raw.value_on) else [no(Reason.BAD_FIELD, "value_on", FAR_DATE)]
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
    refusal = first(*refused)
    return refusal or Event(raw.id, raw.kind, raw.value_on, raw.recorded_at, data)


def plain_body(raw: Event, terms: Product) -> Event:
    """The event with its amount and currency written in one way, so that same means same.

    `amount: {minor, currency}` means `amount_minor` beside `currency`; the line's own currency
    goes without saying.
    """
    flat = dict(raw.data)
    amount = flat.get("amount")
    if isinstance(amount, dict) and set(amount) <= {"minor", "currency"}:
        del flat["amount"]
        flat.setdefault("amount_minor", amount.get("minor"))
        if "currency" in amount:
            flat.setdefault("currency", amount["currency"])
    if flat.get("currency") == terms.currency:
        del flat["currency"]
    return replace(raw, data=flat)


def _knows(kind: Kind, name: str) -> bool:
    # A currency may always stand, and notes never hurt.
    return name in ("currency", "note") or any(field.name == name for field in kind.fields)


def _unknown(kind: Kind, name: str) -> No:
    known = ", ".join(field.name for field in kind.fields)
    english = f"is not one of a {kind.name}: {known or 'no other field'}"
    return no(
        Reason.BAD_FIELD, name, Said(english, f"{kind.name} 没有此字段；可用：{known or '无'}")
    )


def _read(field: Field, value: Any) -> Any:
    """One field's value, a refusal, or None where it does not stand and need not."""
    if value is None:
        return no(Reason.BAD_FIELD, field.name, MISSING) if field.required else None
    if field.choices:
        return value if value in field.choices else _no_choice(field)
    return READERS[field.holds](field.name, value)


def _no_choice(field: Field) -> No:
    known = ", ".join(field.choices)
    return no(Reason.BAD_FIELD, field.name, Said(f"is none of {known}", f"只能是 {known} 之一"))


def _amount(name: str, value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        floor = 0 if name == "limit_minor" else 1
        return value if value >= floor else no(Reason.NOT_POSITIVE, name, floor)
    try:
        found = exact(str(value))
    except (ValueError, ZeroDivisionError):
        return no(Reason.BAD_FIELD, name, NO_AMOUNT)
    if found.denominator != 1:
        return no(Reason.DECIMALS, name, value)
    return no(Reason.BAD_FIELD, name, NOT_WHOLE)


def _date(name: str, value: Any) -> Any:
    try:
        day = date.fromisoformat(value)
    except (TypeError, ValueError):
        return no(Reason.BAD_FIELD, name, NO_DATE)
    return day if _is_near(day) else no(Reason.BAD_FIELD, name, FAR_DATE)


def _is_near(day: date) -> bool:
    """Whether a day leaves room for every schedule that can follow from it."""
    return FIRST_DAY <= day <= LAST_DAY


def _id(name: str, value: Any) -> Any:
    return value if is_id(value) else no(Reason.BAD_FIELD, name, NO_ID)


def _text(name: str, value: Any) -> Any:
    return value if isinstance(value, str) else no(Reason.BAD_FIELD, name, NO_TEXT)


def _flag(name: str, value: Any) -> Any:
    return value if isinstance(value, bool) else no(Reason.BAD_FIELD, name, NO_FLAG)


def _count(name: str, value: Any) -> Any:
    whole = isinstance(value, int) and not isinstance(value, bool)
    floor = 0 if name == "breach_days" else 1
    if whole and floor <= value <= 600:
        return value
    english, chinese = f"is not a whole number from {floor} to 600", f"不是 {floor} 至 600 的整数"
    return no(Reason.BAD_FIELD, name, Said(english, chinese))


def _share(name: str, value: Any) -> Any:
    try:
        found = share(str(value))
    except (ValueError, ZeroDivisionError):
        return no(Reason.BAD_FIELD, name, NO_RATE)
    return found if found >= 0 else no(Reason.BAD_FIELD, name, BELOW_ZERO)


def _payments(name: str, value: Any) -> Any:
    if not isinstance(value, list) or not value:
        return no(Reason.BAD_FIELD, name, NO_LIST)
    rows = []
    for row in value:
        if not isinstance(row, dict):
            return no(Reason.BAD_FIELD, name, NO_LIST)
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
