from datetime import date

import pytest

from ruqi.treatment.absent import absence, absent_story
from tapes import make_tape, path

ROWS = [
    *path("a", "2024-01", "M0 M1 M2"),
    *path("b", "2024-01", "M0 charged_off"),
    *path("c", "2024-01", "M0 M1"),
    *path("d", "2024-01", "M0"),
]
TAPE = make_tape(ROWS, accounts=[{"account_id": i} for i in "abcde"])


def test_every_account_without_a_row_is_absent_for_one_reason():
    found = TAPE.not_open()
    assert found.select("account_id", "why").rows() == [
        ("b", "charged_off"),
        ("c", "no_row"),
        ("d", "no_row"),
        ("e", "no_row"),
    ]
    assert found["last_on"].to_list() == [date(2024, 2, 29)] * 2 + [date(2024, 1, 31), None]


def test_accounts_last_seen_open_are_counted_and_those_never_seen_are_not():
    told = absence(TAPE, TAPE.not_open())
    assert (told["absent"], told["absent_recent"]) == (2, 1)
    assert told["absent_en"].startswith("Not in the plan for want of a row at 2024-03-31: 2 acc")
    assert "2 个账户" in told["absent_zh"]


def test_nothing_is_said_where_nobody_is_absent():
    tape = make_tape(path("a", "2024-01", "M0 M1 M2"))
    none = {"absent": 0, "absent_recent": 0, "absent_en": "", "absent_zh": ""}
    assert absence(tape, tape.not_open()) == none


@pytest.mark.parametrize(
    ("last", "why", "en", "zh"),
    [
        (date(2024, 2, 29), "no_row", "no row at 2024-03-31; last seen 2024-02-29.", "无记录"),
        (None, "no_row", "no row at 2024-03-31, nor before.", "均无记录"),
        (date(2024, 2, 29), "sold", "sold by 2024-03-31; last seen 2024-02-29.", "已转让"),
    ],
)
def test_the_story_says_why_and_when_last_seen(last, why, en, zh):
    told = absent_story({"account_id": "a", "last_on": last, "why": why}, "2024-03-31")
    assert told["says_en"] == f"Not in the plan: {en}"
    assert zh in told["says_zh"]
    assert told["treatment"] is None
