"""A large synthetic book for benchmarks: buckets by days, gaps, exits, charge-offs, openings."""

from datetime import date

import numpy as np
import polars as pl

from ruqi.tape.columns import ACCOUNTS, PERFORMANCE, Bucket, Delinquency, Tape

MONTHS = 24
START = 2023 * 12
STEPS = np.array(
    [
        [0.960, 0.040, 0, 0, 0],
        [0.45, 0.25, 0.30, 0, 0],
        [0.20, 0.10, 0.20, 0.50, 0],
        [0.08, 0, 0.05, 0.27, 0.60],
        [0.03, 0, 0, 0.07, 0.90],
    ]
)
LOW = np.array([0, 1, 31, 61, 91])
HIGH = np.array([0, 30, 60, 90, 180])
BUCKETS = tuple(
    Bucket(name, int(low), int(high) if high < 180 else None)
    for name, low, high in zip(("M0", "M1", "M2", "M3", "M3+"), LOW, HIGH, strict=True)
)


def synthetic_book(rows: int, seed: int = 7) -> Tape:
    """About `rows` account-months over 24 month ends."""
    dice = np.random.Generator(np.random.PCG64(seed))
    accounts = max(int(rows / 13.53), 10)
    opened = dice.integers(-6, MONTHS - 1, accounts)
    life = dice.integers(12, 60, accounts)
    grid = np.arange(MONTHS)[None, :]
    bucket = _buckets(dice, accounts)
    lost = _first(bucket == 4, 3)  # charged off three months after reaching the last bucket
    alive = (grid >= opened[:, None]) & (grid < (opened + life)[:, None])
    alive &= (grid <= lost[:, None]) & (dice.random(bucket.shape) > 0.01)
    account, month = np.nonzero(alive)
    place = bucket[account, month]
    gone = month == lost[account]
    owed = dice.integers(5_000, 2_000_000, accounts)
    left = np.clip(1 - (month - opened[account]) / (life[account] + 1), 0.02, 1)
    balance = (owed[account] * left).astype(np.int64)
    days = np.where(place == 0, 0, dice.integers(LOW[place], HIGH[place] + 1))
    names = pl.Series([f"A{k:08d}" for k in range(accounts)])
    ends = pl.Series([_end(START + m) for m in range(MONTHS)])
    status = pl.Series(["open", "charged_off"]).cast(PERFORMANCE["status"])
    given = {
        "account_id": names.gather(account),
        "on": ends.gather(month),
        "month": (month + START).astype(np.int32),
        "bucket": place.astype(np.int8),
        "status": status.gather(gone.astype(np.uint32)),
        "dpd_days": days.astype(np.int32),
        "balance_minor": balance,
        "due_minor": balance // 10,
        "paid_minor": np.where(place == 0, balance // 10, balance // 40),
    }
    facts = {
        "account_id": names,
        "borrower_id": names,
        "product": pl.Series(["3", "6", "12"]).gather(dice.integers(0, 3, accounts)),
        "opened_on": pl.Series([_end(START + m) for m in range(-6, MONTHS)]).gather(opened + 6),
        "partner_id": pl.Series(["A", "B", "C"]).gather(dice.integers(0, 3, accounts)),
        "region": pl.Series([f"r{k:02d}" for k in range(12)]).gather(
            dice.integers(0, 12, accounts)
        ),
    }
    mapped = [f"performance.{name.removesuffix('_minor')}" for name in given]
    return Tape(
        name="bench",
        currency="CNY",
        time_zone="Asia/Shanghai",
        as_of=_end(START + MONTHS - 1),
        observed="month_end",
        synthetic=frozenset({"*"}),
        delinquency=Delinquency("days", BUCKETS),
        performance=_frame(given, PERFORMANCE),
        accounts=_frame(facts, ACCOUNTS),
        borrowers=None,
        payments=None,
        contacts=None,
        outcomes=None,
        features=names.alias("account_id").to_frame(),
        protected=names.alias("account_id").to_frame(),
        mapped=frozenset(mapped + [f"accounts.{name}" for name in facts]),
        fingerprint="bench",
    )


def _buckets(dice: np.random.Generator, accounts: int) -> np.ndarray:
    states = np.zeros((accounts, MONTHS), dtype=np.int8)
    bounds = STEPS.cumsum(axis=1)
    for month in range(1, MONTHS):
        drawn = dice.random(accounts, dtype=np.float32)[:, None] > bounds[states[:, month - 1]]
        states[:, month] = np.minimum(drawn.sum(axis=1), 4)
    return states


def _first(flags: np.ndarray, later: int) -> np.ndarray:
    """Month of the first flag plus `later`; far away where there is none."""
    return np.where(flags.any(axis=1), flags.argmax(axis=1) + later, 10 * MONTHS)


def _end(month: int) -> date:
    return date.fromordinal(date((month + 1) // 12, (month + 1) % 12 + 1, 1).toordinal() - 1)


def _frame(given: dict, schema: dict) -> pl.DataFrame:
    frame = pl.DataFrame(given)
    absent = [pl.lit(None, kind).alias(name) for name, kind in schema.items() if name not in given]
    frame = frame.with_columns(absent)
    return frame.select(pl.col(name).cast(kind) for name, kind in schema.items())
