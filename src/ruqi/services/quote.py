"""What a purchase would cost: its schedule, its all-in rate, and whether the cap allows it."""

from datetime import date
from fractions import Fraction
from typing import Any

from ruqi.law.price import (
    DAYS_A_YEAR,
    Caps,
    all_in_rate,
    effective_rate,
    late_refusal,
    not_in_force,
    refusal,
)
from ruqi.loans.schedule import draw, flows
from ruqi.loans.state import Due, Purchase
from ruqi.loans.terms import Product
from ruqi.primitives.errors import Refused
from ruqi.primitives.money import Money, allocate, major


def quote(product: Product, caps: Caps, amount: str, on: date) -> dict[str, Any]:
    """A quote as a JSON-ready document. `amount` is in major units, e.g. `"1200.00"`.

    `refusals` is empty where the purchase may be made; else each has `rule`, `says_en`, `says_zh`,
    and the figures that were refused stand beside it.
    """
    try:
        minor = Money.parse(amount, product.currency).minor
    except ValueError:
        return _unusable(product, amount, on)
    if _outside(product, minor):
        return _unusable(product, amount, on)
    drawn = draw("quote", product, minor, on)
    cap, late_cap = caps.on(on), caps.late_on(on)
    placed = flows(drawn, on)
    periods = product.periods_a_year
    rate = all_in_rate(placed, periods)
    refused = refusal(placed, periods, cap) if cap else not_in_force(caps, on)
    late = late_refusal(product.late.daily_rate, late_cap) if late_cap else None
    document = _figures(product, drawn, minor, on)
    document |= {
        "all_in_rate": _number(rate),
        "effective_rate": _number(effective_rate(rate, periods) if rate is not None else None),
        "cap_rate": _number(cap.rate.per_year if cap else None),
        "rule": cap.rule if cap else None,
        "rule_source": cap.source if cap else None,
        "refusals": [_refusal(found) for found in (refused, late) if found],
    }
    document["if_late"] |= {
        "cap_rate": _number(late_cap.rate.per_year if late_cap else None),
        "rule": late_cap.rule if late_cap else None,
    }
    return document


def _figures(product: Product, drawn: Purchase, minor: int, on: date) -> dict[str, Any]:
    schedule, balance = [], minor
    for item in drawn.dues:
        balance -= item.billed.principal
        schedule.append(_row(product, item, balance))
    total = sum(due.billed.total for due in drawn.dues)
    return {
        "product": product.id,
        "product_version": product.version,
        "name_en": product.name_en,
        "name_zh": product.name_zh,
        "currency": product.currency,
        "amount_minor": minor,
        "on": on.isoformat(),
        "method": product.method.value,
        "schedule": schedule,
        "fees": _fees(product, drawn),
        "total_minor": total,
        "cost_minor": total - minor,
        "if_late": {
            "daily_rate": _number(product.late.daily_rate),
            "annual_rate": _number(product.late.daily_rate * DAYS_A_YEAR),
            "base": product.late.base,
            "fee_minor": product.late.fee_minor,
            "grace_days": product.grace_days,
            "payee": "lender",
        },
    }


def _row(product: Product, due: Due, balance: int) -> dict[str, Any]:
    collect_on = product.collect_on(due.due_on) if due.kind == "instalment" else due.due_on
    return {
        "number": due.number,
        "kind": due.kind,
        "due_on": due.due_on.isoformat(),
        "collect_on": collect_on.isoformat(),
        "projected": product.calendar.projected(collect_on),
        "principal_minor": due.billed.principal,
        "interest_minor": due.billed.interest,
        "fee_minor": due.billed.fee,
        "total_minor": due.billed.total,
        "balance_minor": balance,
    }


def _fees(product: Product, drawn: Purchase) -> list[dict[str, Any]]:
    """Every fee with what it comes to in all; together they are the schedule's fees, to the cent.

    Fees of the periods are rounded together there; here each payee gets its exact share of them.
    """
    minor = drawn.amount_minor
    exact = [(fee.share * minor + fee.minor) * (fee.when == "period") for fee in product.fees]
    billed = sum(due.billed.fee for due in drawn.dues if due.kind == "instalment")
    shares = allocate(billed, exact) if any(exact) else (0,) * len(exact)
    rows = []
    for fee, share in zip(product.fees, shares, strict=True):
        once = product.round(fee.share * minor) + fee.minor
        rows.append(
            {
                "name_en": fee.name_en,
                "name_zh": fee.name_zh,
                "when": fee.when,
                "payee": fee.payee,
                "total_minor": once if fee.when == "purchase" else share,
            }
        )
    return rows


def _largest(product: Product) -> int | None:
    """The largest purchase: as the product says, else its limit."""
    return product.limit_minor if product.maximum_minor is None else product.maximum_minor


def _outside(product: Product, minor: int) -> bool:
    high = _largest(product)
    return minor < product.minimum_minor or (high is not None and minor > high)


def _unusable(product: Product, amount: str, on: date) -> dict[str, Any]:
    """An amount that is no money of this currency, or outside the product."""
    currency = product.currency
    low, high = product.minimum_minor, _largest(product)
    bounds = (
        f"{major(low, currency)} – {major(high, currency) if high is not None else '∞'} {currency}"
    )
    refused = Refused(
        "OUTSIDE_PRODUCT",
        f"{amount} is no amount that this product allows: {bounds}.",
        f"{amount} 不是该产品允许的金额：{bounds}。",
    )
    return {
        "product": product.id,
        "currency": currency,
        "on": on.isoformat(),
        "amount_minor": None,
        "schedule": [],
        "all_in_rate": None,
        "effective_rate": None,
        "cap_rate": None,
        "rule": refused.rule,
        "refusals": [_refusal(refused)],
    }


def _refusal(refused: Refused) -> dict[str, str]:
    return {"rule": refused.rule, "says_en": refused.says_en, "says_zh": refused.says_zh}


def _number(value: Fraction | None) -> float | None:
    """A rate as a JSON number: exact in eight decimals, and never money."""
    return None if value is None else round(float(value), 8)
