"""All measure tables of a book: Ruqi beside plain Polars and plain pandas, in one run.

python -m bench measures [--rows 1200000] [--full] [--without-pandas]

The peers are written as an analyst would write them on a good day: helper columns once, then one
group-by per segment. They give numerators and denominators of 25 of the 35 measures, the moves and
one vintage table; Ruqi gives all of them, 95 % intervals, clustered roll rates, exits and gaps as
well. Each peer's figures must equal Ruqi's. Where others use the machine, read the cpu column.
"""

import argparse
import gc
import resource
import time
from typing import Any

import numpy as np
import polars as pl

from bench.book import START, synthetic_book
from ruqi.portfolio.measures import measure
from ruqi.portfolio.panel import panel
from ruqi.portfolio.rolls import rolls
from ruqi.portfolio.vintage import vintages
from ruqi.tape.columns import Tape

KINDS = ("all", "product", "partner_id", "region")
LOST = 5
NEVER = 10_000


def main(words: list[str]) -> int:
    """Print seconds and ratios; exit 1 where a peer's figures differ from ours."""
    asked = argparse.ArgumentParser(prog="bench measures")
    asked.add_argument("--rows", type=int, default=1_200_000)
    asked.add_argument("--full", action="store_true", help="12 million account-months")
    asked.add_argument("--without-pandas", action="store_true", help="it needs much memory")
    given = asked.parse_args(words)
    tape = synthetic_book(12_000_000 if given.full else given.rows)
    accounts = tape.accounts.height
    print(f"{tape.performance.height:,} account-months of {accounts:,} accounts, 24 months")
    steps = {"panel": panel, "measures": _measures, "rolls": _rolls, "vintages": _vintages}
    spent, ours = {}, {}
    for name, work in steps.items():
        spent[name], ours[name] = _clocked(
            work, tape, *([] if name == "panel" else [ours["panel"]])
        )
    total = tuple(sum(clock) for clock in zip(*spent.values(), strict=True))
    print("          wall s   cpu s")
    print(f"ruqi    {total[0]:8.2f}{total[1]:8.2f}")
    for name, (wall, cpu) in spent.items():
        print(f"  {name:9}{wall:5.2f}{cpu:8.2f}")
    same = True
    peers = {"polars": with_polars} | ({} if given.without_pandas else {"pandas": with_pandas})
    for name, work in peers.items():
        gc.collect()
        (wall, cpu), found = _clocked(work, tape)
        equal = _equal(ours["measures"], ours["rolls"], ours["vintages"], found)
        same &= equal
        said = "same figures" if equal else "DIFFERENT FIGURES"
        ratios = f"{wall / total[0]:.1f} x wall, {cpu / total[1]:.1f} x cpu of ruqi"
        print(f"{name:8}{wall:8.2f}{cpu:8.2f}   {ratios}; {said}")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.1f} GB")
    return 0 if same else 1


def _clocked(work: Any, *given: Any) -> tuple[tuple[float, float], Any]:
    """Seconds on the wall and of the processor (all threads), and what was made."""
    wall, cpu = time.perf_counter(), time.process_time()
    made = work(*given)
    return (time.perf_counter() - wall, time.process_time() - cpu), made


def _measures(tape: Tape, book: Any) -> pl.DataFrame:
    return measure(tape, [], book)


def _rolls(tape: Tape, book: Any) -> dict[str, Any]:
    return rolls(tape, [], book)


def _vintages(tape: Tape, book: Any) -> dict[str, Any]:
    return vintages(tape, [], book)


def figures(c: Any, if_: Any) -> dict[str, Any]:
    """Numerators and denominators by row; `c` gives columns, `if_(test, value)` value or 0.

    Written once for both peers: their columns know the same operators.
    """
    is_open, late1, late2 = (
        c("state") < LOST,
        (c("state") > 0) & (c("state") < LOST),
        ((c("state") > 1) & (c("state") < LOST)),
    )
    lost, step = c("state") == LOST, (c("before") >= 0) & (c("before") < LOST)
    was_late, was_current = step & (c("before") > 0), step & (c("before") == 0)
    owed, then, one = c("owed"), c("owed_before"), c("one")
    worse = (is_open & (c("state") > c("before"))) | lost
    cured = c("state") == 0
    late_now = late1 | lost
    ripe = is_open & (c("month") - c("opened") >= 3)
    asked = c("due") > 0
    unpaid = if_(late1 & (c("due") > c("paid")), c("due") - c("paid"))
    entry = {
        "entry_rate": (late_now, was_current),
        "worsen_rate": (worse, was_late),
        "cure_rate": (cured, was_late),
        "charge_off_rate": (lost, step),
    }
    made = {
        "open_count": (if_(is_open, one), None),
        "open_balance": (if_(is_open, owed), None),
        "average_balance": (if_(is_open, owed), if_(is_open, one)),
        "late_1p_count": (if_(late1, one), if_(is_open, one)),
        "late_1p_balance": (if_(late1, owed), if_(is_open, owed)),
        "late_2p_count": (if_(late2, one), if_(is_open, one)),
        "late_2p_balance": (if_(late2, owed), if_(is_open, owed)),
        "overdue_30p_count": (if_(is_open & (c("days") >= 30), one), if_(is_open, one)),
        "overdue_30p_balance": (if_(is_open & (c("days") >= 30), owed), if_(is_open, owed)),
        "overdue_90p_balance": (if_(is_open & (c("days") >= 90), owed), if_(is_open, owed)),
        "mean_days_late": (if_(late1, c("days")), if_(late1, one)),
        "late_2p_balance_seasoned_3": (if_(ripe & late2, owed), if_(ripe, owed)),
        "overdue_instalments_balance": (unpaid, if_(is_open, owed)),
        "collected_share": (if_(asked, c("paid_at_most_due")), if_(asked, c("due"))),
        "collected_share_late": (if_(was_late, c("paid_at_most_before")), if_(was_late, then)),
        "entry_rate_never_late_count": (
            if_(was_current & late_now & (c("first_late") >= c("month")), one),
            if_(was_current & (c("first_late") >= c("month")), one),
        ),
        "relapse_rate_count": (
            if_(was_current & late_now & (c("first_late") < c("month")), one),
            if_(was_current & (c("first_late") < c("month")), one),
        ),
    }
    for name, (to, start) in entry.items():
        made[f"{name}_count"] = (if_(start & to, one), if_(start, one))
        made[f"{name}_balance"] = (if_(start & to, then), if_(start, then))
    flat = {f"{name}/num": pair[0] for name, pair in made.items()}
    return flat | {f"{name}/den": pair[1] for name, pair in made.items() if pair[1] is not None}


def with_polars(tape: Tape) -> dict[str, Any]:
    """The tables by Polars: shift over accounts, then group-by."""
    state = pl.when(pl.col("status") == "charged_off").then(LOST).otherwise(pl.col("bucket"))
    opened = pl.col("opened_on").dt.year() * 12 + pl.col("opened_on").dt.month() - 1 - START
    rows = (
        tape.performance.lazy()
        .select(
            "account_id",
            (pl.col("month") - START).alias("month"),
            state.cast(pl.Int32).alias("state"),
            pl.col("dpd_days").alias("days"),
            pl.col("balance_minor").clip(lower_bound=0).alias("owed"),
            pl.col("due_minor").alias("due"),
            pl.col("paid_minor").alias("paid"),
            pl.lit(1).alias("one"),
        )
        .join(
            tape.accounts.lazy().select(
                "account_id",
                opened.cast(pl.Int32).alias("opened"),
                "product",
                "partner_id",
                "region",
            ),
            on="account_id",
            how="left",
        )
        .sort("account_id", "month")
    )
    over = {"partition_by": "account_id"}
    late = (pl.col("state") > 0) & (pl.col("state") < LOST)
    near = pl.col("month").shift(1).over(**over) == pl.col("month") - 1
    rows = rows.with_columns(
        pl.when(near).then(pl.col("state").shift(1).over(**over)).otherwise(-1).alias("before"),
        pl.when(near).then(pl.col("owed").shift(1).over(**over)).otherwise(0).alias("owed_before"),
        pl.col("month").filter(late).min().over(**over).fill_null(NEVER).alias("first_late"),
        pl.min_horizontal("paid", "due").alias("paid_at_most_due"),
    ).with_columns(pl.min_horizontal("paid", "owed_before").alias("paid_at_most_before"))
    frame = rows.collect()

    def if_(test: pl.Expr, value: pl.Expr) -> pl.Expr:
        return pl.when(test).then(value).otherwise(0)

    sums = [one.sum().alias(name) for name, one in figures(pl.col, if_).items()]
    told = {}
    for kind in KINDS:
        keys = ["month"] if kind == "all" else ["month", kind]
        told[kind] = frame.group_by(keys).agg(sums).sort(keys)
    moves = (
        frame.filter(pl.col("before") >= 0)
        .group_by("month", "before", "state")
        .agg(pl.len().alias("count"), pl.col("owed_before").sum().alias("owed"))
        .rows()
    )
    account = frame.group_by("account_id", maintain_order=True).agg(
        pl.col("opened").first(),
        pl.col("month")
        .filter(late | (pl.col("state") == LOST))
        .min()
        .fill_null(NEVER)
        .alias("hit"),
    )
    born = account.filter(pl.col("opened") >= 0)
    mob = (pl.col("hit") - pl.col("opened")).clip(lower_bound=0)
    cells = {}
    for m in range(24):
        reached = born.filter(pl.col("opened") + m < 24)
        table = reached.group_by("opened").agg(pl.len(), (mob <= m).sum().alias("late"))
        cells |= {(o, m): (late, n) for o, n, late in table.rows()}
    return {"measures": told, "moves": moves, "cells": cells}


def with_pandas(tape: Tape) -> dict[str, Any]:
    """The tables by pandas: groupby-shift, then groupby-sum."""
    import pandas as pd

    source = tape.performance
    names = source["account_id"].rank("dense").to_numpy().astype(np.int64)  # as integers: faster
    df = pd.DataFrame(
        {
            "account": names,
            "month": source["month"].to_numpy() - START,
            "state": np.where(
                (source["status"] == "charged_off").to_numpy(), LOST, source["bucket"].to_numpy()
            ),
            "days": source["dpd_days"].to_numpy(),
            "owed": source["balance_minor"].clip(lower_bound=0).to_numpy(),
            "due": source["due_minor"].to_numpy(),
            "paid": source["paid_minor"].to_numpy(),
        }
    )
    facts = tape.accounts.sort("account_id")
    opened = facts["opened_on"].dt.year() * 12 + facts["opened_on"].dt.month() - 1 - START
    seen = facts.filter(pl.col("account_id").is_in(source["account_id"].unique().implode()))
    own = pd.DataFrame(
        {
            "account": np.arange(1, seen.height + 1),
            "opened": opened.filter(
                facts["account_id"].is_in(source["account_id"].unique().implode())
            ).to_numpy(),
            **{kind: pd.Categorical(seen[kind].to_list()) for kind in KINDS[1:]},
        }
    )
    df = df.merge(own, on="account", how="left").sort_values(["account", "month"])
    by = df.groupby("account", sort=False)
    near = by["month"].shift(1) == df["month"] - 1
    df["before"] = by["state"].shift(1).where(near, -1)
    df["owed_before"] = by["owed"].shift(1).where(near, 0)
    late = (df["state"] > 0) & (df["state"] < LOST)
    first = df.loc[late].groupby("account")["month"].min()
    df["first_late"] = df["account"].map(first).fillna(NEVER)
    df["paid_at_most_due"] = df[["paid", "due"]].min(axis=1)
    df["paid_at_most_before"] = df[["paid", "owed_before"]].min(axis=1)
    df["one"] = 1
    made = pd.DataFrame(figures(df.__getitem__, lambda t, v: v.where(t, 0)))
    told = {}
    for kind in KINDS:
        keys = [df["month"]] if kind == "all" else [df["month"], df[kind]]
        told[kind] = made.groupby(keys, observed=True).sum()
    stepped = df[df["before"] >= 0]
    moves = stepped.groupby(["month", "before", "state"])["owed_before"].agg(["size", "sum"])
    hit = df.loc[late | (df["state"] == LOST)].groupby("account")["month"].min()
    own["hit"] = own["account"].map(hit).fillna(NEVER)
    born = own[own["opened"] >= 0]
    mob = (born["hit"] - born["opened"]).clip(lower=0)
    cells = {}
    for m in range(24):
        reached = born[born["opened"] + m < 24]
        table = (mob[reached.index] <= m).groupby(reached["opened"]).agg(["size", "sum"])
        cells |= {(int(o), m): (int(s), int(n)) for o, n, s in table.itertuples()}
    flat = {kind: pl.DataFrame(table.reset_index().to_dict("list")) for kind, table in told.items()}
    rows = [
        (*key, n, s) for key, n, s in zip(moves.index, moves["size"], moves["sum"], strict=True)
    ]
    return {"measures": flat, "moves": rows, "cells": cells}


def _equal(frame: pl.DataFrame, moved: dict[str, Any], grown: dict[str, Any], found: Any) -> bool:
    """Whether a peer's figures are ours: every numerator and denominator, move and vintage."""
    ours = frame.with_columns(
        (pl.col("on").dt.year() * 12 + pl.col("on").dt.month() - 1 - START).alias("month")
    )
    for kind, table in found["measures"].items():
        for name in (c for c in table.columns if "/" in c):
            definition, side = name.split("/")
            column = "numerator" if side == "num" else "denominator"
            mine = ours.filter(pl.col("definition_id") == definition)
            if kind == "all":
                mine = mine.filter(pl.col("segment") == "all")
            else:
                mine = mine.filter(pl.col("segment").str.starts_with(f"{kind}="))
            a = mine.filter(pl.col(column) != 0)[column].sort().to_numpy()
            b = table.filter(pl.col(name) != 0)[name].cast(pl.Float64).sort().to_numpy()
            if len(a) != len(b) or not np.allclose(a, b):
                return False
    names = [*moved["buckets"], *moved["ends"]]
    mine = {
        (
            int(r["on"][:4]) * 12 + int(r["on"][5:7]) - 1 - START,
            names.index(r["from"]),
            names.index(r["to"]),
        ): (r["count"], r["balance_minor"])
        for r in moved["moves"]
    }
    if mine != {tuple(map(int, row[:3])): (int(row[3]), int(row[4])) for row in found["moves"]}:
        return False
    cells = {
        (int(c["opened"][:4]) * 12 + int(c["opened"][5:]) - 1 - START, c["mob"]): (
            int(c["numerator"]),
            c["accounts"],
        )
        for c in grown["cells"]
    }
    return cells == found["cells"]
