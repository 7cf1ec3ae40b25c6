"""What is done on an upload away from the pages: draft a mapping, check it, run it to the shelf."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from ruqi.primitives.errors import InputFaulty, NotThere, OutsideFailed, PolicyError
from ruqi.services.progress import Progress
from ruqi.services.veil import veiled_faults
from ruqi.tape.faults import FaultLog


class Kind(StrEnum):
    """Pieces of work, in the order in which a book meets them."""

    DRAFT = "draft"
    CHECK = "check"
    RUN = "run"


class State(StrEnum):
    """Where a piece of work stands. The first two are unfinished."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAULTY = "faulty"  # the files or the mapping have faults; nothing was written
    REFUSED = "refused"  # the policy or the law
    FAILED = "failed"  # our bug, the machine, or a worker that died too often
    STOPPED = "stopped"  # by somebody


UNFINISHED = (State.WAITING, State.RUNNING)
SHELVE = "shelve"  # a run's last step, by which it is finished and no longer stopped
TRIES = 3  # a job whose worker died is taken up again so often in all


@dataclass(frozen=True)
class Task:
    """A piece of work as a worker takes it up; `key` is its upload's folder."""

    id: int
    kind: Kind
    upload_id: int
    key: str
    tries: int
    name: str = ""  # of its upload


@dataclass(frozen=True)
class Outcome:
    """How it ended. `result` is JSON: a check's document, an error's parts."""

    state: State
    result: Mapping[str, Any] = field(default_factory=dict)
    run_id: int | None = None


@dataclass(frozen=True)
class Hands:
    """The outside that the work needs; each takes the tape's folder first.

    `run` writes the run's folder, all or nothing, and leaves one that is finished as it is.
    """

    draft: Callable[[Path, str], Mapping[str, Any]]  # the name that the book shall have
    check: Callable[[Path, Progress], Mapping[str, Any]]
    run: Callable[[Path, Path, Progress], None]
    shelve: Callable[[Path], int]


def work(task: Task, tape: Path, out: Path, hands: Hands, progress: Progress) -> Outcome:
    """Do one piece of work on the tape's folder; a run goes to `out`. Refusals are outcomes."""
    try:
        if task.kind is Kind.DRAFT:
            progress("draft", 0, None)
            return Outcome(State.DONE, hands.draft(tape, task.name))
        if task.kind is Kind.CHECK:
            found = veiled_faults(hands.check(tape, progress))
            return Outcome(State.FAULTY if found["counts"] else State.DONE, found)
        hands.run(tape, out, progress)
        # SHELVE, spelt out as every step is: its name in both languages is sought by that.
        progress("shelve", 0, None)
        return Outcome(State.DONE, run_id=hands.shelve(out))
    except InputFaulty as error:
        return Outcome(State.FAULTY, faulty(error))
    except PolicyError as error:
        said = {"file": error.file, "line": error.line}
        return Outcome(
            State.REFUSED, said | {"problem": error.problem, "mend": error.mend, "error": "policy"}
        )
    except (OutsideFailed, NotThere) as error:
        return Outcome(State.FAILED, {"error": "outside", "problem": str(error)})


def faulty(error: InputFaulty) -> dict[str, Any]:
    """The document of a tape with faults, as a check writes it."""
    log = error.faults
    found = log.as_json() if isinstance(log, FaultLog) else {"faults": list(log), "counts": {}}
    return veiled_faults({**found, "remarks": []})
