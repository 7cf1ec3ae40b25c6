import logging
import sys

import pytest

from ruqi.apps import discreet, settings


def broken():
    try:
        raise KeyError("CANARY 张三")
    except KeyError as error:
        raise ValueError("CANARY-4711") from error


def test_an_error_tells_where_and_not_what():
    with pytest.raises(ValueError) as caught:
        broken()
    assert discreet.told(caught.value).startswith("ValueError at test_discreet.py:")


def test_a_log_line_holds_no_message_of_an_error():
    try:
        broken()
    except ValueError:
        record = logging.LogRecord("x", 40, "f", 1, "Internal %s", ("/a/",), sys.exc_info())
    line = discreet.Formatter().format(record)
    assert "CANARY" not in line
    assert "ValueError at" in line and "KeyError at" in line and line.startswith("Internal /a/")


def test_every_handler_writes_so():
    assert {one["formatter"] for one in settings.LOGGING["handlers"].values()} == {"discreet"}
