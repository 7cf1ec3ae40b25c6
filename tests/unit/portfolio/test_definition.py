from dataclasses import FrozenInstanceError

import pytest

from ruqi.portfolio.definition import columns, has_days, lacks, lateness, threshold
from ruqi.portfolio.measures import REGISTRY
from ruqi.tape.columns import Bucket, Delinquency
from tapes import DAYS, STAGES, make_tape, path

ROWS = path("a", "2024-01", "M0 M1")


def test_a_definition_is_frozen_and_speaks_both_languages():
    one = REGISTRY["late_1p_count"]
    with pytest.raises(FrozenInstanceError):
        one.id = "x"
    told = one.as_json()
    assert told["name_en"] == one.name_en
    assert told["says_zh"] == one.says_zh
    assert told["needs"] == []
    assert "name" not in told


def test_what_a_book_lacks_is_named():
    bare = make_tape(ROWS)
    assert lacks(REGISTRY["late_1p_count"], bare) == []
    assert lacks(REGISTRY["late_1p_balance"], bare) == ["performance.balance"]
    assert lacks(REGISTRY["collected_share"], bare) == ["performance.due", "performance.paid"]
    assert lacks(REGISTRY["fpd_1_count"], bare) == ["accounts.opened_on"]


def test_days_come_from_the_column_or_from_buckets_that_part_there():
    months = make_tape(path("a", "2024-01", "M0 M1"), by="months")
    assert lacks(REGISTRY["overdue_30p_count"], months) == ["performance.dpd_days"]
    stages = make_tape(path("a", "2024-01", "A B"), by="stage")
    assert not has_days(stages, 30)
    named = Delinquency("stage", (Bucket("A", 0, 0), Bucket("B", 1, 30), Bucket("C", 31, None)))
    tape = make_tape(path("a", "2024-01", "A C"), delinquency=named)
    assert has_days(tape, 30)
    assert not has_days(tape, 90)


def test_codes_that_tell_of_charge_offs_stand_for_the_status_column():
    lost = make_tape(path("a", "2024-01", "M0 charged_off"), mapped=["performance.dpd_days"])
    never = make_tape(ROWS, mapped=["performance.dpd_days"])
    assert lacks(REGISTRY["charge_off_rate_count"], lost) == []
    assert lacks(REGISTRY["charge_off_rate_count"], never) == ["performance.status"]


def test_columns_name_what_a_figure_reads():
    tape = make_tape(ROWS)
    assert columns(REGISTRY["late_1p_balance"], tape) == [
        "performance.dpd_days",
        "performance.balance",
    ]
    assert columns(REGISTRY["open_balance"], tape)[-1] == "performance.balance"
    assert "performance.dpd_days" not in columns(REGISTRY["open_count"], tape)
    assert lateness(make_tape(path("a", "2024-01", "A B"), by="stage")) == "performance.stage"


def test_a_threshold_is_printed_with_its_days():
    assert threshold(REGISTRY["late_2p_count"], DAYS) == "M2 (31-60 days) or worse"
    assert threshold(REGISTRY["late_1p_count"], DAYS, "zh") == "M1（1-30 天）及以上"
    assert threshold(REGISTRY["late_1p_count"], STAGES) == "B (days not stated) or worse"
    assert threshold(REGISTRY["overdue_30p_count"], DAYS) is None
    two = Delinquency("days", (Bucket("M0", 0, 0), Bucket("M1", 1, None)))
    assert threshold(REGISTRY["late_1p_count"], two) == "M1 (1+ days)"
    assert threshold(REGISTRY["late_2p_count"], two) is None
