import pytest

from ruqi.services.dial_list import LEAST, reason_of


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("  campaign   of\nOctober ", "campaign of October"),
        ("第三方外呼平台十月批次", "第三方外呼平台十月批次"),
        ("x" * LEAST, "x" * LEAST),
        ("x" * (LEAST - 1), None),
        (" " * 40, None),
        ("\0" * 40, None),
        ("", None),
    ],
)
def test_a_reason_says_something_or_is_none(given, kept):
    assert reason_of(given) == kept


def test_a_long_reason_is_cut():
    assert len(reason_of("x" * 5000)) == 200
