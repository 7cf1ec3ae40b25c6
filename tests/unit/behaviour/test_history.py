from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from ruqi.behaviour.history import History, day, history, number
from ruqi.behaviour.scored import NotPossible, Target
from ruqi.tape.remarks import Remark
from tapes import make_tape, path

START = 2024 * 12


def months(count):
    return make_tape(path("a", "2024-01", " ".join(["M0"] * count)))


def change(month):
    on = day(months(24), month)
    return Remark("code", "code_share", "performance", "dpd_days", on, 1, 0.1, None, "", "")


@pytest.mark.parametrize(
    ("count", "window", "learned", "before"),
    [(4, 1, [0, 1, 2], [0, 1]), (6, 3, [2, 3, 4], [2, 3]), (9, 6, [5, 6, 7], [5, 6])],
)
def test_the_window_leaves_two_pairs_to_learn_from_and_one_to_test(count, window, learned, before):
    past = history(months(count), [], Target(2))
    assert isinstance(past, History)
    assert past.window == window
    assert past.learned(past.last) == [START + k for k in learned]
    assert past.learned(past.last - 1) == [START + k for k in before]


def test_at_most_a_years_pairs_are_learned_from():
    past = history(months(24), [], Target(2))
    assert past.learned(past.last) == list(range(START + 11, START + 23))


def test_a_longer_horizon_needs_a_longer_history():
    assert isinstance(history(months(5), [], Target(2, 2)), NotPossible)
    past = history(months(6), [], Target(2, 2))
    assert past.learned(past.last) == [START, START + 1, START + 2, START + 3]
    assert past.learned(past.last - 2) == [START, START + 1]


def test_three_months_are_too_few_and_the_refusal_says_what_would_do():
    found = history(months(3), [], Target(2))
    assert isinstance(found, NotPossible)
    assert "needs 4" in found.reason_en
    assert "4 个月" in found.reason_zh
    assert found.needs


def test_a_late_change_of_coding_is_crossed_an_early_one_is_left_behind():
    tape = months(12)
    crossed = history(tape, [change(START + 11)], Target(2))
    assert crossed.crossed == (date(2024, 12, 31),)
    assert crossed.first == START
    behind = history(tape, [change(START + 3)], Target(2))
    assert behind.crossed == ()
    assert behind.first == START + 3
    both = history(tape, [change(START + 3), change(START + 11)], Target(2))
    assert both.first == START + 3
    assert both.crossed == (date(2024, 12, 31),)


def test_other_remarks_are_no_change_of_coding():
    gap = replace(change(START + 11), kind="gap")
    assert history(months(12), [gap], Target(2)).crossed == ()


def test_a_book_where_nothing_is_open_or_late_has_no_forward_score():
    closed = make_tape(path("a", "2024-01", "M0 M0 M0 M0 closed"))
    assert isinstance(history(closed, [], Target(2)), NotPossible)
    assert isinstance(history(months(8), [], Target(0)), NotPossible)


def test_months_are_numbered_as_in_the_tape():
    tape = months(2)
    assert number(date(2024, 2, 3)) == tape.performance["month"][1]
    assert day(tape, START + 1) == date(2024, 2, 29)
    assert tape.performance["month"].dtype == pl.Int32
