"""The accounts of a plan: months late, chances, and what the guard can know of each."""

from dataclasses import replace

import polars as pl

from china import china
from plans import account, book, cases_of, policy, scored
from ruqi.treatment.cases import cases, contact_bars
from tapes import make_tape


def late(cases):
    return dict(cases.frame.select("account_id", "months_late").iter_rows())


def test_thirty_days_are_a_month_and_one_day_begins_the_next():
    days = [0, 1, 30, 31, 60, 61, 90, 91, 400]
    rows = [
        {"account_id": f"d{one:03d}", "on": "2026-10", "dpd_days": one, "balance_minor": 1}
        for one in days
    ]
    found = late(cases_of(make_tape(rows)))
    assert [found[f"d{one:03d}"] for one in days] == [0, 1, 1, 2, 2, 3, 3, 4, 14]


def test_a_book_of_months_is_taken_at_its_word_beyond_the_last_bucket_too():
    rows = [
        {"account_id": f"m{one}", "on": "2026-10", "months_past_due": one} for one in (0, 1, 3, 8)
    ]
    assert list(late(cases_of(make_tape(rows, by="months"))).values()) == [0, 1, 3, 8]


def test_stages_count_by_place_where_days_are_not_stated():
    rows = [{"account_id": name, "on": "2026-10", "bucket": name} for name in "ABCD"]
    assert late(cases_of(make_tape(rows, by="stage"))) == {"A": 0, "B": 1, "C": 2, "D": 3}


def test_a_score_gives_the_chance_and_the_prior_fills_its_gaps():
    tape = book(account("a", "M2", 10), account("b", "M2", 10))
    frame = cases_of(tape, {"a": 0.37}).frame
    assert frame["chance"].to_list() == [0.37, 0.60]
    assert frame["chance_is_prior"].to_list() == [False, True]
    assert cases_of(tape).frame["chance_is_prior"].to_list() == [True, True]


def test_an_account_set_aside_has_the_prior_whatever_the_score_says():
    tape = book(account("a", "M1", 10), account("b", "M2", 10))
    aside = replace(scored({"a": 0.07, "b": 0.6}), set_aside=pl.Series(["a"]))
    frame = cases(tape, aside, policy(), china()).frame
    assert frame["chance"].to_list() == [0.25, 0.6]
    assert frame["chance_is_prior"].to_list() == [True, False]
    assert frame["chance_low"].to_list()[0] is None


def test_accounts_of_a_borrower_share_the_borrowers_facts():
    tape = book(
        account("a", "M1", 10, borrower_id="x", holds=["dispute"]),
        account("b", "M1", 10, borrower_id="x"),
        account("c", "M1", 10, borrower_id="y"),
    )
    found = cases_of(tape)
    facts = found.frame["facts"].to_list()
    assert facts[0] == facts[1] != facts[2]
    assert found.barred[:, 1].tolist() == [True, True, False]
    assert not found.barred[:, 0].any()  # waiting is never barred


def test_contact_bars_gather_each_channel_once():
    found = cases_of(book(account("a", "M1", 10, consent=["call"])))
    open_any, rules = contact_bars(found.bars[found.frame["facts"][0]])
    assert open_any
    assert rules == ("NO_CONSENT_APP", "NO_CONSENT_EMAIL", "NO_CONSENT_SMS")


def test_accounts_stand_sorted_and_only_open_ones():
    rows = [
        {"account_id": "b", "on": "2026-10", "bucket": "M0"},
        {"account_id": "a", "on": "2026-10", "bucket": "M0"},
        {"account_id": "c", "on": "2026-10", "status": "sold"},
    ]
    assert cases_of(make_tape(rows)).frame["account_id"].to_list() == ["a", "b"]
