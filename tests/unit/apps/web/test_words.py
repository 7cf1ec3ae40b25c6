import re
from pathlib import Path

import pytest
from django.utils import translation

from ruqi import apps
from ruqi.adapters.report.words import Text
from ruqi.apps.web.words import both, catalogue, read, told, tongue

APPS = Path(apps.__file__).parent
TEMPLATES = sorted(APPS.glob("*/templates/**/*.html"))
SAID = re.compile(r"""{% say ["']([a-z_.0-9]+)["']""")
NAMES = (
    "Ruqi",
    "如期",
    "English",
    "中文",
    "J",
    "K",
    "Enter",
    "Ctrl",
    "Esc",
    "CSV",
    "Excel",
    "Parquet",
    "X",
    "A",
)


def test_the_reader_decides():
    for language, expected in (("zh-hans", "总览"), ("en", "Overview"), ("fr", "Overview")):
        with translation.override(language):
            assert told("page.overview") == expected
    with translation.override("zh-hans"):
        assert tongue() == "zh"
        assert read(Text("a", "甲")) == "甲"


def test_parts_are_filled_in_each_language():
    assert both("worklist.sort", name=Text("worth", "价值")) == Text("Sort by worth", "按价值排序")
    with pytest.raises(KeyError):
        told("nothing.here")


@pytest.mark.parametrize(
    ("n", "says"), [("1", "1 account"), ("0", "0 accounts"), (21, "21 accounts")]
)
def test_a_form_agrees_with_the_number_before_it(n, says):
    assert both("assign.done", n=n).en == f"{says} assigned."
    assert both("changes.rest", accounts=2, moves=n).en.startswith("2 more accounts moved")
    assert both("changes.rest", accounts=1, moves=n).en.startswith("1 more account moved")


def test_no_form_is_left_without_a_number_before_it():
    for key, text in catalogue().items():
        for form in re.finditer(r"\[[^|\]]*\|[^\]]*\]", text.en):
            assert "{" in text.en[: form.start()], key
        assert "[" not in text.zh or "|" not in text.zh, key


def test_every_entry_is_said_in_both_languages():
    for key, text in catalogue().items():
        assert text.en and text.zh, key
        assert re.search(r"[\u4e00-\u9fff]", text.zh) or text.en == text.zh, key
        holes = [sorted(re.findall(r"{(\w+)}", one)) for one in (text.en, text.zh)]
        assert holes[0] == holes[1], key


def test_templates_say_only_what_the_catalogue_holds():
    assert len(TEMPLATES) > 10
    said = {key for path in TEMPLATES for key in SAID.findall(path.read_text("utf-8"))}
    assert said
    assert said <= catalogue().keys()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_holds_words_of_its_own(path):
    if path.name in ("400.html", "403_csrf.html", "500.html"):
        return  # in both languages at once: nothing else may work when it is shown
    text = re.sub(r"{%.*?%}|{{.*?}}|<[^>]*>", " ", path.read_text("utf-8"), flags=re.DOTALL)
    left = [word for word in re.findall(r"[^\W\d_]+", text) if word not in NAMES]
    assert left == []
