import numpy as np
import polars as pl
import pytest

from ruqi.behaviour.fairness import bands, fairness


def groups():
    """100 of x (p .4, 40 flagged-most), 100 of y, 10 of z; the riskiest fifth of 210 is 42."""
    names = ["x"] * 100 + ["y"] * 100 + ["z"] * 10
    p = np.concatenate(
        [np.linspace(0.3, 0.9, 100), np.linspace(0.101, 0.703, 100), np.full(10, 0.2)]
    )
    ids = [f"{i:03d}" for i in range(210)]
    return pl.DataFrame({"account_id": ids, "sex": names}), pl.Series(ids), p


def test_figures_by_hand():
    protected, ids, p = groups()
    y = (np.arange(210) % 2).astype(float)
    rows = {row["group"]: row for row in fairness("outcome", protected, ids, p, y)}
    flagged = p >= np.sort(p)[-42]
    calm = {name: 1 - flagged[at : at + 100].mean() for name, at in (("x", 0), ("y", 100))}
    assert rows["y"]["adverse_impact_ratio"] == 1
    assert rows["x"]["adverse_impact_ratio"] == pytest.approx(calm["x"] / calm["y"])
    assert rows["x"]["low"] < rows["x"]["adverse_impact_ratio"] < rows["x"]["high"]
    assert rows["x"]["events"] == 50
    assert rows["x"]["observed"] == 0.5
    assert rows["x"]["mean_predicted"] == pytest.approx(0.6)
    assert rows["x"]["calibration_ratio"] == pytest.approx(0.5 / 0.6)
    assert rows["x"]["calibration_low"] < 0.5 / 0.6 < rows["x"]["calibration_high"]


def test_a_small_group_is_counted_and_not_described():
    protected, ids, p = groups()
    row = fairness("outcome", protected, ids, p, np.ones(210))[-1]
    assert (row["group"], row["n"], row["suppressed"]) == ("z", 10, True)
    assert all(row[name] is None for name in ("observed", "mean_predicted", "adverse_impact_ratio"))


def test_without_an_outcome_to_compare_only_predictions_are_told():
    protected, ids, p = groups()
    row = fairness("forward", protected, ids, p, None)[0]
    assert row["mean_predicted"] is not None
    assert row["adverse_impact_ratio"] is not None
    assert row["observed"] is None
    assert row["calibration_ratio"] is None


def test_no_protected_attribute_no_rows():
    _, ids, p = groups()
    assert fairness("forward", pl.DataFrame({"account_id": ids}), ids, p, None) == []


@pytest.mark.parametrize(
    ("values", "names"),
    [
        ([1.0, 2.0, None], ["1", "2", ""]),
        (["f", "m", None], ["f", "m", ""]),
        (list(range(18, 71, 4)), None),
        ([0.5 * k for k in range(40)], None),
    ],
)
def test_bands(values, names):
    found = bands(pl.Series(values)).to_list()
    if names is not None:
        assert found == names
    elif max(values) == 70:
        assert set(found) == {"<30", "30-39", "40-49", "50-59", "60+"}
        assert found[values.index(30)] == "30-39"
    else:
        assert len(set(found)) == 4


def test_groups_are_told_in_their_natural_order():
    ages = list(range(18, 78)) * 4
    ids = [f"{i:03d}" for i in range(240)]
    rows = fairness(
        "outcome",
        pl.DataFrame({"account_id": ids, "age": ages}),
        pl.Series(ids),
        np.linspace(0, 1, 240),
        None,
    )
    assert [row["group"] for row in rows] == ["<30", "30-39", "40-49", "50-59", "60+"]
