"""Where a table's columns stand in one file, and which of them the file lacks."""

import difflib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from ruqi.adapters.files.parts import Part
from ruqi.tape.block import Spot, Spots
from ruqi.tape.cells import EPOCH
from ruqi.tape.judge import Month, View
from ruqi.tape.manifest import ColumnMap, TableMap

TITLE_CELLS = 2  # a first row with no more cells is rather a title than a header
TITLE = "if this row is a title, delete the rows above the header (ruqi map says which row it is)"


def view_of(table: TableMap, part: Part, spots: Spots) -> View:
    """The view of a file; columns that it lacks are faulted at its header and left out."""
    places = {name: place for place, name in reversed(list(enumerate(part.header)))}
    wide = (column for month in table.months for column in month.columns)
    sources = [column.source for column in (*table.columns, *wide)]
    listed = [*table.features, *table.protected]
    for name in dict.fromkeys([*sources, *listed]):
        _look_up(name, part, spots)
    return View(
        header=part.header,
        columns=_placed(table.columns, places, part.dated),
        months=tuple(
            Month(month.on.toordinal() - EPOCH, _placed(month.columns, places, part.dated))
            for month in table.months
        ),
        extras=tuple((n, places[n]) for n in listed if n in places),
        missing=table.missing,
    )


def wanted(view: View) -> frozenset[int]:
    """Places of the columns that a view reads."""
    return view.judged | {place for _, place in view.extras}


def _placed(
    columns: Iterable[ColumnMap], places: dict[str, int], dated: frozenset[int]
) -> tuple[tuple[ColumnMap, int], ...]:
    """Columns with their places. A format is of texts: cells that are dates need none."""
    found = ((c, places[c.source]) for c in columns if c.source in places)
    return tuple((replace(c, format=None) if at in dated else c, at) for c, at in found)


def _look_up(name: str, part: Part, spots: Spots) -> None:
    times = Counter(part.header)[name]
    if times == 1 or "encoding" in part.header_spots.counts:
        return
    if times:
        found, expected = f"{times} columns of this name", f"one column `{name}`"
        mend = "give each column of the file a name of its own"
    else:
        found, expected = None, f"a column `{name}`"
        mend = _mend(name, part.header)
    place = len(part.header)
    spot = Spot("missing_column", part.header_line, place, name, found, expected, mend)
    spots.add("missing_column", 1, [spot])


def _mend(name: str, header: Sequence[str]) -> str:
    near = difflib.get_close_matches(name, header, 1, 0.6)
    if near:
        return f"the file has `{near[0]}`; correct the mapping in tape.yaml or the file"
    if len(header) == 1:
        marks = [mark for mark in ";\t|," if mark in header[0]]
        if marks:
            shown = "\\t" if marks[0] == "\t" else marks[0]
            return f'the header looks divided by "{shown}"; state the table\'s `delimiter`'
    named = [text for text in header if text]
    some = ", ".join(named[:8]) + (", …" if len(named) > 8 else "")
    mend = f"the file has {some}; correct the mapping in tape.yaml"
    return mend if len(named) > TITLE_CELLS else f"{mend}; {TITLE}"
