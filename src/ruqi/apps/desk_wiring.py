"""Where the desk's services meet their plugs; needs Django set up."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruqi.adapters.files import mapping, run_folder, tape_source, upload_folders
from ruqi.adapters.postgres import shelf
from ruqi.apps import wiring
from ruqi.primitives.errors import NotThere
from ruqi.services.progress import Progress
from ruqi.services.run_tape import Order
from ruqi.services.shelve_run import shelve_run
from ruqi.services.work import Hands


def shelve(folder: Path) -> int:
    """Put a finished run's folder onto the shelf; its id. Raises NotThere where it is none."""
    try:
        return shelve_run(folder.resolve(), run_folder, shelf)
    except FileNotFoundError as error:
        name = Path(str(error.filename or "")).name
        raise NotThere(f"{folder} is no finished run of this version: it lacks {name}") from error


def hands() -> Hands:
    """What the worker's work needs, on files and on the shelf."""
    return Hands(draft=mapping.look, check=_check, run=_run, shelve=shelve)


def _check(tape: Path, progress: Progress) -> Mapping[str, Any]:
    mapping.stay_inside(tape)
    return wiring.checked_document(tape_source.check(tape, progress))


def _run(tape: Path, out: Path, progress: Progress) -> None:
    if (out / "run.json").is_file():  # an earlier try came so far; its folder is whole
        return
    mapping.stay_inside(tape)
    upload_folders.clear_attempts(out)
    wiring.run(Order(tape, out), progress)
    upload_folders.sync_run(out)
