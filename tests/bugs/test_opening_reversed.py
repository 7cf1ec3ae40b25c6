"""A line whose opening was reversed stood, for ever, as opened on the day that never was.

The same accepted events in another order of arrival then gave another line. It opens with the
first event that stands.
"""

from datetime import date

import pytest

from invariants import check_replays
from lines import PRODUCTS, event, take

DAYS = [date(2024, 3, day) for day in range(1, 8)]
OPEN = event("open", "open", DAYS[0], limit_minor=100_000)


@pytest.mark.parametrize("came", [DAYS[1], DAYS[3]])
def test_what_stands_first_opens_the_line(came):
    bought = event("p", "purchase", came, amount_minor=5_000)
    undone = event("r", "reversal", DAYS[2], of="open")
    life = take(PRODUCTS["free"], OPEN, bought, undone, to=DAYS[6])
    assert life.line.opened_on == came
    check_replays(life, 1)


def test_a_line_with_nothing_left_opens_again_with_what_comes():
    undone = event("r", "reversal", DAYS[1], of="open")
    again = event("again", "open", DAYS[4], limit_minor=50_000)
    life = take(PRODUCTS["free"], OPEN, undone, again, to=DAYS[6])
    assert (life.line.opened_on, life.line.limit_minor) == (DAYS[4], 50_000)
    check_replays(life, 1)
