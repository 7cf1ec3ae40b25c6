"""Every word stands in both languages, with the same parts, and nobody is forgotten."""

import re
import string
from pathlib import Path

import pytest

from ruqi.adapters.report import words
from ruqi.adapters.report.words import Text, catalogue, listed, name_of, pair, same, say

ROOT = Path(words.__file__).parent
HAN = re.compile(r"[\u4e00-\u9fff]")
# The same in Chinese practice, or without words at all.
UNSPOKEN = re.compile(r"^(quality\.(auc|ks|brier|ece)|limits\.zero)$")


def parts(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("key", catalogue())
def test_both_languages_are_complete_and_have_the_same_parts(key):
    entry = catalogue()[key]
    assert set(entry) == {"en", "zh"}
    assert entry["en"].strip()
    assert entry["zh"].strip()
    assert parts(entry["en"]) == parts(entry["zh"])
    if not UNSPOKEN.match(key):
        assert not HAN.search(entry["en"].replace("如期", ""))
        assert HAN.search(entry["zh"]), entry["zh"]


def test_every_word_is_used():
    code = "".join(
        path.read_text()
        for folder in (ROOT, ROOT.parents[1] / "apps" / "cli")
        for path in (*folder.glob("*.py"), *folder.glob("templates/*.j2"))
    )
    groups = set(re.findall(r'name_of\(\s*"(\w+)"', code)) | {"window", "weight", "own", "score"}
    groups |= {"method", "fact", "quality", "split"}
    dynamic = set(re.findall(r'f"(\w+\.\w*)\{', code)) | {"page."}
    unused = [
        key
        for key in catalogue()
        if f'"{key}"' not in code
        and f"'{key}'" not in code
        and key.split(".")[0] not in groups
        and not any(key.startswith(start) for start in dynamic)
    ]
    assert unused == []


def test_say_fills_in_each_language():
    got = say("title.as_of", day=Text("30 September 2005", "2005年9月30日"))
    assert got == Text("as of 30 September 2005", "截至 2005年9月30日")
    with pytest.raises(KeyError):
        say("no.such")


def test_texts_join_as_each_language_does():
    assert Text("One.", "一。") + Text("Two.", "二。") == Text("One. Two.", "一。二。")
    assert listed([same("a"), same("b")]) == Text("a, b", "a、b")


def test_unnamed_codes_stand_for_themselves():
    assert name_of("remark", "jump").zh == "逾期跳级"
    assert name_of("remark", "unheard_of") == same("unheard_of")
    assert pair({"x_en": "a", "x_zh": None}, "x") == Text("a", "")
