from dataclasses import replace

import polars as pl

from ruqi.behaviour.known import known, own, reads
from ruqi.behaviour.panel import panel
from scored_books import START, book


def names(tape):
    ids = tape.accounts["account_id"]
    seen = panel(tape, ids, START, START + 6)
    return {column.name for column in known(tape, seen, 6, 3, own(tape, ids)).columns}


def test_product_enters_region_partner_and_protected_attributes_do_not():
    tape = book(accounts=30)
    more = {f"accounts.{name}" for name in ("product", "region", "partner_id")}
    tape = replace(
        tape,
        mapped=tape.mapped | more,
        accounts=tape.accounts.with_columns(
            product=pl.lit("3 months"), region=pl.lit("north"), partner_id=pl.lit("p")
        ),
    )
    assert {"own:product", "own:channel"} <= names(tape)
    assert not any("region" in name or "partner" in name for name in names(tape))
    assert not any("sex" in name or name.split(":")[-1] == "age" for name in names(tape))


def test_it_says_which_columns_of_this_book_it_reads():
    assert reads(book(accounts=30)) == [
        "performance.months_past_due",
        "performance.balance",
        "performance.paid",
        "accounts.limit",
    ]
