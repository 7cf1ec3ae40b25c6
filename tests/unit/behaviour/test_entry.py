import numpy as np
import pytest

from ruqi.behaviour import quality
from ruqi.behaviour.calibration import ece_by_chance, expit, logit
from ruqi.behaviour.entry import (
    UNKNOWN,
    Head,
    Unclaimed,
    decided,
    ece_interval,
    entry,
    reasons,
)
from ruqi.primitives.errors import InvariantBroken

HEAD = Head("forward", "forward_backtest", "late", "逾期", remark_ids=["gap-x"], note_en="n")


def sample():
    random = np.random.Generator(np.random.PCG64(0))
    p = random.random(400)
    return (random.random(400) < p).astype(float), p


def test_an_entry_has_every_promised_field():
    made = entry(HEAD, *sample(), seed=1)
    promised = """score_id target_en target_zh split n events auc ks brier ece calibration curve
    calibration_note_en calibration_note_zh protected_used remark_ids note_en note_zh""".split()
    assert set(promised) == set(made)
    assert made["n"] == 400
    assert made["events"] == sample()[0].sum()
    assert set(made["auc"]) == {"value", "low", "high"}
    assert set(made["calibration"]) == {"intercept", "slope"}
    assert 0 < made["ece"]["by_chance"] < made["ece"]["by_chance_high"]


def test_unclaimed_calibration_is_null_with_its_reason_and_ranking_stays():
    made = entry(HEAD, *sample(), seed=1, unclaimed=Unclaimed("why", "缘由"))
    assert made["calibration"] is None
    assert made["ece"] == UNKNOWN
    assert made["curve"] == []
    assert (made["calibration_note_en"], made["calibration_note_zh"]) == ("why", "缘由")
    assert made["auc"]["value"] > 0.7


def test_one_class_shows_nothing_and_must_say_why():
    p = sample()[1]
    assert entry(HEAD, np.zeros(400), p, 1, Unclaimed("w", "w"))["auc"] == UNKNOWN
    with pytest.raises(InvariantBroken):
        entry(HEAD, np.zeros(400), p, 1)


def test_the_decided_fifth_is_exact_also_with_ties():
    assert decided(np.zeros(10)).tolist() == [True, True] + [False] * 8
    assert decided(np.array([0.1, 0.9, 0.5, 0.2, 0.3])).tolist() == [False, True] + [False] * 3


def test_stability_counts_equal_first_reasons_among_the_decided():
    p = np.linspace(0, 1, 10)
    told = np.zeros((10, 3))
    told[:, 0], told[:, 1] = 2, -1
    again = told.copy()
    again[9] = [0.5, -1, 0]  # among the riskiest two
    again[0] = [0.5, -1, 0]  # not among them
    made = reasons("forward", ("lateness", "payment"), (p, told), again)
    assert made["stability_top1_share"] == 0.5
    assert made["stability_top1_share_all"] == 0.8
    assert made["families"][0]["first_among_decided"] == 1
    assert made["families"][1]["mean_size"] == 1
    assert made["families"][1]["name_zh"] == "还款力度"


@pytest.mark.parametrize(("shift", "truth"), [(0.0, 0.0), (0.2, 0.0278)])
def test_the_ece_interval_holds_the_truth_as_often_as_it_says(monkeypatch, shift, truth):
    """Sixty samples of 1,000 from a score that is right, and from one that is too low."""
    monkeypatch.setattr(quality, "DRAWS_MOST", 100)
    random = np.random.Generator(np.random.PCG64(3))
    held, at_value = 0, 0
    for seed in range(60):
        p = random.beta(1, 4, 1000)
        y = (random.random(1000) < expit(logit(p) + shift)).astype(float)
        found = ece_interval(quality.measures(y, p, seed)["ece"], ece_by_chance(p, seed, 60))
        held += found["low"] <= truth <= found["high"]
        at_value += found["high"] == found["value"]
    assert held >= 53  # 95 % of sixty, less three standard deviations
    assert at_value <= 3


def test_where_chance_explains_an_ece_it_may_be_none_at_all():
    plain = {"value": 0.012, "low": 0.004, "high": 0.02}
    assert ece_interval(plain, (0.009, 0.013))["low"] == 0
    assert ece_interval(plain, (0.006, 0.011)) == {
        **plain,
        "by_chance": 0.006,
        "by_chance_high": 0.011,
    }
