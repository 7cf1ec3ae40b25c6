"""Accounts that the accounts table says are closed got calls: their rows went on as open ones."""

from datetime import date

import numpy as np
import polars as pl

from ruqi.adapters.files import policy_file
from ruqi.behaviour.panel import panel as history
from ruqi.behaviour.scored import NotPossible
from ruqi.portfolio.rolls import rolls
from ruqi.tape.remarks import find_remarks
from ruqi.treatment.plan import build
from tapes import make_tape, path

CLOSED = {"account_id": "gone", "closed_on": date(2024, 3, 10)}


def book(**more):
    rows = [*path("gone", "2024-01", "M0 M1 M2 M3"), *path("here", "2024-01", "M0 M1 M2 M3")]
    return make_tape(rows, accounts=[CLOSED, {"account_id": "here"}], **more)


def planned(tape):
    policy = policy_file.shipped_policy()
    unscored = NotPossible("no score", "无评分", ())
    return build(tape, unscored, policy, policy_file.pack(policy, tape)).frame["account_id"]


def test_a_closed_account_has_no_row_in_the_plan():
    assert planned(book()).to_list() == ["here"]


def test_it_is_open_as_of_a_day_before_its_closing():
    assert planned(book().known_at(date(2024, 2, 29))).to_list() == ["gone", "here"]
    known = book().known_at(date(2024, 3, 9))
    assert known.accounts["closed_on"].to_list() == [None, None]
    assert find_remarks(known)[0].kind == "few_rows"  # and nothing of the closing to come


def test_its_rows_from_the_month_of_closing_on_count_as_closed():
    moves = {(m["on"], m["from"], m["to"]): m["count"] for m in rolls(book())["moves"]}
    assert moves["2024-03-31", "M1", "closed"] == 1
    assert moves["2024-03-31", "M1", "M2"] == 1
    assert moves["2024-04-30", "closed", "closed"] == 1
    first = 2024 * 12
    seen = history(book(), pl.Series(["gone", "here"]), first, first + 3)
    assert np.array_equal(seen.is_open, [[True, True, False, False], [True] * 4])
    assert np.array_equal(seen.ended, [[False, False, True, True], [False] * 4])


def test_a_row_that_names_another_end_keeps_it():
    rows = path("gone", "2024-01", "M0 M1 charged_off")
    moves = rolls(make_tape(rows, accounts=[CLOSED]))["moves"]
    assert [m["to"] for m in moves] == ["M1", "charged_off"]


def test_the_two_sources_disagree_and_a_remark_says_so():
    found = [r for r in find_remarks(book()) if r.kind == "after_closing"]
    assert [(r.id, r.count, r.share, r.example) for r in found] == [
        ("after_closing-status-2024-03", 1, 0.5, "gone"),
        ("after_closing-status-2024-04", 1, 0.5, "gone"),
    ]
    agreed = make_tape(path("gone", "2024-01", "M0 M1 closed"), accounts=[CLOSED])
    assert not [r for r in find_remarks(agreed) if r.kind == "after_closing"]


def test_a_statement_before_the_closing_day_disagrees_with_nothing():
    row = {"account_id": "gone", "on": date(2024, 3, 5), "dpd_days": 0, "status": "open"}
    tape = make_tape([row], accounts=[CLOSED], observed="statement", as_of=date(2024, 3, 31))
    assert not [r for r in find_remarks(tape) if r.kind == "after_closing"]
    assert tape.open_at_end().is_empty()
