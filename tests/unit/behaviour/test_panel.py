import numpy as np
import polars as pl

from ruqi.behaviour.panel import panel
from tapes import make_tape, path

START = 2024 * 12


def small():
    rows = path("a", "2024-01", "M0 M1 . M2", balance_minor=[100, 90, 80])
    rows += path("b", "2024-01", "M0 charged_off", balance_minor=[50, 50])
    rows += path("c", "2024-02", "M0 closed . .", balance_minor=[7, 0])
    accounts = [
        {"account_id": "a", "limit_minor": 200, "opened_on": "2023-12-05"},
        {"account_id": "b"},
        {"account_id": "c", "limit_minor": 10},
    ]
    return make_tape(rows, accounts=accounts)


def test_a_gap_is_unknown_and_a_status_is_a_flag():
    tape = small()
    book = panel(tape, tape.accounts["account_id"], START, START + 3)
    np.testing.assert_array_equal(book.bucket[0], [0, 1, np.nan, 2])
    np.testing.assert_array_equal(book.balance[1], [50, 50, np.nan, np.nan])
    assert book.charged_off[1].tolist() == [False, True, False, False]
    assert book.ended[2].tolist() == [False, False, True, False]
    assert book.is_open[2].tolist() == [False, True, False, False]
    assert book.opened[0] == START - 1
    assert np.isnan(book.opened[1])


def test_an_accounts_own_limit_stands_in_for_a_monthly_one():
    tape = small()
    book = panel(tape, tape.accounts["account_id"], START, START)
    np.testing.assert_array_equal(book.limit, [[200], [np.nan], [10]])


def test_months_outside_are_not_read():
    tape = small()
    book = panel(tape, tape.accounts["account_id"], START + 1, START + 2)
    assert book.months == 2
    assert book.bucket[0, 0] == 1


def test_until_leaves_later_columns_out():
    tape = small()
    book = panel(tape, tape.accounts["account_id"], START, START + 3).until(1)
    assert book.months == 2
    assert book.is_open.shape == (3, 2)
    assert book.opened.shape == (3,)


def test_the_later_of_two_statements_in_a_month_counts():
    rows = [
        {"account_id": "a", "on": "2024-01-10", "bucket": 0},
        {"account_id": "a", "on": "2024-01-28", "bucket": 1},
    ]
    tape = make_tape(rows)
    assert panel(tape, pl.Series(["a"]), START, START).bucket.tolist() == [[1.0]]
