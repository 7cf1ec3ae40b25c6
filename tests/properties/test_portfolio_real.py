"""A real panel of cards and the shipped Taiwan book: rolls beside pandas and a slow reckoning."""

import pandas as pd
import polars as pl
import pytest

from ruqi.portfolio.measures import measure
from ruqi.portfolio.rolls import rolls
from ruqi.portfolio.trend import trends
from ruqi.tape.columns import PERFORMANCE, STATUS, Bucket, Delinquency
from ruqi.tape.remarks import find_remarks
from shared_data import shared_data
from slow_book import moves, reckon
from tapes import make_tape, taiwan

# 0 = 1-29 days late ... 5 = 150 and more; C paid off this month, X no loan: both not late.
CODES = {"X": 0, "C": 0, "0": 1, "1": 2, "2": 3, "3": 4, "4": 5, "5": 6}
LADDER = Delinquency(
    "stage",
    (
        Bucket("current", 0, 0),
        *(Bucket(str(k), 30 * k or 1, 30 * k + 29) for k in range(5)),
        Bucket("5", 150, None),
    ),
)


@pytest.fixture(scope="module")
def cards():
    source = pl.read_parquet(shared_data("card_credit_record.parquet"))
    month = pl.col("MONTHS_BALANCE").cast(pl.Int32) + 2020 * 12
    day = pl.date(month // 12, month % 12 + 1, 1).dt.month_end()
    rows = source.with_columns(
        pl.col("ID").cast(pl.String).alias("account_id"),
        day.alias("on"),
        month.alias("month"),
        pl.col("STATUS").replace_strict(CODES, return_dtype=pl.Int8).alias("bucket"),
        pl.lit("open").cast(STATUS).alias("status"),
        pl.col("STATUS").alias("code"),
    )
    absent = [pl.lit(None, kind).alias(n) for n, kind in PERFORMANCE.items() if n[-5:] != "minor"]
    absent = [one for one in absent if one.meta.output_name() not in rows.columns]
    empty = [pl.lit(None, pl.Int64).alias(n) for n in PERFORMANCE if n[-5:] == "minor"]
    frame = rows.with_columns(*absent, *empty).select(list(PERFORMANCE)).sort("account_id", "on")
    blank = make_tape([{"account_id": "x", "on": "2020-01", "bucket": 0}], delinquency=LADDER)
    return type(blank)(
        **{**vars(blank), "performance": frame, "mapped": frozenset({"performance.stage"})}
    )


def test_real_moves_equal_those_of_pandas(cards):
    names = ["account_id", "month", "bucket"]
    frame = pd.DataFrame({name: cards.performance[name].to_list() for name in names})
    frame = frame.sort_values(["account_id", "month"])
    before = frame.groupby("account_id").shift(1)
    steps = frame[before["month"] == frame["month"] - 1]
    expected = pd.crosstab(before.loc[steps.index, "bucket"].astype(int), steps["bucket"])
    names = [bucket.name for bucket in LADDER.buckets]
    found = pl.DataFrame(rolls(cards)["moves"]).group_by("from", "to").agg(pl.col("count").sum())
    seen = {(names.index(a), names.index(b)): n for a, b, n in found.iter_rows()}
    assert seen == {(int(a), int(b)): int(n) for (a, b), n in expected.stack().items() if n > 0}
    assert sum(seen.values()) > 700_000


def test_a_real_sample_equals_the_slow_reckoning(cards):
    kept = cards.accounts.head(0)
    ids = cards.performance["account_id"].unique().sort().gather_every(75)
    rows = cards.performance.filter(pl.col("account_id").is_in(ids.implode()))
    sample = type(cards)(**{**vars(cards), "performance": rows, "accounts": kept})
    told, expected = rolls(sample), moves(sample)
    for kind in ("moves", "exits", "gaps"):
        found = {
            (int(r["on"][:4]) * 12 + int(r["on"][5:7]) - 1, r["from"], r.get("to", "")): r["count"]
            for r in told[kind]
        }
        assert found == {key: cell[0] for key, cell in expected[kind].items()}
    assert {r["balance_minor"] for r in told["moves"]} == {None}


def test_thresholds_in_days_follow_the_buckets_where_days_are_not_given(cards):
    figures = measure(cards, [])
    late = figures.filter(
        pl.col("definition_id") == "overdue_30p_count", pl.col("segment") == "all"
    )
    two = figures.filter(pl.col("definition_id") == "late_2p_count", pl.col("segment") == "all")
    assert late["value"].to_list() == two["value"].to_list()  # bucket 1 begins at day 30
    assert late["needs"].list.len().max() == 0
    lacking = figures.filter(pl.col("definition_id") == "late_1p_balance")
    assert lacking["value"].null_count() == lacking.height
    assert lacking["needs"].to_list()[0] == ["performance.balance"]


def test_taiwan_is_told_as_published_and_its_break_is_no_trend():
    tape = taiwan()
    remarks = find_remarks(tape)
    figures = measure(tape, remarks)
    share = {
        (row["definition_id"], row["on"].month): row
        for row in figures.filter(pl.col("unit") == "share").to_dicts()
    }
    one, two = "late_1p_count", "late_2p_count"
    assert [round(share[(one, m)]["value"], 3) for m in (4, 8, 9)] == [0.103, 0.148, 0.227]
    assert [round(share[(two, m)]["value"], 3) for m in (8, 9)] == [0.147, 0.104]
    assert any(i.startswith("code_share") for i in share[(one, 9)]["remark_ids"])
    told = {trend["definition_id"]: trend for trend in trends(figures, tape, remarks)}
    for name in (one, two):
        assert told[name]["breaks"] == ["2005-09-30"]
        assert not told[name]["comparable"]
        assert "not comparable" in told[name]["verdict_en"]
        assert "不可比" in told[name]["verdict_zh"]
        assert all(part["to"] < "2005-09" for part in told[name]["stretches"])
    assert told["open_balance"]["breaks"] == []
    assert rolls(tape, remarks)["breaks"] == ["2005-09-30"]


def test_a_taiwan_sample_equals_the_slow_reckoning():
    tape = taiwan()
    kept = tape.performance.filter(pl.col("account_id").str.ends_with("77"))
    ids = tape.accounts.filter(pl.col("account_id").str.ends_with("77"))
    sample = type(tape)(**{**vars(tape), "performance": kept, "accounts": ids})
    expected = reckon(sample)
    rows = measure(sample, []).filter(pl.col("segment") == "all", pl.col("value").is_not_null())
    assert rows.height > 80
    for row in rows.to_dicts():
        month = row["on"].year * 12 + row["on"].month - 1
        numerator, denominator = expected[row["definition_id"]][month]
        assert (row["numerator"], row["denominator"]) == (numerator, denominator), row
