"""Reads a tape.yaml and finds all of its faults in one pass, each with its physical line."""

import codecs
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from ruqi.tape.contract import LATENESS, TABLES
from ruqi.tape.draft_codes import TODO
from ruqi.tape.faults import Fault
from ruqi.tape.manifest import Manifest
from ruqi.tape.manifest_rules import Place, Problem, build, close

NAME = "tape.yaml"
BY_A_PERSON = "an entry by a person"
NODES_MAX = 200_000  # so that a few lines of aliases cannot fill the memory
NOT_TEXT = ("idna", "punycode", "raw_unicode_escape", "unicode_escape", "undefined", "mbcs", "oem")


class _AsWritten(yaml.SafeLoader):
    """Every plain value stays the text that stands in the file; only nothing is null."""

    yaml_implicit_resolvers: dict[Any, Any] = {}  # noqa: RUF012 - PyYAML's own class attribute


class _TooLarge(Exception):
    pass


class _Content:
    """The content of a manifest, the line of each place, and keys that stand twice."""

    def __init__(self) -> None:
        self.lines: dict[Place, int] = {}
        self.problems: list[Problem] = []
        self._nodes = 0

    def value(self, node: yaml.Node, place: Place) -> Any:
        self._nodes += 1
        if self._nodes > NODES_MAX or len(place) > 50:
            raise _TooLarge
        self.lines.setdefault(place, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, place)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*place, i)) for i, item in enumerate(node.value)]
        nothing = getattr(node, "style", None) is None and node.value in ("", "~", "null")
        return None if nothing and "missing" not in place else node.value

    def _mapping(self, node: yaml.MappingNode, place: Place) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                where = (*place, "?")
                self.lines.setdefault(where, key_node.start_mark.line + 1)
                self.problems.append(Problem(where, None, "a word as key", "write a plain key"))
                continue
            key = str(key_node.value)
            here = (*place, key)
            if key in found:
                again = (*place, f"{key} ")  # a place of its own, for its line
                while again in self.lines:
                    again = (*again[:-1], f"{again[-1]} ")
                self.lines[again] = key_node.start_mark.line + 1
                mend = f"keep one of them; the first is on line {self.lines[here]}"
                self.problems.append(Problem(again, key, "each key once", mend))
                continue
            self.lines[here] = key_node.start_mark.line + 1
            found[key] = self.value(value_node, here)
        return found


def locate(tape: Path) -> Path:
    """The manifest of a tape: the path itself, or tape.yaml in a folder.

    Raises FileNotFoundError where there is none.
    """
    path = tape / NAME if tape.is_dir() else tape
    if not path.is_file():
        raise FileNotFoundError(2, "no such tape", str(path))
    return path


def load(path: Path) -> tuple[Manifest | None, list[Fault]]:
    """The manifest, as far as it can be understood, and every fault in it.

    The manifest is None where nothing can be read by it.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        node = yaml.compose(text, Loader=_AsWritten)
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        if b"\0" in error.object[:1024] or error.object[:2] == b"PK":
            mend = f"name a tape.yaml; for a data file, draft one with: ruqi map {path.name}"
            return None, [_fault(path.name, 1, None, "a manifest, as text", mend)]
        mend = f"save {path.name} as UTF-8"
        return None, [_fault(path.name, line, None, "text in UTF-8", mend)]
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        said = str(getattr(error, "problem", None) or error).splitlines()[0]
        line = mark.line + 1 if mark else 1
        return None, [_fault(path.name, line, said, "YAML", "correct the YAML on this line")]
    except RecursionError:
        return None, [_fault(path.name, 1, None, "a manifest of a few levels", "nest less deeply")]
    content = _Content()
    try:
        tree = None if node is None else content.value(node, ())
    except (_TooLarge, RecursionError):
        return None, [_fault(path.name, 1, None, "a manifest of a few pages", "remove aliases")]
    shape = list(_shape(tree))
    broken = {problem.place for problem in shape}
    manifest, rest = build(tree, broken, _encodings(tree))
    problems = [*content.problems, *shape, *rest]
    marks = list(_marks(tree, ()))
    if marks:
        problems = [*_other(problems, marks), *marks]
        if any(_unread(mark) for mark in marks):
            manifest = None
    faults = [_located(problem, path.name, content.lines) for problem in problems]
    return manifest, sorted(faults, key=lambda fault: fault.line)


def _marks(value: Any, place: Place) -> Iterator[Problem]:
    """Every place that a draft has left to a person."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if place[-1:] == ("months",) and key.startswith(TODO):
                yield Problem((*place, key), key, BY_A_PERSON, _to_fill((*place, key)))
            else:
                yield from _marks(inner, (*place, key))
    elif isinstance(value, list):
        for item, inner in enumerate(value):
            yield from _marks(inner, (*place, item))
    elif value == TODO and "missing" not in place:
        yield Problem(place, TODO, BY_A_PERSON, _to_fill(place))


def _to_fill(place: Place) -> str:
    """What a person writes in place of a mark."""
    keys = [str(step) for step in place if isinstance(step, str)]
    under = keys[2] if keys[0] == "tables" and len(keys) > 2 else keys[0]
    if under == "columns":
        name = keys[3]
        required = any(c.name == name and c.required for c in TABLES.get(keys[1], ()))
        return f"write the file's own name of the column {name}" + (
            "" if required or name in LATENESS else ", or remove the line"
        )
    return {
        "currency": "write the code of the book's currency, such as CNY or USD",
        "time_zone": "write the civil zone of the book, such as Asia/Shanghai",
        "path": "name the file of this table",
        "months": "write the day of this month, such as 2024-01-31",
        "codes": f"lead `{keys[-1]}` to a bucket or a status",
        "delinquency": "list the lender's stages, mildest first",
    }.get(under, "see docs/reference/tape.md")


def _other(problems: Sequence[Problem], marks: Sequence[Problem]) -> list[Problem]:
    """Problems that no mark explains; of a table with marks nothing else is known yet."""
    places = [mark.place[:2] if _unread(mark) else mark.place for mark in marks]
    return [
        problem
        for problem in problems
        if not any(_within(problem.place, at) or _within(at, problem.place) for at in places)
    ]


def _unread(mark: Problem) -> bool:
    """Whether it is not known from where a table's cells come."""
    return mark.place[:1] == ("tables",) and "codes" not in mark.place


def _within(inner: Place, outer: Place) -> bool:
    return bool(outer) and inner[: len(outer)] == outer


def no_currency(path: Path) -> Fault:
    """The fault of a book whose currency columns are empty, and whose manifest names none."""
    mend = "write e.g. `currency: CNY`, or fill the currency column"
    return _fault(path.name, 1, None, "the book's currency, stated here or in the files", mend)


def early_as_of(path: Path, as_of: date) -> Fault:
    """The fault of an `as_of` before every row of the book."""
    content = _Content()
    node = yaml.compose(path.read_text(encoding="utf-8-sig"), Loader=_AsWritten)
    if node is not None:
        content.value(node, ())
    mend = "state the last day that the files observe, or leave `as_of` out"
    problem = Problem(("as_of",), as_of.isoformat(), "a day on which the book has rows", mend)
    return _located(problem, path.name, content.lines)


def _encodings(tree: Any) -> frozenset[str]:
    """Those of the manifest's encodings that Python reads as text."""
    tables = tree.get("tables") if isinstance(tree, Mapping) else None
    named = (
        [t.get("encoding") for t in (tables or {}).values() if isinstance(t, Mapping)]
        if (isinstance(tables, Mapping))
        else []
    )
    return frozenset(name for name in named if isinstance(name, str) and is_text_encoding(name))


def is_text_encoding(name: str) -> bool:
    """Whether bytes can be read as text by this name."""
    try:
        codec = codecs.lookup(name)
    except (LookupError, ValueError):
        return False
    return bool(getattr(codec, "_is_text_encoding", True)) and codec.name not in NOT_TEXT


@cache
def _validator() -> Draft202012Validator:
    text = files("ruqi.adapters.files").joinpath("schemas/tape.schema.json").read_text("utf-8")
    return Draft202012Validator(json.loads(text))


def _shape(tree: Any) -> Iterator[Problem]:
    for error in _validator().iter_errors(tree):
        yield from _told(error)


def _told(error: ValidationError) -> Iterator[Problem]:
    """One problem for each thing that a validation error says."""
    place: Place = tuple(error.absolute_path)
    instance: Any = error.instance
    wanted: Any = error.validator_value
    schema: Any = error.schema
    if error.validator == "anyOf" and error.context:
        branches: dict[int, list[ValidationError]] = {}
        for inner in error.context:
            branches.setdefault(int(inner.schema_path[0]), []).append(inner)
        fit = [b for b in branches.values() if not any(_is_type(e, place) for e in b)]
        if fit:
            for inner in fit[0]:
                yield from _told(inner)
            return
    if error.validator == "additionalProperties":
        known = list(schema.get("properties", {}))
        for key in instance:
            if key not in known:
                some = ", ".join(known)
                mend = f"use one of {some}" + close(str(key), known)
                yield Problem((*place, key), str(key), "a known key", mend)
    elif error.validator == "required":
        for key in wanted:
            if key not in instance:
                yield Problem((*place, key), None, f"the key `{key}`", f"add `{key}`")
    elif error.validator == "enum":
        words = [word for word in wanted if isinstance(word, str)]
        mend = schema.get("description") or f"use one of {', '.join(words)}"
        mend += close(str(instance), words) if isinstance(instance, str) else ""
        yield Problem(place, _said(instance), f"one of {', '.join(words)}", mend)
    else:
        yield Problem(place, _said(instance), _shape_of(place), "see docs/reference/tape.md")


def _is_type(error: ValidationError, place: Place) -> bool:
    return error.validator == "type" and tuple(error.absolute_path) == place


def _shape_of(place: Place) -> str:
    last = place[-1] if place else ""
    if not place:
        return "keys such as tape, currency and tables"
    if last in ("path", "features", "protected", "missing"):
        return "a text or a list of texts"
    if last in ("columns", "codes", "months", "tables", "delinquency", *TABLES):
        return f"keys under `{last}`"
    if last == "buckets":
        return "buckets with bounds, or a list of names"
    if (len(place) >= 4 and place[-2] in ("columns",)) or "months" in place:
        return "the file's column name, or {from: …} with its form"
    return "a text"


def _said(instance: Any) -> str | None:
    if instance is None:
        return None
    text = instance if isinstance(instance, str) else json.dumps(instance, ensure_ascii=False)
    return text if len(text) <= 80 else text[:79] + "…"


def _located(problem: Problem, file: str, lines: Mapping[Place, int]) -> Fault:
    place = problem.place
    while place and place not in lines:
        place = place[:-1]
    table = str(problem.place[1]) if problem.place[:1] == ("tables",) and len(place) > 1 else None
    return Fault(
        kind="manifest",
        table=table if table in TABLES else None,
        file=file,
        line=lines.get(place, 1),
        column=_column(problem.place),
        found=problem.found,
        expected=problem.expected,
        mend=problem.mend,
    )


def _column(place: Place) -> str | None:
    """The contract column that a place speaks of, else its last key."""
    words = [str(step).strip() for step in place if isinstance(step, str)]
    for key, after in (("columns", 1), ("codes", 1), ("months", 2)):
        if key in words and words.index(key) + after < len(words):
            return words[words.index(key) + after]
    return words[-1] if words else None


def _fault(file: str, line: int, found: str | None, expected: str, mend: str) -> Fault:
    return Fault("manifest", None, file, line, None, found, expected, mend)
