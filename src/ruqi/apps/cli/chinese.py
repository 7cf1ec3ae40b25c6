"""Help pages in Chinese, wrapped by the width of their signs."""

import re

from ruqi.apps.chinese import catalogue, chinese
from ruqi.apps.cli.lines import width, wrap

_ROW = re.compile(r"( +\S.*?)( {2,})(\S.*)")  # of a help page: a word or option, and what it does


def chinese_page(page: str) -> str:
    """A help page whose paragraphs and entries stand on one line each, wrapped again."""
    lines = []
    for line in page.split("\n"):
        row = _ROW.fullmatch(line)
        if row and line.strip() not in catalogue():
            first = row[1] + row[2]
            indent = len(first) - len(first.lstrip())
            lines += wrap(first.lstrip() + chinese(row[3]), indent, width(first) - indent)
        else:
            text = line.lstrip()
            lines += wrap(chinese(text), len(line) - len(text), 0)
    return "\n".join(lines)
