import polars as pl
import pytest

from remark_books import accounts, month_end, month_of, performance
from ruqi.tape.code_changes import CODES_MAX
from ruqi.tape.row_counts import THOUSANDS, RowCounts

JAN = month_of("2024-01")


def counted(rows: list[dict], given: pl.DataFrame | None = None) -> RowCounts:
    counts = RowCounts(100)
    counts.add(performance(rows), given)
    return counts


def test_codes_are_counted_by_month_and_by_move_between_adjacent_months():
    counts = counted(
        [
            {"account_id": "A", "on": "2024-01", "bucket": 0, "code": "ok"},
            {"account_id": "A", "on": "2024-02", "bucket": 1, "code": "late"},
            {"account_id": "A", "on": "2024-04", "bucket": 1, "code": "late"},
            {"account_id": "B", "on": "2024-02", "bucket": None, "code": "sold", "status": "sold"},
            {"account_id": "B", "on": "2024-03", "bucket": None, "code": None},
        ]
    ).codes
    assert counts.rows == {
        (JAN, "ok"): 1,
        (JAN + 1, "late"): 1,
        (JAN + 1, "sold"): 1,
        (JAN + 3, "late"): 1,
    }
    assert counts.moves == {
        (JAN, None, "ok"): 1,
        (JAN + 1, "ok", "late"): 1,
        (JAN + 1, None, "sold"): 1,
        (JAN + 3, None, "late"): 1,  # over a gap there is no move
    }
    assert counts.buckets == {"ok": 0, "late": 1}


def test_many_distinct_values_are_measurements_and_counted_no_further():
    rows = [
        {"account_id": f"A{i}", "on": "2024-01", "bucket": 0, "code": str(i), "dpd_days": i}
        for i in range(CODES_MAX + 2)
    ]
    counts = counted(rows)
    assert counts.many_codes
    assert not counts.codes.rows
    assert counts.lateness == {"dpd_days"}
    assert not counted(rows[:CODES_MAX]).many_codes


def test_the_rows_own_limit_wins_over_the_accounts():
    rows = [
        {"account_id": "A", "on": "2024-01", "balance_minor": 10, "limit_minor": 20},
        {"account_id": "A", "on": "2024-02", "balance_minor": 10},
        {"account_id": "B", "on": "2024-02", "balance_minor": 10},
    ]
    counts = counted(rows, accounts([{"account_id": "A", "limit_minor": 5}]))
    assert counts.flagged == {("above_limit", "balance", JAN + 1): (1, "A")}
    assert counts.could[("above_limit", "balance", JAN)] == 1
    assert counts.could[("above_limit", "balance", JAN + 1)] == 1


def test_each_part_gets_the_limits_of_its_own_accounts():
    given = accounts([{"account_id": a, "limit_minor": 5} for a in ("C", "A", "B")])
    counts = RowCounts(100)
    for account in ("C", "A", "D"):
        rows = [{"account_id": account, "on": "2024-01", "balance_minor": 10}]
        counts.add(performance(rows), given)
    assert counts.flagged == {("above_limit", "balance", JAN): (2, "A")}
    counts.add(performance([{"account_id": "E", "on": "2024-01", "balance_minor": 10}]), None)
    assert counts.flagged == {("above_limit", "balance", JAN): (2, "A")}


def test_open_rows_and_the_latest_day_are_kept_by_month():
    frame = performance(
        [
            {"account_id": "A", "on": "2024-01", "status": "open"},
            {"account_id": "B", "on": "2024-01", "status": "paid_off"},
        ]
    )
    early = pl.when(pl.col("account_id") == "B").then(pl.date(2024, 1, 20)).otherwise("on")
    counts = RowCounts(100)
    counts.add(frame.with_columns(early.alias("on")), None)
    assert (counts.rows, counts.still_open) == ({JAN: 2}, {JAN: 1})
    assert counts.latest == {JAN: month_end(JAN)}


@pytest.mark.parametrize(("amount", "hundreds", "thousands"), [(100_000, 1, 1), (70_000, 1, 0)])
def test_round_amounts_are_counted_in_major_units(amount, hundreds, thousands):
    counts = counted(
        [
            {"account_id": "A", "on": "2024-01", "paid_minor": amount},
            {"account_id": "B", "on": "2024-01", "paid_minor": 0},
            {"account_id": "C", "on": "2024-01", "paid_minor": 70_001},
        ]
    )
    place = ("round_amounts", "paid", JAN)
    assert counts.could[place] == 2
    assert counts.flagged[place] == (hundreds, "A")
    assert counts.flagged.get((THOUSANDS, "paid", JAN), (0, ""))[0] == thousands


def test_an_empty_part_adds_nothing():
    assert counted([]) == RowCounts(100)
