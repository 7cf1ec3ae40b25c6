"""A run's folder: written all or nothing, read back for its readers.

Docs: docs/reference/run.md says what each file holds.
"""

import errno
import hashlib
import json
import math
import shutil
import tempfile
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from ruqi.primitives.errors import OutsideFailed
from ruqi.services.run import Run


def as_json(value: Any) -> str:
    """Stable JSON text: UTF-8, two spaces, ISO dates, null for what is not a number."""
    return json.dumps(_plain(value), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    if hasattr(value, "item"):  # a numpy scalar
        return _plain(value.item())
    return value


def reserve(out: Path) -> None:
    """See that a run can be written to `out`, before any work is done for it. Leaves no trace.

    Raises:
        FileExistsError: `out` is not a new or empty folder; says why.
        OutsideFailed: nothing can be written there.
    """
    place = out.resolve()
    try:
        _free(out, place)
        above = next(folder for folder in place.parents if folder.exists())
        Path(tempfile.mkdtemp(prefix=f".{place.name}.", dir=above)).rmdir()
    except FileExistsError:
        raise
    except OSError as error:
        raise OutsideFailed(f"cannot write to {out}: {error.strerror}") from error


def _free(out: Path, place: Path) -> None:
    """Raise FileExistsError with a sentence unless a folder can be moved to `place`."""
    file = next((one for one in (place, *place.parents) if one.is_file()), None)
    if file is not None:
        shown = out if file == place else file
        raise FileExistsError(f"{shown} is a file; choose a new or empty folder")
    if place.is_dir() and any(place.iterdir()):
        raise FileExistsError(
            f"{out} is not empty; choose a new or empty folder, nothing is overwritten"
        )
    if place.is_mount():
        raise FileExistsError(f"{out} is a mounted volume; choose a new folder inside it")


def write(out: Path, run: Run, pages: Mapping[str, bytes]) -> None:
    """Write a run beside `out` and move it into place in one step, so no half run is ever seen.

    Raises FileExistsError where `out` was filled meanwhile, OutsideFailed where writing fails;
    either way nothing of the run is left.
    """
    place = out.resolve()
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=f".{place.name}.", dir=place.parent))
    except OSError as error:
        raise OutsideFailed(f"cannot write to {out}: {error.strerror}") from error
    try:
        _write_files(partial, run, pages)
        partial.chmod(0o755)
        partial.replace(place)  # atomic; an empty folder at `place` is replaced, a full one is not
    except OSError as error:
        if error.errno in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR):
            raise FileExistsError(
                f"{out} was filled by someone else while this run was under way; nothing of this "
                "run is kept, choose another folder"
            ) from error
        raise OutsideFailed(f"cannot write to {out}: {error.strerror}") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _write_files(folder: Path, run: Run, pages: Mapping[str, bytes]) -> None:
    documents = {
        "run.json": run.info,
        "remarks.json": {"remarks": run.remark_rows()},
        "measures.json": {"measures": run.measures.to_dicts()},
        "definitions.json": {"definitions": run.definitions},
        "trend.json": run.trend,
        "rolls.json": run.rolls,
        "vintages.json": run.vintages,
        "limits.json": {"limits": run.plan.limits, "summary": run.plan.summary},
        "evaluation.json": run.evaluation,
        "data_card.json": run.data_card,
    }
    frames = {
        "measures.parquet": run.measures,
        "scores.parquet": run.scores,
        "plan.parquet": run.plan.frame,
        "steps.parquet": run.plan.steps,
        "history.parquet": run.history,
        "absent.parquet": run.plan.absent,
        "payments.parquet": run.payments,
        "contacts.parquet": run.contacts,
    }
    for name, document in documents.items():
        (folder / name).write_text(as_json(document), encoding="utf-8", newline="\n")
    for name, frame in frames.items():
        if frame is not None:
            frame.write_parquet(folder / name, compression="zstd", statistics=False)
    for name, page in pages.items():
        (folder / name).write_bytes(page)


def read_json(folder: Path, name: str) -> Any:
    """One document of a finished run. Raises FileNotFoundError where `folder` is no run."""
    return json.loads((folder / name).read_text(encoding="utf-8"))


def frame(folder: Path, name: str) -> pl.DataFrame:
    """One Parquet file of a finished run. Raises FileNotFoundError, with its name, without it."""
    (folder / name).stat()
    return pl.read_parquet(folder / name)


def sha256(folder: Path) -> str:
    """One hash over every file of a finished run, by name, and its bytes."""
    whole = hashlib.sha256()
    for path in sorted(one for one in folder.iterdir() if one.is_file()):
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        whole.update(f"{path.name} {digest}\n".encode())
    return whole.hexdigest()


def rows_of(folder: Path, name: str, account_id: str) -> list[dict[str, Any]]:
    """The rows of one account in one Parquet file of a run; none if an older run lacks the file."""
    if not (folder / name).exists() and (folder / "run.json").exists():
        return []
    return pl.read_parquet(folder / name).filter(pl.col("account_id") == account_id).to_dicts()
