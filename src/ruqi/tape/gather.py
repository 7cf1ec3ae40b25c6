"""Takes judged rows in file order, checks what only several rows can show, and keeps the book."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ruqi.tape.block import NO_AMOUNT, NO_DAY, Ints, Keys, Spot, Spots, Words
from ruqi.tape.cells import EPOCH
from ruqi.tape.faults import PLACES_KEPT
from ruqi.tape.ids import Ids
from ruqi.tape.judge import Rows
from ruqi.tape.store import Lexicon, Strip, none_of

NONE = {"int64": NO_AMOUNT, "int32": NO_DAY, "int8": -1}
KEYS = {"accounts": "account_id", "borrowers": "borrower_id"}
ROOM = 1.02  # times the rows that the first block lets expect
KEPT_TO_CHECK = ("performance", "accounts", "outcomes", "borrowers")  # others only to read


@dataclass
class Table:
    """The rows of one table so far."""

    strips: dict[str, Strip] = field(default_factory=dict)
    lexicons: dict[str, Lexicon] = field(default_factory=dict)
    extras: dict[str, list[pl.Series]] = field(default_factory=dict)
    rows: int = 0
    files: list[int] = field(default_factory=list)  # numbers of the sources, in order …
    starts: list[int] = field(default_factory=list)  # … and the first row of each
    expected: int = 0  # rows in all, as far as can be told

    def strip(self, name: str) -> Strip:
        """A column, filled up to the rows so far where earlier files did not have it."""
        strip = self.strips.setdefault(name, Strip(self.expected))
        if strip.rows < self.rows:
            strip.blank(self.rows - strip.rows)
        return strip

    def column(self, name: str) -> NDArray[Any]:
        """All rows of one column."""
        return self.strip(name).joined()

    def file(self, row: int) -> int:
        """The source of a row."""
        return self.files[bisect_right(self.starts, row) - 1]


@dataclass(frozen=True)
class Source:
    """One file of a table, in the order of reading. Its faults go to `spots`."""

    number: int
    file: str
    table: str
    spots: Spots


class Gathered:
    """A book as it comes in. Tables must come accounts first; files of a table by name."""

    def __init__(self, keep: bool) -> None:
        self.keep = keep  # every column, to build the tape; else only what checks need
        self.accounts = Ids()
        self.borrowers = Ids()
        self.tables: dict[str, Table] = {}
        self.sources: dict[int, Source] = {}
        self.names: dict[int, dict[str, tuple[str, int]]] = {}
        self._first: dict[str, _FirstSeen] = {name: _FirstSeen() for name in KEYS}
        self._opened = np.zeros(0, dtype=np.int32)  # by account, NO_DAY where not known

    def take(self, source: Source, batches: list[Rows], first_line: int, share: float = 0.0) -> int:
        """Add the rows of one block; returns how many rows of the table they made.

        `share` is the block's part of the table's bytes, where it is known: room is made at once.
        """
        numbered: dict[int, NDArray[np.int32]] = {}
        made = 0
        self.sources[source.number] = source
        for rows in batches:
            self.names.setdefault(source.number, {}).update(rows.names)
            columns = self._numbered(rows, numbered)
            lines = rows.lines + first_line
            if rows.at is not None:
                columns = {name: values[rows.at] for name, values in columns.items()}
                lines = lines[rows.at]
            self._relate(source, columns, lines, rows)
            made += len(lines)
            if share and source.table not in self.tables:
                expected = int(len(lines) * len(batches) / share * ROOM)
                self.tables[source.table] = Table(expected=expected)
            if self.keep or source.table in KEPT_TO_CHECK:
                self._store(source, columns, lines, rows)
        return made

    def _numbered(
        self, rows: Rows, numbered: dict[int, NDArray[np.int32]]
    ) -> dict[str, NDArray[Any]]:
        """Columns as arrays: ids numbered, words as they are numbered in the block."""
        made: dict[str, NDArray[Any]] = {}
        for name, values in rows.columns.items():
            if isinstance(values, Keys):
                if id(values) not in numbered:
                    ids = self.accounts if name == "account_id" else self.borrowers
                    numbered[id(values)] = ids.numbers(values)
                made[name] = numbered[id(values)]
            else:
                made[name] = values.ids if isinstance(values, Words) else values
        return made

    def _store(
        self, source: Source, columns: dict[str, NDArray[Any]], lines: Ints, rows: Rows
    ) -> None:
        table = self.tables.setdefault(source.table, Table())
        if not table.files or table.files[-1] != source.number:
            table.files.append(source.number)
            table.starts.append(table.rows)
        for name, values in columns.items():
            words = rows.columns[name]
            if isinstance(words, Words):
                lexicon = table.lexicons.setdefault(name, Lexicon())
                values = lexicon.numbers(Words(values, words.texts))
            none = -1 if isinstance(words, Words | Keys) else NONE[str(values.dtype)]
            table.strip(name).append(values, none)
        table.strip(".line").append(lines, -1)
        table.rows += len(lines)
        for name, texts in rows.extras.items() if self.keep else ():
            kept = texts if rows.at is None else texts.filter(pl.Series(rows.at))
            table.extras.setdefault(name, []).append(kept)

    # --- what several rows show -----------------------------------------------------------------

    def _relate(
        self, source: Source, columns: Mapping[str, NDArray[Any]], lines: Ints, rows: Rows
    ) -> None:
        if source.table in KEYS:
            self._duplicates(source, columns, lines, rows)
        if source.table == "accounts":
            self._openings(source, columns, lines, rows)
        elif source.table == "performance":
            self._before_opening(source, "on", columns, lines, rows)
        elif source.table == "payments":
            self._before_opening(source, "value_on", columns, lines, rows)

    def _duplicates(
        self, source: Source, columns: Mapping[str, NDArray[Any]], lines: Ints, rows: Rows
    ) -> None:
        key = KEYS[source.table]
        if key not in columns:
            return
        seen = self._first[source.table]
        numbers = columns[key]
        later = seen.later(numbers, lines, source.number)
        ids = self.accounts if key == "account_id" else self.borrowers
        name, place = rows.names[key]
        self._note(
            source,
            "duplicate_key",
            len(later),
            [
                duplicate(
                    int(lines[row]),
                    (name, place),
                    ids.text(int(numbers[row])),
                    (
                        self.sources[int(seen.files[numbers[row]])].file,
                        int(seen.lines[numbers[row]]),
                    ),
                )
                for row in later[:PLACES_KEPT]
            ],
        )

    def _openings(
        self, source: Source, columns: Mapping[str, NDArray[Any]], lines: Ints, rows: Rows
    ) -> None:
        """Remember each account's opening (of its first row) and check its own closing."""
        if "opened_on" not in columns:
            return
        opened = columns["opened_on"]
        if "account_id" in columns:
            seen = self._first["accounts"]
            grown = np.full(self.accounts.count, NO_DAY, dtype=np.int32)
            grown[: len(self._opened)] = self._opened
            self._opened = grown
            numbers = columns["account_id"]
            first = (numbers >= 0) & (seen.lines[numbers] == lines)
            first &= seen.files[numbers] == source.number
            self._opened[numbers[first]] = opened[first]
        if "closed_on" in columns:
            closed = columns["closed_on"]
            early = (closed != NO_DAY) & (opened != NO_DAY) & (closed < opened)
            self._early(source, rows.names["closed_on"], closed, opened, early, lines)

    def _before_opening(
        self,
        source: Source,
        day: str,
        columns: Mapping[str, NDArray[Any]],
        lines: Ints,
        rows: Rows,
    ) -> None:
        if not len(self._opened) or "account_id" not in columns or day not in columns:
            return
        numbers, on = columns["account_id"], columns[day]
        known = (numbers >= 0) & (numbers < len(self._opened))
        opened = np.where(known, self._opened[np.where(known, numbers, 0)], NO_DAY)
        early = (opened != NO_DAY) & (on != NO_DAY) & (on < opened)
        self._early(source, rows.names[day], on, opened, early, lines)

    def _early(
        self,
        source: Source,
        column: tuple[str, int],
        on: NDArray[Any],
        opened: NDArray[Any],
        early: NDArray[np.bool_],
        lines: Ints,
    ) -> None:
        rows = np.flatnonzero(early)
        name, place = column
        mend = "correct this day, or the account's opened_on"
        self._note(
            source,
            "before_opening",
            len(rows),
            [
                Spot(
                    "before_opening",
                    int(lines[row]),
                    place,
                    name,
                    iso(int(on[row])),
                    f"{iso(int(opened[row]))} (the account's opening) or later",
                    mend,
                )
                for row in rows[:PLACES_KEPT]
            ],
        )

    def settle_outcomes(self) -> None:
        """Fault outcomes that stand twice; call when all tables have been taken."""
        table = self.tables.get("outcomes")
        if table is None or not {"account_id", "on", "event"} <= table.strips.keys():
            return
        held = {name: table.column(name) for name in table.strips}
        whole = (held["account_id"] >= 0) & (held["event"] >= 0)
        whole &= held["on"] != none_of(held["on"].dtype)
        first: dict[tuple[int, int, int], int] = {}
        later: dict[int, list[tuple[int, int]]] = {}
        keys = zip(*(held[n].tolist() for n in ("account_id", "on", "event")), strict=True)
        for row, (key, good) in enumerate(zip(keys, whole.tolist(), strict=True)):
            earlier = first.setdefault(key, row) if good else row
            if earlier != row:
                later.setdefault(table.file(row), []).append((row, earlier))
        for number, pairs in later.items():
            source = self.sources[number]
            column = self.names[number]["account_id"]
            spots = []
            for row, earlier in pairs[:PLACES_KEPT]:
                event = table.lexicons["event"].texts[held["event"][row]]
                account = self.accounts.text(int(held["account_id"][row]))
                key_text = f"{account}, {iso(int(held['on'][row]))}, {event}"
                file = self.sources[table.file(earlier)].file
                at = (file, int(held[".line"][earlier]))
                spots.append(duplicate(int(held[".line"][row]), column, key_text, at))
            self._note(source, "duplicate_key", len(pairs), spots)

    def _note(self, source: Source, kind: str, count: int, spots: list[Spot]) -> None:
        source.spots.add(kind, count, spots)


class _FirstSeen:
    """File and line of the first row of each id."""

    def __init__(self) -> None:
        self.lines = np.zeros(0, dtype=np.int64)
        self.files = np.zeros(0, dtype=np.int32)

    def later(self, numbers: NDArray[np.int32], lines: Ints, file: int) -> NDArray[np.intp]:
        """Rows whose id was seen before, in file order; the others are remembered."""
        top = int(numbers.max(initial=-1)) + 1
        if top > len(self.lines):
            bigger = max(top, 2 * len(self.lines))
            lines_before, files_before = self.lines, self.files
            self.lines = np.zeros(bigger, dtype=np.int64)
            self.files = np.full(bigger, -1, dtype=np.int32)
            self.lines[: len(lines_before)] = lines_before
            self.files[: len(files_before)] = files_before
        rows = np.flatnonzero(numbers >= 0)
        firsts, at = np.unique(numbers[rows], return_index=True)
        new = self.files[firsts] < 0
        self.files[firsts[new]] = file
        self.lines[firsts[new]] = lines[rows[at[new]]]
        is_first = np.zeros(len(numbers), dtype=bool)
        is_first[rows[at[new]]] = True
        later: NDArray[np.intp] = rows[~is_first[rows]]
        return later


def duplicate(line: int, column: tuple[str, int], key: str, first: tuple[str, int]) -> Spot:
    """A row whose key stands in an earlier row, `first` (file and line)."""
    name, place = column
    expected = f"each key once; the first is in {first[0]}, line {first[1]}"
    mend = "keep one of the rows"
    return Spot("duplicate_key", line, place, name, key, expected, mend)


def iso(day: int) -> str:
    """A day since 1970 as ISO text."""
    from datetime import date

    return date.fromordinal(day + EPOCH).isoformat()
