import numpy as np
import polars as pl
import pytest

from ruqi.portfolio.denominators import charge_offs
from ruqi.portfolio.measures import measure
from ruqi.portfolio.panel import panel
from tapes import make_tape, path


def told(tape, name, month):
    rows = measure(tape, []).filter(pl.col("definition_id") == name, pl.col("segment") == "all")
    row = rows.filter(pl.col("on").dt.month() == month).row(0, named=True)
    return row["numerator"], row["denominator"]


def test_a_charged_off_balance_stays_in_both_parts():
    rows = path("a", "2024-01", "M3 charged_off", balance_minor=[80, 0])
    rows += path("b", "2024-01", "M0 M0 M0", balance_minor=[20, 20, 20])
    tape = make_tape(rows)
    name = "late_2p_balance_incl_charge_off"
    assert [told(tape, name, m) for m in (1, 2, 3)] == [(80, 100), (80, 100), (80, 100)]
    assert told(tape, "late_2p_balance", 3) == (0, 20)


def test_the_amount_charged_off_is_taken_once():
    rows = path("a", "2024-01", "charged_off charged_off", balance_minor=[50, 40])
    (part,) = panel(make_tape(rows)).parts()
    found, amount = charge_offs(part)
    assert found.tolist() == [0]
    assert amount.tolist() == [50]


def test_growth_dilutes_the_coincident_share_and_not_the_lagged():
    rows = path("a", "2024-01", "M0 M1 M2", balance_minor=[100, 100, 100])
    rows += path("b", "2024-01", "M0 M0 M0", balance_minor=[100, 100, 100])
    grown = rows + [
        row for k in range(9) for row in path(f"n{k}", "2024-03", "M0", balance_minor=[100])
    ]
    name = "late_2p_balance_lagged_2"
    assert told(make_tape(rows), name, 3) == told(make_tape(grown), name, 3) == (100, 200)
    assert told(make_tape(grown), "late_2p_balance", 3) == (100, 1100)


def test_seasoned_and_disbursed_need_an_opening():
    rows = path("a", "2024-01", "M0 M0 M1 M2", balance_minor=[90, 80, 80, 80])
    rows += path("b", "2024-03", "M0 M0", balance_minor=[50, 45])
    facts = [
        {"account_id": "a", "opened_on": "2024-01-02"},
        {"account_id": "b", "opened_on": "2024-03-30"},
    ]
    tape = make_tape(rows, accounts=facts)
    assert told(tape, "late_2p_balance_seasoned_3", 4) == (80, 80)
    assert told(tape, "late_2p_balance_disbursed", 2) == (0, 90)
    assert told(tape, "late_2p_balance_disbursed", 4) == (80, 140)
    bare = measure(make_tape(rows), [])
    lacking = bare.filter(pl.col("definition_id") == "late_2p_balance_seasoned_3")
    assert lacking["needs"].to_list()[0] == ["accounts.opened_on"]


@pytest.mark.parametrize("months", [1, 2])
def test_a_short_book_has_no_lagged_figure(months):
    tape = make_tape(path("a", "2024-01", " ".join(["M2"] * months), balance_minor=[9] * months))
    assert np.isclose(told(tape, "late_2p_balance_lagged_2", 1)[1], 0)
