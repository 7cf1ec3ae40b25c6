"""Folders of uploads and their runs: a folder is whole and on the disk before it has its name.

`ROOT/<key>/tape` holds an upload's files, `ROOT/<key>/runs/<job>` a run's. What is still being
received stands in `ROOT/.half`, on the same disk, and is swept away by the next start. So is what
nobody was told of: it holds the file `.unconfirmed`. Other folders that the database does not know,
as after the restoring of an older backup, are set aside and come back once it knows them.
"""

import fcntl
import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

HALF, ASIDE = ".half", "set-aside"
UNCONFIRMED = ".unconfirmed"


def half(root: Path) -> Path:
    """Where unfinished things stand, made where it is missing."""
    folder = root / HALF
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def tape_of(root: Path, key: str) -> Path:
    """An upload's own files."""
    return root / key / "tape"


def run_of(root: Path, key: str, job_id: int) -> Path:
    """The folder of the run that a job makes."""
    return root / key / "runs" / str(job_id)


def settle(made: Path, root: Path, key: str) -> Path:
    """Bring a folder of files (in `half`) to its upload's place: on the disk first, then named.

    After this returns, not even a power cut loses it; until `confirm` it counts as unconfirmed.
    Returns the place.
    """
    for path in sorted(made.rglob("*")):
        sync(path)
    sync(made)
    outer = made.parent / f"{key}.outer"
    outer.mkdir(mode=0o700)
    made.rename(outer / "tape")
    (outer / UNCONFIRMED).touch()
    sync(outer)
    outer.rename(root / key)
    sync(root)
    return tape_of(root, key)


def confirm(root: Path, key: str) -> None:
    """The database knows this upload now: it is no longer swept away."""
    (root / key / UNCONFIRMED).unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Have a file's bytes, or a folder's names, on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_run(out: Path) -> None:
    """Have a finished run's folder on the disk before anybody is told of it."""
    for path in sorted(out.iterdir()):
        sync(path)
    for folder in (out, out.parent):
        sync(folder)


def replace_text(path: Path, text: str) -> None:
    """Write a small file so that a reader sees the old or the new one, and the new one stays."""
    made = path.with_name(f".{path.name}.new")
    with made.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    made.replace(path)
    sync(path.parent)


def clear_attempts(out: Path) -> None:
    """Take away what a run that was cut short left beside its place."""
    for left in out.parent.glob(f".{out.name}.*"):
        shutil.rmtree(left, ignore_errors=True)


def clear_run(out: Path) -> None:
    """Take away all of a run that nobody was told of."""
    shutil.rmtree(out, ignore_errors=True)
    clear_attempts(out)


def discard(root: Path, key: str) -> None:
    """Take an upload's files away, at once or at the next start; its runs stay."""
    gone = half(root) / f"{key}.gone"
    with suppress(FileNotFoundError):
        tape_of(root, key).rename(gone)
    shutil.rmtree(gone, ignore_errors=True)


@contextmanager
def opened(root: Path, kept: Callable[[], Mapping[str, bool]]) -> Iterator[list[str]]:
    """The folders, for who receives uploads; gives the keys of those that were set aside first.

    Where nobody else receives here, halves go, and folders that nobody was told of. Confirmed ones
    that `kept` does not name are set aside; those that it names are brought back from there. Where
    it says that an upload's files are not kept, they go.
    """
    half(root)
    lock = root / ".lock"
    lock.touch(mode=0o600)
    with lock.open("r") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            aside: list[str] = []
        else:
            aside = _sweep(root, kept())
        fcntl.flock(held, fcntl.LOCK_SH)
        yield aside


def _sweep(root: Path, known: Mapping[str, bool]) -> list[str]:
    for key, files in known.items():
        if (root / ASIDE / key).is_dir() and not (root / key).exists():
            (root / ASIDE / key).rename(root / key)
        if not files:
            discard(root, key)
    for path in sorted(half(root).iterdir()):
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    aside = []
    for path in sorted(root.iterdir()):
        if not (path.is_dir() and re.fullmatch("[0-9a-f]{32}", path.name)):
            continue
        if path.name in known:
            confirm(root, path.name)
        elif (path / UNCONFIRMED).exists():
            shutil.rmtree(path, ignore_errors=True)
        else:
            (root / ASIDE).mkdir(mode=0o700, exist_ok=True)
            path.rename(root / ASIDE / path.name)
            aside.append(path.name)
    return aside
