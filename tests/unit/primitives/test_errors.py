"""The drawing of the error tree is the tree, and every error says what it knows."""

import inspect
import re

import pytest

from ruqi.primitives import errors


def test_drawing_and_classes_agree():
    drawn = set(re.findall(r"^[│├└─ ]*([A-Z]\w+)(?: {2}|$)", errors.__doc__, re.M))
    classes = {
        name
        for name, value in inspect.getmembers(errors, inspect.isclass)
        if issubclass(value, BaseException) and value.__module__ == errors.__name__
    }
    assert drawn - {"AssertionError"} == classes


@pytest.mark.parametrize(
    ("kind", "told", "says", "holds"),
    [
        (
            errors.Refused,
            ("CN-1", "No.", "不可。"),
            "No.",
            {"rule": "CN-1", "says_en": "No.", "says_zh": "不可。"},
        ),
        (
            errors.PolicyError,
            ("a.yaml", 3, "It is odd.", "Make it even."),
            "a.yaml:3: It is odd. Mend: Make it even.",
            {"file": "a.yaml", "line": 3, "problem": "It is odd.", "mend": "Make it even."},
        ),
        (errors.InputFaulty, (["one"], 7), "7 faults", {"faults": ["one"], "total": 7}),
        (errors.OutsideFailed, ("disk is full",), "disk is full", {"retryable": False}),
        (errors.OutsideFailed, ("no answer", True), "no answer", {"retryable": True}),
    ],
)
def test_an_error_keeps_what_it_was_told(kind, told, says, holds):
    error = kind(*told)
    assert str(error) == says
    assert {name: getattr(error, name) for name in holds} == holds


def test_a_promise_that_does_not_hold_is_a_bug_with_its_sentence():
    errors.ensure(True, "fine")
    with pytest.raises(errors.InvariantBroken, match=r"^two is one$"):
        errors.ensure(False, "two is one")
