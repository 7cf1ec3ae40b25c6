from dataclasses import replace
from datetime import date

import polars as pl
from polars.testing import assert_frame_equal

from ruqi.adapters.files.tape_source import read
from ruqi.tape.assemble import fingerprint
from tape_files import ROWS, lay
from tapes import make_tape, path


def test_a_fingerprint_is_of_everything_a_book_says():
    tape = make_tape(path("a", "2024-01", "M0 M1"))
    same = fingerprint(tape)
    assert fingerprint(make_tape(path("a", "2024-01", "M0 M1"))) == same
    others = [
        replace(tape, currency="USD"),
        replace(tape, as_of=date(2024, 3, 1)),
        replace(tape, mapped=frozenset()),
        replace(tape, performance=tape.performance.with_columns(pl.lit(1).alias("due_minor"))),
        replace(tape, features=tape.features.with_columns(pl.lit("").alias("x"))),
        replace(tape, features=tape.features.with_columns(pl.lit(None, pl.String).alias("x"))),
    ]
    assert len({same, *(fingerprint(other) for other in others)}) == 7


def test_the_name_and_the_files_do_not_matter_to_it(tmp_path):
    one = read(lay(tmp_path / "a"))[0]
    lines = ROWS.splitlines()
    mixed = "\n".join([lines[0], *reversed(lines[1:])])
    other = read(lay(tmp_path / "b", mixed, tape="other"))[0]
    assert one.fingerprint == other.fingerprint
    assert_frame_equal(one.performance, other.performance)
    assert one.fingerprint != read(lay(tmp_path / "c", ROWS.replace("31", "30", 1)))[0].fingerprint


def test_accounts_that_only_performance_names_are_added(tmp_path):
    columns = {"account_id": "id", "borrower_id": "who", "region": "region"}
    files = {"accounts.csv": "id,who,region\nb,p,north\nz,,\n"}
    tape, _ = read(lay(tmp_path, tables={"accounts": {"columns": columns}}, files=files))
    assert tape.accounts.select("account_id", "borrower_id", "region").rows() == [
        ("a", "a", None),
        ("b", "p", "north"),
        ("z", "z", None),
    ]


def test_an_empty_cell_of_holds_is_no_hold_and_of_consent_not_known(tmp_path):
    columns = {"borrower_id": "who", "consent": "c", "holds": "h"}
    files = {"borrowers.csv": "who,c,h\na,,\nb,none,cease | dispute\n"}
    tape, _ = read(lay(tmp_path, tables={"borrowers": {"columns": columns}}, files=files))
    assert tape.borrowers["consent"].to_list() == [None, []]
    assert tape.borrowers["holds"].to_list() == [[], ["cease", "dispute"]]


def test_a_column_of_numbers_is_numbers_and_any_word_makes_it_words(tmp_path):
    keys = {"accounts": {"columns": {"account_id": "id"}, "features": ["n", "w", "e"]}}
    files = {"accounts.csv": "id,n,w,e\na,1e3,1,\nb,-.5,x,\n"}
    features = read(lay(tmp_path, tables=keys, files=files))[0].features
    assert features.rows() == [("a", 1000.0, "1", None), ("b", -0.5, "x", None)]
    assert features.schema["n"] == pl.Float64
    assert features.schema["w"] == features.schema["e"] == pl.String
