"""What a page of the report is made of: plain values that the template knows how to draw."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from ruqi.adapters.report.words import NOTHING, Text, same

PHONE_ROWS = 8  # a longer table is folded on a phone


@dataclass(frozen=True)
class Column:
    """A table's column: its header and whether its cells are figures."""

    text: Text
    figures: bool = False


@dataclass(frozen=True)
class Cell:
    """One cell. `style` is a class of the stylesheet, `bar` a share in [0, 1] drawn beside it."""

    text: Text
    style: str = ""
    small: Text = NOTHING
    bar: float | None = None
    link: str = ""
    head: bool = False  # the row's own name


@dataclass(frozen=True)
class Table:
    """A table with its caption; `definition` is the id that its figures carry."""

    caption: Text
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    definition: str = ""
    style: str = ""
    foot: Text = NOTHING
    folded: bool = False  # shown on demand on screen, always on paper
    shown: bool = False  # what the page is about: never folded, however long
    kind: Literal["table"] = "table"

    @property
    def wordy(self) -> bool:
        """Whether it holds sentences: on a phone its rows then stand as cards, not sideways."""
        return any("wrap" in cell.style for row in self.rows for cell in row)

    @property
    def long(self) -> bool:
        """Whether a phone shows it on demand only; a heat map is seen like a chart."""
        return len(self.rows) > PHONE_ROWS and self.style != "heat" and not self.shown


@dataclass(frozen=True)
class Chart:
    """A chart: ECharts options as plain data. `says` is what a listener hears instead.

    In `options` a colour is a token such as `@ink` (the stylesheet's variable) and a text in both
    languages is `{"en": ..., "zh": ...}`; the page's script resolves both.
    """

    id: str
    title: Text
    says: Text
    options: dict[str, Any]
    height: Literal["s", "m", "l"] = "m"
    definition: str = ""
    kind: Literal["chart"] = "chart"


@dataclass(frozen=True)
class Note:
    """A paragraph; `tone` is `lead`, `plain` or `mark` (a caveat that must be seen)."""

    text: Text
    tone: Literal["lead", "plain", "mark"] = "plain"
    kind: Literal["note"] = "note"


@dataclass(frozen=True)
class Pair:
    """A chart and its table, side by side where there is room."""

    chart: Chart
    table: Table
    kind: Literal["pair"] = "pair"


@dataclass(frozen=True)
class Panel:
    """One alternative of a switch. `at` is its place: one index for each of the switch's rows."""

    at: tuple[int, ...]
    blocks: Sequence[Any]


@dataclass(frozen=True)
class Switch:
    """Alternatives that the reader switches between, with or without JavaScript.

    `choices` is one row of names, or two rows whose combination picks a panel.
    """

    id: str
    label: Sequence[Text]
    choices: Sequence[Sequence[Text]]
    panels: Sequence[Panel]
    kind: Literal["switch"] = "switch"


@dataclass(frozen=True)
class Entry:
    """A definition: id, name, what it says, and its facts on lines or after each other."""

    id: str
    name: Text
    says: Text
    lines: Sequence[tuple[Text, Text]] = ()
    facts: Sequence[tuple[Text, Text]] = ()


@dataclass(frozen=True)
class Entries:
    """A list of definitions."""

    entries: Sequence[Entry]
    kind: Literal["entries"] = "entries"


@dataclass(frozen=True)
class Section:
    """A numbered part of the report."""

    id: str
    title: Text
    blocks: Sequence[Any] = field(default_factory=tuple)
    folded: bool = False  # reference matter: shown on demand on screen, always on paper


@dataclass(frozen=True)
class Headline:
    """One headline figure with its definition's id."""

    name: Text
    value: Text
    small: Text
    definition: str
    marked: bool = False


def words(text: object) -> Cell:
    """A cell of words; a plain value is the same in both languages."""
    return Cell(text if isinstance(text, Text) else same(text))


def row_head(text: object, small: Text = NOTHING) -> Cell:
    """The cell that names its row."""
    return Cell(text if isinstance(text, Text) else same(text), head=True, small=small)


def figure(text: object, small: str | Text = "", style: str = "") -> Cell:
    """A cell with a figure, an interval or remark in small print below it."""
    return Cell(
        text if isinstance(text, Text) else same(text),
        style=f"n {style}".strip(),
        small=small if isinstance(small, Text) else same(small),
    )
