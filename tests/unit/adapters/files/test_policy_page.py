"""The policy's reference page holds every key of the shipped policies."""

import re

from ruqi.adapters.files.policy_page import policy_markdown
from ruqi.adapters.files.yaml_text import schema_of

PAGE = policy_markdown()


def keys(node, found):
    for name, child in node.get("properties", {}).items():
        found.add(name)
        keys(child, found)
    for child in (node.get("items"), node.get("additionalProperties")):
        if isinstance(child, dict):
            keys(child, found)
    for child in node.get("$defs", {}).values():
        keys(child, found)
    return found


def test_every_key_of_the_schema_stands_on_the_page():
    told = set(re.findall(r"[a-z_0-9]+(?=`)", PAGE))
    assert keys(schema_of("policy"), set()) <= told


def test_every_key_says_what_it_means():
    rows = [line for line in PAGE.splitlines() if line.startswith("| `")]
    assert len(rows) > 50
    assert [row for row in rows if row.endswith("|  |")] == []


def test_it_says_that_effects_are_priors():
    assert "**priors**" in PAGE
