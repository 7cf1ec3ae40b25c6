"""Folders of uploads and their runs: a folder is whole and on the disk before it has its name.

`ROOT/<key>/tape` holds an upload's files, `ROOT/<key>/runs/<job>` a run's. What is still being
received stands in `ROOT/.half`, on the same disk, and is swept away by the next start.
"""

import fcntl
import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

HALF = ".half"


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

    After this returns, not even a power cut loses it. Returns the place.
    """
    for path in sorted(made.rglob("*")):
        sync(path)
    sync(made)
    outer = made.parent / f"{key}.outer"
    outer.mkdir(mode=0o700)
    made.rename(outer / "tape")
    sync(outer)
    outer.rename(root / key)
    sync(root)
    return tape_of(root, key)


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


def discard(root: Path, key: str) -> None:
    """Take an upload's files away, at once or at the next start; its runs stay."""
    gone = half(root) / f"{key}.gone"
    with suppress(FileNotFoundError):
        tape_of(root, key).rename(gone)
    shutil.rmtree(gone, ignore_errors=True)


@contextmanager
def opened(root: Path, kept: Callable[[], Mapping[str, bool]]) -> Iterator[list[str]]:
    """The folders, for who receives uploads; gives what was swept away first.

    Where nobody else receives here, halves go, and folders that nobody was told of: those not named
    by `kept`. Where it says that an upload's files are not kept, they go.
    """
    half(root)
    lock = root / ".lock"
    lock.touch(mode=0o600)
    with lock.open("r") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            gone: list[str] = []
        else:
            gone = _sweep(root, kept())
        fcntl.flock(held, fcntl.LOCK_SH)
        yield gone


def _sweep(root: Path, known: Mapping[str, bool]) -> list[str]:
    for key, files in known.items():
        if not files:
            discard(root, key)
    for path in sorted(half(root).iterdir()):
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    gone = []
    for path in sorted(root.iterdir()):
        if path.is_dir() and path.name not in known and re.fullmatch("[0-9a-f]{32}", path.name):
            shutil.rmtree(path, ignore_errors=True)
            gone.append(path.name)
    return gone
