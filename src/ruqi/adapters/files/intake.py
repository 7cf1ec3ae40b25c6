"""Files that somebody brings: each is what its name says, lies where it may, and stays small.

Everything is refused as a whole, with the one file and the one reason named. Archives are unpacked
here and nowhere else.

Sources: OWASP File Upload and ASVS 5.0 V5 (names, types, sizes, archives).
"""

import gzip
import re
import shutil
import stat
import unicodedata
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any
from zipfile import BadZipFile, ZipFile, ZipInfo

from ruqi.adapters.files.workbook import NoWorkbook, size_of

TEXTS = (".csv", ".tsv", ".txt")
KINDS = (*TEXTS, ".gz", ".parquet", ".pq", ".xlsx")
ZIP = ".zip"
BESIDE = ("tape.yaml", "policy.yaml")
DROPPED = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")  # what machines add by themselves
ENTRIES_MAX = 1000
RATIO_MAX = 200  # unpacked to packed, of what unpacks to more than SMALL
SMALL = 16 << 20
CELLS_MAX = 64 << 20  # that a sheet spans: every row of Excel by 64 columns
NAME_MAX = 150  # bytes of one step of a path
DEPTH_MAX = 6
BESIDE_MAX = 1 << 20
CHUNK = 1 << 20
# How files begin that are certainly no table.
MAGIC = (
    *(b"%PDF", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"\xd0\xcf\x11\xe0", b"MZ", b"\x7fELF"),
    *(b"PK\x03\x04", b"PAR1", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf", b"SQLite format 3", b"BZh"),
)
BOMS = (b"\xff\xfe", b"\xfe\xff")


class NotTaken(Exception):
    """Why an upload is refused: a word of the catalogue `refusal`, and its parts."""

    def __init__(self, word: str, file: str = "", **parts: Any) -> None:
        super().__init__(word)
        self.word, self.parts = word, {"file": shown(file), **parts}


@dataclass(frozen=True)
class Received:
    """One file as it came: the name (or path) that its sender gave it, and where its bytes are."""

    name: str
    path: Path


def take(received: Sequence[Received], into: Path, most: int) -> list[dict[str, Any]]:
    """Move files into the new folder `into`, archives unpacked; `{"name", "bytes"}` of each.

    `most` bytes may stand there in the end. Raises NotTaken; what is in `into` then is worthless.
    """
    into.mkdir(mode=0o700)
    names = _without_top([one.name for one in received])
    for one, name in zip(received, names, strict=True):
        if PurePosixPath(name).name in DROPPED:
            continue
        if name.lower().endswith(ZIP):
            _unpack(one.path, name, into, most)
        else:
            place = _place(name, into)
            shutil.move(one.path, place)
    files = sorted(path for path in into.rglob("*") if path.is_file())
    if not any(path.suffix.lower() in KINDS for path in files):
        raise NotTaken("nothing")
    total = 0
    for path in files:
        total += path.stat().st_size
        if total > most:
            raise NotTaken("too_large", most=most >> 20)
        check_content(path, path.relative_to(into).as_posix(), most)
    return listed(into)


def listed(folder: Path) -> list[dict[str, Any]]:
    """`{"name", "bytes"}` of every file in a folder."""
    return [
        {"name": path.relative_to(folder).as_posix(), "bytes": path.stat().st_size}
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    ]


def add_missing(into: Path, earlier: Path) -> None:
    """Take from an earlier upload the files that this one does not bring, its mapping too."""
    for path in sorted(one for one in earlier.rglob("*") if one.is_file()):
        place = into / path.relative_to(earlier)
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, place)


def shown(name: str) -> str:
    """A name fit to be shown: no control signs, not long."""
    plain = "".join(sign if sign.isprintable() else "�" for sign in name)
    return plain if len(plain) <= 80 else f"{plain[:60]}…{plain[-15:]}"


def safe_name(name: str) -> str:
    """A relative path that stays inside its folder and offends no disk. Raises NotTaken."""
    plain = unicodedata.normalize("NFC", name)
    steps = plain.split("/")
    bad = (
        not plain
        or "\\" in plain
        or ":" in steps[0][:3]
        or any(unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Cn") for sign in plain)
        or any(step in ("", ".", "..") or step != step.strip() for step in steps)
    )
    if bad:
        raise NotTaken("path", name)
    if len(steps) > DEPTH_MAX or any(len(step.encode()) > NAME_MAX for step in steps):
        raise NotTaken("long_name", name)
    if any(step.startswith(".") for step in steps):
        raise NotTaken("hidden", name)
    ending = PurePosixPath(plain).suffix.lower()
    if steps[-1].lower() not in BESIDE and ending not in (*KINDS, ZIP):
        raise NotTaken("kind", name)
    return plain


def _place(name: str, into: Path) -> Path:
    safe = safe_name(name)
    place = into / safe
    mine = f"{safe.lower()}/"
    for one in _inside(into):  # the same file again, or a file where the other has a folder
        other = f"{one.as_posix().lower()}/"
        if other.startswith(mine) or mine.startswith(other):
            raise NotTaken("twice", name)
    place.parent.mkdir(parents=True, exist_ok=True)
    return place


def _inside(into: Path) -> Iterator[Path]:
    return (path.relative_to(into) for path in into.rglob("*") if path.is_file())


def _without_top(names: list[str]) -> list[str]:
    """The names without the one folder in which all of them lie."""
    tops = {name.split("/")[0] if "/" in name else "" for name in names}
    if len(tops) == 1 and (top := tops.pop()) and top not in (".", ".."):
        return [name.removeprefix(f"{top}/") for name in names]
    return names


# --- archives -------------------------------------------------------------------------------------


def _unpack(path: Path, archive: str, into: Path, most: int) -> None:
    safe_name(archive)
    try:
        with ZipFile(path) as packed:
            entries = _entries(packed, archive, path.stat().st_size, most)
            names = _without_top([name for _, name in entries])
            for (entry, _), name in zip(entries, names, strict=True):
                if name.lower().endswith(ZIP):
                    raise NotTaken("nested", name)
                with packed.open(entry) as source, _place(name, into).open("xb") as out:
                    shutil.copyfileobj(source, out, CHUNK)  # never more than the entry declares
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, OverflowError) as error:
        raise NotTaken("broken", archive) from error


def _entries(packed: ZipFile, archive: str, size: int, most: int) -> list[tuple[ZipInfo, str]]:
    """What an archive holds, by name, once its sizes and kinds are seen to be sound."""
    found = packed.infolist()
    if len(found) > ENTRIES_MAX:
        raise NotTaken("entries", archive, most=ENTRIES_MAX)
    total = sum(entry.file_size for entry in found)
    if total > most:
        raise NotTaken("unpacks", archive, most=most >> 20)
    if total > SMALL and total > RATIO_MAX * size:
        raise NotTaken("bomb", archive)
    kept = []
    for entry in found:
        name = name_of(entry)
        steps = name.rstrip("/").split("/")
        if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise NotTaken("link", name)
        if entry.flag_bits & 1:
            raise NotTaken("locked", archive)
        if "\\" in entry.orig_filename:
            raise NotTaken("path", entry.orig_filename)
        if any(step in DROPPED for step in steps):
            continue
        if entry.is_dir():
            if ".." in steps or name.startswith("/"):
                raise NotTaken("path", name)
            continue
        kept.append((entry, name))
    return kept


def name_of(entry: ZipInfo) -> str:
    """An entry's name; Windows in China writes it in GBK without saying so."""
    if entry.flag_bits & 0x800:
        return entry.filename
    try:
        raw = entry.filename.encode("cp437")
    except UnicodeEncodeError:
        return entry.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return entry.filename


# --- what a file is -------------------------------------------------------------------------------


def check_content(path: Path, name: str, most: int) -> None:
    """A file is what the end of its name says. Raises NotTaken."""
    ending = path.suffix.lower()
    with path.open("rb") as file:
        head = file.read(1 << 16)
        file.seek(-min(4, path.stat().st_size), 2)
        tail = file.read()
    if not head:
        raise NotTaken("empty", name)
    if PurePosixPath(name).name.lower() in BESIDE:
        if path.stat().st_size > BESIDE_MAX or not _is_text(head):
            raise NotTaken("content", name, kind="YAML")
    elif ending in (".parquet", ".pq"):
        if not (head.startswith(b"PAR1") and tail == b"PAR1"):
            raise NotTaken("content", name, kind="Parquet")
    elif ending == ".xlsx":
        _check_workbook(path, name, most)
    elif ending == ".gz":
        _check_gzip(path, name, most)
    elif not _is_text(head):
        raise NotTaken("content", name, kind="CSV")


def _is_text(head: bytes) -> bool:
    if head.startswith(MAGIC):
        return False
    if re.match(rb"\s*<(!doctype|html|\?xml|script)", head[:200], re.IGNORECASE):
        return False
    wide = head.startswith(BOMS) or max(head[::2].count(0), head[1::2].count(0)) > len(head) // 5
    return wide or b"\0" not in head


def _check_gzip(path: Path, name: str, most: int) -> None:
    size, first = 0, b""
    try:
        with gzip.open(path) as file:
            while chunk := file.read(CHUNK):
                first = first or chunk[: 1 << 16]
                size += len(chunk)
                if size > most:
                    raise NotTaken("unpacks", name, most=most >> 20)
    except (OSError, EOFError, zlib.error) as error:
        raise NotTaken("content", name, kind="gzip") from error
    if size > SMALL and size > RATIO_MAX * path.stat().st_size:
        raise NotTaken("bomb", name)
    if not _is_text(first):
        raise NotTaken("content", name, kind="CSV")


def _check_workbook(path: Path, name: str, most: int) -> None:
    try:
        total, cells = size_of(path, most, CELLS_MAX)
    except NoWorkbook as error:
        raise NotTaken("content", name, kind="XLSX") from error
    if total > most:
        raise NotTaken("unpacks", name, most=most >> 20)
    if cells > CELLS_MAX or (total > SMALL and total > RATIO_MAX * path.stat().st_size):
        raise NotTaken("bomb", name)
