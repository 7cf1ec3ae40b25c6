import polars as pl

from ruqi.portfolio.measures import measure
from tapes import make_tape, path


def told(tape, name, month):
    rows = measure(tape, []).filter(pl.col("definition_id") == name, pl.col("segment") == "all")
    return rows.filter(pl.col("on").dt.month() == month).row(0, named=True)


TAPE = make_tape(
    path("a", "2024-01", "M1 M0", balance_minor=[100, 60], due_minor=[20, 30], paid_minor=[5, 40])
    + path("b", "2024-01", "M0 M1", balance_minor=[50, 50], due_minor=[10, 10], paid_minor=[4, 0])
)


def test_overdue_instalments_are_only_what_late_accounts_left_unpaid():
    row = told(TAPE, "overdue_instalments_balance", 1)
    assert (row["numerator"], row["denominator"]) == (15, 150)  # not b's 6: b is not late yet
    assert told(TAPE, "late_1p_balance", 1)["numerator"] == 100  # the whole balance, beside it


def test_collected_counts_no_more_than_was_due():
    row = told(TAPE, "collected_share", 2)
    assert (row["numerator"], row["denominator"]) == (30, 40)
    assert told(TAPE, "collected_share", 1)["value"] == 9 / 30


def test_collected_from_late_accounts_is_over_their_earlier_balance():
    row = told(TAPE, "collected_share_late", 2)
    assert (row["numerator"], row["denominator"]) == (40, 100)
    assert told(TAPE, "collected_share_late", 1)["value"] is None


def test_refunds_are_no_negative_collections():
    rows = path("a", "2024-01", "M0", balance_minor=[9], due_minor=[10], paid_minor=[-3])
    assert told(make_tape(rows), "collected_share", 1)["value"] == 0


def test_what_nobody_noted_as_paid_is_unknown_and_not_nothing():
    rows = path("a", "2024-01", "M1 M1", balance_minor=[9, 9], due_minor=[9, 9], paid_minor=[3, 3])
    rows += path(
        "b", "2024-01", "M1 M1", balance_minor=[5, 5], due_minor=[5, 5], paid_minor=[None, None]
    )
    tape = make_tape(rows)
    share, late = (told(tape, name, 2) for name in ("collected_share", "collected_share_late"))
    assert (share["numerator"], share["denominator"]) == (3, 9)
    assert (late["numerator"], late["denominator"]) == (3, 9)
