"""A tape.yaml as a tree that a form can change: read, written, its doubts by place, its paths."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from ruqi.adapters.files.draft import draft
from ruqi.adapters.files.manifest_file import NAME
from ruqi.adapters.files.preview import previews
from ruqi.adapters.files.upload_folders import replace_text
from ruqi.primitives.errors import InputFaulty
from ruqi.tape.faults import Fault, FaultLog

LONGEST = 256 << 10  # characters of a mapping
Tree = dict[str, Any]
_KEY = re.compile(r"^(?P<indent> *)(?P<key>[^#\s][^:]*):")


class NotAMapping(Exception):
    """A text that is no YAML of keys; says what the parser said, and on which line."""

    def __init__(self, said: str, line: int) -> None:
        super().__init__(said)
        self.said, self.line = said, line


def read(folder: Path) -> str | None:
    """The text of a folder's mapping; None where it has none."""
    path = folder / NAME
    return path.read_text("utf-8-sig", errors="replace") if path.is_file() else None


def save(folder: Path, text: str) -> None:
    """Put a mapping beside its files. Raises NotAMapping."""
    tree_of(text)
    replace_text(folder / NAME, text.replace("\r\n", "\n"))


def tree_of(text: str) -> Tree:
    """The mapping as keys and texts; every value stays as it is written. Raises NotAMapping."""
    if len(text) > LONGEST:
        raise NotAMapping("too long", 1)
    try:
        marks = (yaml.AliasToken, yaml.AnchorToken)
        for token in yaml.scan(text, Loader=yaml.BaseLoader):
            if isinstance(token, marks):
                raise NotAMapping("an anchor or alias", token.start_mark.line + 1)
        tree = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - knows texts only
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        said = str(getattr(error, "problem", None) or error).splitlines()[0]
        raise NotAMapping(said, mark.line + 1 if mark else 1) from error
    except RecursionError as error:
        raise NotAMapping("nested too deeply", 1) from error
    if not isinstance(tree, dict):
        raise NotAMapping("no keys", 1)
    return tree


def text_of(tree: Tree) -> str:
    """A tree as the text of a tape.yaml."""
    return yaml.safe_dump(tree, allow_unicode=True, sort_keys=False, width=100)


def doubts_by_place(text: str) -> dict[str, list[tuple[str, str]]]:
    """What a draft is unsure of, English and Chinese, by the place of the key that follows it.

    A place is `time_zone`, `accounts` or `accounts.columns.limit`.
    """
    found: dict[str, list[tuple[str, str]]] = {}
    waiting: list[str] = []
    above: list[tuple[int, str]] = []
    for line in text.splitlines():
        note = re.match(r"\s*# (?:unsure: |存疑：)(.*)", line)
        if note:
            waiting.append(note[1])
        elif key := _KEY.match(line):
            indent = len(key["indent"])
            above = [one for one in above if one[0] < indent]
            above.append((indent, key["key"].strip().strip("\"'")))
            if waiting:
                place = ".".join(name for _, name in above if name != "tables") or "tables"
                found[place] = list(zip(waiting[::2], waiting[1::2], strict=False))
            waiting = []
    return found


def look(folder: Path, name: str) -> dict[str, Any]:
    """First rows of each file, and a drafted mapping where the files bring none.

    Raises InputFaulty where a file cannot be read as what its name says.
    """
    seen: dict[str, Any] = {"files": previews(folder), "drafted": False, "doubts": {}}
    if (folder / NAME).exists():
        return seen
    files = [
        path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix != ".yaml"
    ]
    made = draft(files, folder)
    text = re.sub(r"(?m)^tape: .*$", lambda _: _line("tape", name), made.yaml_text, count=1)
    save(folder, text)
    unsure = list(zip(made.unsure, made.unsure_zh, strict=True))
    return seen | {"drafted": True, "doubts": doubts_by_place(text), "unsure": unsure}


def _line(key: str, value: str) -> str:
    return text_of({key: value}).rstrip("\n")


def stay_inside(folder: Path) -> None:
    """A mapping names only files of its own folder. Raises InputFaulty: the first that does not."""
    text = read(folder)
    if text is None:
        return
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError):
        return  # nothing can be read by it; a check says so
    for node in _paths(root, frozenset()):
        path = str(node.value)
        steps = PurePosixPath(path.replace("\\", "/")).parts
        if ".." in steps or path.startswith(("/", "\\", "~")) or ":" in path[:3] or "\0" in path:
            line = node.start_mark.line + 1
            mend = "name files of this upload, e.g. `accounts.csv`"
            log = FaultLog()
            log.add(Fault("manifest", None, NAME, line, "path", path, "a file beside it", mend))
            raise InputFaulty(log, 1)


def _paths(node: Any, above: frozenset[int], named: bool = False) -> Iterator[yaml.ScalarNode]:
    """Every text under a key `path`, wherever it stands, doubled keys too."""
    if node is None or id(node) in above:
        return
    above |= {id(node)}
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _paths(value, above, named or getattr(key, "value", None) == "path")
    elif isinstance(node, yaml.SequenceNode):
        for one in node.value:
            yield from _paths(one, above, named)
    elif named and isinstance(node, yaml.ScalarNode):
        yield node


def source_of(column: Any) -> str:
    """The file's column that an entry of `columns` names."""
    return str(column.get("from", "")) if isinstance(column, Mapping) else str(column or "")
