"""Put a finished run's folder onto the shelf, once, whole."""

from pathlib import Path

from ruqi.services.held import HeldRun
from ruqi.services.ports import Kept, Shelf

DOCUMENTS = (
    "run.json",
    "remarks.json",
    "measures.json",
    "definitions.json",
    "trend.json",
    "rolls.json",
    "vintages.json",
    "limits.json",
    "evaluation.json",
    "data_card.json",
)
TABLES = ("plan", "steps", "scores", "history", "measures")
DEALINGS = ("payments", "contacts")  # where the tape has them, and the run is not of an older Ruqi


def shelve_run(folder: Path, kept: Kept, shelf: Shelf) -> int:
    """The id of this run on the shelf; a run that already stands there is left as it is.

    Raises FileNotFoundError where `folder` holds no finished run, or one without its history.
    """
    head = kept.read_json(folder, "run.json")  # first: it says that this is a run at all
    sha256 = kept.sha256(folder)
    there = shelf.known(sha256)
    if there is not None:
        return there
    documents = {name: kept.read_json(folder, name) for name in DOCUMENTS[1:]}
    held_in = {one.get("file") for one in documents["data_card.json"]["tables"]}
    names = [*TABLES, *(one for one in DEALINGS if f"{one}.parquet" in held_in)]
    frames = {name: kept.frame(folder, f"{name}.parquet") for name in names}
    held = HeldRun(str(folder), sha256, {"run.json": head, **documents}, frames)
    return shelf.put(held)
