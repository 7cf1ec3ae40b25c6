"""From a checked product document to terms: nothing is guessed, every default is written here.

The document's shape is checked before (adapters); this turns its words into values and says what
contradicts itself.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from ruqi.law.price import Cap, Caps, DatedCap
from ruqi.loans.parts import PARTS
from ruqi.loans.terms import (
    DEFAULT_BUCKETS,
    DEFAULT_ORDER,
    Anchor,
    Bucket,
    Fee,
    Late,
    Method,
    Order,
    Prepayment,
    Product,
    Settling,
    plain,
)
from ruqi.primitives.currency import CODES
from ruqi.primitives.dates import NO_CALENDAR, Calendar, DayCount, Roll, is_zone
from ruqi.primitives.money import Rounding
from ruqi.primitives.rate import Rate, share, share_or_none

OWN_CAP = "lender.own_cap"
Place = tuple[str | int, ...]


def product_from(document: Mapping[str, Any], calendar: Calendar | None = None) -> Product:
    """The terms that a product document states."""
    period = document.get("period", "month")
    late = document.get("late", {})
    days = document.get("buckets")
    return plain(
        id=document["product"],
        version=str(document["version"]),
        name_en=document["name_en"],
        name_zh=document["name_zh"],
        currency=document["currency"],
        time_zone=document.get("time_zone", "Asia/Shanghai"),
        law=document["law"]["pack"],
        method=Method(document["method"]),
        instalments=document.get("instalments", 1),
        period_days=None if period == "month" else period["days"],
        due_day=document.get("due_day"),
        annual_rate=_share(document, "annual_rate"),
        day_count=DayCount(document.get("day_count", "equal_months")),
        down_payment=_share(document, "down_payment"),
        fees=tuple(_fee(fee) for fee in document.get("fees", ())),
        late=Late(
            daily_rate=_share(late, "daily_rate"),
            base=late.get("base", "principal"),
            fee_minor=late.get("fee_minor", 0),
            cap_share=share(late["cap_share"]) if "cap_share" in late else None,
        ),
        grace_days=document.get("grace_days", 0),
        tolerance_minor=document.get("tolerance_minor", 0),
        anchor=Anchor(document.get("dpd_anchor", "oldest_unpaid_due")),
        buckets=tuple(_buckets(days)) if days else DEFAULT_BUCKETS,
        calendar=calendar or NO_CALENDAR,
        roll=Roll(document.get("roll", "none")),
        orders={"repayment": DEFAULT_ORDER} | _orders(document.get("allocation", {})),
        prepayment=Prepayment(document.get("prepayment", "next")),
        settling=Settling(document.get("early_settlement", "accrued")),
        refund_order=document.get("refund", {}).get("order", "last_first"),
        refund_cost=document.get("refund", {}).get("cost", "pro_rata"),
        rounding=Rounding(document.get("rounding", "half_even")),
        residue=document.get("residue", "last"),
        limit_minor=document.get("limit_minor"),
        minimum_minor=document.get("minimum_minor", 1),
        maximum_minor=document.get("maximum_minor"),
    )


def _share(document: Mapping[str, Any], key: str) -> Fraction:
    return share(str(document.get(key, 0)))


def _fee(document: Mapping[str, Any]) -> Fee:
    return Fee(
        document["name_en"],
        document["name_zh"],
        document["when"],
        _share(document, "share"),
        document.get("amount_minor", 0),
        document["payee"],
    )


def _buckets(document: Mapping[str, Any]) -> Iterator[Bucket]:
    """`{M0: 0, M1: 1-30, M2: 31-}`, mildest first."""
    for name, days in document.items():
        low, dash, high = str(days).partition("-")
        yield Bucket(name, int(low), int(high) if high else None if dash else int(low))


def _orders(document: Mapping[str, Any]) -> dict[str, Order]:
    return {
        transaction: Order(tuple(order["parts"]), order.get("across", "by_due"))
        for transaction, order in document.items()
    }


def contradictions(document: Mapping[str, Any]) -> Iterator[tuple[Place, str, str]]:
    """(place, problem, mend) for everything a schema cannot see."""
    unreadable = list(_unreadable(document))
    yield from unreadable or _contradictions(document)


def _unreadable(document: Mapping[str, Any]) -> Iterator[tuple[Place, str, str]]:
    """Shares and rates that are none or below zero, and names that nobody has given."""
    for place, value in _shares(document):
        if share_or_none(value) is None:
            problem = f"{value!r} is no share or rate from zero up."
            yield place, problem, "Write 0.12, 12% or 3/25."
    currency, zone = document["currency"], document.get("time_zone", "UTC")
    if currency not in CODES:
        yield ("currency",), f"there is no currency {currency}.", "Use an ISO 4217 code, e.g. CNY."
    if not is_zone(zone):
        yield ("time_zone",), f"there is no time zone {zone!r}.", "Use a name like Asia/Shanghai."


def _shares(document: Mapping[str, Any]) -> Iterator[tuple[Place, object]]:
    """Every share and rate that a document states, with its place."""
    late = document.get("late", {})
    for key in ("annual_rate", "down_payment", "own_cap"):
        if key in document:
            yield (key,), document[key]
    for number, fee in enumerate(document.get("fees", ())):
        if "share" in fee:
            yield ("fees", number, "share"), fee["share"]
    for key in ("daily_rate", "cap_share"):
        if key in late:
            yield ("late", key), late[key]


def _contradictions(document: Mapping[str, Any]) -> Iterator[tuple[Place, str, str]]:
    method, rate = document["method"], _share(document, "annual_rate")
    fees = document.get("fees", [])
    if method in ("flat_fee", "interest_free") and rate:
        yield ("annual_rate",), f"{method} carries no interest.", "Leave annual_rate out."
    if method == "flat_fee" and not any(fee["when"] == "period" for fee in fees):
        yield ("fees",), "flat_fee has no fee with `when: period`.", "Name the fee of each period."
    if method == "interest_free" and any(fee["when"] == "period" for fee in fees):
        yield ("fees",), "interest_free carries no fee a period.", "Use method flat_fee."
    if method == "single" and document.get("instalments", 1) != 1:
        yield ("instalments",), "single is one payment.", "Leave instalments out."
    if _share(document, "down_payment") >= 1:
        yield ("down_payment",), "a down payment is a share below 1.", "0.2 is a fifth."
    if document.get("roll", "none") != "none" and "calendar" not in document:
        yield ("roll",), "roll needs a calendar.", "Add `calendar: CN`."
    if document.get("due_day") and document.get("period", "month") != "month":
        yield ("due_day",), "a due day needs periods of months.", "Leave due_day out."
    low, high = document.get("minimum_minor", 1), document.get("maximum_minor")
    if high is not None and high < low:
        yield ("maximum_minor",), "the maximum lies below the minimum.", "Raise it."
    yield from _bad_orders(document.get("allocation", {}))
    yield from _bad_buckets(document.get("buckets", {}))


def _bad_orders(document: Mapping[str, Any]) -> Iterator[tuple[Place, str, str]]:
    for transaction, order in document.items():
        if sorted(order["parts"]) != sorted(PARTS):
            place = ("allocation", transaction, "parts")
            yield place, "an order names each part once.", f"Use {', '.join(PARTS)} in your order."


def _bad_buckets(document: Mapping[str, Any]) -> Iterator[tuple[Place, str, str]]:
    expected = 0
    buckets = list(_buckets(document))
    for bucket in buckets:
        if bucket.low != expected or (bucket.high is not None and bucket.high < bucket.low):
            place = ("buckets", bucket.name)
            yield place, f"{bucket.name} should start at {expected} days.", "Leave no gap."
            return
        expected = (bucket.high or 0) + 1 if bucket.high is not None else -1
    if buckets and buckets[-1].high is not None:
        yield ("buckets",), "the last bucket has an end.", "Leave it open, e.g. `M4+: 91-`."


def calendar_from(document: Mapping[str, Any]) -> Calendar:
    """A calendar document as a calendar; ranges of days off include both ends."""
    holidays = {}
    for first, last, name in document["holidays"]:
        day, end = date.fromisoformat(first), date.fromisoformat(last)
        while day <= end:
            holidays[day] = name
            day = date.fromordinal(day.toordinal() + 1)
    return Calendar(
        document["calendar"],
        date.fromisoformat(document["announced_from"]),
        date.fromisoformat(document["announced_to"]),
        holidays,
        frozenset(date.fromisoformat(day) for day in document["workdays"]),
        {(month, day): name for month, day, name in document.get("fixed", ())},
        document.get("source", ""),
    )


def own_cap(document: Mapping[str, Any]) -> Caps:
    """The cap that a lender sets itself, on all days; none where the product names none."""
    if "own_cap" not in document:
        return Caps()
    rate = Rate(share(str(document["own_cap"])))
    return Caps((DatedCap(Cap(rate, OWN_CAP, "product file"), None, None),))
