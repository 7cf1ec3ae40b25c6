"""Every measure of a book, by month and segment, with interval, definition id and remarks."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import chain

import numpy as np
import numpy.typing as npt
import polars as pl

from ruqi.portfolio.amounts import AMOUNTS, amount_moments, amount_sums
from ruqi.portfolio.definition import Definition, columns, lacks
from ruqi.portfolio.denominators import DENOMINATORS, denominator_moments, denominator_sums
from ruqi.portfolio.first_payment import FIRST_PAYMENT, first_payment_moments, first_payment_sums
from ruqi.portfolio.flows import FLOWS, flow_moments, flow_sums
from ruqi.portfolio.history import HISTORY, history_moments, history_sums
from ruqi.portfolio.intervals import Moments, Sums, estimate
from ruqi.portfolio.levels import LEVELS, TOTALS, level_moments, level_sums
from ruqi.portfolio.panel import Book, panel
from ruqi.portfolio.rolls import ROLLS
from ruqi.portfolio.segments import Segments, segments
from ruqi.portfolio.vintage import VINTAGES
from ruqi.tape.columns import Tape
from ruqi.tape.remarks import Remark, touching

MEASURES = (*LEVELS, *DENOMINATORS, *AMOUNTS, *FLOWS, *HISTORY, *FIRST_PAYMENT)
REGISTRY: dict[str, Definition] = {d.id: d for d in (*MEASURES, *ROLLS, *VINTAGES)}
SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "definition_id": pl.String,
    "on": pl.Date,
    "segment": pl.String,
    "value": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "numerator": pl.Float64,
    "denominator": pl.Float64,
    "unit": pl.String,
    "remark_ids": pl.List(pl.String),
    "needs": pl.List(pl.String),
}


def measure(tape: Tape, remarks: Sequence[Remark], book: Book | None = None) -> pl.DataFrame:
    """All measures of every month and segment: columns of `SCHEMA`, in the order of `REGISTRY`.

    A figure is null where its denominator is zero, or where the book lacks a column: `needs` then
    names it (`table.column`) and the one segment is "all". Counts and totals of the whole book
    are not sampled: they have no interval. `book`: what `panel(tape)` gave, if at hand.
    """
    book = book or panel(tape)
    parts = segments(book, 2 * book.buckets * len(book.states))
    found = _moments(book, parts, tape)
    frames = []
    for definition in MEASURES:
        needs = lacks(definition, tape)
        moments = None if needs else found[definition.id].each(parts.project)
        if moments and definition.id in TOTALS:
            moments = replace(moments, denominator=np.ones_like(moments.numerator))
        ids = [
            touching(remarks, on, columns(definition, tape), since)
            for on, since in zip(book.ons, _since(book, definition), strict=True)
        ]
        frames.append(_frame(definition, book, parts, moments, ids, needs))
    return pl.concat(frames)


def _moments(book: Book, parts: Segments, tape: Tape) -> dict[str, Moments]:
    """Add up the book's parts, then make every measure's moments from the sums."""
    sums: Sums = {}
    for part in book.parts():
        for name, table in (
            level_sums(part, parts, tape)
            | denominator_sums(part, parts, tape)
            | amount_sums(part, parts, tape)
            | flow_sums(part, parts)
            | history_sums(part, parts, tape)
            | first_payment_sums(part, parts, tape)
        ).items():
            sums[name] = sums[name] + table if name in sums else table
    return (
        level_moments(sums, book)
        | denominator_moments(sums)
        | amount_moments(sums)
        | flow_moments(sums, book)
        | history_moments(sums)
        | first_payment_moments(sums)
    )


def _since(book: Book, definition: Definition) -> list[date]:
    """Per month the first month that the figure reads."""
    back = book.months if definition.looks_back is None else definition.looks_back
    return [book.ons[max(place - back, 0)] for place in range(book.months)]


def _frame(
    definition: Definition,
    book: Book,
    parts: Segments,
    moments: Moments | None,
    remark_ids: list[list[str]],
    needs: list[str],
) -> pl.DataFrame:
    names = parts.names if moments else parts.names[:1]
    shape = (len(names), book.months)
    if moments is None:
        empty = np.full(shape, np.nan)
        low = high = value = numerator = denominator = empty
    else:
        found = estimate(moments)
        value, low, high = found.value, found.low, found.high
        numerator, denominator = moments.numerator, moments.denominator
        if definition.id in TOTALS:
            low = high = np.full(shape, np.nan)
    figures = {
        "value": value,
        "low": low,
        "high": high,
        "numerator": numerator,
        "denominator": denominator,
    }
    months = np.arange(book.months)
    frame = pl.DataFrame(
        {
            "on": list(book.ons) * len(names),
            "segment": list(chain.from_iterable([name] * book.months for name in names)),
            "remark_ids": _texts(remark_ids).gather(np.tile(months, len(names))),
            "needs": _texts([needs]).gather(np.zeros(len(names) * book.months, dtype=np.int64)),
        }
        | {name: _flat(table) for name, table in figures.items()}
    )
    return frame.select(
        pl.lit(definition.id).alias("definition_id"),
        "on",
        "segment",
        *figures,
        pl.lit(definition.unit).alias("unit"),
        "remark_ids",
        "needs",
    )


def _flat(table: npt.NDArray[np.float64]) -> pl.Series:
    return pl.Series(table.ravel()).fill_nan(None)


def _texts(lists: list[list[str]]) -> pl.Series:
    return pl.Series(lists, dtype=pl.List(pl.String))
