"""`./dev audit`: what an answer means, and that no answer is never told as a clean one."""

import importlib.util
import json
from pathlib import Path

import pytest

PLACE = Path(__file__).parents[2] / "requirements" / "audit.py"


@pytest.fixture(scope="module")
def audit():
    spec = importlib.util.spec_from_file_location("audit", PLACE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def document(**more):
    return json.dumps({"dependencies": [{"name": "a", "version": "1", "vulns": [], **more}]})


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        (document(), 0, "1 packages, no vulnerability known"),
        (document(vulns=[{"id": "CVE-1", "fix_versions": ["2"]}]), 3, "a 1: CVE-1, mended in 2"),
        (document(skip_reason="not found"), 5, "NOT AUDITED: the service does not know a"),
        ("", 5, "NOT AUDITED, no service of vulnerabilities could be asked: gone"),
    ],
)
def test_an_answer_and_its_exit_code(audit, capsys, text, code, said):
    assert audit.verdict("core.txt", text, "trace\ngone\n") == code
    assert said in capsys.readouterr().out


def test_a_known_fault_outweighs_a_file_that_could_not_be_asked(audit, monkeypatch):
    for codes, worst in (((0, 5, 3, 0), 3), ((0, 5, 0, 0), 5), ((0, 0, 0, 0), 0)):
        left = list(codes)
        monkeypatch.setattr(audit, "audit", lambda *_, left=left: left.pop(0))
        assert audit.main([]) == worst


def test_every_lock_file_is_audited(audit):
    there = {path.name for path in PLACE.parent.glob("*.txt")}
    assert there == {*audit.FILES, "audit.txt"}
