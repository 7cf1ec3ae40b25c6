import re
from datetime import date
from pathlib import Path

import pytest

from china import china
from plans import UNSCORED, account, book, policy
from ruqi.behaviour.scored import NotPossible
from ruqi.primitives.errors import NotThere
from ruqi.services.run_tape import as_known, defined, evaluated, score_rows
from tapes import make_tape, path

TAPE = make_tape(path("a", "2024-01", "M0 M1 M2"))


def test_the_book_stays_as_it_is_where_no_other_day_is_asked_for():
    assert as_known(TAPE, [], None)[0] is TAPE
    assert as_known(TAPE, [], date(2024, 3, 31))[0] is TAPE


def test_an_earlier_day_knows_nothing_later():
    known, _ = as_known(TAPE, [], date(2024, 3, 1))
    assert known.as_of == date(2024, 3, 1)
    assert known.performance["on"].max() == date(2024, 2, 29)


def test_a_later_day_shows_the_last_observed_one_and_says_so():
    assert as_known(TAPE, [], date(2024, 4, 15))[0].as_of == date(2024, 3, 31)


def test_a_day_before_the_book_knows_nothing():
    with pytest.raises(NotThere, match="begins on 2024-01-31"):
        as_known(TAPE, [], date(2023, 12, 31))


def test_scores_that_cannot_be_learned_leave_an_empty_table():
    frame = score_rows((NotPossible("no", "否"),))
    assert frame.is_empty()
    assert frame.columns == ["account_id", "score_id", "probability", "low", "high", "families"]


def test_a_definition_says_from_which_days_it_counts():
    assert "1-30" in defined(TAPE)["late_1p_count"]["threshold_en"]
    assert "天" in defined(TAPE)["late_1p_count"]["threshold_zh"]


def test_every_part_of_the_evaluation_is_described_in_the_reference():
    tape = book(account("a", "M1", 1))
    found = evaluated(tape, (UNSCORED,), policy(), china(), 1)
    page = (Path(__file__).parents[3] / "docs/reference/run.md").read_text(encoding="utf-8")
    told = set(re.findall(r"`([a-z_]+)`", page.split("## evaluation.json")[1]))
    assert {*found, "treatment_fairness"} <= told
