import pytest
import yaml

from ruqi.tape.draft_scalar import scalar


@pytest.mark.parametrize(
    "text", ["M3+", "正常", "a b", "on", "null", "12-01", "x: y", "{a}", " b", "#1", "余额(元)", ""]
)
def test_a_scalar_reads_back_as_the_same_text(text):
    assert yaml.load(f"[{{{scalar(text)}: {scalar(text)}}}]", yaml.BaseLoader) == [{text: text}]


def test_plain_words_stay_plain():
    assert scalar("M3+") == "M3+"
    assert scalar("no") == '"no"'
