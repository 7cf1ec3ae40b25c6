from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest

from ruqi.portfolio import panel as panels
from ruqi.portfolio.panel import UNKNOWN, days_from, late_from, month_end, panel
from ruqi.primitives.errors import InvariantBroken
from ruqi.tape.columns import Bucket, Delinquency
from tapes import DAYS, MONTHS, STAGES, make_tape, path

ROWS = path("a", "2024-01", "M0 M1 . M2 charged_off", balance_minor=[10, 9, None, -8])
ROWS += path("b", "2024-02", "M0 M0", balance_minor=[5, 5])


def part_of(tape):
    (only,) = panel(tape).parts()
    return only


def test_rows_are_numbered_and_gaps_are_known():
    part = part_of(make_tape(ROWS))
    assert part.account.tolist() == [0, 0, 0, 0, 1, 1]
    assert part.month.tolist() == [0, 1, 3, 4, 1, 2]
    assert part.state.tolist() == [0, 1, 2, 5, 0, 0]
    assert part.adjacent.tolist() == [False, True, False, True, False, True]
    assert part.owed.tolist() == [10, 9, 0, 0, 5, 5]
    assert part.balance.tolist() == [10, 9, 0, -8, 5, 5]
    assert part.known.tolist() == [True, True, False, True, True, True]
    assert part.months == 5
    assert part.starts.tolist() == [0, 4]


def test_status_wins_over_bucket():
    rows = [{"account_id": "a", "on": "2024-01", "bucket": 1, "status": "sold"}]
    part = part_of(make_tape(rows))
    assert part.book.states[part.state[0]] == "sold"
    assert not part.late(1)[0]


def test_a_month_without_a_row_ends_on_its_civil_end():
    rows = [{"account_id": "a", "on": on, "bucket": 0} for on in ("2024-01-30", "2024-03-29")]
    rows.append({"account_id": "b", "on": "2024-01-31", "bucket": 0})
    assert panel(make_tape(rows)).ons == (date(2024, 1, 31), date(2024, 2, 29), date(2024, 3, 29))


def test_of_two_days_in_a_month_the_later_stands():
    rows = [
        {"account_id": "a", "on": "2024-01-05", "bucket": 0},
        {"account_id": "a", "on": "2024-01-25", "bucket": 2},
        {"account_id": "a", "on": "2024-02-25", "bucket": 0},
    ]
    part = part_of(make_tape(rows))
    assert part.state.tolist() == [2, 0]
    assert part.adjacent.tolist() == [False, True]


def test_shuffled_rows_are_put_in_order():
    tape = make_tape(ROWS)
    mixed = replace(tape, performance=tape.performance.sample(fraction=1, shuffle=True, seed=3))
    assert not mixed.performance.equals(tape.performance)
    assert panel(mixed).rows.equals(tape.performance)


def test_parts_are_whole_accounts(monkeypatch):
    monkeypatch.setattr(panels, "ACCOUNTS_AT_ONCE", 1)
    one, two = panel(make_tape(ROWS)).parts()
    assert (one.rows.height, two.rows.height) == (4, 2)
    assert (one.offset, two.offset) == (0, 1)
    assert two.account.tolist() == [0, 0]
    assert two.adjacent.tolist() == [False, True]


def test_first_month_of_a_flag_and_none():
    part = part_of(make_tape(ROWS))
    assert part.first(part.late(1)).tolist() == [1, 5]
    assert part.first(part.lost()).tolist() == [4, 5]


def test_opening_balance_only_near_the_opening():
    facts = [
        {"account_id": "a", "opened_on": "2023-12-31"},
        {"account_id": "b", "opened_on": "2024-01-05"},
    ]
    part = part_of(make_tape(ROWS, accounts=facts))
    assert part.opened.tolist() == [-1, 0]
    assert part.opening_balance().tolist() == [0, 5]
    assert part_of(make_tape(ROWS)).opened.tolist() == [UNKNOWN, UNKNOWN]


def test_facts_follow_the_rows_when_the_accounts_table_is_longer():
    facts = [{"account_id": name, "product": name.upper()} for name in ("b", "c", "a")]
    assert panel(make_tape(ROWS, accounts=facts)).accounts["product"].to_list() == ["A", "B"]


def test_an_open_row_without_a_bucket_is_our_bug():
    tape = make_tape(ROWS)
    broken = tape.performance.with_columns(pl.lit(None, pl.Int8).alias("bucket"))
    with pytest.raises(InvariantBroken):
        part_of(replace(tape, performance=broken))


def test_where_late_begins_and_where_days_part():
    assert late_from(DAYS) == late_from(MONTHS) == late_from(STAGES) == 1
    assert late_from(Delinquency("days", (Bucket("M1", 1, 30), Bucket("M2", 31, None)))) == 0
    assert days_from(DAYS, 30) == 2  # M2 begins on day 31
    assert days_from(DAYS, 90) == 4
    assert days_from(DAYS, 45) is None
    assert days_from(MONTHS, 30) is None
    assert days_from(STAGES, 30) is None


def test_month_end():
    assert month_end(2024 * 12 + 1) == date(2024, 2, 29)
    assert month_end(2023 * 12 + 11) == date(2023, 12, 31)


def test_filled_is_a_look_where_nothing_is_missing():
    assert panels.filled(pl.Series([1, None])).tolist() == [1, 0]
    assert np.shares_memory(panels.filled(series := pl.Series([1, 2])), series.to_numpy())
