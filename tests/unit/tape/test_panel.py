import random
from datetime import date

import numpy as np
import polars as pl
import pytest

from ruqi.tape import panel
from ruqi.tape.block import NO_DAY, Spots
from ruqi.tape.columns import PERFORMANCE
from ruqi.tape.gather import Gathered, Source
from ruqi.tape.ids import keys_of
from ruqi.tape.judge import Rows
from ruqi.tape.panel import Panel, months_of

NAMES = {"account_id": ("id", 0), "on": ("on", 1)}


def days(*texts):
    return [NO_DAY if t is None else (date.fromisoformat(t) - date(1970, 1, 1)).days for t in texts]


def gathered(*files):
    """One book from files of (account, day) rows."""
    made = Gathered(keep=True)
    for number, rows in enumerate(files):
        ids, on = zip(*rows, strict=True)
        columns = {
            "account_id": keys_of(pl.Series(ids, dtype=pl.String)),
            "on": np.array(days(*on), dtype=np.int32),
            "bucket": np.zeros(len(ids), dtype=np.int8),
        }
        source = Source(number, f"p{number}.csv", "performance", Spots())
        made.take(source, [Rows(np.arange(len(ids)), columns, {}, NAMES)], 2)
    return made


ROWS = [("b", "2024-01-31"), ("a", "2024-02-29"), ("b", "2024-03-31"), ("a", "2024-01-31")]


@pytest.mark.parametrize("stretch", [1, 3, 1000])
def test_stretches_hold_whole_accounts_in_order(monkeypatch, stretch):
    monkeypatch.setattr(panel, "STRETCH", stretch)
    dice = random.Random(2)
    rows = [(f"{i}", f"2024-{m:02d}-15") for i in range(40) for m in range(1, 13)]
    dice.shuffle(rows)
    made = Panel(gathered(rows[:200], rows[200:]))
    frames = [made.frame(*some) for some in made.stretches()]
    seen = [set(frame["account_id"]) for frame in frames]
    assert sum(len(s) for s in seen) == len(set().union(*seen)) == 40
    whole = pl.concat(frames)
    assert whole.height == len(rows)
    assert dict(whole.schema) == PERFORMANCE
    for frame in frames:
        for one in frame.partition_by("account_id"):
            assert one["on"].is_sorted()


def test_rows_without_account_or_day_are_left_out():
    made = Panel(gathered([*ROWS, (None, "2024-01-31"), ("c", None)]))
    assert pl.concat([made.frame(*s) for s in made.stretches()]).height == 4
    assert made.newest() == date(2024, 3, 31)


def pairs(book):
    made = Panel(book)
    found = []
    for rows, account, _, months in made.stretches():
        found += made.duplicates(rows, account, months)
    made.note_duplicates(found)
    return {n: s.spots.first.get("duplicate_key", []) for n, s in book.sources.items()}


def test_later_rows_of_the_same_month_are_faults():
    late = [("a", "2024-01-02"), ("b", "2024-01-31"), ("a", "2024-01-30")]
    found = pairs(gathered(ROWS, late))
    assert found[0] == []
    assert [(s.line, s.found) for s in found[1]] == [
        (2, "a, 2024-01"),
        (3, "b, 2024-01"),
        (4, "a, 2024-01"),
    ]
    assert all("p0.csv, line" in s.expected for s in found[1])
    assert "line 5" in found[1][0].expected


def test_no_duplicates_and_no_rows():
    assert pairs(gathered(ROWS)) == {0: []}
    empty = Panel(Gathered(keep=True))
    assert list(empty.stretches()) == []
    assert empty.newest() is None


def test_months_of_days():
    given = np.array(days("1969-12-31", "1970-01-01", "2024-02-29"), dtype=np.int32)
    assert months_of(given).tolist() == [1969 * 12 + 11, 1970 * 12, 2024 * 12 + 1]
    far = np.array(days("0001-01-01", "9999-12-31"), dtype=np.int32)
    assert months_of(far).tolist() == [12, 9999 * 12 + 11]
    narrow = np.array([-32767, 32767], dtype=np.int16)
    assert months_of(narrow).tolist() == months_of(narrow.astype(np.int32)).tolist()
    assert months_of(given[:0]).tolist() == []
