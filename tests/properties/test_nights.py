"""Many nights at once give what one day after another gives, whatever a line carries."""

from datetime import timedelta

import pytest

from lines import CAPS, PRODUCTS, history
from ruqi.loans.accrual import advance
from ruqi.loans.history import Life
from slow_days import advance_daily


@pytest.mark.parametrize("seed", range(60))
def test_a_stretch_of_nights_equals_its_days(seed):
    name = list(PRODUCTS)[seed % len(PRODUCTS)]
    terms = PRODUCTS[name]
    life = Life({terms.id: terms}, terms, CAPS)
    for number, event in enumerate(history(seed, 24, name)):
        life.take(event)
        if number % 6 == 5 and life.line is not None:
            to = life.line.on + timedelta(days=45)
            assert advance(life.line, to) == advance_daily(life.line, to)
