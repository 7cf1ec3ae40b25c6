"""House rules that a machine can read: sizes, purity and words, each fault with its mend."""

import ast
import re
from collections.abc import Iterator

FILE_LINES_MAX = 600
FUNCTION_LINES_MAX = 70
PARAMETERS_MAX = 7
NESTING_MAX = 4
EXACT = ("primitives", "law", "ledger", "loans", "sharing", "classroom")
STATISTICAL = ("tape", "behaviour", "treatment", "portfolio", "engines")
PURE = EXACT + STATISTICAL
AMBIENT = re.compile(r"(^|\.)(today|now|utcnow|uuid4|getenv|time)$|^(print|open|input)$")
BLOCKS = (ast.If, ast.For, ast.While, ast.With, ast.Try, ast.Match)
SYNONYMS = {
    r"\binstallment": "instalment",
    r"\bemi\b": "instalment amount",
    r"overdue_days": "dpd_days",
    r"\bbehavior(?!_)": "behaviour",
    r"\bwhitelist": "allow list",
}
FOREIGN = {
    r"\bissue \d": "the product speaks only of itself",
    r"\bsub-?agent|\bhelper-\d": "the product speaks only of itself",
    r"/work/|/root/|/tmp/brief": "no path of one machine",
}
COMMENTED_CODE = re.compile(r"^\s*#\s*(def |import |from \w+ import|return |if .*:$|\w+ = .*\()")


def faults(path: str, text: str) -> list[str]:
    """Every fault of one source file (path relative to the package) as `path:line: what, mend`."""
    tree = ast.parse(text)
    found = [*_sizes(tree, text), *_purity(path.split("/")[0], tree), *_words(text)]
    if not ast.get_docstring(tree):
        found.append((1, "no promise; open the file with a one-sentence docstring"))
    return [f"{path}:{line}: {what}" for line, what in sorted(found)]


def _sizes(tree: ast.Module, text: str) -> Iterator[tuple[int, str]]:
    if text.count("\n") > FILE_LINES_MAX:
        yield 1, f"more than {FILE_LINES_MAX} lines; split by noun"
    for node in ast.walk(tree):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if _body_lines(node) > FUNCTION_LINES_MAX:
            yield node.lineno, f"{node.name} is longer than {FUNCTION_LINES_MAX} lines; split it"
        arguments = node.args.posonlyargs + node.args.args + node.args.kwonlyargs
        if len([a for a in arguments if a.arg not in ("self", "cls")]) > PARAMETERS_MAX:
            yield node.lineno, f"{node.name} has too many parameters; make a dataclass"
        if _nesting(node.body) > NESTING_MAX:
            yield node.lineno, f"{node.name} is nested deeper than {NESTING_MAX}; name the inside"


def _body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first = function.body[0]
    docstring = first.end_lineno - first.lineno + 1 if ast.get_docstring(function) else 0
    return function.end_lineno - function.lineno + 1 - docstring


def _nesting(body: list[ast.stmt]) -> int:
    depths = [0]
    for statement in body:
        if isinstance(statement, BLOCKS):
            inner = [*getattr(statement, "body", []), *getattr(statement, "handlers", [])]
            inner += [s for case in getattr(statement, "cases", []) for s in case.body]
            orelse = getattr(statement, "orelse", [])
            # `elif` reads as one level, so it counts as one.
            chained = len(orelse) == 1 and isinstance(orelse[0], ast.If)
            depths.append(1 + _nesting(inner))
            depths.append(_nesting(orelse) if chained else 1 + _nesting(orelse) if orelse else 0)
        elif isinstance(statement, ast.ExceptHandler):
            depths.append(_nesting(statement.body))
    return max(depths)


def _purity(room: str, tree: ast.Module) -> Iterator[tuple[int, str]]:
    if room not in PURE:
        return
    for node in ast.walk(tree):
        called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
        if AMBIENT.search(called):
            yield node.lineno, f"{called}() in a pure room; take the value as an argument"
        unseeded = re.search(r"(default_rng|PCG64)$", called) and not (node.args or node.keywords)
        if unseeded or re.match(r"(np|numpy)\.random\.(rand|seed|choice|normal|shuffle)", called):
            yield node.lineno, f"{called}() throws unseeded dice; take a seed"
        floats = called == "float" or type(getattr(node, "value", None)) is float
        if room in EXACT and floats:
            yield node.lineno, "float in an exact room; use Money or Rate"


def _words(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), 1):
        for word, right in SYNONYMS.items():
            if re.search(word, line, re.IGNORECASE):
                yield number, f"not a word of this house; say {right}"
        for word, why in FOREIGN.items():
            if re.search(word, line, re.IGNORECASE):
                yield number, f"{word}: {why}"
        if COMMENTED_CODE.match(line):
            yield number, "commented-out code; git remembers"
