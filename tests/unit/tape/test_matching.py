"""Rows of nobody are counted by table, whatever the blocks that they come in."""

import polars as pl

from ruqi.tape.ids import Ids, keys_of
from ruqi.tape.matching import Matching, Unmatched


def take(matching, table, ids, texts):
    name = "borrower_id" if table in ("borrowers", "contacts") else "account_id"
    matching.take(table, {name: ids.numbers(keys_of(pl.Series(texts, dtype=pl.String)))})


def test_rows_are_counted_over_blocks_and_the_first_id_is_the_example():
    accounts, borrowers = Ids(), Ids()
    matching = Matching(accounts, borrowers)
    take(matching, "performance", accounts, ["b", "a"])
    take(matching, "payments", accounts, ["a", "z", "z", None])
    take(matching, "payments", accounts, ["y", "z", "b"])
    take(matching, "outcomes", accounts, ["a", "z"])
    take(matching, "contacts", borrowers, ["a", "c"])
    assert matching.accounts == 2
    assert matching.found(lambda: pl.Series(["a", "b"])) == [
        Unmatched("payments", 4, 6, "y"),
        Unmatched("outcomes", 1, 2, "z"),
        Unmatched("contacts", 1, 2, "c"),
    ]


def test_a_book_whose_ids_all_match_has_none():
    accounts = Ids()
    matching = Matching(accounts, Ids())
    take(matching, "performance", accounts, ["a"])
    take(matching, "payments", accounts, ["a"])
    assert matching.found(lambda: pl.Series([], dtype=pl.String)) == []
