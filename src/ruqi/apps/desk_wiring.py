"""Where the desk's services meet their plugs; needs Django set up."""

from pathlib import Path

from ruqi.adapters.files import run_folder
from ruqi.adapters.postgres import shelf
from ruqi.primitives.errors import NotThere
from ruqi.services.shelve_run import shelve_run


def shelve(folder: Path) -> int:
    """Put a finished run's folder onto the shelf; its id. Raises NotThere where it is none."""
    try:
        return shelve_run(folder.resolve(), run_folder, shelf)
    except FileNotFoundError as error:
        name = Path(str(error.filename or "")).name
        raise NotThere(f"{folder} is no finished run of this version: it lacks {name}") from error
