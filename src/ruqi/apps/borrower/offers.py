"""Which offer is asked about: a shipped example, or one whose terms a borrower types in.

A product is found by its name in the shipped list, never by a path.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from ruqi.adapters.files import pack_file
from ruqi.adapters.files.product_file import ProductFile, shipped_product, shipped_products
from ruqi.adapters.report.words import NOTHING, Text
from ruqi.apps.borrower import fields
from ruqi.apps.borrower.shell import Field, typed
from ruqi.apps.web.words import both
from ruqi.law.price import Caps
from ruqi.loans.product import OWN_CAP
from ruqi.loans.terms import Fee, Method, Product, plain

OTHER = "other"
LAW = "instalments_12"  # the example whose law also judges an offer from elsewhere
MOST_INSTALMENTS = 60


@dataclass(frozen=True)
class Offer:
    """A product with the caps that bind it; `known` where its lender's further terms are."""

    product: Product
    caps: Caps
    known: bool


@cache
def examples() -> dict[str, ProductFile]:
    """The shipped products by name."""
    return {name: shipped_product(name) for name in shipped_products()}


def named_examples() -> tuple[tuple[str, Text], ...]:
    """The shipped products to choose from, by their names."""
    return tuple((name, _name(file.product)) for name, file in examples().items())


def _name(product: Product) -> Text:
    return Text(product.name_en, product.name_zh)


def term_fields(query: Mapping[str, str]) -> list[Field]:
    """The terms of an offer from elsewhere, as typed, each with what is wrong with it."""
    read = {
        "instalments": lambda text: fields.whole(text, 1, MOST_INSTALMENTS),
        "fee": _rate,
        "once": _rate,
        "rate": _rate,
    }
    asked = typed(query, "product") == OTHER
    found = []
    for name, reader in read.items():
        value = typed(query, name)
        answer = reader(value) if asked else None
        problem = answer if isinstance(answer, Text) else None
        label, hint = both(f"calculator.{name}"), both(f"calculator.{name}_hint")
        found.append(Field(name, label, value, problem, hint))
    return found


def _rate(text: str) -> Fraction | Text:
    """Percent; nothing typed is none."""
    return fields.rate(text or "0")


def offer(query: Mapping[str, str]) -> Offer | Text:
    """The offer that is asked about; a sentence where there is none of that name.

    The terms of one from elsewhere must have been read without a problem.
    """
    name = typed(query, "product")
    if name == OTHER:
        return _other(query)
    file = examples().get(name)
    if file is None:
        return both("calculator.unknown_product")
    return Offer(file.product, file.caps, known=True)


def _other(query: Mapping[str, str]) -> Offer:
    fee, once, rate = (fields.rate(typed(query, name) or "0") for name in ("fee", "once", "rate"))
    shares = [value for value in (fee, once, rate) if isinstance(value, Fraction)]
    named = [
        ("period", "calculator.fee_name", shares[0]),
        ("purchase", "calculator.once_name", shares[1]),
    ]
    fees = tuple(
        Fee(both(word).en, both(word).zh, when, share, 0, "lender")
        for when, word, share in named
        if share
    )
    method = Method.EQUAL_INSTALMENT if shares[2] else Method.FLAT_FEE
    product = plain(
        id=OTHER,
        name_en=both("calculator.other_name").en,
        name_zh=both("calculator.other_name").zh,
        method=method if shares[2] or shares[0] else Method.INTEREST_FREE,
        instalments=int(fields.plain(typed(query, "instalments"))),
        annual_rate=shares[2],
        fees=fees,
        law="CN",
        maximum_minor=fields.MOST * 100,
    )
    law = tuple(held for held in examples()[LAW].caps.dated if held.cap.rule != OWN_CAP)
    return Offer(product, Caps(law), known=False)


@dataclass(frozen=True)
class Source:
    """A cap's rule for somebody who asks where it comes from."""

    rule: str
    says: Text
    source: Text
    read: Text
    days: Text


def source_of(offered: Offer, rule: str) -> Source:
    """What a cap's rule says, and where that was read."""
    if rule == OWN_CAP:
        says = both("calculator.own_cap")
        return Source(rule, says, NOTHING, NOTHING, both("calculator.always"))
    edition = pack_file.shipped(offered.product.law or "")
    found = next(one for one in edition.parameters if one.id == rule)
    source = edition.sources[found.source]
    since = both("calculator.since", day=found.effective_from)
    return Source(
        rule,
        Text(found.says_en, found.says_zh),
        Text(f"{source.title} ({source.address})", f"{source.title_zh}（{source.address}）"),
        Text(source.read, source.read_zh),
        since,
    )
