"""Lives of two years: late, repeated, reordered, backdated and reversed; checked every month."""

import pytest

from two_years import MONTHS, PRODUCTS, lived

LINES = 10


@pytest.mark.parametrize("seed", range(LINES))
def test_two_years_of_a_line(seed):
    seen = lived(seed)
    assert seen["months"] == MONTHS
    assert seen["accepted"] > 40 and seen["refused"]
    assert min(seen[way] for way in ("late", "again", "backdated", "reordered", "reversal")) > 0


def test_ten_lines_are_of_every_product():
    assert len(PRODUCTS) <= LINES
