"""Product files, calendars and the chart of accounts from YAML, each fault with its line.

A product names its law pack; the caps it stands under are that pack's, day by day, and its own.
"""

from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from ruqi.adapters.files import pack_file
from ruqi.adapters.files.yaml_text import Lines, checked, line_of, load
from ruqi.law.price import Cap, Caps, DatedCap
from ruqi.ledger.account import Account, AccountType, Chart
from ruqi.loans.product import calendar_from, contradictions, own_cap, product_from
from ruqi.loans.terms import Product
from ruqi.primitives.dates import Calendar
from ruqi.primitives.errors import PolicyError
from ruqi.primitives.rate import Rate, share

DEFAULT_CAPS = ("price.all_in_max_bank_assisted", "price.court_ceiling")
LATE_TOO = frozenset({"price.court_ceiling"})  # caps that bind what lateness costs as well


@dataclass(frozen=True)
class ProductFile:
    """A product and every price cap that can bind it."""

    product: Product
    caps: Caps


def read_product(path: Path) -> ProductFile:
    """One product file. Raises PolicyError where it breaks its schema or contradicts itself."""
    if not path.is_file():
        raise FileNotFoundError(2, "no such product file", str(path))
    document, lines = checked(path, "product")
    for place, problem, mend in contradictions(document):
        raise PolicyError(path.name, line_of(place, lines), problem, mend)
    calendar = None
    if "calendar" in document:
        calendar = _calendar(document["calendar"], path, lines)
    law = _law_caps(document, path, lines)
    late = tuple(held for held in law if held.cap.rule in LATE_TOO)
    # Of equal caps the first is told: a rule on prices, then the lender's own, then a court's.
    dated = (*(held for held in law if held not in late), *own_cap(document).dated, *late)
    return ProductFile(product_from(document, calendar), Caps(dated, late))


def shipped_product(name: str) -> ProductFile:
    """A product that is shipped with the house, by its file's name without `.yaml`."""
    with as_file(files("ruqi").joinpath(f"policies/products/{name}.yaml")) as path:
        return read_product(path)


def shipped_products() -> list[str]:
    """The names of the products that are shipped."""
    folder = files("ruqi").joinpath("policies/products")
    return sorted(entry.name[:-5] for entry in folder.iterdir() if entry.name.endswith(".yaml"))


def shipped_calendar(name: str) -> Calendar:
    """A calendar that is shipped with the house. Raises FileNotFoundError: none such."""
    with as_file(files("ruqi").joinpath(f"policies/calendars/{name}.yaml")) as path:
        if not path.is_file():
            raise FileNotFoundError(name)
        return calendar_from(load(path)[0])


def shipped_chart() -> Chart:
    """The chart of accounts that is shipped with the house."""
    with as_file(files("ruqi").joinpath("policies/chart.yaml")) as path:
        document = load(path)[0]
    return Chart(
        document["chart"],
        {
            name: Account(
                name,
                row["code"],
                AccountType(row["type"]),
                row["name_en"],
                row["name_zh"],
                row["beancount"],
            )
            for name, row in document["accounts"].items()
        },
    )


def _calendar(name: str, path: Path, lines: Lines) -> Calendar:
    try:
        return shipped_calendar(name)
    except FileNotFoundError as error:
        line = line_of(("calendar",), lines)
        raise PolicyError(path.name, line, f"no calendar {name!r}.", "Use CN.") from error


def _law_caps(document: dict[str, Any], path: Path, lines: Lines) -> list[DatedCap]:
    """The caps that the product's law pack knows, with the days on which they hold."""
    law = document["law"]
    if law["pack"] is None:
        return []
    try:
        edition = pack_file.shipped(law["pack"])
    except FileNotFoundError as error:
        line = line_of(("law", "pack"), lines)
        known = pack_file.shipped_ids()
        raise PolicyError(
            path.name, line, f"no law pack {law['pack']!r}.", f"Use one of: {known}."
        ) from error
    parameters = {parameter.id: parameter for parameter in edition.parameters}
    caps = []
    for number, name in enumerate(law.get("caps", DEFAULT_CAPS)):
        found = parameters.get(name)
        if found is None or found.unit != "rate_per_year":
            line = line_of(("law", "caps", number), lines)
            problem = f"{law['pack']} has no yearly rate {name!r}."
            raise PolicyError(path.name, line, problem, "See docs/reference/products.md.")
        cap = Cap(Rate(share(str(found.value))), found.id, found.source)
        caps.append(DatedCap(cap, found.effective_from, found.effective_until))
    return caps
