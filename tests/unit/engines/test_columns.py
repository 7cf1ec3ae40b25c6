from datetime import date

import pytest

from books import START, random_lines
from lines import event, take
from ruqi.engines.columns import columnar, day, laid_out, number, written_back
from ruqi.loans.terms import plain
from ruqi.primitives.errors import InvariantBroken
from ruqi.primitives.money import Rounding

LINES = random_lines(7, 200)


def test_what_is_laid_out_comes_back_whole():
    columns = laid_out(LINES)
    assert written_back(columns, LINES) == LINES
    assert columns.lines == 200
    assert columns.bytes > 0


def test_days_are_numbers_since_1970():
    assert number(date(1970, 1, 2)) == 1
    assert day(number(START)) == START


def test_lines_of_different_days_do_not_share_columns():
    other = LINES[0]._replace(on=date(2030, 1, 1))
    with pytest.raises(InvariantBroken, match="one day"):
        laid_out([LINES[1], other])


@pytest.mark.parametrize(
    "extra",
    [
        event("a", "authorise", START, amount_minor=1),
        event("a", "pause", START),
        event("a", "payment_started", START, amount_minor=1),
        event("a", "hardship_plan", START, payments=[{"on": "2025-09-01", "amount_minor": 1}]),
    ],
)
def test_lines_that_need_the_exact_step(extra):
    bought = event("p", "purchase", date(2024, 1, 1), amount_minor=5_000)
    line = take(plain(instalments=40), bought, extra).line
    assert not columnar(line)
    with pytest.raises(InvariantBroken, match="exact"):
        laid_out([line])
    assert columnar(take(plain(), bought).line)
    assert not columnar(take(plain(rounding=Rounding.UP), bought).line)
