import numpy as np
import polars as pl
import pytest

from ruqi.behaviour.scored import FRAME, Scored, frame_of, two_months_late
from ruqi.tape.columns import Bucket, Delinquency
from tapes import DAYS, MONTHS, STAGES


@pytest.mark.parametrize("rule", [DAYS, MONTHS, STAGES])
def test_two_months_late_is_the_second_late_bucket_of_each_kind_of_book(rule):
    assert two_months_late(rule).min_bucket_index == 2


def test_where_days_are_known_they_decide():
    fine = Delinquency(
        "days", (Bucket("M0", 0, 0), Bucket("a", 1, 15), Bucket("b", 16, 30), Bucket("c", 31, None))
    )
    assert two_months_late(fine).min_bucket_index == 3


def test_families_stand_by_size_and_ties_in_the_houses_order():
    reasons = np.array([[0.1, -0.5, 0.2, 9], [0.3, 0.3, -0.3, 9]])
    half = np.full(2, 0.5)
    frame = frame_of(
        "forward", pl.Series(["b", "a"]), (half, half, half, reasons), ("late", "pay", "use")
    )
    assert frame.schema == pl.Schema(FRAME)
    assert frame["account_id"].to_list() == ["a", "b"]
    assert [f["family"] for f in frame["families"][0]] == ["late", "pay", "use"]
    assert frame["families"][1].to_list() == [
        {"family": "pay", "contribution": -0.5},
        {"family": "use", "contribution": 0.2},
        {"family": "late", "contribution": 0.1},
    ]


def test_a_plan_uses_the_rows_that_are_not_set_aside():
    half = np.full(2, 0.5)
    frame = frame_of("forward", pl.Series(["a", "b"]), (half, half, half, np.zeros((2, 2))), ("x",))
    made = Scored("forward", frame, {}, set_aside=pl.Series(["b"]))
    assert made.used()["account_id"].to_list() == ["a"]
    assert Scored("forward", frame, {}).used().equals(frame)


def test_only_the_back_test_says_whether_the_plans_chances_are_calibrated():
    note = {"calibration_note_en": "why", "calibration_note_zh": "缘由"}
    against = {"split": "forward_against_outcome", "calibration": None, **note}
    test = {"split": "forward_backtest", "calibration": {"slope": {}}, **note}
    frame = pl.DataFrame(schema=FRAME)
    assert Scored("forward", frame, {"scores": [against, test]}).uncalibrated() is None
    test = {**test, "calibration": None}
    assert Scored("forward", frame, {"scores": [test]}).uncalibrated() == ("why", "缘由")
