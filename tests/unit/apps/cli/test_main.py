import json

import pytest

from ruqi.apps.cli import main as door
from ruqi.primitives.errors import InputFaulty, InvariantBroken, OutsideFailed, PolicyError, Refused
from ruqi.tape.faults import FaultLog


def fail(error):
    def word():
        raise error

    return word


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (FileExistsError("out"), 2),
        (InputFaulty(FaultLog(), 1), 3),
        (PolicyError("p.yaml", 3, "wrong", "right"), 4),
        (Refused("CAP", "too dear", "超过上限"), 4),
        (OutsideFailed("disk full"), 5),
        (InvariantBroken("ours"), 1),
        (FileNotFoundError("our own asset"), 1),
    ],
)
def test_every_ending_has_its_code(error, code, capsys):
    assert door.code_of(fail(error), []) == code
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err


def test_a_refusal_is_one_document_where_json_was_asked_for(capsys):
    assert door.code_of(fail(Refused("CAP", "too dear", "超过上限")), ["--json"]) == 4
    assert json.loads(capsys.readouterr().out)["rule"] == "CAP"


def test_a_word_may_return_its_own_code():
    assert door.code_of(lambda: 3, []) == 3
    assert door.code_of(lambda: None, []) == 0
