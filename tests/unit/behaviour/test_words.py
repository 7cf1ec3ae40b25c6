from datetime import date

import pytest

from ruqi.behaviour import words
from ruqi.behaviour.history import History
from ruqi.behaviour.reading import Reading
from ruqi.behaviour.scored import Target, two_months_late
from tapes import DAYS, MONTHS, STAGES, make_tape, path

PAST = History(2024 * 12, 2024 * 12 + 5, 3, 1, (date(2024, 6, 30),))


@pytest.mark.parametrize("rule", [DAYS, MONTHS, STAGES])
def test_the_target_is_told_with_its_days(rule):
    tape = make_tape(
        [{"account_id": "a", "on": "2024-01", "bucket": 0}], by=rule.by, delinquency=rule
    )
    en, zh = words.target(tape, two_months_late(rule))
    assert rule.label(2) in en
    assert rule.label(2, "zh") in zh
    assert "next month" in en
    assert words.target(tape, Target(1, 3))[0].endswith("3 months later")


def test_a_change_of_coding_is_named_with_its_month_in_both_languages():
    said = words.unclaimed(PAST.crossed)
    assert "2024-06" in said.note_en
    assert "2024-06" in said.note_zh
    tape = make_tape(path("a", "2024-01", "M0 M0 M0 M0 M0 M0"))
    en, zh = words.notes(tape, Target(2), PAST)
    assert len(en) == len(zh) == 3
    assert said.note_en in en
    assert "still there" in en[0]
    assert words.backtest(tape, PAST)[0].startswith("Tested on accounts open in 2024-05")


def test_refusals_carry_their_counts():
    tape = make_tape(path("a", "2024-01", "M0"))
    assert "3 of 90" in words.too_few(tape, Target(2), 3, 90, 10).reason_en
    assert "90 个账户" in words.one_class(0, 90).note_zh


def test_states_that_were_not_learned_are_named_with_their_counts():
    tape = make_tape(path("a", "2024-01", "M0"))
    found = [
        Reading(0, 90, 900, 20, True),
        Reading(1, 12, 3, 0, False),
        Reading(None, 2, 0, 0, False),
    ]
    en, zh = words.unread(tape, found, PAST.crossed)
    assert en.startswith("The coding of lateness changed")
    assert "M1 (1-30 days): 12 accounts now; learned from 3 account-months, 0 of" in en
    assert "lateness not stated: 2 accounts" in en
    assert "M0" not in en + zh
    assert "逾期情况未说明：现有 2 户" in zh
    assert words.unread(tape, found, ())[0].startswith("The score")
    assert words.unread(tape, found[:1], ()) == ("", "")
    assert words.buckets(tape, found)[1]["label_en"] == "M1 (1-30 days)"


def test_what_is_one_value_for_all_months_is_called_hindsight():
    tape = make_tape(path("a", "2024-01", "M0 M0 M0 M0 M0 M0"))
    en, zh = words.backtest(tape, PAST)
    assert "hindsight" in en
    assert "事后信息" in zh
