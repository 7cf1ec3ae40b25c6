"""What the services ask of the outside. Ports live with the asker."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from ruqi.law.pack import Pack
from ruqi.services.progress import Progress
from ruqi.services.run import Run
from ruqi.tape.columns import Tape
from ruqi.tape.remarks import Remark
from ruqi.treatment.policy import Policy


@dataclass
class Spent:
    """What the steps of a run cost, in order: seconds, and peak memory of the process so far."""

    steps: list[dict[str, Any]] = field(default_factory=list)


class Meter(Protocol):
    """Measures named steps; the clock is the outside's."""

    spent: Spent

    def step(self, name: str) -> AbstractContextManager[None]:
        """Measure what happens inside the `with`."""
        ...


class Tapes(Protocol):
    """Where books come from."""

    def read(self, tape: Path, progress: Progress) -> tuple[Tape, list[Remark]]:
        """The clean book and what is remarkable in it. Raises InputFaulty with every fault."""
        ...


class Policies(Protocol):
    """Where policies and law packs come from."""

    def policy(self, tape: Path, chosen: Path | None) -> Policy:
        """The chosen policy, else the one beside the tape, else the shipped one."""
        ...

    def pack(self, policy: Policy, tape: Tape) -> Pack:
        """The law pack that the policy names, read at the date that it states."""
        ...


class Runs(Protocol):
    """Where finished runs are kept: all or nothing."""

    def reserve(self, out: Path) -> None:
        """Before the work: raise FileExistsError unless `out` is new or empty, OutsideFailed where
        nothing can be written there.
        """
        ...

    def write(self, out: Path, run: Run, pages: Mapping[str, bytes]) -> None:
        """Write every file of a run at once; `pages` are rendered files by name."""
        ...


class StoredRuns(Protocol):
    """Where finished runs are read from."""

    def read_json(self, folder: Path, name: str) -> Any:
        """One document of the run. Raises FileNotFoundError where `folder` holds no run."""
        ...

    def rows_of(self, folder: Path, name: str, account_id: str) -> list[dict[str, Any]]:
        """One account's rows of one of its tables; none where an older run lacks the table."""
        ...


Render = Callable[[Run], Mapping[str, bytes]]
