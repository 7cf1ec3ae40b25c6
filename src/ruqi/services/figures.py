"""The measures that an address asks for: one definition or every one, which segments, which month.

The page and its files show exactly the same rows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

EVERY = "every"
WHOLE = "all"  # the segment that is the whole book
Row = Mapping[str, Any]


@dataclass(frozen=True)
class FigureQuery:
    """What is shown. `by` is empty for every segment, `all` for the whole book, a column such as
    `partner_id`, or one segment `column=value`; `month` the ISO day of a month's figures, or every.
    """

    definition: str
    by: str
    month: str

    def parameters(self) -> dict[str, str]:
        """The address's parameters."""
        return {"definition": self.definition, "by": self.by, "month": self.month}


@dataclass(frozen=True)
class FigureChoices:
    """What a run can be asked for: definitions in the registry's order, columns with their
    segments, months from the newest.
    """

    definitions: Sequence[str]
    segments: Mapping[str, Sequence[str]]
    months: Sequence[str]


def choices(measures: Sequence[Row], definitions: Mapping[str, Any]) -> FigureChoices:
    """Everything that these measures can be asked for."""
    known = {row["definition_id"] for row in measures}
    segments: dict[str, list[str]] = {}
    for one in sorted({row["segment"] for row in measures} - {WHOLE}):
        segments.setdefault(one.partition("=")[0], []).append(one)
    months = sorted({_day(row) for row in measures}, reverse=True)
    ordered = [one for one in definitions if one in known]
    return FigureChoices(ordered + sorted(known - set(ordered)), segments, months)


def read_figures(given: Mapping[str, str], known: FigureChoices, first: str) -> FigureQuery:
    """The query that an address asks for; what makes no sense there is as if it were absent.

    `first` is the definition that is shown where none is asked for.
    """

    def one_of(name: str, options: set[str], otherwise: str) -> str:
        asked = given.get(name, "")
        return asked if asked in options else otherwise

    segments = {one for group in known.segments.values() for one in group}
    newest = known.months[0] if known.months else ""
    return FigureQuery(
        one_of("definition", {*known.definitions, EVERY}, first),
        one_of("by", {WHOLE, *known.segments, *segments}, ""),
        one_of("month", {*known.months, EVERY}, newest),
    )


def find_figures(
    measures: Sequence[Row], query: FigureQuery, known: FigureChoices
) -> list[dict[str, Any]]:
    """The rows that match: by definition, the whole book first, by segment, the newest month first.

    Where one month of one column is asked for, the highest figure comes first.
    """
    order = {one: place for place, one in enumerate(known.definitions)}
    columns = {one: place for place, one in enumerate((WHOLE, *known.segments))}
    found = [
        dict(row)
        for row in measures
        if query.definition in (EVERY, row["definition_id"])
        and query.month in (EVERY, _day(row))
        and query.by in ("", row["segment"], row["segment"].partition("=")[0])
    ]
    found.sort(key=_day, reverse=True)
    if query.month != EVERY and query.definition != EVERY:
        found.sort(key=lambda row: -(row["value"] if row["value"] is not None else -1.0))
        return sorted(found, key=lambda row: columns[row["segment"].partition("=")[0]])
    return sorted(
        found,
        key=lambda row: (
            order[row["definition_id"]],
            columns[row["segment"].partition("=")[0]],
            row["segment"],
        ),
    )


def _day(row: Row) -> str:
    return str(row["on"])[:10]
