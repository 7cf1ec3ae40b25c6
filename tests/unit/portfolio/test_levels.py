import polars as pl

from ruqi.portfolio.levels import LEVELS
from ruqi.portfolio.measures import measure
from ruqi.tape.columns import Bucket, Delinquency
from tapes import make_tape


def value(tape, name):
    rows = measure(tape, []).filter(pl.col("definition_id") == name, pl.col("segment") == "all")
    return rows.row(0, named=True)


def book(*rows, **more):
    listed = [
        {"account_id": f"a{k}", "on": "2024-01", "balance_minor": 100} | row
        for k, row in enumerate(rows)
    ]
    return make_tape(listed, **more)


def test_day_30_counts_as_thirty_where_days_are_given():
    tape = book({"dpd_days": 29}, {"dpd_days": 30}, {"dpd_days": 31}, {"dpd_days": 0})
    assert value(tape, "overdue_30p_count")["numerator"] == 2
    assert value(tape, "late_2p_count")["numerator"] == 1  # M2 begins on day 31
    assert value(tape, "late_1p_count")["numerator"] == 3


def test_where_days_are_missing_in_a_cell_the_bucket_tells():
    rule = Delinquency("stage", (Bucket("A", 0, 0), Bucket("B", 1, 30), Bucket("C", 31, None)))
    tape = book({"bucket": 2, "dpd_days": None}, {"bucket": 1, "dpd_days": 30}, delinquency=rule)
    assert value(tape, "overdue_30p_count")["numerator"] == 2
    assert value(tape, "mean_days_late")["denominator"] == 1


def test_a_credit_balance_owes_nothing_and_an_unknown_one_weighs_nothing():
    tape = book(
        {"dpd_days": 5, "balance_minor": -40},
        {"dpd_days": 0, "balance_minor": 60},
        {"dpd_days": 9, "balance_minor": None},
    )
    assert value(tape, "open_balance")["value"] == 60
    assert value(tape, "late_1p_balance")["value"] == 0
    assert value(tape, "average_balance")["value"] == 30  # of the two that are known
    assert value(tape, "open_count")["value"] == 3


def test_ended_accounts_are_in_neither_part():
    tape = book({"dpd_days": 40}, {"dpd_days": 400, "status": "charged_off"}, {"dpd_days": 0})
    row = value(tape, "late_1p_count")
    assert (row["numerator"], row["denominator"]) == (1, 2)


def test_a_book_of_late_accounts_only_begins_late_in_its_first_bucket():
    rule = Delinquency("days", (Bucket("M1", 1, 30), Bucket("M2", 31, None)))
    tape = book({"dpd_days": 3}, {"dpd_days": 50}, delinquency=rule)
    assert value(tape, "late_1p_count")["value"] == 1
    assert value(tape, "late_2p_count")["value"] == 0.5


def test_levels_are_current():
    assert {d.window for d in LEVELS} == {"current"}
