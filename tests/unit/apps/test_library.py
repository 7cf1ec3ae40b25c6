import subprocess
import sys

import pandas as pd
import polars as pl
import pytest

import ruqi
from ruqi.primitives.errors import InputFaulty

PERFORMANCE = pl.DataFrame(
    {
        "account_id": ["a", "a", "b", "b"],
        "on": ["2024-01-31", "2024-02-29", "2024-01-31", "2024-02-29"],
        "dpd_days": [0, 12, 40, 0],
        "balance": ["100.50", "99", "10", "0"],
    }
)


class Foreign:
    """A frame of some other library, that speaks the Arrow PyCapsule interface and no more."""

    def __init__(self, frame):
        self._frame = frame

    def __arrow_c_stream__(self, requested_schema=None):
        return self._frame.__arrow_c_stream__(requested_schema)


def test_importing_ruqi_loads_nothing_heavy():
    code = (
        "import sys, ruqi; print([m for m in ('polars', 'numpy', 'lightgbm') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_frames_in_frames_out():
    tape = ruqi.read({"performance": PERFORMANCE}, currency="CNY")
    assert tape.performance["balance_minor"].to_list() == [10050, 9900, 1000, 0]
    measures = ruqi.measures(tape)
    late = measures.filter(definition_id="late_1p_count", segment="all").sort("on")
    assert late["value"].to_list() == [0.5, 0.5]
    assert pl.DataFrame(Foreign(measures)).equals(measures)
    moves = {(m["from"], m["to"]): m["count"] for m in ruqi.rolls(tape)["moves"]}
    assert moves == {("M0", "M1"): 1, ("M2", "M0"): 1}


def test_any_arrow_frame_goes_in():
    tape = ruqi.read({"performance": Foreign(PERFORMANCE)}, currency="CNY")
    assert tape.fingerprint == ruqi.read({"performance": PERFORMANCE}, currency="CNY").fingerprint


def test_a_pandas_frame_goes_in_and_its_nothings_are_empty_cells():
    cells = {name: PERFORMANCE[name].to_list() for name in PERFORMANCE.columns}
    cells |= {"paid": [1.5, float("nan"), None, 2], "due": pd.array([1, None, 2, 3], dtype="Int64")}
    cells["on"] = pd.to_datetime(pd.Series(cells["on"]))
    tape = ruqi.read({"performance": pd.DataFrame(cells)}, currency="CNY")
    assert tape.performance["paid_minor"].to_list() == [150, None, None, 200]
    assert tape.performance["due_minor"].to_list() == [100, None, 200, 300]
    assert tape.performance["on"].equals(
        ruqi.read({"performance": PERFORMANCE}, currency="CNY").performance["on"]
    )


@pytest.mark.parametrize("frame", [PERFORMANCE.lazy(), 5])
def test_what_is_no_frame_is_told_what_is_taken(frame):
    with pytest.raises(TypeError, match=r"table 'performance': a frame is taken .*LazyFrame first"):
        ruqi.check({"performance": frame}, currency="CNY")


def test_faulty_frames_are_refused_with_their_faults():
    worse = PERFORMANCE.with_columns(pl.lit("soon").alias("on"))
    document = ruqi.check({"performance": worse}, currency="CNY")
    assert document["counts"] == {"unparsable": 4}
    with pytest.raises(InputFaulty):
        ruqi.read({"performance": worse}, currency="CNY")


def test_unknown_names_are_named():
    with pytest.raises(AttributeError, match="nonsense"):
        ruqi.nonsense  # noqa: B018
    tape = ruqi.read({"performance": PERFORMANCE}, currency="CNY")
    with pytest.raises(ValueError, match="sideways"):
        ruqi.score(tape, "sideways")


def test_a_book_too_small_to_learn_from_still_gets_a_plan():
    tape = ruqi.read({"performance": PERFORMANCE}, currency="CNY")
    made = ruqi.plan(tape)
    assert made.frame["account_id"].to_list() == ["a", "b"]
    assert set(made.frame["treatment"]) == {"wait"}
    assert ruqi.vintages(tape)["needs"]
