"""What the terminal says in English it says in Chinese."""

import ast
import re
from pathlib import Path

import click
import pytest

import ruqi
from ruqi.apps.chinese import catalogue, chinese
from ruqi.apps.cli.chinese import chinese_page
from ruqi.apps.cli.lines import WIDTH, width
from ruqi.apps.cli.main import app
from ruqi.tape.contract import FAULT_KINDS

ROOMS = ("tape", "adapters/files")
OTHER_FILES = ("policy_page.py", "remark_words.py", "product_file.py", "debts_file.py")
MAKERS = ("Unfit", "fault", "Problem", "Unreadable", "Spot", "_fault")
NAMES = ("mend", "expected")
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


def sentences(code: str) -> set[str]:
    """What a fault made in this code says: found, expected and mend, with X for what varies."""
    said: set[str] = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in MAKERS:
            texts = node.args
        elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in NAMES:
            texts = [node.value]
        else:
            continue
        for text in texts:
            if isinstance(text, ast.JoinedStr):
                parts = (v.value if isinstance(v, ast.Constant) else "X" for v in text.values)
                said.add("".join(map(str, parts)))
            elif isinstance(text, ast.Constant) and isinstance(text.value, str):
                said.add(text.value)
    return {one for one in said if re.search("[a-z]+ [a-z]+", one)}


def test_every_sentence_of_a_fault_is_known():
    said: set[str] = set()
    for room in ROOMS:
        for path in (Path(ruqi.__file__).parent / room).rglob("*.py"):
            if path.name not in OTHER_FILES and not path.stem.startswith("draft"):
                said |= sentences(path.read_text(encoding="utf-8"))
    assert len(said) > 100
    assert {one for one in said if chinese(one) == one} == set()
