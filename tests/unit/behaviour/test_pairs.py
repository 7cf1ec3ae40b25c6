from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from ruqi.behaviour.history import History
from ruqi.behaviour.pairs import event, everyone, rows_of
from ruqi.behaviour.panel import panel
from ruqi.behaviour.scored import Target
from scored_books import START, book
from tapes import make_tape, path

PAST = History(first=START, last=START + 6, window=3, horizon=1, crossed=())


@pytest.mark.parametrize(
    ("state", "happened"),
    [
        ("M0", 0),
        ("M1", 0),
        ("M2", 1),
        ("M3", 1),
        ("charged_off", 1),
        ("paid_off", 0),
        ("closed", 0),
        ("sold", np.nan),
        (".", np.nan),
    ],
)
def test_what_counts_as_the_event(state, happened):
    tape = make_tape(path("a", "2024-01", f"M0 {state}") + path("b", "2024-01", "M0 M0"))
    seen = panel(tape, tape.accounts["account_id"], START, START + 1)
    np.testing.assert_equal(event(seen, 1, Target(2))[0], happened)


def test_rows_are_open_accounts_whose_next_month_is_known():
    tape = make_tape(
        path("a", "2024-01", "M0 M1 M2 M2")
        + path("b", "2024-01", "M0 M0 charged_off charged_off")
        + path("c", "2024-01", "M0 M0 M0 .")
    )
    past = History(first=START, last=START + 3, window=1, horizon=1, crossed=())
    rows = rows_of(tape, past, Target(2), [START + 1, START + 2], tape.accounts["account_id"])
    assert rows.accounts.to_list() == ["a", "b", "c", "a"]
    assert rows.y.tolist() == [1, 1, 0, 1]
    assert rows.already.tolist() == [False, False, False, True]
    assert rows.lateness.tolist() == [1, 0, 0, 2]
    assert rows.account.tolist() == [0, 1, 2, 0]


def test_features_read_no_month_after_their_own():
    tape = book(accounts=80)
    ids = tape.accounts["account_id"]
    later = replace(
        tape,
        performance=tape.performance.with_columns(
            balance_minor=pl.when(pl.col("month") == START + 5).then(3).otherwise("balance_minor")
        ),
    )
    before = rows_of(tape, PAST, Target(2), [START + 4], ids)
    np.testing.assert_array_equal(before.X, rows_of(later, PAST, Target(2), [START + 4], ids).X)
    assert (before.X != rows_of(later, PAST, Target(2), [START + 5], ids).X).any()


def test_a_draw_of_accounts_is_seeded_sorted_and_knows_no_order_of_rows():
    tape = book(accounts=80)
    drawn = everyone(tape, PAST, 30, seed=1)
    assert len(drawn) == 30
    assert drawn.to_list() == drawn.sort().to_list()
    turned = replace(tape, performance=tape.performance.reverse())
    assert everyone(turned, PAST, 30, seed=1).to_list() == drawn.to_list()
    assert everyone(tape, PAST, 30, seed=2).to_list() != drawn.to_list()
    assert len(everyone(tape, PAST, 80, seed=1)) == 80
