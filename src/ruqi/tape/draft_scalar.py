"""A text as a YAML scalar that reads back as the same text, in any place of a manifest."""

import json
import re

_PLAIN = re.compile(r"[A-Za-z\u4e00-\u9fff][\w\u4e00-\u9fff./() （）%+-]*(?<! )|\d[\d.-]*")
_NOT_PLAIN = ("null", "true", "false", "yes", "no", "on", "off", "y", "n")


def scalar(text: str) -> str:
    """The text as it stands where YAML reads it so, else in quotes."""
    if _PLAIN.fullmatch(text) and text.lower() not in _NOT_PLAIN:
        return text
    return json.dumps(text, ensure_ascii=False)
