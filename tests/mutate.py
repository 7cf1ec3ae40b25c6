"""Mutants of the exact rooms: small wrong turns in the code, each of which a unit test must notice.

mutmut writes the mutants, all of its operators, into a copy of the source. One warm pytest session
then forks per mutant and runs the unit tests that reach the function, those of its own file first,
until one fails. A mutant that only a golden page or a property test would notice counts as
survived. Not mutated: decorated functions (properties), defaults of fields, tables of a module.
"""

import argparse
import ast
import difflib
import gc
import json
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol
from mutmut.mutation.file_mutation import mutate_file_contents
from mutmut.state import state

ROOT = Path(__file__).parents[1]
ROOMS = ("primitives", "ledger", "loans")
MARK = "__mutmut_"
KILLED, SURVIVED, TIMEOUT = "killed", "survived", "timeout"
SECONDS, TIMES = 5, 10  # a mutant may use this much, and its tests' own time so many times
MEMORY_BYTES = 8 << 30  # a loop that never ends must not eat the machine
Z95 = 1.959963984540054


@dataclass(frozen=True)
class Mutant:
    """One changed function: its file, its name in the mutated file, and that file's text."""

    path: str
    name: str
    text: str

    @property
    def function(self) -> str:
        """The function it changes, as a call of it is recorded."""
        module = self.path.removesuffix(".py").replace("/", ".")
        return f"ruqi.{module}.{self.name.rpartition(MARK)[0]}"

    @property
    def mirror(self) -> str:
        """The unit tests of its own file."""
        folder, _, name = self.path.rpartition("/")
        return f"tests/unit/{folder}/test_{name}::"


def write_mutants(room: str, source: Path) -> Iterator[Mutant]:
    """Write every mutant of a room into a copy of the source; the text runs as before until one
    is chosen."""
    for path in sorted((source / "ruqi" / room).rglob("*.py")):
        made = mutate_file_contents(str(path), path.read_text(encoding="utf-8"))
        path.write_text(made.code, encoding="utf-8")
        own = path.relative_to(source / "ruqi").as_posix()
        yield from (Mutant(own, name, made.code) for name in made.mutant_names)


@dataclass(frozen=True)
class Reach:
    """What one test does on unchanged code: whether it passes, how long, which functions."""

    passes: bool
    seconds: float
    functions: frozenset[str]


class Hunt:
    """A pytest plugin: instead of running the collected tests once, it hunts every mutant."""

    def __init__(self, mutants: Sequence[Mutant]) -> None:
        self.mutants = mutants
        self.found: dict[Mutant, str] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Learn who reaches what, then fork per mutant."""
        gc.collect()
        gc.freeze()  # children share these pages only while no collector touches them
        items = {item.nodeid: item for item in session.items}
        reach = {name: reached(item) for name, item in items.items()}
        failing = [name for name, found in reach.items() if not found.passes]
        if failing:
            pytest.exit(f"red before any change: {', '.join(failing)}", returncode=1)
        for number, mutant in enumerate(self.mutants, start=1):
            names = [name for name, found in reach.items() if mutant.function in found.functions]
            names.sort(key=lambda n, own=mutant.mirror: (not n.startswith(own), reach[n].seconds))
            limit = SECONDS + TIMES * sum(reach[name].seconds for name in names)
            self.found[mutant] = hunted(mutant, [items[name] for name in names], int(limit))
            if number % 100 == 0:
                print(f"{number} of {len(self.mutants)} ...", file=sys.stderr)
        return True


def passed(item: pytest.Item) -> bool:
    """Run one test, quietly; whether it passed."""
    return not any(report.failed for report in runtestprotocol(item, log=False, nextitem=None))


def reached(item: pytest.Item) -> Reach:
    """What a test reaches, told by a child so that the parent stays as it was."""
    reader, writer = os.pipe()
    pid = os.fork()
    if not pid:
        quiet("stats")
        start = time.process_time()
        passes = passed(item)
        told = [passes, time.process_time() - start, sorted(state()._stats)]
        with os.fdopen(writer, "w") as pipe:
            json.dump(told, pipe)
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        passes, seconds, functions = json.load(pipe)
    os.waitpid(pid, 0)
    return Reach(passes, seconds, frozenset(functions))


def hunted(mutant: Mutant, items: Sequence[pytest.Item], limit_seconds: int) -> str:
    """Run these tests on one mutant until one fails; killed, survived or timeout."""
    pid = os.fork()
    if not pid:
        module, _, _ = mutant.function.rpartition(".")
        quiet(f"{module}.{mutant.name}")
        resource.setrlimit(resource.RLIMIT_CPU, (limit_seconds, limit_seconds + 1))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        survives = False
        try:
            survives = all(passed(item) for item in items)
        finally:  # whatever it raised, the child ends here
            os._exit(0 if survives else 1)
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL):
        return TIMEOUT
    return KILLED if status else SURVIVED


def quiet(chosen: str) -> None:
    """In a child: choose a mutant (or `stats`) and say nothing."""
    os.environ["MUTANT_UNDER_TEST"] = chosen
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # an interrupt is for the parent to tell
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)


def difference(mutant: Mutant) -> str:
    """What the mutant changed, line by line."""
    functions = {
        node.name: ast.unparse(node).replace(node.name, "", 1).splitlines()
        for node in ast.walk(ast.parse(mutant.text))
        if isinstance(node, ast.FunctionDef)
    }
    before = functions[f"{mutant.name.rpartition(MARK)[0]}{MARK}orig"]
    lines = difflib.unified_diff(before, functions[mutant.name], n=0, lineterm="")
    changed = [line for line in lines if not line.startswith(("---", "+++", "@@"))]
    return "\n".join(f"    {line}" for line in changed)


def wilson(part: int, n: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927)."""
    share, z2 = part / n, Z95 * Z95
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z95 / (1 + z2 / n) * (share * (1 - share) / n + z2 / (4 * n * n)) ** 0.5
    return max(middle - half, 0.0), min(middle + half, 1.0)


def say(found: dict[Mutant, str], written: Counter[str], sampled: bool) -> None:
    """Print the survivors, the table of files, and each room's share of killed mutants."""
    survivors = [mutant for mutant, fate in found.items() if fate == SURVIVED]
    for mutant in sorted(survivors, key=lambda m: (m.path, m.name)):
        print(f"{mutant.path} {mutant.name}\n{difference(mutant)}")
    print(f"\n{'file':36}{'written':>9}{'tried':>7}{'killed':>8}{'timeout':>9}{'survived':>10}")
    for path, count in written.items():
        fates = Counter(fate for mutant, fate in found.items() if mutant.path == path)
        row = (fates.total(), fates[KILLED], fates[TIMEOUT], fates[SURVIVED])
        print(f"{path:36}{count:9}" + "{:7}{:8}{:9}{:10}".format(*row))
    rooms = dict.fromkeys(path.split("/")[0] for path in written)
    for room in (*rooms, "all") if len(rooms) > 1 else rooms:
        fates = [f for m, f in found.items() if room in ("all", m.path.split("/")[0])]
        if fates:
            noticed = len(fates) - fates.count(SURVIVED)
            low, high = wilson(noticed, len(fates))
            interval = f", 95 % interval {low:.1%} to {high:.1%}" if sampled else ""
            share = f"{noticed} of {len(fates)} = {noticed / len(fates):.1%}"
            print(f"{room}: killed or timed out {share}{interval}")


def main(words: Sequence[str]) -> int:
    """Mutate the rooms named (default: all three), or a sample of their mutants."""
    parser = argparse.ArgumentParser(prog="./dev mutate", description=__doc__.split("\n")[0])
    parser.add_argument("rooms", nargs="*", metavar="ROOM", help=f"of {', '.join(ROOMS)}")
    parser.add_argument("--sample", type=int, metavar="N", help="only N mutants, drawn by --seed")
    parser.add_argument("--seed", type=int, default=1, metavar="S")
    asked = parser.parse_args(words)
    rooms = asked.rooms or ROOMS
    if not set(rooms) <= set(ROOMS):
        parser.error(f"rooms are {', '.join(ROOMS)}")
    os.chdir(ROOT)
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "src"
        shutil.copytree(ROOT / "src", source)
        mutants = [mutant for room in rooms for mutant in write_mutants(room, source)]
        written = Counter(mutant.path for mutant in mutants)
        if asked.sample is not None and asked.sample < len(mutants):
            places = random.Random(asked.seed).sample(range(len(mutants)), asked.sample)
            mutants = [mutants[place] for place in places]  # in the order drawn: see below
        hunt = Hunt(mutants)
        os.environ["MUTANT_UNDER_TEST"] = ""
        tests = [f"tests/unit/{room}" for room in ROOMS]
        quietly = ["-q", "-s", "--no-header", "--no-summary", "-pno:cacheprovider", "-pno:xdist"]
        code = pytest.main([*quietly, f"-opythonpath={source} tests", *tests], plugins=[hunt])
    # A sample that is interrupted is still a sample, only smaller.
    whole = len(hunt.found) == len(mutants)
    if not whole and not (asked.sample and hunt.found and code == pytest.ExitCode.INTERRUPTED):
        return int(code) or 1
    say(hunt.found, written, sampled=len(hunt.found) < written.total())
    return 0 if whole else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
