"""YAML read strictly, with the line of everything in it, and held against a JSON Schema.

Strict: a key stands once; only `true` and `false` are flags, only digits are numbers; dates and
times stay text (so `on` is a word and 22:00 no number, as in YAML 1.2).
"""

import json
import re
from collections.abc import Iterable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from ruqi.primitives.errors import PolicyError

Place = tuple[str | int, ...]
Lines = dict[Place, int]


class _Strict(yaml.SafeLoader):
    yaml_implicit_resolvers: dict[Any, Any] = {}  # noqa: RUF012 - PyYAML's own class attribute


for _tag, _pattern, _first in (
    ("bool", r"^(?:true|false)$", "tf"),
    ("int", r"^[-+]?[0-9]+$", "-+0123456789"),
    ("float", r"^[-+]?(?:[0-9]*\.[0-9]+|[0-9]+\.)(?:[eE][-+]?[0-9]+)?$", "-+.0123456789"),
    ("null", r"^(?:~|null|)$", "~n"),
):
    _Strict.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), [*_first, ""])


def load(path: Path) -> tuple[Any, Lines]:
    """The document and, for the place of each key and item in it, its line (from 1).

    Raises PolicyError where the file cannot be read, is no YAML, or has a key twice.
    """
    name = path.name
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise PolicyError(name, 0, f"cannot be read: {error}.", "Give a UTF-8 file.") from error
    try:
        node = yaml.compose(text, Loader=_Strict)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise PolicyError(name, line, f"not YAML: {error.problem}.", "Correct it.") from error
    lines: Lines = {}
    document = None if node is None else _value(node, (), lines, name)
    return document, lines


def checked(path: Path, schema: str) -> tuple[dict[str, Any], Lines]:
    """A document that keeps the schema `schemas/{schema}.schema.json`, with its lines.

    Raises PolicyError for the first place (by line) that breaks it.
    """
    document, lines = load(path)
    validator = Draft202012Validator(schema_of(schema))
    broken = sorted(_leaves(validator.iter_errors(document)), key=lambda e: _line(e, lines))
    if broken:
        error = broken[0]
        problem, mend = _told(error)
        raise PolicyError(path.name, _line(error, lines), problem, mend)
    return document, lines


def schema_of(name: str) -> dict[str, Any]:
    """One of the shipped JSON Schemas."""
    text = files("ruqi.adapters.files").joinpath(f"schemas/{name}.schema.json").read_text("utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def line_of(place: Iterable[str | int], lines: Lines) -> int:
    """The line of a place, or of the nearest place around it."""
    inner = tuple(place)
    while inner and inner not in lines:
        inner = inner[:-1]
    return lines.get(inner, 1)


def _value(node: yaml.Node, place: Place, lines: Lines, file: str) -> Any:
    lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            line = key_node.start_mark.line + 1
            if key in found:
                raise PolicyError(file, line, f"key {key!r} stands twice.", "Keep one of them.")
            lines[(*place, key)] = line
            found[key] = _value(value_node, (*place, key), lines, file)
        return found
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*place, i), lines, file) for i, item in enumerate(node.value)]
    return _scalar(node)


def _scalar(node: yaml.Node) -> Any:
    kind = node.tag.rsplit(":", 1)[-1]
    if kind == "bool":
        return node.value == "true"
    if kind == "int":
        return int(node.value)
    if kind == "float":
        return float(node.value)
    return None if kind == "null" else node.value


def _leaves(errors: Iterable[ValidationError]) -> Iterable[ValidationError]:
    for error in errors:
        deepest = max(error.context or (), key=lambda e: len(e.absolute_path), default=None)
        deeper = deepest is not None and len(deepest.absolute_path) > len(error.absolute_path)
        yield deepest if deepest is not None and deeper else error


def _line(error: ValidationError, lines: Lines) -> int:
    place = tuple(error.absolute_path)
    if error.validator == "additionalProperties":
        unknown = _unknown(error)
        return line_of((*place, unknown[0]), lines) if unknown else line_of(place, lines)
    return line_of(place, lines)


def _schema(error: ValidationError) -> dict[str, Any]:
    return dict(error.schema) if isinstance(error.schema, Mapping) else {}


def _unknown(error: ValidationError) -> list[str]:
    instance: Any = error.instance
    known = _schema(error).get("properties", {})
    return [key for key in instance if key not in known]


def _told(error: ValidationError) -> tuple[str, str]:
    """What is wrong and how to mend it, in one sentence each."""
    at = ".".join(str(step) for step in error.absolute_path) or "the file"
    instance: Any = error.instance
    wanted: Any = error.validator_value
    if error.validator == "additionalProperties":
        known = ", ".join(sorted(_schema(error).get("properties", {})))
        words = ", ".join(repr(key) for key in _unknown(error))
        return f"{at}: unknown key {words}.", f"Remove it, or use one of: {known}."
    if error.validator == "required":
        lacking = [key for key in wanted if key not in instance]
        return f"{at}: lacks {', '.join(lacking)}.", f"Add `{lacking[0]}`."
    if error.validator in ("enum", "const"):
        values = wanted if isinstance(wanted, list) else [wanted]
        return f"{at}: {instance!r} is no known value.", f"Use one of: {values}."
    if error.validator in ("minimum", "maximum", "exclusiveMinimum"):
        return f"{at}: {instance} is out of range.", f"{error.validator} is {wanted}."
    hint = _schema(error).get("description", "See docs/reference.")
    return f"{at}: {error.message}.", hint
