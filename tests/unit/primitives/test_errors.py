"""The drawing of the error tree is the tree."""

import inspect
import re

from ruqi.primitives import errors


def test_drawing_and_classes_agree():
    drawn = set(re.findall(r"^[│├└─ ]*([A-Z]\w+)(?: {2}|$)", errors.__doc__, re.M))
    classes = {
        name
        for name, value in inspect.getmembers(errors, inspect.isclass)
        if issubclass(value, BaseException) and value.__module__ == errors.__name__
    }
    assert drawn - {"AssertionError"} == classes
