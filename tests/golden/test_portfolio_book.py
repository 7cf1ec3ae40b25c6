"""One page of accounts, and every figure on it counted by hand (files in `portfolio/`)."""

from pathlib import Path

import polars as pl
import pytest

from ruqi.portfolio.measures import measure
from ruqi.portfolio.rolls import rolls
from ruqi.portfolio.vintage import vintages
from tapes import make_tape

FOLDER = Path(__file__).parent / "portfolio"
ENDS = {"paid": "paid_off", "lost": "charged_off", "sold": "sold"}


def lines(name):
    text = (FOLDER / name).read_text(encoding="utf-8")
    return [line.split(",") for line in text.splitlines() if not line.startswith("#")]


@pytest.fixture(scope="module")
def tape():
    (_, _, *months), *accounts = lines("book.csv")
    rows = []
    for name, _, *cells in accounts:
        for month, cell in zip(months, cells, strict=True):
            if cell != ".":
                state, balance = cell.split("/")
                row = {"account_id": name, "on": month, "balance_minor": int(balance) * 100}
                end = {"status": ENDS[state]} if state in ENDS else {"bucket": state}
                rows.append(row | {"status": "open"} | end)
    return make_tape(rows, accounts=[{"account_id": a, "opened_on": on} for a, on, *_ in accounts])


def test_measures(tape):
    figures = measure(tape, []).filter(pl.col("segment") == "all")
    seen = {(r["definition_id"], f"{r['on']:%Y-%m}"): r for r in figures.to_dicts()}
    for name, month, numerator, denominator in lines("measures.csv"):
        row = seen[(name, month)]
        units = (100, 100) if "balance" in name else (1, 1)
        units = (100, 1) if name in ("open_balance", "average_balance") else units
        found = (row["numerator"] / units[0], row["denominator"] / units[1])
        assert found == (int(numerator), int(denominator)), (name, month)
        assert row["value"] == pytest.approx(row["numerator"] / row["denominator"])


def test_rolls(tape):
    told = rolls(tape)
    found = [
        [kind, row["on"][:7], row["from"], row.get("to", ""), row["count"], row["balance_minor"]]
        for kind, rows in (("move", "moves"), ("exit", "exits"), ("gap", "gaps"))
        for row in told[rows]
    ]
    expected = [
        [*words, int(count), int(balance) * 100] for *words, count, balance in lines("rolls.csv")
    ]
    assert sorted(found) == sorted(expected)
    assert told["definition_id"] == "roll_one_month"
    assert told["buckets"] == ["M0", "M1", "M2", "M3", "M3+"]


def test_vintages(tape):
    table = vintages(tape)
    seen = {
        (cell["opened"], cell["mob"]): f"{cell['numerator']:.0f}/{cell['accounts']}"
        for cell in table["cells"]
    }
    expected = {
        (opened, mob): cell
        for opened, *cells in lines("vintages.csv")
        for mob, cell in enumerate(cells)
    }
    assert seen == expected
    assert table["definition_id"] == "vintage_late_1p_count"
    assert table["left_out"] == 2
