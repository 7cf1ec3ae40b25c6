"""What the services ask of the outside. Ports live with the asker."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import polars as pl

from ruqi.law.pack import Pack
from ruqi.services.held import AccountRows, HeldRun, RunHead
from ruqi.services.progress import Progress
from ruqi.services.run import Run
from ruqi.services.worklist import Load, Work, WorklistQuery
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


class Kept(Protocol):
    """A finished run's folder, read whole."""

    def read_json(self, folder: Path, name: str) -> Any:
        """One document of the run. Raises FileNotFoundError where `folder` holds no run."""
        ...

    def frame(self, folder: Path, name: str) -> pl.DataFrame:
        """One of its tables."""
        ...

    def sha256(self, folder: Path) -> str:
        """One hash over every file's name and bytes."""
        ...


class Shelf(Protocol):
    """Where copies of finished runs are put for the pages, and read from."""

    def known(self, sha256: str) -> int | None:
        """The id of the run with this hash; None where it is not here."""
        ...

    def put(self, run: HeldRun) -> int:
        """Add a run, whole or not at all; its id."""
        ...

    def runs(self) -> list[RunHead]:
        """Every run, the newest first."""
        ...

    def documents(self, run_id: int) -> dict[str, Any]:
        """Every JSON document of a run, by file name; empty where there is no such run."""
        ...

    def plan(self, run_id: int) -> pl.DataFrame:
        """The plan's columns that summaries need, a row an account."""
        ...

    def account(self, run_id: int, account_id: str) -> AccountRows | None:
        """Everything kept of one account; None where it is not in the run's plan."""
        ...

    def note(self, person_id: int | None, act: str, detail: Mapping[str, Any]) -> None:
        """Add to the trail what somebody did."""
        ...


class Lists(Protocol):
    """Who works which account of a run."""

    def work(
        self,
        run_id: int,
        query: WorklistQuery,
        former: int | None,
        accounts: Sequence[str] | None,
    ) -> list[Work]:
        """The accounts that a query finds, all of them or those named, by account."""
        ...

    def loads(self, run_id: int) -> Mapping[str | None, Load]:
        """What each person has of a run, by name; None has what nobody works."""
        ...

    def alone(self, run_id: int) -> AbstractContextManager[None]:
        """Inside, no other assignment of this run is made; all of it happens, or nothing."""
        ...

    def give(self, run_id: int, given: Mapping[str, str | None]) -> None:
        """Let each account be worked by this person; None takes it from whoever has it."""
        ...

    def note(self, person_id: int | None, act: str, detail: Mapping[str, Any]) -> None:
        """Add to the trail what somebody did."""
        ...


Render = Callable[[Run], Mapping[str, bytes]]
