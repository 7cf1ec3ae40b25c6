from pathlib import Path

import pytest

from ruqi.apps.money_reference import pages
from ruqi.loans.events import KINDS
from ruqi.loans.refusals import Reason

DOCS = Path(__file__).parents[3] / "docs"


@pytest.mark.parametrize("name", pages())
def test_the_pages_are_up_to_date(name):
    assert (DOCS / name).read_text(encoding="utf-8") == pages()[name]


def test_every_kind_and_every_reason_is_told():
    page = pages()["reference/events.md"]
    assert all(f"### {kind}\n" in page for kind in KINDS)
    assert all(f"| {reason.name} |" in page for reason in Reason)
