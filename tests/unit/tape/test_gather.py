import numpy as np
import polars as pl

from ruqi.tape.block import NO_DAY, Spots, Words
from ruqi.tape.gather import Gathered, Source, Table, iso
from ruqi.tape.ids import keys_of
from ruqi.tape.judge import Rows
from ruqi.tape.store import numbers_of

NAMES = {
    n: (n, p) for p, n in enumerate(("account_id", "opened_on", "closed_on", "on", "value_on"))
}


def rows(at=None, **columns):
    count = len(columns["account_id"])
    made = {}
    for name, values in columns.items():
        if name.endswith("_id"):
            made[name] = keys_of(pl.Series(values))
        elif isinstance(values, Words):
            made[name] = values
        else:
            days = [NO_DAY if v is None else v for v in values]
            made[name] = np.array(days, dtype=np.int32)
    return [Rows(np.arange(count), made, {}, NAMES, at)]


def source(number, table):
    return Source(number, f"{table}{number}.csv", table, Spots())


def test_rows_are_kept_with_their_lines_and_files():
    gathered = Gathered(keep=True)
    one, two = source(0, "performance"), source(1, "performance")
    assert gathered.take(one, rows(account_id=["a", "b"], on=[1, 2]), 2) == 2
    assert gathered.take(two, rows(account_id=["b"], dpd_days=[3], on=[1]), 10) == 1
    table = gathered.tables["performance"]
    assert table.column("account_id").tolist() == [0, 1, 1]
    assert table.column(".line").tolist() == [2, 3, 10]
    assert [table.file(row) for row in range(3)] == [0, 0, 1]
    assert numbers_of(table.column("dpd_days"), pl.Int32).to_list() == [None, None, 3]


def test_only_rows_that_count_are_kept():
    gathered = Gathered(keep=True)
    made = rows(np.array([False, True]), account_id=["a", "b"], on=[1, 2])
    assert gathered.take(source(0, "performance"), made, 2) == 1
    assert gathered.tables["performance"].column(".line").tolist() == [3]


def test_a_check_keeps_little():
    gathered = Gathered(keep=False)
    gathered.take(source(0, "payments"), rows(account_id=["a"], value_on=[1]), 2)
    assert "payments" not in gathered.tables


def test_accounts_that_stand_twice():
    gathered = Gathered(keep=False)
    one, two = source(0, "accounts"), source(1, "accounts")
    gathered.take(one, rows(account_id=["a", "b", "a", None, None]), 2)
    gathered.take(two, rows(account_id=["c", "b"]), 2)
    assert [(s.line, s.found) for s in one.spots.first["duplicate_key"]] == [(4, "a")]
    (later,) = two.spots.first["duplicate_key"]
    assert (later.line, later.column) == (3, "account_id")
    assert "accounts0.csv, line 3" in later.expected


def test_days_before_an_opening():
    gathered = Gathered(keep=False)
    gathered.take(
        source(0, "accounts"),
        rows(account_id=["a", "b", "a"], opened_on=[10, None, 99], closed_on=[9, 1, None]),
        2,
    )
    at = source(1, "performance")
    gathered.take(at, rows(account_id=["a", "a", "b", "new"], on=[9, 10, 1, 1]), 2)
    assert [s.line for s in at.spots.first["before_opening"]] == [2]
    assert gathered.sources[0].spots.counts == {"duplicate_key": 1, "before_opening": 1}
    paid = source(2, "payments")
    gathered.take(paid, rows(account_id=["a", "x"], value_on=[5, 5]), 2)
    assert paid.spots.counts == {"before_opening": 1}


def test_outcomes_that_stand_twice():
    gathered = Gathered(keep=False)
    at = source(0, "outcomes")
    event = Words(np.array([0, 1, 0, 0], dtype=np.int32), ["cure", "default"])
    gathered.take(at, rows(account_id=["a"] * 4, on=[1, 1, 1, 2], event=event), 2)
    gathered.settle_outcomes()
    (spot,) = at.spots.first["duplicate_key"]
    assert (spot.line, spot.found) == (4, "a, 1970-01-02, cure")


def test_an_empty_table():
    assert Table().column("x").tolist() == []
    assert iso(0) == "1970-01-01"
