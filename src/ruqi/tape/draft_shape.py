"""The drafted manifest of a stranger's files, as values: files as opened, tables, the book."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from ruqi.tape.draft_cells import Facts
from ruqi.tape.draft_codes import Order, Said
from ruqi.tape.draft_columns import ColumnDraft, Guess
from ruqi.tape.draft_months import Block
from ruqi.tape.manifest import NumberForm


@dataclass(frozen=True)
class FileLook:
    """One file or sheet as it was opened: every cell a trimmed text, empty = null."""

    path: str  # as the manifest will say it
    frame: pl.DataFrame
    encoding: str | None = None  # None: the format knows it
    delimiter: str | None = None
    sheet: str | None = None
    doubts: tuple[Said, ...] = ()
    whole: bool = True  # whether the frame holds every row


@dataclass
class TableDraft:
    """One table of the manifest to be."""

    name: str
    paths: list[str]
    look: FileLook
    facts: Mapping[str, Facts] = field(default_factory=dict)  # of the file's columns
    columns: dict[str, ColumnDraft] = field(default_factory=dict)
    months: dict[str, dict[str, ColumnDraft]] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    features: list[str] = field(default_factory=list)
    protected: list[str] = field(default_factory=list)
    left: dict[str, Said] = field(default_factory=dict)  # columns not used, and why
    form: NumberForm | None = None  # of the whole file
    doubts: list[Said] = field(default_factory=list)


@dataclass
class BookDraft:
    """The whole manifest to be."""

    name: str
    tables: dict[str, TableDraft]
    currency: str | None = None
    minor: bool = False
    time_zone: str | None = None
    as_of: date | None = None
    statement: bool = False
    synthetic: bool = False
    by: str = "stage"
    order: Order = field(default_factory=lambda: Order({}, None, ()))
    doubts: dict[str, list[Said]] = field(default_factory=dict)  # by key of the manifest
    unused: list[str] = field(default_factory=list)  # files that no table was seen in

    def unsure(self) -> list[Said]:
        """Every doubt, the book's own first, each once."""
        listed = [doubt for doubts in self.doubts.values() for doubt in doubts]
        listed += self.order.doubts
        for table in self.tables.values():
            listed += [*table.look.doubts, *table.doubts]
            months = [c for columns in table.months.values() for c in columns.values()]
            for column in (*table.columns.values(), *months):
                listed += column.doubts
        return list(dict.fromkeys(listed))


@dataclass(frozen=True)
class Seen:
    """A group of files of one form, and what their columns are."""

    paths: list[str]
    look: FileLook
    columns: dict[str, Facts]
    guesses: list[Guess]
    blocks: list[Block]
    form: NumberForm | None
