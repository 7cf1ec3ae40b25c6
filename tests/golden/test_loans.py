"""Golden pages: what every shipped product does in every scenario, to the cent.

Set RUQI_WRITE_GOLDEN=1 to write the pages anew; then read the difference before you keep it.
"""

import os
import re
from itertools import pairwise
from pathlib import Path

import pytest

from golden.loans_book import HERE, NAMES, page
from ruqi.adapters.files.product_file import shipped_products
from ruqi.loans.events import KINDS

PAGE = Path(__file__).parents[2] / "docs/reference/coverage.md"
PAIRS = [(product, name) for product in shipped_products() for name in NAMES]


@pytest.mark.parametrize(("product", "name"), PAIRS)
def test_page(product, name):
    path = HERE / product / f"{name}.txt"
    made = page(product, name)
    if os.environ.get("RUQI_WRITE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(made.text)
    assert path.read_text() == made.text
    # So coverage may be read off the page, which is quicker than to live it again.
    assert accepted_on(made.text) == made.accepted
    assert made.accepted and (made.refused or "refused" not in made.text)


EVENT = re.compile(r"\d{4}-\d\d-\d\d ([a-z_]+) ")


def accepted_on(text: str) -> set[str]:
    """The kinds of event that a page shows accepted: those not refused on the next row."""
    found = set()
    for row, after in pairwise([*text.splitlines(), ""]):
        event = EVENT.match(row)
        if event and event[1] in KINDS and not after.startswith("    refused"):
            found.add(event[1])
    return found


def coverage() -> str:
    """Which golden page shows which kind of event accepted on which product."""
    products = shipped_products()
    shown = {(p, n): accepted_on((HERE / p / f"{n}.txt").read_text()) for p, n in PAIRS}
    lines = [
        "# Coverage: product × event",
        "",
        "Written from the golden pages in `tests/golden/loans`; every cell names pages on which",
        "the event is accepted on that product. An empty cell fails the tests.",
        "",
        "| event | " + " | ".join(products) + " |",
        "|---" * (len(products) + 1) + "|",
    ]
    for kind in KINDS:
        cells = []
        for product in products:
            pages = [name for name in NAMES if kind in shown[product, name]]
            # What every page shows needs no list.
            cells.append("all" if len(pages) == len(NAMES) else ", ".join(pages[:2]) or " ")
        lines.append(f"| {kind} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def test_coverage_has_no_empty_cell_and_the_page_says_so():
    made = coverage()
    if os.environ.get("RUQI_WRITE_GOLDEN"):
        PAGE.write_text(made)
    assert "|   |" not in made
    assert PAGE.read_text() == made
