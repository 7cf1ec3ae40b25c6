"""Measures, rolls and vintages of random books: against a slow second reckoning, in any order."""

from dataclasses import replace

import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from random_books import random_book
from ruqi.portfolio import panel as panels
from ruqi.portfolio.measures import MEASURES, measure
from ruqi.portfolio.rolls import rolls
from ruqi.portfolio.vintage import vintages
from slow_book import accounts_of, moves, reckon

SEEDS = st.integers(0, 2**32 - 1)
# A smaller seed is no simpler book: there is nothing to shrink.
DRAWN = {"deadline": None, "derandomize": True, "phases": [Phase.generate]}


def month_of(iso: str) -> int:
    return int(iso[:4]) * 12 + int(iso[5:7]) - 1


@settings(max_examples=25, **DRAWN)
@given(SEEDS)
def test_every_measure_equals_the_slow_reckoning(seed):
    tape = random_book(seed)
    figures = measure(tape, []).filter(pl.col("segment") == "all")
    expected = reckon(tape)
    assert set(expected) == {d.id for d in MEASURES}
    seen = {
        (row["definition_id"], row["on"].year * 12 + row["on"].month - 1): row
        for row in figures.to_dicts()
    }
    for name, months in expected.items():
        for month, (numerator, denominator) in months.items():
            row = seen[(name, month)]
            assert row["numerator"] == pytest.approx(numerator, abs=1e-6), (name, month)
            assert row["denominator"] == pytest.approx(denominator, abs=1e-6), (name, month)
            if denominator == 0:
                assert row["value"] is None
            else:
                assert row["value"] == pytest.approx(numerator / denominator)
                assert row["low"] is None or row["low"] <= row["value"] <= row["high"]


@settings(max_examples=25, **DRAWN)
@given(SEEDS)
def test_every_row_is_told_once_in_moves_or_exits_and_gaps_are_exits(seed):
    tape = random_book(seed)
    told, expected = rolls(tape), moves(tape)
    for kind in ("moves", "exits", "gaps"):
        found = {
            (month_of(row["on"]), row["from"], row.get("to", "")): [
                row["count"],
                row["balance_minor"],
            ]
            for row in told[kind]
        }
        assert found == dict(expected[kind])


@settings(max_examples=15, **DRAWN)
@given(SEEDS)
def test_rates_out_of_a_bucket_sum_to_one(seed):
    told = rolls(random_book(seed))
    sums: dict[tuple[object, ...], float] = {}
    for rate in told["rates"]:
        key = (rate["on"], rate["from"], rate["weight"])
        sums[key] = sums.get(key, 0.0) + rate["value"]
        assert rate["low"] <= rate["value"] <= rate["high"]
    assert sums
    assert all(total == pytest.approx(1.0) for total in sums.values())
    for before in told["second_order"]:
        assert before["numerator"] <= before["denominator"]


@settings(max_examples=15, **DRAWN)
@given(SEEDS, st.integers(1, 7))
def test_row_order_and_parts_change_nothing(seed, at_once):
    tape = random_book(seed)
    shuffled = replace(
        tape,
        performance=tape.performance.sample(fraction=1.0, shuffle=True, seed=seed),
        accounts=tape.accounts.sample(fraction=1.0, shuffle=True, seed=seed),
    )
    whole = measure(tape, []), rolls(tape), vintages(tape)
    again = measure(shuffled, []), rolls(shuffled), vintages(shuffled)
    assert whole[0].equals(again[0])
    assert whole[1:] == again[1:]
    kept = panels.ACCOUNTS_AT_ONCE
    try:
        panels.ACCOUNTS_AT_ONCE = at_once
        parted = measure(tape, []), rolls(tape), vintages(tape)
    finally:
        panels.ACCOUNTS_AT_ONCE = kept
    exact = ["definition_id", "on", "segment", "numerator", "denominator", "value"]
    assert whole[0].select(exact).equals(parted[0].select(exact))
    assert whole[1]["moves"] == parted[1]["moves"]
    for one, other in zip(whole[2]["cells"], parted[2]["cells"], strict=True):
        numbers = ("accounts", "value", "low", "high", "numerator", "denominator")
        assert [one[name] for name in numbers] == pytest.approx([other[name] for name in numbers])


@settings(max_examples=15, **DRAWN)
@given(SEEDS)
def test_vintages_equal_the_slow_reckoning_and_never_look_ahead(seed):
    tape = random_book(seed)
    book = accounts_of(tape)
    start = min(m for a in book for m in a.rows)
    end = max(m for a in book for m in a.rows)
    for table in vintages(tape)["tables"]:
        if table["definition_id"] not in ("vintage_late_1p_count", "vintage_late_2p_balance"):
            continue
        steps = 1 if "1p" in table["definition_id"] else 2
        seen = {(month_of(c["opened"] + "-01"), c["mob"]): c for c in table["cells"]}
        expected = {}
        for a in book:
            if a.opened is None or not start <= a.opened <= end:
                continue
            weight = 1.0 if steps == 1 else a.lent(start)
            for mob in range(end - a.opened + 1 if weight else 0):
                cell = expected.setdefault((a.opened, mob), [0.0, 0.0])
                cell[0] += weight * a.hit(a.opened + mob, steps)
                cell[1] += weight
        assert set(seen) == set(expected)
        for key, (numerator, denominator) in expected.items():
            assert seen[key]["numerator"] == pytest.approx(numerator)
            assert seen[key]["denominator"] == pytest.approx(denominator)


@settings(max_examples=10, **DRAWN)
@given(SEEDS)
def test_segments_add_up_to_the_whole(seed):
    figures = measure(random_book(seed), [])
    counts = figures.filter(pl.col("definition_id") == "late_1p_count")
    whole = counts.filter(pl.col("segment") == "all").sort("on")["denominator"].to_list()
    parts = (
        counts.filter(pl.col("segment").str.starts_with("product="))
        .group_by("on")
        .agg(pl.col("denominator").sum())
        .sort("on")["denominator"]
        .to_list()
    )
    assert parts == whole
