"""Blocks over typed columns (Parquet, spreadsheets): every cell has one plain text, as in a CSV."""

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ruqi.tape.block import CLOSER, EMPTY, GOOD, NO_AMOUNT, Ints, Keys, Words
from ruqi.tape.cells import WHITE, AmountRule
from ruqi.tape.ids import keys_of

_EXACT = 10**15  # below it a float's shortest text has the digits that count, and no others


class FrameBlock:
    """Rows of a frame, in order; `lines` are their numbers in the file."""

    def __init__(self, frame: pl.DataFrame, lines: Ints) -> None:
        self._columns = frame.get_columns()
        self._lines = lines
        self._texts: dict[int, pl.Series] = {}

    @property
    def lines(self) -> Ints:
        """The row's number in the file."""
        return self._lines

    def series(self, column: int) -> pl.Series:
        """Trimmed texts; null where empty."""
        if column not in self._texts:
            self._texts[column] = canonical(self._columns[column])
        return self._texts[column]

    def words(self, column: int) -> Words:
        """Trimmed texts with their distinct values."""
        texts = self.series(column)
        distinct = texts.drop_nulls().unique(maintain_order=True)
        lookup = pl.DataFrame({"t": distinct, "n": pl.Series(range(len(distinct)), dtype=pl.Int32)})
        joined = texts.to_frame("t").join(lookup, on="t", how="left", maintain_order="left")
        return Words(joined["n"].fill_null(-1).to_numpy(), distinct.to_list())

    def keys(self, column: int) -> Keys:
        """Trimmed texts of ids."""
        return keys_of(self.series(column))

    def amounts(self, column: int, rule: AmountRule) -> tuple[Ints, NDArray[np.uint8]]:
        """Minor units where the type makes them plain; the rest is left to a closer look."""
        cells = self._columns[column]
        form = rule.form
        factor = form.scale * 10**rule.decimals
        plain = factor.denominator == 1 and not form.negate
        if plain and cells.dtype.is_integer():
            return _whole(cells, int(factor))
        if plain and cells.dtype.is_float() and form.scale == 1:
            return _float(cells, rule.decimals)
        if plain and isinstance(cells.dtype, pl.Decimal) and form.scale == 1:
            return _decimal(cells, cells.dtype.scale, rule.decimals)
        texts = self.series(column)
        values = np.full(len(texts), NO_AMOUNT, dtype=np.int64)
        return values, np.where(texts.is_null().to_numpy(), EMPTY, CLOSER).astype(np.uint8)

    def text(self, column: int, row: int) -> str:
        """One trimmed cell."""
        return self.series(column)[row] or ""

    def damaged(self) -> list[tuple[int, Ints]]:
        """None: these formats hold text."""
        return []


def _whole(cells: pl.Series, factor: int) -> tuple[Ints, NDArray[np.uint8]]:
    numbers = cells.cast(pl.Int64, strict=False)
    near = numbers.is_between(-(2**62) // factor, 2**62 // factor)
    state = np.where(near.fill_null(False).to_numpy(), GOOD, CLOSER).astype(np.uint8)
    state[cells.is_null().to_numpy()] = EMPTY
    values = numbers.fill_null(0).to_numpy() * np.int64(factor)
    return values, state


def _float(cells: pl.Series, decimals: int) -> tuple[Ints, NDArray[np.uint8]]:
    numbers = cells.cast(pl.Float64).fill_null(np.nan).to_numpy()
    with np.errstate(over="ignore"):  # what overflows is left to a closer look
        scaled = np.round(numbers * 10.0**decimals)
    # m / 10^d is correctly rounded, so it equals the float only if the float is written so.
    with np.errstate(invalid="ignore", over="ignore"):
        good = (np.abs(scaled) < _EXACT) & (scaled / 10.0**decimals == numbers)
    if cells.dtype == pl.Float32:
        good[:] = False
    state = np.where(good, GOOD, CLOSER).astype(np.uint8)
    state[cells.is_null().to_numpy()] = EMPTY
    return np.where(good, scaled, 0).astype(np.int64), state


def _decimal(cells: pl.Series, scale: int, decimals: int) -> tuple[Ints, NDArray[np.uint8]]:
    units = cells.to_physical().cast(pl.Int64, strict=False)  # what is too long is null
    if scale > decimals:
        kept = units // 10 ** (scale - decimals)
        units = kept.set(kept * 10 ** (scale - decimals) != units, None)
        scale = decimals
    values, state = _whole(units, 10 ** (decimals - scale))
    state[(units.is_null() & cells.is_not_null()).to_numpy()] = CLOSER
    return values, state


def canonical(cells: pl.Series) -> pl.Series:
    """The texts that a CSV of these cells would hold, trimmed; null where empty."""
    kind = cells.dtype
    if kind == pl.String or isinstance(kind, pl.Categorical | pl.Enum):
        texts = cells.cast(pl.String)
    elif kind.is_float():
        texts = _float_texts(cells)
    elif kind == pl.Boolean:
        texts = (
            pl.DataFrame({"x": cells})
            .select(pl.when("x").then(pl.lit("true")).when(~pl.col("x")).then(pl.lit("false")))
            .to_series()
        )
    elif isinstance(kind, pl.Datetime):
        texts = _instant_texts(cells, kind)
    elif kind == pl.List(pl.String):
        texts = cells.list.join("|")
    elif kind.is_nested() or kind in (pl.Binary, pl.Duration):
        texts = pl.Series([_odd_text(cell) for cell in cells.to_list()], dtype=pl.String)
    else:
        texts = cells.cast(pl.String)
    trimmed = texts.str.strip_chars(WHITE)
    return trimmed.set(trimmed == "", None)


def _odd_text(cell: Any) -> str | None:
    if isinstance(cell, bytes):
        return cell.decode(errors="backslashreplace")
    if isinstance(cell, list):
        return "|".join(str(item) for item in cell)
    return None if cell is None else str(cell)


def _float_texts(cells: pl.Series) -> pl.Series:
    """Shortest texts; whole numbers without a point."""
    frame = cells.to_frame("x")
    whole = (pl.col("x") == pl.col("x").round()) & (pl.col("x").abs() < _EXACT)
    return frame.select(
        pl.when(whole)
        .then(pl.col("x").cast(pl.Int64, strict=False).cast(pl.String))
        .otherwise(pl.col("x").cast(pl.String))
    ).to_series()


def _instant_texts(cells: pl.Series, kind: pl.Datetime) -> pl.Series:
    if kind.time_zone is not None:
        utc = cells.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
        return utc.dt.to_string("%Y-%m-%dT%H:%M:%S%.6f") + "Z"
    return cells.dt.to_string("%Y-%m-%dT%H:%M:%S%.6f")
