"""The desk over a large book: how long a run loads, and each page's server time and queries.

`./dev bench desk [--accounts 300000 --months 12 --times 50]`. The run is synthetic, drawn from a
seed by the columns of a real one, with a payment a month and two contacts an account; the pages are
asked one after the other, within the process, so that neither network nor another reader counts.
`opened` is the first request of a fresh process.
"""

import argparse
import statistics
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
LATE = (("M0", 0), ("M1", 12), ("M2", 45), ("M3", 80))
NEW_EACH = 1_000
SHARES = (0.86, 0.94, 0.98)  # of the milder buckets, cumulated
REASONS = ("Waiting is worth more than any step today.", "今日静默等待的价值高于其他处置。")


def main(words: list[str]) -> int:
    """Load, ask, print."""
    parser = argparse.ArgumentParser(prog="bench desk")
    parser.add_argument("--accounts", type=int, default=300_000)
    parser.add_argument("--months", type=int, default=12)
    parser.add_argument("--times", type=int, default=50)
    asked = parser.parse_args(words)
    with tempfile.TemporaryDirectory(prefix="ruqi-", dir="/var/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)  # as root the database runs as somebody else
        runs = [synthetic(asked.accounts, asked.months, folder / f"run{n}", n) for n in (1, 2)]
        from ruqi.apps.server import database

        with database(folder / "db"):
            measure(runs, asked.accounts, asked.times)
    return 0


def synthetic(accounts: int, months: int, folder: Path, seed: int) -> Path:
    """A run's folder with so many accounts, by a seed: the small one's documents, large tables."""
    import numpy as np
    import polars as pl

    from desk_books import held_run, write_folder

    small, dice = held_run(), np.random.default_rng(seed)
    ids = pl.Series("account_id", [account(n, seed) for n in range(1, accounts + 1)])
    bucket = np.searchsorted(SHARES, dice.random(accounts))
    balance = dice.integers(10_000, 5_000_000, accounts)
    contact = dice.random(accounts) < 0.4
    names, days = np.array([one[0] for one in LATE]), np.array([one[1] for one in LATE])
    treatment = np.where(contact & (bucket > 0), "sms", "wait")
    first = small.frames["plan"].head(1).drop("account_id")
    plan = (
        pl.DataFrame({"account_id": ids})
        .join(first, how="cross")
        .with_columns(
            borrower_id=pl.Series([f"B{n:07d}" for n in dice.integers(1, accounts, accounts)]),
            bucket=pl.Series(names[bucket]),
            dpd_days=pl.Series(days[bucket], dtype=pl.Int32),
            balance_minor=pl.Series(balance),
            treatment=pl.Series(treatment),
            eligible=pl.Series(contact),
            bars=pl.Series(np.where(contact, "", "MISSING_FACT")),
            value_minor=pl.Series((balance * dice.random(accounts) / 50).astype("int64")),
            agent_minutes=pl.Series(np.where(treatment == "call", 8, 0)),
            reason_en=pl.lit(REASONS[0]),
            reason_zh=pl.lit(REASONS[1]),
        )
        .select(small.frames["plan"].columns)
    )
    frames = {"plan": plan.cast(dict(small.frames["plan"].schema))}
    for table in ("steps", "scores", "history"):
        pattern = small.frames[table].filter(pl.col("account_id") == "A1").drop("account_id")
        if table == "history":
            days = [month_end(place) for place in range(months)]
            pattern = pattern.head(1).drop("on").join(pl.DataFrame({"on": days}), how="cross")
        if table == "steps":
            six = pl.DataFrame({"treatment": ["wait", "in_app", "sms", "email", "call"]})
            pattern = pattern.head(1).drop("treatment").join(six, how="cross")
        many = pl.DataFrame({"account_id": ids}).join(pattern, how="cross")
        if table == "scores":
            many = many.with_columns(probability=pl.Series(dice.random(accounts)))
        frames[table] = many.select(small.frames[table].columns)
    frames |= dealings(small.frames, plan, months)
    frames["measures"] = small.frames["measures"]
    head = small.documents["run.json"] | {"as_of": str(month_end(months + seed))}
    documents = {**small.documents, "run.json": head}
    return write_folder(folder, type(small)("run", "", documents, frames))


def account(number: int, seed: int) -> str:
    """An account's id: one in NEW_EACH is another's in each run."""
    return f"A{number:07d}" if number % NEW_EACH else f"A{number:07d}N{seed}"


def dealings(frames: dict[str, Any], plan: Any, months: int) -> dict[str, Any]:
    """A payment a month of every account, and two contacts with its borrower for each."""
    import polars as pl

    days = pl.DataFrame({"value_on": [month_end(place) for place in range(months)]})
    paid = frames["payments"].head(1).drop("account_id", "value_on").join(days, how="cross")
    had = frames["contacts"].head(2).drop("borrower_id")
    made = {
        "payments": plan.select("account_id").join(paid, how="cross"),
        "contacts": plan.select("borrower_id").sort("borrower_id").join(had, how="cross"),
    }
    return {name: frame.select(frames[name].columns) for name, frame in made.items()}


def month_end(place: int) -> date:
    """The last day but few of a month, twelve a year."""
    return date(2004 + place // 12, place % 12 + 1, 28)


def measure(runs: list[Path], accounts: int, times: int) -> None:
    """Load the runs, give every third account to somebody, then ask every page of the last run."""
    from django.contrib.auth.models import Group, User
    from django.test import Client

    from ruqi.adapters.postgres import lists
    from ruqi.apps.desk_wiring import shelve
    from ruqi.services.access import Role

    for run in runs:
        began = time.perf_counter()
        run_id = shelve(run)
        print(f"{accounts:,} accounts loaded in {time.perf_counter() - began:.1f} s", flush=True)
    person = User.objects.create_user("bench")
    person.groups.set([Group.objects.get_or_create(name=role)[0] for role in Role])
    lists.give(run_id, {account(n, len(runs)): "bench" for n in range(1, accounts + 1, 3)})
    client = Client(headers={"host": "localhost"})
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    print("page                                    first ms   p50 ms   p95 ms  queries    KB")
    for page in pages(run_id, accounts):
        tell(page, client, times)


def pages(run_id: int, accounts: int) -> list[str]:
    """What is asked; `{n}` is another account each time."""
    own = "overview/ measures/ scores/ data/ definitions/ law/ worklist/".split()
    filters = ("bucket=M2", "contact=barred", "rule=MISSING_FACT", "find=A0012", "least=20000")
    filters += ("assigned=bench", "assigned=nobody", "change=changed", "change=new", "change=gone")
    own += [f"worklist/?{one}" for one in filters]
    own += [f"worklist/?sort={one}" for one in "balance lateness chance minutes account".split()]
    own += [f"worklist/?page={max(accounts // 100, 2)}", "account/?id=A{n:07d}"]
    own.append("account/?id=A{n:07d}&payments=1&contacts=1")
    return [f"/run/{run_id}/{one}" for one in own] + ["/books/", "/people/"]


def tell(page: str, client: object, times: int) -> None:
    """One line: the first answer, then so many more."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    taken, queries, size = [], set(), 0
    for place in range(times + 1):
        address = page.format(n=1 + place * 97)
        began = time.perf_counter()
        answer = client.get(address)  # type: ignore[attr-defined]
        taken.append((time.perf_counter() - began) * 1000)
        if answer.status_code != 200:
            raise SystemExit(f"{address}: {answer.status_code}")
        size = len(answer.content)
    for place in range(3):
        with CaptureQueriesContext(connection) as seen:
            client.get(page.format(n=3 + place))  # type: ignore[attr-defined]
        queries.add(len(seen))
    first, *rest = taken
    cuts = statistics.quantiles(rest, n=20, method="inclusive")
    counted = "/".join(map(str, sorted(queries)))
    print(
        f"{page:38} {first:9.0f} {statistics.median(rest):8.0f} {cuts[18]:8.0f} {counted:>8} "
        f"{size // 1024:5}",
        flush=True,
    )
