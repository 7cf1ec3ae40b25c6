from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from ruqi.adapters.files.debts_file import read_debts
from ruqi.classroom.debts import Foreign, Own
from ruqi.primitives.errors import InputFaulty, PolicyError

EXAMPLE = Path(__file__).parents[4] / "examples/credit_line"
BARE = """currency: CNY
start: 2025-07-01
debts:
  - {name: Card, balance_minor: 100, annual_rate: 18%}
"""


def read(tmp_path, text):
    path = tmp_path / "debts.yaml"
    path.write_text(text, encoding="utf-8")
    return read_debts(path)


def test_the_example_has_both_kinds_of_debt():
    wallet, changes = read_debts(EXAMPLE / "debts.yaml")
    assert [type(debt) for debt in wallet.debts] == [Foreign, Foreign, Own]
    assert wallet.debts[2].line.on == date(2025, 7, 1)
    assert changes[1].start == date(2025, 9, 1)
    assert changes[1].income_share == Fraction(8, 10)


def test_what_is_left_out(tmp_path):
    wallet, changes = read(tmp_path, BARE)
    assert (wallet.means, wallet.extra_minor, wallet.order, changes) == (None, 0, (), ())
    assert wallet.debts[0].annual_rate == Fraction(18, 100)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (BARE.replace("2025-07-01", "July"), 2),
        (BARE + "  - {name: Card, balance_minor: 5}\n", 5),
        (BARE.replace("balance_minor: 100, ", ""), 4),
        (BARE + "colour: red\n", 5),
        (BARE.replace("2025-07-01", "3000-07-01"), 2),
        (BARE.replace("CNY", "XXX"), 1),
        (BARE.replace("18%", "-18%"), 4),
        (BARE.replace("18%", "a lot"), 4),
        (BARE + "buffer_share: nan\n", 5),
        (BARE + "order: [Card, Loan]\n", 5),
        (BARE + "what_ifs:\n  - {name_en: x, name_zh: x, income_share: 0.8}\n", 6),
        (BARE + "what_ifs:\n  - {name_en: x, name_zh: x, from: 2025-13}\n", 6),
        (BARE + "  - {name: Own, events: none.jsonl, product: none.yaml}\n", 5),
    ],
)
def test_faults_name_their_line(tmp_path, text, line):
    with pytest.raises(InputFaulty) as caught:
        read(tmp_path, text)
    (place,) = caught.value.faults.places
    assert (place.kind, place.line) == ("unreadable", line)


def test_a_product_that_is_wrong_is_no_fault_of_the_debts(tmp_path):
    (tmp_path / "mine.yaml").write_text("product: x\n")
    own = f"  - {{name: Own, events: {EXAMPLE}/events.jsonl, product: mine.yaml}}\n"
    with pytest.raises(PolicyError, match=r"mine\.yaml"):
        read(tmp_path, BARE + own)


def test_a_line_that_is_not_open_yet(tmp_path):
    text = BARE.replace("2025-07-01", "2024-07-01")
    product = f"{EXAMPLE}/products/flat_fee_12.yaml"
    own = f"  - {{name: Own, events: {EXAMPLE}/events.jsonl, product: {product}}}\n"
    with pytest.raises(InputFaulty) as caught:
        read(tmp_path, text + own)
    assert "Own" in caught.value.faults.places[0].found


def test_a_line_in_another_currency(tmp_path):
    product = f"{EXAMPLE}/products/flat_fee_12.yaml"
    own = f"  - {{name: Own, events: {EXAMPLE}/events.jsonl, product: {product}}}\n"
    with pytest.raises(InputFaulty) as caught:
        read(tmp_path, BARE.replace("CNY", "USD") + own)
    (place,) = caught.value.faults.places
    assert "Own is in CNY, the file in USD" in place.found
    assert place.line == 5


def test_no_such_file(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_debts(tmp_path / "none.yaml")
