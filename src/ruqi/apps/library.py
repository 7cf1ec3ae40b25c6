"""Analysts' door: the verbs of the command line on frames, for notebooks and scripts.

A book is a folder with `tape.yaml`, or frames that already carry the contract's column names. Any
frame that speaks the Arrow PyCapsule interface goes in (Polars, pandas, PyArrow, DuckDB); what
comes out are Polars frames, which speak it too.

>>> import ruqi
>>> tape = ruqi.read("examples/lantern")
>>> ruqi.measures(tape).filter(segment="all").height > 0
True
"""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from ruqi.adapters.files import policy_file, tape_source
from ruqi.adapters.files.run_folder import as_json
from ruqi.behaviour import scores
from ruqi.behaviour.scores import NotPossible, Scored
from ruqi.portfolio import measures as measuring
from ruqi.portfolio import rolls as rolling
from ruqi.portfolio import vintage
from ruqi.services.progress import silent
from ruqi.services.run_tape import as_known
from ruqi.tape.columns import Tape
from ruqi.tape.contract import TABLES
from ruqi.tape.remarks import find_remarks
from ruqi.treatment.plan import Plan, build
from ruqi.treatment.policy import Policy

SEED = 42  # of what is drawn by lot where nobody names another
Source = str | Path | Mapping[str, Any]


def read(source: Source, *, as_of: date | None = None, **manifest: Any) -> Tape:
    """A clean book from a tape's folder, a manifest's path, or frames by table name.

    Frames carry the contract's column names (`docs/reference/tape.md`), amounts in major units.
    `manifest` adds keys of tape.yaml for them, `currency` at least.

    Raises:
        InputFaulty: with every fault. FileNotFoundError: no such tape.
    """
    with _folder(source, manifest) as path:
        return as_known(*tape_source.read(path, silent), as_of)[0]


def check(source: Source, **manifest: Any) -> dict[str, Any]:
    """Every fault and remark of a book, as `ruqi check --json` prints them; nothing is raised."""
    from ruqi.apps.wiring import checked_document

    with _folder(source, manifest) as path:
        return checked_document(tape_source.check(path, silent))


def measures(tape: Tape) -> pl.DataFrame:
    """Every defined measure, month by month and by segment, with intervals and remark ids."""
    return measuring.measure(tape, find_remarks(tape))


def rolls(tape: Tape) -> dict[str, Any]:
    """Moves between buckets from each month to the next, exits, and roll rates."""
    return rolling.rolls(tape, find_remarks(tape))


def vintages(tape: Tape) -> dict[str, Any]:
    """Vintages by opening month; immature cells are left out."""
    return vintage.vintages(tape, find_remarks(tape))


def score(
    tape: Tape, score_id: str = "forward", *, policy: Path | None = None, seed: int = SEED
) -> Scored | NotPossible:
    """One of the two scores: `forward` (known on the day) or `outcome` (needs outcomes).

    The forward score's target is that of `policy`, a policy file; default: the shipped one.
    """
    remarks = find_remarks(tape)
    if score_id == "outcome":
        return scores.outcome(tape, remarks, seed)
    if score_id != "forward":
        raise ValueError(f"no score {score_id!r}; there are 'forward' and 'outcome'")
    return scores.forward(tape, remarks, _policy(policy).target(tape.delinquency), seed)


def plan(
    tape: Tape, forward: Scored | NotPossible | None = None, *, policy: Path | None = None
) -> Plan:
    """The plan of the day: `.frame` has one row an open account, `.limits` what binds.

    `policy` is a policy file; default: the shipped one.
    """
    chosen = _policy(policy)
    if forward is None:
        forward = scores.forward(tape, find_remarks(tape), chosen.target(tape.delinquency), SEED)
    return build(tape, forward, chosen, policy_file.pack(chosen, tape))


def _policy(path: Path | None) -> Policy:
    return policy_file.read_policy(path) if path else policy_file.shipped_policy()


def _polars(table: str, frame: Any) -> pl.DataFrame:
    """Any frame as Polars; TypeError says what is taken."""
    if type(frame).__module__.split(".")[0] == "pandas":  # it speaks Arrow only with PyArrow
        cells = frame.astype(object).where(frame.notna(), None)
        return pl.DataFrame({name: cells[name].to_list() for name in cells.columns})
    try:
        return pl.DataFrame(frame)
    except TypeError as error:
        raise TypeError(
            f"table {table!r}: a frame is taken (Polars, pandas, PyArrow or any that speaks the "
            f"Arrow PyCapsule interface), not {type(frame).__name__}; collect a LazyFrame first"
        ) from error


@dataclass
class _folder:  # noqa: N801 - reads as a verb in `with`
    """A tape's path for the length of a `with`; frames are laid down as Parquet first."""

    source: Source
    manifest: Mapping[str, Any]

    def __enter__(self) -> Path:
        """The path."""
        if not isinstance(self.source, Mapping):
            self._held = None
            return Path(self.source)
        frames = {table: _polars(table, frame) for table, frame in self.source.items()}
        self._held = tempfile.TemporaryDirectory()
        folder = Path(self._held.name)
        tables: dict[str, Any] = {}
        for table, columns in frames.items():
            columns.write_parquet(folder / f"{table}.parquet")
            known = {c.name for c in TABLES.get(table, ())}
            mapped = {name: name for name in columns.columns if name in known}
            tables[table] = {"path": f"{table}.parquet", "columns": mapped}
        document = {"tape": "frames", **self.manifest, "tables": tables}
        (folder / "tape.yaml").write_text(as_json(document), encoding="utf-8")  # JSON is YAML
        return folder

    def __exit__(self, *_: object) -> None:
        """Take the laid-down files away."""
        if self._held is not None:
            self._held.cleanup()
