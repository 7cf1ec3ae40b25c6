"""The accounts that a plan is about: each one's lateness, balance, chance, and what bars which way.

One row an account open at as_of, sorted by account_id. What the guard can know for a plan is judged
here, once for each different set of facts.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from ruqi.behaviour.scored import NotPossible, Scored
from ruqi.law.contact import UNKNOWN, Facts, eligible
from ruqi.law.pack import Pack
from ruqi.tape.columns import Tape
from ruqi.treatment.actions import ACTIONS, CHANNELS
from ruqi.treatment.policy import DAYS_A_MONTH, Policy, months_late_of

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
UNSTATED = "?"  # not known; no zone, channel or hold is called so
NONE = ""  # known to be none


@dataclass(frozen=True)
class Cases:
    """`frame` has account_id, borrower_id, bucket (index), dpd_days, months_past_due,
    balance_minor, months_late, chance, chance_low, chance_high, chance_is_prior, facts (index).

    `bars[f][a]` are the rules that bar action `a` under the facts `f`. `calibrated` is false where
    no calibration is claimed for the score's chances.
    """

    frame: pl.DataFrame
    bars: tuple[tuple[tuple[str, ...], ...], ...]
    calibrated: bool = True

    @property
    def barred(self) -> Flags:
        """Whether the guard bars an action: shape (accounts, actions)."""
        table = np.array([[bool(rules) for rules in row] for row in self.bars], dtype=np.bool_)
        barred: Flags = table.reshape(-1, len(ACTIONS))[self.frame["facts"].to_numpy()]
        return barred


def cases(tape: Tape, forward: Scored | NotPossible, policy: Policy, pack: Pack) -> Cases:
    """Every open account with what a plan may know about it."""
    frame = tape.open_at_end().join(
        tape.accounts.select("account_id", "borrower_id"), on="account_id", how="left"
    )
    frame = frame.with_columns(
        pl.col("borrower_id").fill_null(pl.col("account_id")), _months_late(tape)
    )
    frame = _with_chance(frame, forward, policy)
    frame, facts = _with_facts(frame, tape)
    bars = tuple(
        tuple(() if a.id == "wait" else eligible(one, a.channel, pack) for a in ACTIONS)
        for one in facts
    )
    columns = (
        "account_id borrower_id bucket dpd_days months_past_due balance_minor months_late "
        "chance chance_low chance_high chance_is_prior facts"
    ).split()
    calibrated = isinstance(forward, Scored) and forward.uncalibrated() is None
    return Cases(frame.select(columns).sort("account_id"), bars, calibrated)


def contact_bars(bars: tuple[tuple[str, ...], ...]) -> tuple[bool, tuple[str, ...]]:
    """Whether any contact is open under these bars, and every rule that closes a channel."""
    open_any = False
    rules: list[str] = []
    for channel in CHANNELS:
        index = next(i for i, one in enumerate(ACTIONS) if one.channel == channel)
        open_any = open_any or not bars[index]
        rules += bars[index]
    return open_any, tuple(dict.fromkeys(sorted(rules)))


def _months_late(tape: Tape) -> pl.Expr:
    """Months late: the book's months, else 30 days a month, else the bucket's mildest."""
    by_bucket = [months_late_of(tape.delinquency, i) for i in range(len(tape.delinquency.buckets))]
    bucket = pl.col("bucket").cast(pl.Int64)
    from_bucket = bucket.replace_strict(
        list(range(len(by_bucket))), by_bucket, default=0, return_dtype=pl.Int64
    )
    days = pl.col("dpd_days").cast(pl.Int64)
    from_days = (days + DAYS_A_MONTH - 1) // DAYS_A_MONTH
    months = pl.col("months_past_due").cast(pl.Int64)
    stated = {"days": from_days, "months": months, "stage": from_days}[tape.delinquency.by]
    late = pl.coalesce(stated, from_bucket).clip(lower_bound=0)
    # A bucket that says "not late" wins over a day counted within grace.
    return pl.when(bucket.eq(0)).then(0).otherwise(late).alias("months_late")


def _with_chance(
    frame: pl.DataFrame, forward: Scored | NotPossible, policy: Policy
) -> pl.DataFrame:
    if isinstance(forward, Scored):
        score = forward.used().select(
            "account_id",
            pl.col("probability").alias("chance"),
            pl.col("low").alias("chance_low"),
            pl.col("high").alias("chance_high"),
        )
        frame = frame.join(score, on="account_id", how="left")
    else:
        nothing = pl.lit(None, pl.Float64)
        frame = frame.with_columns(
            nothing.alias("chance"), nothing.alias("chance_low"), nothing.alias("chance_high")
        )
    months = frame["months_late"].unique().sort().to_list()
    prior = pl.col("months_late").replace_strict(
        months, [policy.default_chance.value.at(m) for m in months], return_dtype=pl.Float64
    )
    lacks = pl.col("chance").is_null() | pl.col("chance").is_nan()
    return frame.with_columns(lacks.alias("chance_is_prior")).with_columns(
        pl.when("chance_is_prior").then(prior).otherwise("chance").alias("chance")
    )


def _with_facts(frame: pl.DataFrame, tape: Tape) -> tuple[pl.DataFrame, list[Facts]]:
    """Each account's place in the list of different facts; place 0 is: nothing is known."""
    if tape.borrowers is None:
        return frame.with_columns(pl.lit(0, pl.Int64).alias("facts")), [UNKNOWN]
    # A register that has the column says by an empty cell that no hold is recorded.
    no_hold = NONE if tape.has("borrowers.holds") else UNSTATED
    register = tape.borrowers.select(
        "borrower_id",
        pl.col("time_zone").fill_null(UNSTATED),
        _joined("consent", UNSTATED),
        _joined("holds", no_hold),
    )
    names = ["time_zone", "consent", "holds"]
    places = register.select(names).unique().sort(names).with_row_index("facts", offset=1)
    facts = [UNKNOWN] + [
        Facts(None if zone == UNSTATED else zone, _set(consent), _set(holds))
        for zone, consent, holds in places.select(names).iter_rows()
    ]
    placed = register.join(places, on=names, how="left").select(
        "borrower_id", pl.col("facts").cast(pl.Int64)
    )
    frame = frame.join(placed.unique("borrower_id", keep="first"), on="borrower_id", how="left")
    return frame.with_columns(pl.col("facts").fill_null(0)), facts


def _joined(column: str, missing: str) -> pl.Expr:
    return pl.col(column).list.unique().list.sort().list.join("|").fill_null(missing)


def _set(words: str) -> frozenset[str] | None:
    return None if words == UNSTATED else frozenset(word for word in words.split("|") if word)
