import pytest

from ruqi.tape import bounds
from ruqi.tape.columns import Bucket


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [("0", 0, 0), ("1-30", 1, 30), ("181-", 181, None), ("181+", 181, None), ("1 – 30", 1, 30)],
)
def test_bounds_as_people_write_them(text, low, high):
    assert bounds.parse("M", text) == Bucket("M", low, high)


@pytest.mark.parametrize("text", ["", "x", "-5", "30-1", "1-2-3", "1.5"])
def test_what_is_no_bound(text):
    assert bounds.parse("M", text) is None


def test_bounds_that_are_not_known():
    assert bounds.parse("M", None) == Bucket("M", None, None)


def found(by, **texts):
    made = [bounds.parse(name, text) for name, text in texts.items()]
    return list(bounds.problems(by, made))


def test_gaps_overlaps_and_order():
    assert found("days", A="0", B="1-30", C="31-") == []
    assert found("days", A="0", B="2-30", C="31-") == ["B"]
    assert found("days", A="0", B="1-30", C="30-") == ["C"]
    assert found("days", A="0", B="1-", C="31-") == ["C"]
    assert found("days", A="1-30", B="31-") == ["A"]
    assert found("days", B="31-", A="0-30") == ["B", "A"]
    assert found("stage", A=None, B=None) == []
    assert found("stage", A=None, B="1-30", C="31-") == []
    assert found("stage", A="0", B=None, C="31-") == []
    assert found("stage", A="0-30", B=None, C="30-") == ["C"]
    assert found("months", A="0", B=None) == ["B"]
    assert found("days", open="0") == ["open"]


def test_usual_buckets():
    days = bounds.default("days")
    assert [b.name for b in days.buckets] == ["M0", "M1", "M2", "M3", "M4", "M5", "M6", "M6+"]
    assert days.label(1) == "M1 (1-30 days)"
    assert days.label(7) == "M6+ (181+ days)"
    assert bounds.default("months").label(7) == "M6+ (7+ months)"
    assert bounds.default("stage") is None
    for by in ("days", "months"):
        assert not bounds.problems(by, bounds.default(by).buckets)
