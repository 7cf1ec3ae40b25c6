from datetime import date, datetime
from fractions import Fraction

import numpy as np
import polars as pl
import pytest

from ruqi.adapters.files.frame_block import FrameBlock, canonical
from ruqi.tape import cells
from ruqi.tape.cells import AmountRule, Unfit
from ruqi.tape.ids import series_of
from ruqi.tape.manifest import NumberForm


def block(*values, dtype=None):
    series = pl.Series("x", values, dtype=dtype, strict=False)
    return FrameBlock(series.to_frame(), np.arange(len(values)))


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ([1, -20000, None], ["1", "-20000", None]),
        ([1.0, 0.1, 20000.0, -0.5, None], ["1", "0.1", "20000", "-0.5", None]),
        ([True, False, None], ["true", "false", None]),
        ([date(2024, 3, 5)], ["2024-03-05"]),
        ([datetime(2024, 3, 5)], ["2024-03-05T00:00:00.000000"]),
        ([" a\u3000", "", "  ", None], ["a", None, None, None]),
        ([["a", "b"], [], None], ["a|b", None, None]),
        ([[1, 2], [3]], ["1|2", "3"]),
        ([{"x": 1}, None], ["{'x': 1}", None]),
        ([b"a\xff", None], ["a\\xff", None]),
        ([None, None], [None, None]),
    ],
)
def test_the_text_of_a_cell(values, texts):
    assert canonical(pl.Series(values)).to_list() == texts


def test_instants_with_a_zone_are_written_in_utc():
    shanghai = pl.Series([datetime(2024, 3, 5, 9)]).dt.replace_time_zone("Asia/Shanghai")
    assert canonical(shanghai).to_list() == ["2024-03-05T01:00:00.000000Z"]


def test_words_and_keys():
    made = block("x", None, "y", "x")
    assert made.words(0).ids.tolist() == [0, -1, 1, 0]
    assert series_of(made.keys(0)).to_list() == ["x", "", "y", "x"]
    assert made.text(0, 1) == ""
    assert made.damaged() == []


VALUES = [0.1, 0.29, 1.005, 1234567.89, -0.07, 1e15, 1e300, 0.0, 20000.0, 123456789012.34]
RULES = [
    AmountRule(NumberForm(), 2),
    AmountRule(NumberForm(), 0),
    AmountRule(NumberForm(scale=Fraction(10000)), 2),
    AmountRule(NumberForm(negate=True), 2),
    AmountRule(NumberForm(scale=Fraction(1, 100)), 2),
]


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize(
    "made",
    [
        block(*VALUES, float("nan"), float("inf"), None),
        block(0.1, 2.5, dtype=pl.Float32),
        block(0, 1, -5, 2**62, 2**63 - 1, None, dtype=pl.Int64),
        block(2**64 - 1, dtype=pl.UInt64),
        block("1.5", "x", dtype=pl.String),
        block("1.50", "-20.25", dtype=pl.String),
    ],
)
def test_plain_amounts_are_what_the_rule_reads(made, rule):
    values, state = made.amounts(0, rule)
    for row, (value, plain) in enumerate(zip(values.tolist(), state.tolist(), strict=True)):
        text = made.text(0, row)
        assert (plain == 1) == (text == "")
        if plain == 0:
            assert value == cells.amount(text, rule)


def test_decimals_are_exact():
    texts = ["1.50", "-20.25", None, "0.013", "9" * 20]
    for scale, plain in ((3, [150, -2025]), (4, [150, -2025]), (1, [150, -2020])):
        made = pl.Series(texts).cast(pl.Decimal(30, scale))
        found = FrameBlock(made.to_frame(), np.arange(5)).amounts(0, RULES[0])
        assert [v for v, s in zip(*found, strict=True) if s == 0][:2] == plain
        assert found[1].tolist() == [0, 0, 1, 2 if scale > 1 else 0, 2]


def test_most_of_a_typed_column_needs_no_closer_look():
    assert block(*VALUES[:5]).amounts(0, RULES[0])[1].tolist() == [0, 0, 2, 0, 0]
    assert isinstance(cells.amount("1.005", RULES[0]), Unfit)
