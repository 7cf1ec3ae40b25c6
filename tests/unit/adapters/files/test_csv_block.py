from fractions import Fraction

import pytest

from ruqi.adapters.files.csv_block import readable
from ruqi.adapters.files.csv_part import CsvPart
from ruqi.tape.block import DAMAGE, Keys
from ruqi.tape.cells import AmountRule
from ruqi.tape.ids import series_of
from ruqi.tape.manifest import NumberForm, TableMap


@pytest.fixture
def block(tmp_path):
    def made(text):
        (tmp_path / "x.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
        part = CsvPart(tmp_path / "x.csv", TableMap("performance", ("x.csv",), ()))
        (piece,) = part.pieces(frozenset(range(len(part.header))))
        return piece().block

    return made


TEXT = 'a,b\n x ,1\n"y,\n""z""",\n\u3000x\u00a0,2.5\n,"-3"\n'


def test_cells_are_trimmed_and_unescaped(block):
    made = block(TEXT)
    assert [made.text(0, row) for row in range(4)] == ["x", 'y,\n"z"', "x", ""]
    assert made.lines.tolist() == [0, 1, 3, 4]


def test_words_keys_and_series_say_the_same(block):
    made = block(TEXT)
    words = made.words(0)
    assert words.ids.tolist() == [0, 1, 0, -1]
    assert list(words.texts) == ["x", 'y,\n"z"']
    keys = made.keys(0)
    assert isinstance(keys, Keys)
    assert series_of(keys).to_list() == ["x", 'y,\n"z"', "x", ""]
    assert made.series(0).to_list() == ["x", 'y,\n"z"', "x", None]


def test_more_distinct_words_than_the_first_table_holds(block):
    made = block("a,b\n" + "".join(f"{i % 5000},1\n" for i in range(10_000)))
    words = made.words(0)
    assert len(words.texts) == 5000
    assert words.ids.tolist() == [i % 5000 for i in range(10_000)]


@pytest.mark.parametrize(
    ("form", "decimals", "values", "state"),
    [
        (NumberForm(), 2, [100, None, 250, -300], [0, 1, 0, 0]),
        (NumberForm(scale=Fraction(10), negate=True), 0, [-10, None, -25, 30], [0, 1, 0, 0]),
        (NumberForm(scale=Fraction(1, 3)), 2, [None] * 4, [2, 1, 2, 2]),
        (NumberForm(thousands="\u3000"), 2, [None] * 4, [2, 1, 2, 2]),
    ],
)
def test_amounts(block, form, decimals, values, state):
    found, states = block(TEXT).amounts(1, AmountRule(form, decimals))
    assert states.tolist() == state
    assert [int(v) if s == 0 else None for v, s in zip(found, states, strict=True)] == values


def test_damage_is_placed_by_column_and_row(block):
    made = block(b"a,b\nx,\xb2\xe2\n\xff,1\n\xe8\xb4\xa6,2\n")
    assert [(c, rows.tolist()) for c, rows in made.damaged()] == [(0, [1]), (1, [0])]
    assert made.text(1, 0) == chr(DAMAGE + 0xB2) + chr(DAMAGE + 0xE2)
    assert block(TEXT).damaged() == []


def test_bytes_are_written_out_for_people():
    assert readable("a" + chr(DAMAGE + 0xB2)) == "a\\xb2"
