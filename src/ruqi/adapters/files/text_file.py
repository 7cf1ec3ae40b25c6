"""A new text file, in UTF-8 with plain line ends; nothing is ever overwritten."""

from pathlib import Path

from ruqi.primitives.errors import OutsideFailed


def write_new(text: str, path: Path) -> None:
    """Write a file, and the folder it stands in where there is none.

    Raises OutsideFailed where that cannot be, a file that is there already included.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise OutsideFailed(f"cannot write {path}: {error.strerror}") from error
