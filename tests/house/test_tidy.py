"""The house is tidy, and every rule bites."""

import re
from pathlib import Path

import pytest

from house.tidy import FILE_LINES_MAX, FUNCTION_LINES_MAX, faults

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src" / "ruqi"
TEXTS = (".py", ".md", ".yaml", ".toml", ".html", ".css", ".js", "")
SPEAKS_OF_OTHERS = re.compile(
    r"\bissue #?\d|\bsub-?agents?\b|farm-(bench|studio)|/work/(main|shared)|\bthis session\b"
)
LONG_BODY = "    x = 1\n" * FUNCTION_LINES_MAX
NESTED = "def f():\n" + "".join("    " * (i + 1) + "if x:\n" for i in range(5))

PLANTED = {
    "loans/promise.py": "x = 1\n",
    "loans/clock.py": '"""P."""\nfrom datetime import date\nD = date.today()\n',
    "loans/float.py": '"""P."""\nRATE = 0.18\n',
    "loans/cast.py": '"""P."""\nRATE = float("1")\n',
    "tape/print.py": '"""P."""\nprint(1)\n',
    "behaviour/dice.py": '"""P."""\nR = np.random.default_rng()\n',
    "behaviour/old_dice.py": '"""P."""\nR = np.random.normal(3)\n',
    "loans/word.py": '"""P."""\ninstallment = 1\n',
    "loans/path.py": '"""P, in /work/main."""\n',
    "loans/dead.py": '"""P."""\n# return total\n',
    "loans/long_file.py": '"""P."""\n' + "x = 1\n" * FILE_LINES_MAX,
    "loans/long_function.py": f'"""P."""\ndef f():\n{LONG_BODY}',
    "loans/parameters.py": '"""P."""\ndef f(a, b, c, d, e, f, g, h): ...\n',
    "loans/nested.py": f'"""P."""\n{NESTED}' + "    " * 6 + "pass\n",
}


def test_house_is_tidy():
    files = sorted(SRC.rglob("*.py"))
    assert len(files) > 20, "the fence must see the house"
    found = [f for p in files for f in faults(p.relative_to(SRC).as_posix(), p.read_text())]
    assert found == []


@pytest.mark.parametrize("path", PLANTED)
def test_every_rule_bites(path):
    assert len(faults(path, PLANTED[path])) == 1


def test_good_lines_pass():
    assert faults("behaviour/a.py", '"""P."""\npd = 0.18\nR = np.random.default_rng(7)\n') == []
    chained = "def f(x):\n    if x:\n        return 1\n" + "    elif x:\n        return 2\n" * 6
    assert faults("loans/a.py", f'"""P."""\n{chained}') == []


def test_every_source_file_has_its_mirror_in_the_unit_tests():
    exempt = {"__init__.py", "__main__.py"}
    missing = []
    for path in sorted(SRC.rglob("*.py")):
        if path.name in exempt:
            continue
        mirror = ROOT / "tests/unit" / path.relative_to(SRC).parent / f"test_{path.name}"
        if not mirror.exists():
            missing.append(mirror.relative_to(ROOT).as_posix())
    assert missing == []


def test_every_room_promises_and_explains_itself():
    rooms = [p.parent for p in SRC.glob("*/__init__.py")]
    assert rooms
    for room in rooms:
        readme = room / "README.md"
        assert readme.exists(), f"{room.name} has no README.md"
        assert readme.read_text().count("\n") <= 40, f"{readme} is longer than 40 lines"


def test_the_product_speaks_only_of_itself():
    own = {Path(__file__).name, "tidy.py"}
    spoken = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for folder in ("src", "tests", "docs", "examples", "bench", ".ci")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and path.suffix in TEXTS and path.name not in own
        if "__pycache__" not in path.parts and ".cache" not in path.parts
        if (match := SPEAKS_OF_OTHERS.search(path.read_text(errors="replace")))
    ]
    assert spoken == []
