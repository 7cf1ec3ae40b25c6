"""Checking a tape beside only reading its CSV: Ruqi, pandas and Polars, each in its own process.

python -m bench tape_check [--megabytes 200] [--rounds 3]

The three take turns, so that a busy machine is busy for all; medians and the peak memory of each
process are printed. `ruqi check` counts cells, reads every value exactly, finds duplicates over
the whole file and makes its remarks; the others only read.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from statistics import median

import numpy as np
import polars as pl

CACHE = Path(__file__).parent / ".cache"
ROW = 58  # bytes, on average
MONTHS = 12
MANIFEST = """\
tape: bench
currency: CNY
amounts: major
time_zone: Asia/Shanghai
observed: month_end
tables:
  performance:
    path: performance.csv
    columns: {account_id: account_id, on: on, dpd_days: dpd_days, balance: balance, due: due,
              paid: paid, limit: limit, status: status}
"""
CONTENDERS = {
    "ruqi check": (
        "from pathlib import Path\n"
        "from ruqi.adapters.files.tape_source import check\n"
        "made = check(Path({folder!r}))\n"
        "assert made.faults.total == 0, made.faults.places[:3]\n"
        "rows = made.rows['performance']\n"
    ),
    "pandas.read_csv": "import pandas\nrows = len(pandas.read_csv({file!r}))\n",
    "polars.read_csv": "import polars\nrows = polars.read_csv({file!r}).height\n",
}
MEASURE = (
    "import json, resource, time\nstarted = time.perf_counter()\n{body}"
    "took = time.perf_counter() - started\n"
    "used = resource.getrusage(resource.RUSAGE_SELF)\n"
    "print(json.dumps([took, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, rows]))\n"
)


def main(words: list[str]) -> int:
    """Print medians and ratios; exit 1 where the check is slower or needs 1.5 GB."""
    asked = argparse.ArgumentParser(prog="bench tape_check")
    asked.add_argument("--megabytes", type=int, default=200)
    asked.add_argument("--rounds", type=int, default=3)
    given = asked.parse_args(words)
    folder = book(given.megabytes)
    file = folder / "performance.csv"
    took: dict[str, list[list[float]]] = {name: [] for name in CONTENDERS}
    for _ in range(given.rounds):
        for name, body in CONTENDERS.items():
            took[name].append(_run(body.format(folder=str(folder), file=str(file))))
    size = file.stat().st_size
    print(f"{size / 1e6:,.0f} MB, {int(took['ruqi check'][0][3]):,} rows, imports included")
    for name, rounds in took.items():
        seconds, busy, peak = (median(r[i] for r in rounds) for i in range(3))
        print(f"{name:16s} {seconds:7.2f} s  {busy:7.2f} s of cores  peak {peak:7,.0f} MB")
    mine, theirs = (median(r[0] for r in took[name]) for name in list(CONTENDERS)[:2])
    peak = max(r[2] for r in took["ruqi check"])
    print(f"pandas' time over ruqi's: {theirs / mine:.2f}")
    return 0 if theirs > mine and peak < 1500 else 1


def _run(body: str) -> list[float]:
    command = [sys.executable, "-c", MEASURE.format(body=body)]
    made = subprocess.run(command, capture_output=True, text=True, check=True)
    found: list[float] = json.loads(made.stdout)
    return found


def book(megabytes: int) -> Path:
    """A tape of about that size, by account and month, made once and kept in bench/.cache."""
    folder = CACHE / f"tape-{megabytes}"
    if (folder / "tape.yaml").exists():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    dice = np.random.Generator(np.random.PCG64(7))
    accounts = megabytes * 1_000_000 // ROW // MONTHS
    with (folder / "performance.csv").open("wb") as file:
        for first in range(0, accounts, 50_000):
            part = _accounts(dice, first, min(50_000, accounts - first))
            part.write_csv(file, include_header=first == 0, float_precision=2)
    (folder / "tape.yaml").write_text(MANIFEST, encoding="utf-8")
    return folder


def _accounts(dice: np.random.Generator, first: int, count: int) -> pl.DataFrame:
    rows = count * MONTHS
    late = np.where(dice.random(rows) < 0.85, 0, dice.integers(1, 200, rows))
    ends = pl.date_range(pl.date(2023, 1, 1), pl.date(2023, 12, 1), "1mo", eager=True)
    return pl.DataFrame(
        {
            "account_id": np.repeat(np.arange(first, first + count), MONTHS),
            "on": ends.dt.month_end().gather(np.tile(np.arange(MONTHS), count)),
            "dpd_days": late,
            "balance": dice.integers(0, 2_000_000, rows) / 100,
            "due": dice.integers(0, 200_000, rows) / 100,
            "paid": dice.integers(0, 200_000, rows) / 100,
            "limit": np.repeat(dice.integers(20, 50, count) * 1000, MONTHS),
            "status": pl.repeat("open", rows, eager=True),
        }
    ).with_columns(
        pl.format("A{}", pl.col("account_id").cast(pl.String).str.zfill(9)).alias("account_id")
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
