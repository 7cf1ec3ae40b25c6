from datetime import date

import pytest

from ruqi.behaviour import words
from ruqi.behaviour.history import History
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
