"""What changed between a run and the one before it of the same book: figures, plan, buckets."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import polars as pl

from ruqi.services.held import RunHead

Row = Mapping[str, Any]
View = Mapping[str, Any]


class Past(Protocol):
    """Where earlier runs are known."""

    def earlier(self, run_id: int) -> list[RunHead]:
        """Runs of the same book that stand before this one, the latest first."""
        ...

    def moved(self, before: int, after: int) -> list[dict[str, Any]]:
        """Counts of accounts by bucket and treatment of both runs' plans."""
        ...


@dataclass(frozen=True)
class Flow:
    """One bucket of the plan then and now: `before - left + came = now`."""

    bucket: str | None
    before: int
    left: int
    came: int
    now: int


@dataclass(frozen=True)
class Move:
    """Accounts whose treatment is another one; None where they were, or are, in no plan."""

    before: str | None
    after: str | None
    accounts: int
    balance_minor: int


@dataclass(frozen=True)
class Total:
    """One sum over a plan, then and now. `unit` is `count` or `minor`."""

    name: str
    unit: str
    before: int
    now: int


@dataclass(frozen=True)
class Changes:
    """What is told of two runs of one book."""

    former: RunHead
    figures: Sequence[tuple[Row, Row]]  # a definition's newest rows for the whole book, then, now
    totals: Sequence[Total]
    moves: Sequence[Move]
    same_treatment: int
    flows: Sequence[Flow]
    renewed: Sequence[tuple[str, str, str]]  # (`policy` or `law`, version then, version now)


def changes(
    run_id: int, view: View, past: Past, read: Callable[[int], View], ids: Sequence[str]
) -> Changes | None:
    """What changed since the run before; None where this is the book's first one here.

    `read` gives an earlier run's view, `ids` are the definitions whose figures are compared.
    """
    before = past.earlier(run_id)
    if not before:
        return None
    old = read(before[0].id)
    rows = past.moved(before[0].id, run_id)
    return Changes(
        before[0],
        _figures(old, view, ids),
        _totals(old["plan"], view["plan"]),
        _moves(rows),
        sum(row["accounts"] for row in rows if _stays(row, "treatment")),
        _flows(rows),
        _renewed(old["run"], view["run"]),
    )


def _stays(row: Row, what: str) -> bool:
    return not row["came"] and not row["gone"] and row[f"{what}_before"] == row[what]


def _figures(old: View, new: View, ids: Sequence[str]) -> list[tuple[Row, Row]]:
    then, now = _newest(old, ids), _newest(new, ids)
    return [(then[one], now[one]) for one in ids if one in then and one in now]


def _newest(view: View, ids: Sequence[str]) -> dict[str, Row]:
    """The newest known row of the whole book under each definition."""
    found: dict[str, Row] = {}
    for row in view["measures"]:
        one = row["definition_id"]
        if row["segment"] != "all" or row["value"] is None or one not in ids:
            continue
        if one not in found or str(row["on"]) > str(found[one]["on"]):
            found[one] = row
    return found


def _totals(old: pl.DataFrame, new: pl.DataFrame) -> list[Total]:
    treated, reached = pl.col("treatment") != "wait", pl.col("eligible").cast(pl.Int64)
    asked = (
        ("open", "count", pl.len()),
        ("balance", "minor", pl.col("balance_minor").sum()),
        ("treated", "count", treated.sum()),
        ("contactable", "count", reached.sum()),
        ("minutes", "count", pl.col("agent_minutes").sum()),
        ("worth", "minor", pl.col("value_minor").sum()),
        ("cost", "minor", pl.col("cost_minor").sum()),
    )
    return [
        Total(name, unit, *(int(plan.select(one).item() or 0) for plan in (old, new)))
        for name, unit, one in asked
    ]


def _moves(rows: Sequence[Row]) -> list[Move]:
    """Changed treatments, those with most accounts first."""
    sums: dict[tuple[str | None, str | None], list[int]] = {}
    for row in rows:
        if _stays(row, "treatment"):
            continue
        key = (row["treatment_before"], row["treatment"])
        held = sums.setdefault(key, [0, 0])
        held[0] += row["accounts"]
        held[1] += row["balance_minor"] or 0
    found = [Move(*key, *held) for key, held in sums.items()]
    return sorted(found, key=lambda one: (-one.accounts, one.before or "", one.after or ""))


def _flows(rows: Sequence[Row]) -> list[Flow]:
    names = {row["bucket_before"] for row in rows if not row["came"]}
    names |= {row["bucket"] for row in rows if not row["gone"]}

    def flow(name: str | None) -> Flow:
        was = [row for row in rows if not row["came"] and row["bucket_before"] == name]
        is_ = [row for row in rows if not row["gone"] and row["bucket"] == name]
        stays = sum(row["accounts"] for row in was if _stays(row, "bucket"))
        before, now = (sum(row["accounts"] for row in part) for part in (was, is_))
        return Flow(name, before, before - stays, now - stays, now)

    return [flow(name) for name in sorted(names, key=str)]


def _renewed(old: Row, new: Row) -> list[tuple[str, str, str]]:
    """Policies of another version; packs of other content, on whichever day they were read."""
    known = (("policy", "version"), ("law", "hash"))
    return [
        (name, old[name]["version"], new[name]["version"])
        for name, by in known
        if old[name][by] != new[name][by]
    ]
