"""Reading a book: fast paths say what the rule says; pieces, order and format change nothing."""

import tempfile
from datetime import date
from fractions import Fraction
from pathlib import Path

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from ruqi.adapters.files import csv_part
from ruqi.adapters.files.csv_part import CsvPart
from ruqi.adapters.files.frame_block import FrameBlock
from ruqi.adapters.files.tape_source import check, read
from ruqi.primitives.errors import InputFaulty
from ruqi.tape import cells
from ruqi.tape.cells import WHITE, AmountRule
from ruqi.tape.manifest import NumberForm, TableMap
from tape_files import lay

NUMBERS = st.text("0123456789,.-+() e", max_size=12) | st.decimals(
    allow_nan=False, allow_infinity=False, places=3
).map(str)
FORMS = st.builds(
    AmountRule,
    st.builds(
        NumberForm,
        st.sampled_from(["", ",", " "]),
        st.just("."),
        st.sampled_from([Fraction(1), Fraction(10000), Fraction("0.01"), Fraction("2.5")]),
        st.booleans(),
    ),
    st.sampled_from([0, 2, 3]),
)


@given(st.lists(NUMBERS, min_size=1, max_size=20), FORMS)
@settings(max_examples=150, deadline=None)
def test_plain_numbers_of_a_csv_are_what_the_rule_reads(texts, rule):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.csv"
        path.write_text("a;b\n" + "".join(f"{text};\n" for text in texts))
        part = CsvPart(path, TableMap("performance", ("x.csv",), (), delimiter=";"))
        (piece,) = part.pieces(frozenset({0}))
        values, state = piece().block.amounts(0, rule)
    for text, value, plain in zip(texts, values.tolist(), state.tolist(), strict=True):
        if plain == 0:
            assert value == cells.amount(text.strip(WHITE), rule)
        else:
            assert (plain == 1) == (text.strip(WHITE) == "")


@given(st.lists(st.floats() | st.none(), min_size=1, max_size=20), FORMS)
@settings(max_examples=100, deadline=None)
def test_plain_floats_are_what_the_rule_reads(floats, rule):
    block = FrameBlock(pl.Series("x", floats, dtype=pl.Float64).to_frame(), np.arange(len(floats)))
    values, state = block.amounts(0, rule)
    for row, plain in enumerate(state.tolist()):
        if plain == 0:
            assert values[row] == cells.amount(block.text(0, row), rule)


CELLS = {
    "id": st.sampled_from(["a", "b", "c", "", " ", '"x\n"']),
    "on": st.sampled_from(["2024-01", "2024-02-29", "2024/3/1", "2024-02-30", "", "202404"]),
    "dpd": st.sampled_from(["0", "31", "1.5", "-", "", "45.0"]),
    "balance": st.sampled_from(["1", "1.25", "-3", "x", "", '"1,5"', "1.234"]),
}
ROWS = st.tuples(*CELLS.values()).map(",".join) | st.sampled_from(["", "a,b", "1,2,3,4,5", '"'])


@given(st.lists(ROWS, max_size=12), st.sampled_from(["\n", "\r\n", "\r"]), st.integers(1, 60))
@settings(max_examples=60, deadline=None)
def test_the_size_of_pieces_changes_nothing(rows, end, piece):
    with tempfile.TemporaryDirectory() as name:
        folder = lay(Path(name), end.join(["id,on,dpd,balance", *rows]))
        whole = check(folder)
        held, csv_part.PIECE = csv_part.PIECE, piece
        try:
            assert check(folder) == whole
        finally:
            csv_part.PIECE = held
        assert (whole.faults.total > 0) == _refused(folder)


def _refused(folder):
    try:
        read(folder)
    except InputFaulty:
        return True
    return False


@given(st.data())
@settings(max_examples=25, deadline=None)
def test_order_parts_and_format_change_nothing(data):
    keys = st.tuples(st.sampled_from("abc"), st.integers(1, 12))
    rows = data.draw(
        st.dictionaries(keys, st.tuples(st.integers(0, 200), st.integers(-(10**6), 10**12)))
        .filter(bool)
        .map(
            lambda held: [
                {"id": i, "on": date(2024, m, 28), "dpd": d, "balance": b / 100}
                for (i, m), (d, b) in held.items()
            ]
        )
    )
    frame = pl.DataFrame(rows)
    with tempfile.TemporaryDirectory() as name:
        one, _ = read(lay(Path(name) / "one", frame))
        mixed = data.draw(st.permutations(rows))
        cut = data.draw(st.integers(0, len(rows)))
        files = {
            part: pl.DataFrame(some, schema=frame.schema)
            for part, some in (("p1.parquet", mixed[:cut]), ("p2.csv", mixed[cut:]))
        }
        other, _ = read(lay(Path(name) / "other", "", {"performance": {"path": "p*"}}, files))
    assert one.performance.equals(other.performance)
    assert one.fingerprint == other.fingerprint
