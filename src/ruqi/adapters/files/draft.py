"""Opens a stranger's files (encoding, delimiter, header, sheets) and drafts a manifest for them."""

import codecs
import csv
import gzip
import io
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
from python_calamine import CalamineError, CalamineWorkbook

from ruqi.primitives.errors import InputFaulty, OutsideFailed
from ruqi.tape.cells import WHITE
from ruqi.tape.draft import propose
from ruqi.tape.draft_codes import Said
from ruqi.tape.draft_shape import BookDraft, FileLook
from ruqi.tape.draft_yaml import text_of
from ruqi.tape.faults import Fault, FaultLog

BYTES_MAX = 64 << 20  # looked at in one file; what lies beyond is only checked, not drafted from
ROWS_MAX = 1_000_000
HEADER_ROWS = 12  # among these the header is sought
DELIMITERS = (",", ";", "\t", "|")
BOMS = (
    (codecs.BOM_UTF8, "utf-8"),  # the reader accepts the mark
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SHEETS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")


@dataclass(frozen=True)
class Draft:
    """A manifest's text, what it is unsure of (English, Chinese), and the draft as values.

    `folder` is where it must stand: its paths are relative to that. `to_copy` are the files that do
    not lie there yet.
    """

    yaml_text: str
    unsure: list[str]
    unsure_zh: list[str]
    book: BookDraft
    folder: Path = Path()
    to_copy: tuple[Path, ...] = ()

    @property
    def tables(self) -> Mapping[str, tuple[str, ...]]:
        """The files that each table was seen in."""
        return {name: tuple(table.paths) for name, table in self.book.tables.items()}


def draft(paths: list[Path], into: Path | None = None) -> Draft:
    """A manifest for these files, to stand in the folder `into`; default: the one above them all.

    A tape holds its own files. Where `into` is no folder above them, the paths are those that the
    files have once they are copied there.

    Raises InputFaulty with a FaultLog, where files cannot be read as what their names say.
    """
    files = sorted({path.resolve() for path in paths})
    above = Path(os.path.commonpath([path.parent for path in files]))
    folder = above if into is None else into.resolve()
    base = folder if above.is_relative_to(folder) else above
    looks, log = [], FaultLog()
    for path in files:
        name = path.relative_to(base).as_posix()
        try:
            looks += _opened(path, name)
        except UnicodeDecodeError as error:
            mend = "save the file as UTF-8 text, or give it the ending of what it is"
            log.add(_fault("encoding", name, str(error.object[error.start : error.end]), mend))
        except (pl.exceptions.PolarsError, CalamineError, csv.Error, OSError, EOFError) as error:
            said = (str(error).splitlines() or [type(error).__name__])[0]
            log.add(_fault("unreadable", name, said[:80], "write the file again"))
    if log.total:
        raise InputFaulty(log, log.total)
    name = files[0].stem if len(files) == 1 else folder.name
    book = propose(looks, name or "book")
    doubts = book.unsure()
    return Draft(
        text_of(book),
        [en for en, _ in doubts],
        [zh for _, zh in doubts],
        book,
        folder,
        () if base == folder else _used(files, base, book),
    )


def _used(files: list[Path], base: Path, book: BookDraft) -> tuple[Path, ...]:
    return tuple(path for path in files if path.relative_to(base).as_posix() not in book.unused)


def save(made: Draft, out: Path) -> None:
    """Write a draft, and the folder it stands in where there is none; nothing is overwritten.

    Raises OutsideFailed where that cannot be.
    """
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with out.open("x", encoding="utf-8", newline="\n") as file:
            file.write(made.yaml_text)
    except OSError as error:
        raise OutsideFailed(f"cannot write {out}: {error.strerror}") from error


def _fault(kind: str, name: str, found: str, mend: str) -> Fault:
    return Fault(kind, None, name, 0, None, found, "a table: text, Parquet or a workbook", mend)


def _opened(path: Path, name: str) -> list[FileLook]:
    kind = path.suffix.lower()
    if kind in (".parquet", ".pq"):
        return [_parquet(path, name)]
    if kind in SHEETS:
        return _sheets(path, name)
    return [_text(path, name)]


# --- text files ---------------------------------------------------------------------------------


def _text(path: Path, name: str) -> FileLook:
    raw, whole = _bytes(path)
    encoding, doubts = sniff_encoding(raw, whole)
    text = _decoded(raw, encoding, whole)
    delimiter = sniff_delimiter(text)
    rows = csv.reader(io.StringIO(text[: 1 << 16], newline=""), delimiter=delimiter)
    first = [row for row, _ in zip(rows, range(HEADER_ROWS), strict=False)]
    above, header_doubts = _header_row(first)
    body = text.split("\n", above)[-1] if above else text
    frame = _frame(body, delimiter)
    whole = whole and frame.height < ROWS_MAX
    doubts = (*doubts, *header_doubts, *(() if whole else (_PART_ONLY,)))
    return FileLook(name, _trimmed(frame), encoding, delimiter, doubts=doubts, whole=whole)


def _frame(text: str, delimiter: str) -> pl.DataFrame:
    """The cells of a text; row by row where it is no clean CSV, as a draft needs no clean one."""
    try:
        return pl.read_csv(
            io.BytesIO(text.encode()),
            separator=delimiter,
            infer_schema=False,
            truncate_ragged_lines=True,
            n_rows=ROWS_MAX,
        )
    except pl.exceptions.PolarsError:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
        header = rows[0] if rows else []
        columns = {
            title: [row[place] if place < len(row) else None for row in rows[1:]]
            for place, title in enumerate(header)
        }
        return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))


_PART_ONLY: Said = (
    "the file is large: only its beginning was looked at, codes further down may be new",
    "文件较大：仅查看了开头部分，后面可能出现新的编码",
)


def _bytes(path: Path) -> tuple[bytes, bool]:
    """The beginning of a file and whether that is all of it; a cut line is left out."""
    with gzip.open(path) if path.suffix.lower() == ".gz" else path.open("rb") as file:
        raw = file.read(BYTES_MAX + 1)
    if len(raw) <= BYTES_MAX:
        return raw, True
    return raw[:BYTES_MAX], False


def sniff_encoding(raw: bytes, whole: bool = True) -> tuple[str, tuple[Said, ...]]:
    """The encoding's name and doubts: byte order marks, UTF-8, GB18030, then UTF-16."""
    for mark, name in BOMS:
        if raw.startswith(mark):
            return name, ()
    some = raw[: 1 << 16]
    if some.count(0) > len(some) // 5:
        little = some[1::2].count(0) >= some[::2].count(0)
        return ("utf-16-le" if little else "utf-16-be"), ()
    for name in ("utf-8", "gb18030"):
        try:
            text = _decoded(raw, name, whole)
        except UnicodeDecodeError:
            continue
        if name == "utf-8" or _is_chinese(text):
            return name, ()
    if _is_big5(raw, whole):
        return "big5", (_guess("big5"),)
    return "cp1252", (_guess("cp1252"),)


def _guess(name: str) -> Said:
    return (
        f"the encoding is guessed to be {name}; look at a few words with accents or characters",
        f"编码推测为 {name}；请核对若干含特殊字符的文字",
    )


def _decoded(raw: bytes, encoding: str, whole: bool) -> str:
    text = codecs.getincrementaldecoder(encoding)("strict").decode(raw, final=whole)
    text = text.removeprefix("\ufeff")
    return text if whole else text[: text.rfind("\n") + 1]


def _is_chinese(text: str) -> bool:
    """Whether a text read as GB18030 makes sense: common characters, and seldom one alone.

    Western letters with accents also decode, as single rare characters between letters.
    """
    signs = re.findall(r"[\u4e00-\u9fff]", text[: 1 << 18])
    lone = re.findall(r"(?<=[A-Za-z])[\u4e00-\u9fff](?=[A-Za-z])", text[: 1 << 18])
    common = sum(_in_gb2312(sign) for sign in signs)
    return bool(signs) and len(lone) < len(signs) / 3 and common > 0.8 * len(signs)


def _in_gb2312(sign: str) -> bool:
    try:
        return bool(sign.encode("gb2312"))
    except UnicodeEncodeError:
        return False


def _is_big5(raw: bytes, whole: bool) -> bool:
    try:
        text = _decoded(raw, "big5", whole)
    except UnicodeDecodeError:
        return False
    return len(re.findall(r"[\u4e00-\u9fff]{2}", text)) > len(text) / 200


def sniff_delimiter(text: str) -> str:
    """The mark that divides most rows into the same number of cells, more than one."""
    best, most = ",", 0.0
    for mark in DELIMITERS:
        rows = csv.reader(io.StringIO(text[: 1 << 16], newline=""), delimiter=mark)
        widths = [len(row) for row, _ in zip(rows, range(100), strict=False) if row]
        widths = widths[:-1] if len(widths) > 2 else widths  # the last may be cut
        if not widths:
            continue
        usual = max(set(widths), key=lambda w: (widths.count(w), w))
        score = widths.count(usual) / len(widths) * min(usual - 1, 1) * (1 + usual / 1000)
        if score > most:
            best, most = mark, score
    return best


def _header_row(rows: list[list[str]]) -> tuple[int, tuple[Said, ...]]:
    """How many rows stand above the header; a doubt where there are any.

    The header is the first row that fills about as many cells as the rows below it.
    """
    filled = [sum(bool(str(cell).strip(WHITE)) for cell in row) for row in rows]
    usual = sorted(filled)[len(filled) // 2] if filled else 0
    above = next((i for i, count in enumerate(filled) if count and count > usual / 2), 0)
    if not any(filled[:above]):
        return above, ()
    units = [str(cell).strip(WHITE) for row in rows[:above] for cell in row if "单位" in str(cell)]
    return above, (
        *(
            (
                f"above the header stands `{unit}`: state it, for 万元 with `scale: 10000`",
                f"表头上方注明“{unit}”：请用 `scale` 说明，如万元写 `scale: 10000`",
            )
            for unit in units
        ),
        (
            f"the header seems to stand in row {above + 1}: delete what stands above it, a check "
            "reads the first row that is not empty as the header",
            f"表头似乎在第 {above + 1} 行：请删除其上方各行，检查时以首个非空行为表头",
        ),
    )


def _trimmed(frame: pl.DataFrame) -> pl.DataFrame:
    """Every cell a trimmed text, empty ones null; names trimmed, and none twice."""
    texts = frame.select(
        pl.col(name).cast(pl.String).str.strip_chars(WHITE).replace("", None)
        for name in frame.columns
    )
    names = [name.strip(WHITE) for name in texts.columns]
    again = re.compile(r".*_duplicated_\d+")  # a name that polars gave to a repeated column
    kept = {
        name: place
        for place, name in reversed(list(enumerate(names)))
        if name and not again.fullmatch(name)
    }
    columns = {name: texts.to_series(place) for name, place in sorted(kept.items(), key=_place)}
    return pl.DataFrame(columns)


def _place(pair: tuple[str, int]) -> int:
    return pair[1]


# --- Parquet and workbooks ----------------------------------------------------------------------


def _parquet(path: Path, name: str) -> FileLook:
    frame = pl.scan_parquet(path).head(ROWS_MAX).collect()
    whole = frame.height < ROWS_MAX
    texts = [
        column.cast(pl.Int64).cast(pl.String)
        if column.dtype.is_float() and (column.drop_nulls() % 1 == 0).all()
        else column.cast(pl.String)
        for column in frame.get_columns()
        if not column.dtype.is_nested()
    ]
    doubts = () if whole else (_PART_ONLY,)
    return FileLook(name, _trimmed(pl.DataFrame(texts)), doubts=doubts, whole=whole)


def _sheets(path: Path, name: str) -> list[FileLook]:
    book = CalamineWorkbook.from_path(str(path))
    looks = []
    for place, sheet in enumerate(book.sheet_names):
        rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False, nrows=ROWS_MAX)
        texts = [[_cell(cell) for cell in row] for row in rows]
        start = next((i for i, row in enumerate(texts) if any(row)), None)
        if start is None:
            continue
        above, doubts = _header_row(texts[start : start + HEADER_ROWS])
        header, body = texts[start + above], texts[start + above + 1 :]
        if not body:
            continue
        columns = {
            title.strip(WHITE): [row[i] for row in body]
            for i, title in reversed(list(enumerate(header)))
            if title.strip(WHITE)
        }
        frame = pl.DataFrame(dict(reversed(columns.items())), strict=False)
        only = sheet if place else None  # the first is read without being named
        looks.append(FileLook(name, _trimmed(frame), sheet=only, doubts=doubts))
    return looks


def _cell(cell: Any) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return "" if cell is None else str(cell)
