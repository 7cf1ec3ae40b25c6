"""What the terminal says in English it says in Chinese."""

import re
from pathlib import Path

import click
import pytest

import ruqi
from ruqi.apps.cli.chinese import catalogue, chinese, chinese_page
from ruqi.apps.cli.lines import WIDTH, width
from ruqi.apps.cli.main import app
from ruqi.tape.contract import FAULT_KINDS

ROOMS = ("tape", "adapters/files")
HAN = re.compile(r"[\u4e00-\u9fff]")


def test_a_hole_is_looked_up_itself():
    said = chinese("use a code of ISO 4217, such as CNY; did you mean `EUR`?")
    assert said == "请使用 ISO 4217 代码，如 CNY；是否指 `EUR`？"
    assert chinese("nobody has translated this") == "nobody has translated this"


def test_every_template_keeps_its_holes():
    for english, translated in catalogue().items():
        holes = sorted(re.findall(r"\{(\w+)\}", english))
        assert sorted(re.findall(r"\{(\w+)\}", translated)) == holes, english


def test_every_kind_of_fault_has_a_name():
    assert all(HAN.search(chinese(kind)) for kind in FAULT_KINDS)


@pytest.mark.parametrize("name", [None, *app.commands])
def test_every_line_of_help_is_chinese_and_fits(name, monkeypatch):
    monkeypatch.delenv("RUQI_LANGUAGE", raising=False)
    command = app if name is None else app.commands[name]
    context = click.Context(command, info_name="ruqi", terminal_width=10_000)
    page = chinese_page(command.get_help(context))
    for line in page.split("\n"):
        assert width(line) <= WIDTH
        assert not re.search(r"[a-z]+ [a-z]+ [a-z]+", line), line
    assert "用法：" in page


def test_every_mend_of_the_rooms_below_is_known():
    """Sentences that stand whole in the code; those with holes are tried at the door."""
    found = set()
    for room in ROOMS:
        for path in (Path(ruqi.__file__).parent / room).rglob("*.py"):
            if path.stem.startswith("draft"):
                continue
            found |= set(re.findall(r'mend = "([^"\\]+)"$', path.read_text(), re.MULTILINE))
    assert len(found) > 15
    unknown = {one for one in found if chinese(one) == one}
    assert unknown == set()
