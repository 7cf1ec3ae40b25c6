"""Where books come from: a manifest and its files, checked as a stream or read into a `Tape`.

`check` finds every fault and remark and keeps little; `read` gives the tape, after a clean check.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl

from ruqi.adapters.files import manifest_file, views
from ruqi.adapters.files.csv_part import CsvPart
from ruqi.adapters.files.frame_parts import ParquetPart, SheetPart
from ruqi.adapters.files.parts import Part, Piece, Unreadable, matched
from ruqi.primitives.currency import exponent
from ruqi.primitives.errors import InputFaulty
from ruqi.services.progress import Progress, silent
from ruqi.tape import assemble
from ruqi.tape.block import Spot, Spots
from ruqi.tape.columns import Tape, closings_known
from ruqi.tape.contract import FAULT_KINDS, TABLES
from ruqi.tape.faults import PLACES_KEPT, Fault, FaultLog
from ruqi.tape.gather import Gathered, Source
from ruqi.tape.judge import Book, Rows, View, currency_of, judge
from ruqi.tape.manifest import ColumnMap, Manifest, TableMap
from ruqi.tape.panel import Panel, Stretch
from ruqi.tape.remarks import Remark, RemarkCounts

T = TypeVar("T")
R = TypeVar("R")
ORDER = ("accounts", "borrowers", "performance", "payments", "contacts", "outcomes")
AT_ONCE = 2  # blocks that are judged at the same time
SHEETS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")


@dataclass(frozen=True)
class Checked:
    """What a check found: faults, remarks, rows of each table, and the files by table."""

    name: str
    faults: FaultLog
    remarks: list[Remark]
    rows: dict[str, int]
    files: dict[str, tuple[str, ...]]


def check(path: Path, progress: Progress = silent) -> Checked:
    """Every fault and remark of the tape at `path`, in one pass and little memory.

    Raises FileNotFoundError where there is no tape at all.
    """
    return _Pass(path, progress, keep=False).checked()


def read(path: Path, progress: Progress = silent) -> tuple[Tape, list[Remark]]:
    """The book at `path` and what is remarkable in it.

    Raises:
        InputFaulty: with the `FaultLog`, where the tape has any fault.
        FileNotFoundError: where there is no tape at all.
    """
    whole = _Pass(path, progress, keep=True)
    checked = whole.checked()
    if checked.faults.total:
        raise InputFaulty(checked.faults, checked.faults.total)
    assert whole.manifest is not None
    progress("assemble", 0, None)
    return assemble.tape_of(whole.manifest, whole.gathered, whole.panel), checked.remarks


class _Pass:
    """One walk over all files of a tape."""

    def __init__(self, path: Path, progress: Progress, keep: bool) -> None:
        self.place = manifest_file.locate(path)
        self.folder = self.place.parent
        self.manifest, self.manifest_faults = manifest_file.load(self.place)
        self.progress = progress
        self.gathered = Gathered(keep)
        self.sources: list[Source] = []
        self.rows: dict[str, int] = {}
        self.panel = Panel(self.gathered)
        self.remarks: list[Remark] = []
        if self.manifest is not None:
            self._walk(self.manifest)

    def checked(self) -> Checked:
        """The outcome."""
        files = {name: tuple(s.file for s in self.sources if s.table == name) for name in self.rows}
        name = "" if self.manifest is None else self.manifest.name
        return Checked(name, self._faults(), self.remarks, self.rows, files)

    def _walk(self, manifest: Manifest) -> None:
        found = {
            name: list(matched(self.folder, manifest.tables[name].paths))
            for name in ORDER
            if name in manifest.tables
        }
        self.sizes = [
            (name, path.stat().st_size)
            for name, files in found.items()
            for _, path in files
            if path is not None
        ]
        self.total, self.before = sum(size for _, size in self.sizes), 0
        if manifest.currency is None:
            manifest = replace(manifest, currency=self._currency(manifest, found))
            self.manifest = manifest
        book = Book(
            decimals=0
            if manifest.minor
            else exponent(manifest.currency)
            if manifest.currency
            else 2,
            currency=manifest.currency,
            zone=ZoneInfo(manifest.time_zone) if manifest.time_zone else None,
            delinquency=manifest.delinquency,
            lead=manifest.lateness,
        )
        for name, files in found.items():
            self.rows[name] = 0
            for file, path in files:
                source = Source(len(self.sources), file, name, Spots())
                self.sources.append(source)
                self._file(manifest.tables[name], source, path, book)
                self.before += path.stat().st_size if path is not None else 0
        self._settle(manifest)

    def _file(self, table: TableMap, source: Source, path: Path | None, book: Book) -> None:
        try:
            part = opened(path, table)
        except Unreadable as error:
            self._unreadable(source, error, 0)
            return
        source.spots.merge(part.header_spots, 0)
        view = views.view_of(table, part, source.spots)
        line = part.first_line
        try:
            size = sum(s for t, s in self.sizes if t == source.table)
            for rows, piece in judged(part, view, book):
                source.spots.merge(piece.spots, line)
                self.rows[source.table] += self.gathered.take(
                    source, rows, line, piece.size / max(size, 1)
                )
                line += piece.lines
                self.progress("check", self.before + part.done(), self.total)
        except Unreadable as error:
            self._unreadable(source, error, line)

    def _unreadable(self, source: Source, error: Unreadable, line: int) -> None:
        spot = Spot(error.kind, line, -1, None, error.found, error.expected, error.mend)
        source.spots.add(error.kind, 1, [spot])

    def _currency(
        self, manifest: Manifest, found: dict[str, list[tuple[str, Path | None]]]
    ) -> str | None:
        """The currency that most rows name, where only the files say it; ties by name."""
        named: Counter[str] = Counter()
        for name, files in found.items():
            column = manifest.tables[name].column("currency")
            for _, path in files:
                if column is not None:
                    named.update(_currencies(path, manifest.tables[name], column))
        return min(named, key=lambda code: (-named[code], code), default=None)

    def _settle(self, manifest: Manifest) -> None:
        """What only the whole book can show."""
        self.gathered.settle_outcomes()
        self.panel = Panel(self.gathered)
        newest = self.panel.newest()
        last = manifest.as_of or newest or date.max
        to_the_end = newest is None or newest <= last
        accounts = None
        if "accounts" in self.gathered.tables:
            accounts = closings_known(assemble.frame_of(self.gathered, "accounts"), last)
        unit = 10 ** exponent(manifest.currency or "CNY")
        statements = manifest.observed == "statement"
        counts = [RemarkCounts(unit, manifest.lateness, statements) for _ in range(AT_ONCE)]
        free = deque(counts)  # one for each thread; which of them counts what changes nothing

        def look(stretch: Stretch) -> list[tuple[int, int]]:
            rows, account, days, months = stretch
            frame = self.panel.frame(rows, account, days, months)
            mine = free.pop()
            mine.add(frame if to_the_end else frame.filter(pl.col("on") <= last), accounts)
            free.append(mine)
            return self.panel.duplicates(rows, account, months)

        pairs = [pair for some in side_by_side(look, self.panel.stretches()) for pair in some]
        self.panel.note_duplicates(pairs)
        for other in counts[1:]:
            counts[0].merge(other)
        self._empty(newest)
        if newest is not None and manifest.as_of and self.panel.oldest() > manifest.as_of:
            self.manifest_faults.append(manifest_file.early_as_of(self.place, manifest.as_of))
        if newest is not None and manifest.currency is None and not self.manifest_faults:
            self.manifest_faults.append(manifest_file.no_currency(self.place))
        self.remarks = counts[0].finish(self.gathered.unmatched())

    def _empty(self, newest: date | None) -> None:
        """A book without a single row of performance cannot be measured."""
        sources = [s for s in self.sources if s.table == "performance"]
        explained = self.manifest_faults or any(s.spots.counts for s in sources)
        if newest is None and sources and not explained:
            mend = "check that the file holds rows below its header"
            spot = Spot("unreadable", 1, -1, None, "no rows", "at least one row", mend)
            sources[0].spots.add("unreadable", 1, [spot])

    def _faults(self) -> FaultLog:
        """Every fault, in order of table, file, line and column."""
        tables = list(TABLES)
        counts: Counter[str] = Counter(fault.kind for fault in self.manifest_faults)
        places = [((-1, "", fault.line, 0, fault.kind), fault) for fault in self.manifest_faults]
        for source in self.sources:
            counts.update(source.spots.counts)
            for spots in source.spots.first.values():
                for spot in spots:
                    order = (
                        tables.index(source.table),
                        source.file,
                        spot.line,
                        spot.place,
                        spot.kind,
                    )
                    places.append((order, _fault(source, spot)))
        places.sort(key=lambda pair: pair[0])
        kept: Counter[str] = Counter()
        first = []
        for _, fault in places:
            kept[fault.kind] += 1
            if kept[fault.kind] <= PLACES_KEPT:
                first.append(fault)
        log = FaultLog({kind: counts[kind] for kind in FAULT_KINDS if counts[kind]}, first)
        for fault in self.manifest_faults:
            log.count(fault, 1)
        for source in self.sources:
            for count, spot in source.spots.by_column.values():
                log.count(_fault(source, spot), count)
        return log


def _fault(source: Source, spot: Spot) -> Fault:
    return Fault(
        spot.kind,
        source.table,
        source.file,
        spot.line,
        spot.column,
        spot.found,
        spot.expected,
        spot.mend,
    )


def opened(path: Path | None, table: TableMap) -> Part:
    """A file of a table, by the end of its name. Raises Unreadable."""
    if path is None:
        raise Unreadable(None, "a file", "correct `path` in tape.yaml, or bring the file")
    try:
        if path.suffix.lower() in (".parquet", ".pq"):
            return ParquetPart(path)
        if path.suffix.lower() in SHEETS:
            return SheetPart(path, table.sheet)
        return CsvPart(path, table)
    except OSError as error:
        raise Unreadable(error.strerror, "a file that can be read", "check the file") from error


def judged(part: Part, view: View, book: Book) -> Iterator[tuple[list[Rows], Piece]]:
    """The rows of each piece of a file, in order; faults are in the piece's spots."""

    def work(split: Callable[[], Piece]) -> tuple[list[Rows], Piece]:
        piece = split()
        return judge(piece.block, view, book, piece.spots), piece

    yield from side_by_side(work, part.pieces(views.wanted(view)))


def side_by_side(work: Callable[[T], R], items: Iterator[T]) -> Iterator[R]:
    """`work` of each item in order, a few at a time in threads."""
    running: deque[Future[R]] = deque()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        ending: StopIteration | Unreadable | None = None
        while ending is None:
            try:
                running.append(pool.submit(work, next(items)))
            except (StopIteration, Unreadable) as error:  # what came before it still counts
                ending = error
            if len(running) > AT_ONCE:
                yield running.popleft().result()
        while running:
            yield running.popleft().result()
        if isinstance(ending, Unreadable):
            raise ending


def _currencies(path: Path | None, table: TableMap, column: ColumnMap) -> Counter[str]:
    """How many rows of a file name each currency."""
    named: Counter[str] = Counter()
    try:
        part = opened(path, table)
        place = part.header.index(column.source)
        for split in part.pieces(frozenset({place})):
            words = split().block.words(place)
            counts = np.bincount(words.ids + 1, minlength=len(words.texts) + 1)[1:]
            for text, count in zip(words.texts, counts.tolist(), strict=True):
                code = currency_of(column)(text)
                if isinstance(code, str) and text not in column.missing:
                    named[code] += count
    except (Unreadable, ValueError):
        return named
    return named
