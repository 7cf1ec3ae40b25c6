"""The one place where ports meet their plugs."""

import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ruqi.adapters.files import policy_file, run_folder, tape_source
from ruqi.adapters.files.draft import Draft
from ruqi.adapters.files.draft import draft as draft_manifest
from ruqi.adapters.files.draft import save as save_draft
from ruqi.adapters.files.tape_source import Checked
from ruqi.adapters.report.html import render as render_report
from ruqi.adapters.report.sheet import to_csv
from ruqi.services.explain_account import explain_account
from ruqi.services.ports import Spent
from ruqi.services.progress import Progress
from ruqi.services.run import Run, as_row
from ruqi.services.run_tape import Order, Plugs, run_tape


class StopWatch:
    """Seconds and peak memory of named steps, by the machine's own clock."""

    def __init__(self) -> None:
        self.spent = Spent()

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Measure what happens inside the `with`."""
        started = time.perf_counter()
        yield
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        scale = 1 if sys.platform == "darwin" else 1024  # bytes there, kilobytes elsewhere
        self.spent.steps.append(
            {
                "step": name,
                "seconds": round(time.perf_counter() - started, 3),
                "peak_memory_mb": round(peak * scale / 2**20, 1),
            }
        )


def pages(run: Run) -> dict[str, bytes]:
    """The rendered files of a run."""
    return {
        "plan.csv": to_csv(run.plan.frame),
        "report.html": render_report(run.view()).encode(),
    }


def plugs(progress: Progress) -> Plugs:
    """Everything that `run_tape` needs, on files."""
    return Plugs(
        tapes=tape_source,
        policies=policy_file,
        runs=run_folder,
        render=pages,
        meter=StopWatch(),
        progress=progress,
        version=version("ruqi"),
    )


def check(tape: Path, progress: Progress) -> Checked:
    """Every fault and remark of a tape, read as a stream."""
    return tape_source.check(tape, progress)


def checked_document(checked: Checked) -> dict[str, Any]:
    """The JSON document of a check."""
    return {
        **checked.faults.as_json(),
        "remarks": [as_row(remark) for remark in checked.remarks],
        "rows": dict(checked.rows),
    }


def draft(files: list[Path], out: Path | None) -> Draft:
    """A drafted manifest of a stranger's files, written to `out` where that is given."""
    made = draft_manifest(files, None if out is None else out.parent)
    if out is not None:
        save_draft(made, out)
    return made


def run(order: Order, progress: Progress) -> Run:
    """A whole run, tape to report."""
    return run_tape(order, plugs(progress))


def explain(folder: Path, account_id: str) -> dict[str, Any] | None:
    """One account's story from a finished run, None where it is not in it."""
    return explain_account(folder, account_id, run_folder)
