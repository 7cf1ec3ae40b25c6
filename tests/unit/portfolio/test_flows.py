import polars as pl
import pytest

from ruqi.portfolio.flows import FLOWS
from ruqi.portfolio.measures import measure
from tapes import make_tape, path


def told(tape, name, month):
    rows = measure(tape, []).filter(pl.col("definition_id") == name, pl.col("segment") == "all")
    row = rows.filter(pl.col("on").dt.month() == month).row(0, named=True)
    return row["numerator"], row["denominator"]


def test_a_gap_is_no_step():
    tape = make_tape(path("a", "2024-01", "M0 . M1") + path("b", "2024-01", "M0 M0 M0"))
    assert told(tape, "entry_rate_count", 2) == (0, 1)
    assert told(tape, "entry_rate_count", 3) == (0, 1)


def test_relapse_asks_for_an_earlier_lateness():
    tape = make_tape(path("a", "2024-01", "M1 M0 M1") + path("b", "2024-01", "M0 M0 M1"))
    assert told(tape, "relapse_rate_count", 3) == (1, 1)
    assert told(tape, "entry_rate_never_late_count", 3) == (1, 1)
    assert told(tape, "entry_rate_count", 3) == (2, 2)


def test_paying_off_cures_and_being_sold_does_not():
    tape = make_tape(
        path("a", "2024-01", "M1 paid_off")
        + path("b", "2024-01", "M1 sold")
        + path("c", "2024-01", "M2 M1")
        + path("d", "2024-01", "M2 M0")
    )
    assert told(tape, "cure_rate_count", 2) == (2, 4)
    assert told(tape, "worsen_rate_count", 2) == (0, 4)


def test_a_charge_off_is_worse_and_makes_no_step_after():
    tape = make_tape(path("a", "2024-01", "M2 charged_off M3+") + path("b", "2024-01", "M0 M0 M0"))
    assert told(tape, "worsen_rate_count", 2) == (1, 1)
    assert told(tape, "charge_off_rate_count", 2) == (1, 2)
    assert told(tape, "worsen_rate_count", 3) == (0, 0)


def test_balance_is_the_earlier_months():
    rows = path("a", "2024-01", "M0 M1", balance_minor=[70, 10])
    rows += path("b", "2024-01", "M0 M0", balance_minor=[30, 900])
    assert told(make_tape(rows), "entry_rate_balance", 2) == (70, 100)


@pytest.mark.parametrize("definition", FLOWS)
def test_steps_look_back(definition):
    assert definition.window == "step"
    assert definition.looks_back != 0
    assert (definition.weight == "amount") == ("performance.balance" in definition.needs)
