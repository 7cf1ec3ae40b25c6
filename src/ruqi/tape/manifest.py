"""How a stranger's files map onto the shape of a tape, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Literal

from ruqi.tape.columns import Delinquency
from ruqi.tape.contract import Kind


@dataclass(frozen=True)
class NumberForm:
    """How a column writes numbers: its separators, and what turns them into the book's units."""

    thousands: str = ""
    decimal: str = "."
    scale: Fraction = Fraction(1)  # multiplies the written number
    negate: bool = False


@dataclass(frozen=True, eq=False)
class ColumnMap:
    """One column of a table: its name in the contract and where its cells come from.

    `missing` are texts that mean missing. `codes` recode file values; None: no code table.
    `format` is a strptime pattern; None: the date forms that tapes accept by themselves.
    """

    name: str
    source: str  # the file's own column name
    kind: Kind
    required: bool = False
    format: str | None = None
    form: NumberForm = NumberForm()
    missing: frozenset[str] = frozenset()
    codes: Mapping[str, str] | None = None


@dataclass(frozen=True)
class MonthMap:
    """One month of a wide table: the day it stands for and its own columns."""

    on: date
    columns: tuple[ColumnMap, ...]


@dataclass(frozen=True)
class TableMap:
    """One table: its files and how their columns are read.

    `paths` are relative to the manifest and may be globs. `features` and `protected` name columns
    of the file as they stand; `missing` are the table's texts for missing, which hold for them.
    """

    name: str
    paths: tuple[str, ...]
    columns: tuple[ColumnMap, ...]
    months: tuple[MonthMap, ...] = ()  # filled: the wide form
    features: tuple[str, ...] = ()
    protected: tuple[str, ...] = ()
    missing: frozenset[str] = frozenset()
    encoding: str = "utf-8"
    delimiter: str = ","
    sheet: str | None = None

    def column(self, name: str) -> ColumnMap | None:
        """The mapping of one contract column, if the long part of the table has it."""
        return next((column for column in self.columns if column.name == name), None)

    @property
    def mapped(self) -> frozenset[str]:
        """Names of all contract columns that the table maps, in whichever month."""
        wide = {column.name for month in self.months for column in month.columns}
        return frozenset({column.name for column in self.columns} | wide)


@dataclass(frozen=True)
class Manifest:
    """A whole tape.yaml, checked.

    `currency` is None where the files' `currency` columns say it. `delinquency` is None only in a
    manifest with faults, whose other tables are still worth checking; `time_zone` is None where
    none is stated, and then every instant must carry its own.
    """

    name: str
    currency: str | None
    minor: bool  # amounts in the files are minor units
    time_zone: str | None
    as_of: date | None
    observed: Literal["month_end", "statement"]
    synthetic: frozenset[str]
    tables: Mapping[str, TableMap]
    delinquency: Delinquency | None
    lateness: str | None  # the column of performance that leads
    notes: Mapping[str, str] = field(default_factory=dict)
