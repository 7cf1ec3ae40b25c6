"""The policy file's reference page, made from its schema, so that the two cannot differ."""

from collections.abc import Iterator
from typing import Any

from ruqi.adapters.files.yaml_text import schema_of

INTRO = """# The policy file

Who may be treated how, at what cost, within which limits, and which law pack every contact is held
against. `ruqi run` takes `--policy FILE`, else `policy.yaml` beside the tape, else the shipped
`src/ruqi/policies/default.yaml`, which is a good start for your own. A file that breaks this page
stops the run and says file, line and mend.

*Months late*: 0 not late, 1 for 1 to 30 days past due, 2 for 31 to 60 days, and so on; a book that
counts months says it itself; where the days of a lender's stages are not stated, its n-th late
stage counts as n months. Effects, chances and loss shares are **priors**: guesses with their
ground, called priors wherever they appear. The worth of a treatment is

    effect(months late) × chance of the target × balance × loss share(months late) − cost

in minor units, each amount rounded half to even once; waiting is worth 0.

| key | must | holds | means |
| --- | --- | --- | --- |
"""


def policy_markdown() -> str:
    """Every key of a policy file: whether it must stand, what it holds, what it means."""
    schema = schema_of("policy")
    rows = [f"| {' | '.join(row)} |" for row in _rows(schema, schema, "")]
    return INTRO + "\n".join(rows) + "\n"


def _rows(node: dict[str, Any], root: dict[str, Any], path: str) -> Iterator[tuple[str, ...]]:
    must = set(node.get("required", ()))
    told: set[str] = set()
    for name, raw in node.get("properties", {}).items():
        child = _resolved(raw, root)
        here = f"{path}.{name}" if path else name
        yield (
            f"`{here}`",
            "yes" if name in must else "",
            _holds(child),
            child.get("description", ""),
        )
        shape = raw.get("$ref", "")
        if shape and child.get("type") == "object":
            if shape in told:  # keys of one shape are told once
                continue
            told.add(shape)
            here = f"{path}.<each>"
        yield from _rows(child, root, here)
        yield from _rows(_resolved(child.get("items", {}), root), root, f"{here}[]")
        values = child.get("additionalProperties")
        if isinstance(values, dict):
            yield from _rows(_resolved(values, root), root, f"{here}.<code>")


def _resolved(node: dict[str, Any], root: dict[str, Any]) -> dict[str, Any]:
    """A node with its `$ref` followed; its own words win over the target's."""
    if "$ref" not in node:
        return node
    target = root["$defs"][node["$ref"].rsplit("/", 1)[-1]]
    return {**target, **{key: value for key, value in node.items() if key != "$ref"}}


def _holds(node: dict[str, Any]) -> str:
    kind: str = {"integer": "whole number", "string": "text", "boolean": "true or false"}.get(
        node.get("type", ""), node.get("type", "")
    )
    low, high = node.get("minimum"), node.get("maximum")
    span = "" if low is None else f" {low} to {high}" if high is not None else f" from {low}"
    return {"object": "keys below", "array": "list"}.get(kind, kind) + span
