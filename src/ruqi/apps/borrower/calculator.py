"""What a purchase would cost: schedule, true yearly cost, lateness, paying ahead; shareable.

Everything asked stands in the address, so that an answer can be sent on; nothing is stored.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from ruqi.adapters.report.numbers import amount_of, long_day, money, short_day, symbol
from ruqi.adapters.report.words import Text, same
from ruqi.apps.borrower import charts, fields, offers
from ruqi.apps.borrower.offers import Offer
from ruqi.apps.borrower.shell import Field, page, public, today, typed
from ruqi.apps.web.words import both
from ruqi.loans.terms import Method
from ruqi.primitives.currency import exponent
from ruqi.primitives.money import major
from ruqi.services.quote import quote
from ruqi.services.quote_courses import quote_courses

FIRST_EXAMPLE = "flat_fee_12"


@dataclass(frozen=True)
class Card:
    """A figure with what it means."""

    name: Text
    value: Text
    says: Text


@dataclass(frozen=True)
class Asked:
    """What the address asks, field by field; the offer and figures where all could be read."""

    shown: tuple[Field, ...]
    terms: tuple[Field, ...]
    offer: Offer | None = None
    minor: int = 0
    on: date = fields.FIRST
    more: int | None = None

    @property
    def problems(self) -> list[Field]:
        """Every field with something wrong."""
        return [field for field in (*self.shown, *self.terms) if field.problem]


@require_GET
@public
def calculator(request: HttpRequest) -> HttpResponse:
    """The form, and below it the answer where the address asks for one."""
    asked = read(request.GET)
    context: dict[str, Any] = {
        "asked": asked,
        "problems": asked.problems,
        "first_example": f"product={FIRST_EXAMPLE}&amount=1200&on={today()}",
        "told": answer(asked),
    }
    return page(request, "calculator", context, form=False)


def read(query: Mapping[str, str]) -> Asked:
    """What is asked, with every problem at once; without an amount nothing is asked yet."""
    name = typed(query, "product") or FIRST_EXAMPLE
    query = {**{key: query[key] for key in query}, "product": name}
    terms = tuple(offers.term_fields(query))
    faulty = any(field.problem for field in terms)
    found = None if faulty else offers.offer(query)
    offered = found if isinstance(found, Offer) else None
    currency = offered.product.currency if offered else "CNY"
    texts = {key: typed(query, key) for key in ("amount", "on", "more")}
    asks = "amount" in query
    price = fields.amount(texts["amount"], currency, least=1) if asks else 0
    if offered and isinstance(price, int) and asks:
        price = _allowed(offered, price)
    on = fields.day(texts["on"] or today())
    more = fields.amount(texts["more"], currency, least=1) if texts["more"] else None
    labels = {key: both(f"calculator.{key}") for key in ("product", "amount", "bought", "more")}
    shown = (
        Field(
            "product",
            labels["product"],
            name,
            _problem(found),
            both("calculator.product_hint"),
            choices=((offers.OTHER, both("calculator.other")),),
            examples=offers.named_examples(),
        ),
        Field("amount", labels["amount"], texts["amount"], _problem(price), _bounds(offered)),
        Field("on", labels["bought"], texts["on"] or today(), _problem(on), kind="date"),
        Field("more", labels["more"], texts["more"], _problem(more), both("calculator.more_hint")),
    )
    if not asks or offered is None or not isinstance(price, int) or not isinstance(on, date):
        return Asked(shown, terms)
    if isinstance(more, Text):
        return Asked(shown, terms)
    return Asked(shown, terms, offered, price, on, more)


def _problem(found: object) -> Text | None:
    return found if isinstance(found, Text) else None


def _range(offered: Offer) -> tuple[int, int]:
    product = offered.product
    high = product.maximum_minor or product.limit_minor
    return product.minimum_minor, fields.MOST * 100 if high is None else high


def _bounds(offered: Offer | None) -> Text:
    if offered is None:
        return both("calculator.amount_hint")
    low, high = (amount_of(minor, offered.product.currency) for minor in _range(offered))
    return both("calculator.bounds", low=low, high=high)


def _allowed(offered: Offer, minor: int) -> int | Text:
    low, high = _range(offered)
    return minor if low <= minor <= high else _bounds(offered)


def answer(asked: Asked) -> dict[str, Any] | None:
    """All that the page tells about an offer; None where nothing can be told yet."""
    if asked.offer is None:
        return None
    product, caps = asked.offer.product, asked.offer.caps
    document = quote(product, caps, major(asked.minor, product.currency), asked.on)
    currency, rows = product.currency, document["schedule"]
    name = Text(document["name_en"], document["name_zh"])
    told: dict[str, Any] = {
        "known": asked.offer.known,
        "title": both(
            "calculator.answer",
            name=both("calculator.example", name=name) if asked.offer.known else name,
            amount=amount_of(asked.minor, currency),
            day=long_day(asked.on),
        ),
        "refusals": [Text(one["says_en"], one["says_zh"]) for one in document["refusals"]],
        "cards": cards(document),
        "why": _why(document),
        "source": offers.source_of(asked.offer, document["rule"]) if document["rule"] else None,
        "fees": [_fee(fee, currency) for fee in document["fees"]],
        "rows": [_row(row, currency) for row in rows],
        "sign": symbol(currency),
        "projected": any(row["projected"] for row in rows),
        "chart": charts.bars(
            [
                (row["due_on"], row["principal_minor"], row["total_minor"] - row["principal_minor"])
                for row in rows
            ],
            currency,
        ),
    }
    if asked.offer.known and not document["refusals"]:
        told |= courses(document, asked.offer, asked)
    return told


def cards(document: dict[str, Any]) -> list[Card]:
    """The four figures that matter most, each with what it means."""
    currency, rows = document["currency"], document["schedule"]
    last = long_day(rows[-1]["due_on"])
    count = both("calculator.payments", count=len(rows))
    cost = document["cost_minor"]
    in_all, rate = document["all_in_rate"], document["effective_rate"]
    found = [
        Card(
            both("calculator.in_all"),
            amount_of(document["total_minor"], currency),
            both("calculator.in_all_says", payments=count, last=last),
        ),
        Card(
            both("calculator.cost"),
            amount_of(cost, currency),
            both("calculator.cost_says" if cost else "calculator.no_cost_says"),
        ),
        Card(
            both("calculator.all_in"),
            same(rate_of(in_all) if in_all is not None else "–"),
            both("calculator.all_in_says", rate=rate_of(rate)) if rate else both("calculator.free"),
        ),
    ]
    cap = document["cap_rate"]
    if cap is not None:
        within = not document["refusals"]
        found.append(
            Card(
                both("calculator.cap"),
                same(short_rate(cap)),
                both("calculator.within" if within else "calculator.above"),
            )
        )
    return found


def rate_of(share: float) -> str:
    """A yearly rate to two places of a percent."""
    return f"{share * 100:,.2f}%"


def short_rate(share: float) -> str:
    """A rate of a rule: no more places than it has."""
    text = f"{share * 100:.4f}".rstrip("0").rstrip(".")
    return f"{text}%"


def _why(document: dict[str, Any]) -> Text | None:
    """Why a small fee each month is a high rate, where that is so."""
    flat = document["method"] == Method.FLAT_FEE.value and document["cost_minor"]
    if not flat or document["all_in_rate"] is None:
        return None
    share = document["cost_minor"] / document["amount_minor"]
    return both("calculator.flat", share=rate_of(share), rate=rate_of(document["all_in_rate"]))


def _fee(fee: dict[str, Any], currency: str) -> Text:
    word = "payee_lender" if fee["payee"] == "lender" else "payee_other"
    payee = both(f"calculator.{word}", payee=fee["payee"])
    name = Text(fee["name_en"], fee["name_zh"])
    return both(
        "calculator.fee_line", name=name, total=amount_of(fee["total_minor"], currency), payee=payee
    )


def _row(row: dict[str, Any], currency: str) -> dict[str, Text]:
    rest = row["total_minor"] - row["principal_minor"]
    moved = row["collect_on"] != row["due_on"]
    collected = both("calculator.collected", day=short_day(row["collect_on"]))
    return {
        "number": same(row["number"]) if row["number"] else both("calculator.at_once"),
        "day": short_day(row["due_on"]),
        "moved": collected + same("*" if row["projected"] else "") if moved else same(""),
        "pay": same(money(row["total_minor"], currency)),
        "price": same(money(row["principal_minor"], currency)),
        "cost": same(money(rest, currency)),
        "left": same(money(row["balance_minor"], currency)),
    }


def courses(document: dict[str, Any], offer: Offer, asked: Asked) -> dict[str, Any]:
    """What lateness would cost, and what paying ahead would save."""
    currency, late = document["currency"], document["if_late"]
    usual = next(row for row in document["schedule"] if row["kind"] == "instalment")
    unit = 10 ** exponent(currency)
    more = asked.more or max(unit, usual["total_minor"] // 10 // unit * unit)
    found = quote_courses(offer.product, offer.caps, asked.minor, asked.on, more)
    first = found["late"][0]
    count = sum(row["kind"] == "instalment" for row in document["schedule"])
    return {
        "late": [
            (both(f"calculator.late_{row['days']}"), amount_of(row["more_minor"], currency))
            for row in found["late"]
        ],
        "late_says": both(
            "calculator.late_says",
            base=both(f"calculator.base_{late['base']}"),
            grace=late["grace_days"],
            day=short_rate(late["daily_rate"]),
            year=short_rate(late["annual_rate"]),
        ),
        "late_first": both(
            "calculator.late_first",
            amount=amount_of(first["due_minor"], currency),
            day=long_day(first["due_on"]),
        ),
        "settled": [
            {
                "after": both("calculator.with_payment", number=row["number"]),
                "day": short_day(row["on"]),
                "pay": amount_of(row["pay_minor"], currency),
                "saved": amount_of(row["saved_minor"], currency),
            }
            for row in found["settled"]
        ]
        if document["cost_minor"]
        else [],
        "more": _more(found["more"], count, document["cost_minor"], currency),
    }


def _more(more: dict[str, Any], count: int, cost: int, currency: str) -> Text:
    """What paying more each time brings, in a sentence."""
    parts = {
        "more": amount_of(more["more_minor"], currency),
        "saved": amount_of(more["saved_minor"], currency),
        "last": long_day(more["ends_on"]),
    }
    if not cost:
        return both("calculator.more_free", **parts)
    if more["saved_minor"] <= 0:
        return both("calculator.more_nothing", **parts)
    key = "more_sooner" if more["payments"] < count else "more_saves"
    return both(f"calculator.{key}", **parts)
