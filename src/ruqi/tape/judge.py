"""Reads a block's cells into typed columns and finds every cell that breaks its column's rule."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ruqi.primitives.currency import CODES
from ruqi.tape import cells, lateness
from ruqi.tape.block import (
    CLOSER,
    DAMAGE,
    EMPTY,
    GOOD,
    NO_AMOUNT,
    NO_DAY,
    Block,
    Ints,
    Keys,
    Spot,
    Spots,
    Words,
)
from ruqi.tape.cells import AmountRule, Unfit
from ruqi.tape.columns import Delinquency
from ruqi.tape.contract import LATENESS, PERSONAL, STATUSES
from ruqi.tape.faults import PLACES_KEPT
from ruqi.tape.manifest import ColumnMap

OPEN = lateness.OPEN
SHOWN = 80  # characters of a cell that a fault repeats
IDS = ("account_id", "borrower_id")
KNOWN_MAX = 100_000  # texts remembered while a column is read cell by cell
Mask = NDArray[np.bool_]


class _Memo(dict[str, Any]):
    """What the texts of a column mean, worked out once each."""

    def __init__(self, read: Callable[[str], Any]) -> None:
        self._read = read

    def __missing__(self, text: str) -> Any:
        if len(self) > KNOWN_MAX:
            self.clear()
        value = self[text] = self._read(text)
        return value


@dataclass(frozen=True)
class Book:
    """What a whole book says about each of its cells, and what has been made of them so far."""

    decimals: int  # of the currency where amounts are major units, else 0
    currency: str | None  # that every currency cell must name; None: not known
    zone: ZoneInfo | None
    delinquency: Delinquency | None
    lead: str | None  # the lateness column that decides the bucket
    memos: dict[ColumnMap, _Memo] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Month:
    """The columns of one wide month, by their place in the file."""

    on: int  # days since 1970
    columns: tuple[tuple[ColumnMap, int], ...]


@dataclass(frozen=True)
class View:
    """How to read the blocks of one file: contract columns by their place in it."""

    header: tuple[str, ...]
    columns: tuple[tuple[ColumnMap, int], ...]
    months: tuple[Month, ...] = ()
    extras: tuple[tuple[str, int], ...] = ()  # features and protected columns to keep
    missing: frozenset[str] = frozenset()  # texts of `extras` that mean missing

    @property
    def judged(self) -> frozenset[int]:
        """Places of the columns that the contract knows."""
        wide = (pair for month in self.months for pair in month.columns)
        return frozenset(place for _, place in (*self.columns, *wide))


@dataclass(frozen=True)
class Rows:
    """Rows of a table, read. All columns have the block's length; `at` picks the rows that count.

    Columns go by contract names; performance has bucket, status and code beside its own.
    """

    lines: Ints
    columns: dict[str, Any]
    extras: dict[str, pl.Series]
    names: dict[str, tuple[str, int]]  # the file's own name of a column, and its place
    at: Mask | None = None


def judge(block: Block, view: View, book: Book, spots: Spots) -> list[Rows]:
    """The rows of a block: one batch, or one for each month of the wide form. Faults to `spots`."""
    faults = _Faults(block, spots)
    for place, rows in faults.damaged.items():
        faults.encoding(place, view.header[place], rows)
    columns, silent = _read(block, book, faults, view.columns)
    extras = {name: _extra(block, faults, view, name, place) for name, place in view.extras}
    names = {column.name: (column.source, place) for column, place in view.columns}
    if not view.months:
        if silent is not None:
            _settle(columns, len(block.lines))
            silent.mask &= columns["status"] == OPEN
            faults.missing(silent.column, silent.place, silent.mask)
        return [Rows(block.lines, columns, extras, names)]
    batches = []
    for month in view.months:
        own, silent = _read(block, book, faults, month.columns)
        joined = columns | own
        says = _says_something(own, silent, len(block.lines))
        joined["on"] = np.full(len(block.lines), month.on, dtype=np.int32)
        _settle(joined, len(block.lines))
        named = names | {column.name: (column.source, place) for column, place in month.columns}
        if silent is not None:
            named["on"] = (silent.column.source, silent.place)
            faults.missing(
                silent.column, silent.place, silent.mask & says & (joined["status"] == OPEN)
            )
        batches.append(Rows(block.lines, joined, extras, named, says))
    return batches


@dataclass
class _Silent:
    """The leading lateness column and the rows where it is empty."""

    column: ColumnMap
    place: int
    mask: Mask


def _says_something(own: dict[str, Any], silent: _Silent | None, rows: int) -> Mask:
    """Rows of a wide month with lateness, a status or any amount."""
    says: Mask = np.zeros(rows, dtype=bool) if silent is None else ~silent.mask
    if "own_status" in own:
        says = says | (own["own_status"] >= 0)
    for values in own.values():
        if isinstance(values, np.ndarray) and values.dtype == np.int64:
            says = says | (values != NO_AMOUNT)
    return says


def _settle(columns: dict[str, Any], rows: int) -> None:
    """Join the lateness column's status and the row's own; a status wins over a bucket."""
    status = columns.get("status", np.full(rows, -1, dtype=np.int8))
    own = columns.pop("own_status", np.full(rows, -1, dtype=np.int8))
    status = np.where((own > OPEN) | (status < OPEN), own, status)
    status = np.where(status < OPEN, OPEN, status).astype(np.int8)
    columns["status"] = status
    if "bucket" in columns:
        columns["bucket"] = np.where(status > OPEN, -1, columns["bucket"]).astype(np.int8)


def _read(
    block: Block, book: Book, faults: "_Faults", columns: Iterable[tuple[ColumnMap, int]]
) -> tuple[dict[str, Any], _Silent | None]:
    """Typed cells of some columns, and where the leading lateness is empty (None: it is absent)."""
    read: dict[str, Any] = {}
    silent = None
    for column, place in columns:
        name = column.name
        if column.kind == "amount":
            rule = AmountRule(column.form, book.decimals, negative=name != "limit")
            read[name] = _amounts(block, faults, column, place, rule)
        elif name in IDS:
            read[name] = _ids(block, faults, column, place)
        elif name in LATENESS:
            late = _by_word(block, faults, column, place, _memo(column, book, _late_of))
            read.update(_late_columns(column, late, name == book.lead))
            if name == book.lead:
                silent = _Silent(column, place, late.empty[late.ids])
        elif name == "currency":
            _one_currency(block, faults, column, place, book)
        elif name not in PERSONAL:
            words = _by_word(block, faults, column, place, _memo(column, book, _reader_of))
            read["own_status" if name == "status" else name] = _typed(column, words)
    return read, silent


# --- faults -------------------------------------------------------------------------------------


class _Faults:
    """Notes the faulty cells of one block; a cell that does not decode has no other fault."""

    def __init__(self, block: Block, spots: Spots) -> None:
        self.block = block
        self.lines = block.lines
        self.spots = spots
        self.damaged = dict(block.damaged())

    def note(
        self,
        kind: str,
        column: tuple[str, int],
        rows: NDArray[np.intp],
        tell: Callable[[int], tuple[str | None, str, str]],
    ) -> None:
        """Count `rows` (sorted) of a column; `tell` gives found, expected and mend of a row."""
        name, place = column
        if kind != "encoding" and place in self.damaged:
            rows = np.setdiff1d(rows, self.damaged[place], assume_unique=True)
        first = [
            Spot(kind, int(self.lines[row]), place, name, *tell(int(row)))
            for row in rows[:PLACES_KEPT]
        ]
        self.spots.add(kind, len(rows), first)

    def unfit(self, column: ColumnMap, place: int, found: Sequence[tuple[int, str, Unfit]]) -> None:
        """Note cells that were read one by one: (row, text, why), in row order."""
        for kind in ("unparsable", "unknown_code"):
            told = {row: (text, why) for row, text, why in found if why.kind == kind}
            rows = np.fromiter(told, dtype=np.intp, count=len(told))
            self.note(kind, (column.source, place), rows, lambda row, told=told: _told(*told[row]))  # type: ignore[misc]

    def missing(self, column: ColumnMap, place: int, empty: Mask) -> None:
        """Note required cells that are empty."""
        self.note(
            "missing_value",
            (column.source, place),
            np.flatnonzero(empty),
            lambda _: (None, f"a value of {column.name}", "fill the cell at the source"),
        )

    def nothing(self, column: tuple[str, int], rows: NDArray[np.intp]) -> None:
        """Note cells (rows sorted) whose text is of `cells.NOTHING`."""

        def tell(row: int) -> tuple[str, str, str]:
            text = self.block.text(column[1], row)
            return _told(text, cells.nothing(text))

        self.note("unparsable", column, rows, tell)

    def encoding(self, place: int, name: str, rows: Ints) -> None:
        """Note cells whose bytes do not decode."""
        mend = "state the file's `encoding` in tape.yaml, or repair these bytes at the source"
        expected = "text in the stated encoding"

        def tell(row: int) -> tuple[str, str, str]:
            codes = [ord(c) - DAMAGE for c in self.block.text(place, row) if ord(c) >= DAMAGE]
            return "bytes " + " ".join(f"{code:02X}" for code in codes[:8]), expected, mend

        self.note("encoding", (name, place), rows, tell)


def shown(text: str) -> str:
    """A cell as a fault repeats it."""
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def _told(text: str, why: Unfit) -> tuple[str, str, str]:
    return shown(text), why.expected, why.mend


# --- columns ------------------------------------------------------------------------------------


@dataclass
class _Read:
    """A column's cells by distinct text. `ids` are -1 where a cell is empty or unfit.

    `values` of each text, None where it means missing or is unfit.
    """

    ids: NDArray[np.int32]
    texts: Sequence[str]
    values: list[Any]
    empty: Mask  # by text, and last for -1 as it stood in the file

    def taken(self, none: int, kind: type[np.generic], values: list[Any] | None = None) -> Any:
        """`values` by row, `none` where there is none."""
        values = self.values if values is None else values
        table = np.full(len(values) + 1, none, dtype=kind)
        for index, value in enumerate(values):
            if value is not None:
                table[index] = value
        return table[self.ids]


def _by_word(block: Block, faults: _Faults, column: ColumnMap, place: int, memo: _Memo) -> _Read:
    """Read each distinct text of a column once; fault the cells that are unfit or lacking."""
    words = block.words(place)
    values = [memo[text] for text in words.texts]
    bad = {index: v for index, v in enumerate(values) if isinstance(v, Unfit)}
    empty = np.array([*(v is None for v in values), True])
    if bad:
        hit = np.zeros(len(values) + 1, dtype=bool)
        hit[list(bad)] = True
        rows = np.flatnonzero(hit[words.ids])
        of_code = np.array([*(getattr(v, "kind", "") == "unknown_code" for v in values), False])
        coded = of_code[words.ids[rows]]
        for kind, some in (("unparsable", rows[~coded]), ("unknown_code", rows[coded])):
            faults.note(
                kind,
                (column.source, place),
                some,
                lambda row: _told(words.texts[words.ids[row]], bad[int(words.ids[row])]),
            )
    if column.required:
        faults.missing(column, place, empty[words.ids])
    fit = [None if isinstance(v, Unfit) else v for v in values]
    return _Read(words.ids, words.texts, fit, empty)


def _amounts(
    block: Block, faults: _Faults, column: ColumnMap, place: int, rule: AmountRule
) -> Ints:
    """Minor units; the block reads what is plain, the rule what is not."""
    values, state = block.amounts(place, rule)
    for text in column.missing:
        number = cells.amount(text, rule)
        if not isinstance(number, Unfit):
            state[(state == GOOD) & (values == number)] = CLOSER
    if not rule.negative:
        state[(state == GOOD) & (values < 0)] = CLOSER
    unfit: list[tuple[int, str, Unfit]] = []
    known: dict[str, int | Unfit | None] = {}
    for row in np.flatnonzero(state == CLOSER).tolist():
        text = block.text(place, row)
        if text not in known:
            if len(known) > KNOWN_MAX:
                known.clear()
            nothing = not text or text in column.missing
            known[text] = None if nothing else cells.amount(text, rule)
        value = known[text]
        if isinstance(value, Unfit):
            unfit.append((row, text, value))
        values[row] = value if isinstance(value, int) else NO_AMOUNT
        state[row] = EMPTY if value is None else CLOSER
    values[state == EMPTY] = NO_AMOUNT
    faults.unfit(column, place, unfit)
    if column.required:
        faults.missing(column, place, state == EMPTY)
    return values


def _ids(block: Block, faults: _Faults, column: ColumnMap, place: int) -> Keys:
    keys = block.keys(place)
    lengths = np.diff(keys.offsets)
    for text in sorted(column.missing):
        lengths[_rows_of(keys, lengths, text)] = 0
    if column.required:
        faults.missing(column, place, lengths == 0)
    short = np.flatnonzero(lengths <= max(map(len, cells.NOTHING)))
    found = [_rows_of(keys, lengths, text, short) for text in sorted(cells.NOTHING)]
    faults.nothing((column.source, place), np.sort(np.concatenate(found)))
    for rows in found:
        lengths[rows] = 0
    before = np.diff(keys.offsets)
    if np.array_equal(lengths, before):
        return keys
    offsets = np.zeros(len(lengths) + 1, dtype=np.int64)
    np.cumsum(lengths, out=offsets[1:])
    kept = np.repeat(lengths > 0, before)
    return Keys(np.ascontiguousarray(keys.blob[kept]), offsets)


def _rows_of(
    keys: Keys, lengths: Ints, text: str, among: NDArray[np.intp] | None = None
) -> NDArray[np.intp]:
    """The rows (of those given) whose text is `text`."""
    written = text.encode()
    rows: NDArray[np.intp] = np.arange(len(lengths)) if among is None else among
    rows = rows[lengths[rows] == len(written)]
    for place, byte in enumerate(written):
        rows = rows[keys.blob[keys.offsets[rows] + place] == byte]
    return rows


def _late_columns(column: ColumnMap, late: _Read, leads: bool) -> dict[str, Any]:
    made: dict[str, Any] = {}
    if column.name != "stage":
        numbers = [None if v is None else v.number for v in late.values]
        made[column.name] = late.taken(NO_DAY, np.int32, numbers)
    if leads:
        made["bucket"] = late.taken(
            -1, np.int8, [None if v is None else v.bucket for v in late.values]
        )
        made["status"] = late.taken(
            -1, np.int8, [None if v is None else v.status for v in late.values]
        )
        codes = [None if v is None else v.code for v in late.values]
        made["code"] = _words(late, codes)
    return made


def _words(read: _Read, texts: list[str | None]) -> Words:
    """Texts by row, -1 where there is none."""
    none = np.array([*(text is None for text in texts), True])
    ids = np.where(none[read.ids], np.int32(-1), read.ids) if none[:-1].any() else read.ids
    return Words(ids, [text or "" for text in texts])


def _typed(column: ColumnMap, read: _Read) -> Any:
    if column.kind == "date":
        days: NDArray[np.int32] = read.taken(NO_DAY, np.int32)
        return days
    if column.kind == "instant":
        instants: Ints = read.taken(NO_AMOUNT, np.int64)
        return instants
    if column.kind == "flag" or column.name == "status":
        small: NDArray[np.int8] = read.taken(-1, np.int8)
        return small
    return _words(read, read.values)


def _one_currency(block: Block, faults: _Faults, column: ColumnMap, place: int, book: Book) -> None:
    """Hold the cells of a currency column against the book's one currency."""
    read = _by_word(block, faults, column, place, _memo(column, book, _currency_reader))
    currency = book.currency
    if currency is None:
        return
    other = np.array([*(v is not None and v != currency for v in read.values), False])
    faults.note(
        "mixed_currency",
        (column.source, place),
        np.flatnonzero(other[read.ids]),
        lambda row: (
            shown(read.texts[read.ids[row]]),
            f"{currency}, the book's currency",
            "split the book by currency; a tape holds one",
        ),
    )


def _memo(
    column: ColumnMap, book: Book, made: Callable[[ColumnMap, Book], Callable[[str], Any]]
) -> _Memo:
    if column not in book.memos:
        read = made(column, book)
        book.memos[column] = _Memo(lambda text: None if text in column.missing else read(text))
    return book.memos[column]


# --- readers of one text ------------------------------------------------------------------------


def currency_of(column: ColumnMap) -> Callable[[str], Any]:
    """Reads a cell that names a currency."""

    def read(text: str) -> Any:
        word = cells.recoded(text, column.codes)
        if isinstance(word, Unfit):
            return word
        if word.upper() in CODES:
            return word.upper()
        return Unfit("an ISO 4217 currency code", f"recode `{text}` under `codes`, e.g. to CNY")

    return read


def _currency_reader(column: ColumnMap, _book: Book) -> Callable[[str], Any]:
    return currency_of(column)


def _late_of(column: ColumnMap, book: Book) -> Callable[[str], Any]:
    rule = book.delinquency if column.name == book.lead else None
    return lambda text: lateness.read(text, column, rule)


def _reader_of(column: ColumnMap, book: Book) -> Callable[[str], Any]:
    if column.kind == "date":
        first = column.name == "opened_on"
        return lambda text: cells.day(text, column.format, first)
    if column.kind == "instant":
        return lambda text: cells.instant(text, column.format, book.zone)

    def read(text: str) -> Any:
        if column.codes is None and column.name != "status" and text in cells.NOTHING:
            return cells.nothing(text)
        if column.kind == "list":
            return _list(text, column)
        word = cells.recoded(text, column.codes)
        if isinstance(word, Unfit):
            return word
        if column.kind == "flag":
            return cells.flag(word)
        if column.name == "status":
            return _status(text, word, column)
        if column.name == "time_zone" and not cells.is_zone(word):
            return Unfit("an IANA time zone", f"write e.g. Asia/Shanghai, or recode `{text}`")
        return word

    return read


def _list(text: str, column: ColumnMap) -> Any:
    items = [cells.recoded(item, column.codes) for item in cells.listed(text)]
    bad = next((item for item in items if isinstance(item, Unfit)), None)
    return bad if bad is not None else "|".join(str(item) for item in items if item != "none")


def _status(text: str, word: str, column: ColumnMap) -> Any:
    if word in STATUSES:
        return STATUSES.index(word)
    if column.codes is not None:
        return None  # a target that is no status is the manifest's fault, told once
    return Unfit(
        f"one of {cells.known(STATUSES)}", f"recode `{text}` under `codes`", "unknown_code"
    )


def _extra(block: Block, faults: _Faults, view: View, name: str, place: int) -> pl.Series:
    """A column of the lender's own; a column of the contract is judged as that, and once."""
    cell, absent = pl.col("x"), sorted(view.missing)
    read = (
        block.series(place)
        .to_frame("x")
        .select(
            pl.when(~cell.is_in(absent)).then(cell).alias("x"),
            pl.when(~cell.is_in(absent)).then(cell.is_in(sorted(cells.NOTHING))).alias("nothing"),
        )
    )
    if place not in view.judged:
        faults.nothing((name, place), read["nothing"].fill_null(False).arg_true().to_numpy())
    return read["x"]
