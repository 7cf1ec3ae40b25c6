"""One finished run as a value: everything that its folder and its report tell."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import polars as pl

from ruqi.law.pack import Attestation, Pack
from ruqi.services.dealings import FILES
from ruqi.tape.columns import Tape
from ruqi.tape.contract import PERSONAL, TABLES
from ruqi.tape.remarks import Remark
from ruqi.treatment.plan import Plan
from ruqi.treatment.policy import Policy
from ruqi.treatment.standing import standing

HISTORY = (
    "code",
    "dpd_days",
    "months_past_due",
    "balance_minor",
    "due_minor",
    "paid_minor",
    "limit_minor",
)


@dataclass(frozen=True)
class Run:
    """What a run found. `info` is run.json; the only part that differs between equal runs."""

    info: Mapping[str, Any]
    remarks: tuple[Remark, ...]
    measures: pl.DataFrame
    definitions: Mapping[str, Any]
    trend: Mapping[str, Any]
    rolls: Mapping[str, Any]
    vintages: Mapping[str, Any]
    scores: pl.DataFrame
    evaluation: Mapping[str, Any]
    plan: Plan
    data_card: Mapping[str, Any]
    history: pl.DataFrame
    payments: pl.DataFrame | None = None  # the tape has no such table
    contacts: pl.DataFrame | None = None

    def remark_rows(self) -> list[dict[str, Any]]:
        """Remarks as the rows of remarks.json."""
        return [as_row(remark) for remark in self.remarks]

    def view(self) -> dict[str, Any]:
        """What a page reads: the contents of the run's folder, by name."""
        return {
            "run": self.info,
            "remarks": self.remark_rows(),
            "measures": self.measures.to_dicts(),
            "definitions": self.definitions,
            "trend": self.trend,
            "rolls": self.rolls,
            "vintages": self.vintages,
            "evaluation": self.evaluation,
            "plan": self.plan.frame,
            "plan_summary": self.plan.summary,
            "limits": self.plan.limits,
            "data_card": self.data_card,
        }


def as_row(remark: Remark) -> dict[str, Any]:
    """A remark as a row of remarks.json."""
    return {**asdict(remark), "on": remark.on.isoformat() if remark.on else None}


def describe(tape: Tape, policy: Policy, pack: Pack, seed: int, version: str) -> dict[str, Any]:
    """The head of run.json: what went in, with fingerprints and versions."""
    law = standing(tape, policy, pack)
    return {
        "tape": tape.name,
        "tape_fingerprint": tape.fingerprint,
        "as_of": tape.as_of.isoformat(),
        "currency": tape.currency,
        "time_zone": tape.time_zone,
        "observed": tape.observed,
        "synthetic": sorted(tape.synthetic),
        "policy": {"version": policy.version, "hash": policy.hash},
        "law": {
            "pack": pack.id,
            "version": pack.version,
            "hash": pack.hash,
            "read_at": pack.read_at.isoformat(),
            "stand_in": law.stand_in,
            "note_en": law.note_en,
            "note_zh": law.note_zh,
            "attestations": [attested(one) for one in policy.attestations],
        },
        "seed": seed,
        "software_version": version,
        "rows": {name: frame.height for name, frame in tables(tape).items()},
    }


def attested(word: Attestation) -> dict[str, Any]:
    """Whose word it is, of which day, until when, and which rules read from memory it covers."""
    return {
        "who": word.who,
        "on": word.on.isoformat(),
        "until": word.until.isoformat(),
        "covers": list(word.covers),
    }


def tables(tape: Tape) -> dict[str, pl.DataFrame]:
    """The tables that the tape really has, in the contract's order."""
    frames: dict[str, pl.DataFrame | None] = {
        "performance": tape.performance,
        "accounts": tape.accounts_known(),
        "borrowers": tape.borrowers,
        "payments": tape.payments,
        "contacts": tape.contacts,
        "outcomes": tape.outcomes,
    }
    return {name: frame for name, frame in frames.items() if frame is not None}


def history(tape: Tape) -> pl.DataFrame:
    """What each account did, month by month, as the run knew it: the rows of history.parquet.

    Sorted by account_id and on. `bucket` is the bucket's name, null where a status says no
    lateness; `code` the lender's own text of it.
    """
    names = pl.Series([bucket.name for bucket in tape.delinquency.buckets], dtype=pl.String)
    bucket = pl.col("bucket").replace_strict(
        pl.Series(range(len(names)), dtype=pl.Int8), names, return_dtype=pl.String
    )
    status = pl.col("status").cast(pl.String)
    return tape.performance.select("account_id", "on", bucket, status, *HISTORY)


def data_card(tape: Tape) -> dict[str, Any]:
    """What the book holds and what it does not: tables, columns, span, labels.

    `file` is where a table's rows stand in the run's folder, null where they do not.
    """
    performance = tape.performance
    first, last = performance["on"].min(), performance["on"].max()
    mapped, accounts = sorted(tape.mapped), tape.accounts_known()
    return {
        "name": tape.name,
        "accounts": accounts.height,
        "borrowers": accounts["borrower_id"].n_unique(),
        "months": performance["month"].n_unique(),
        "first_on": first.isoformat() if isinstance(first, date) else None,
        "last_on": last.isoformat() if isinstance(last, date) else None,
        "observed": tape.observed,
        "currency": tape.currency,
        "synthetic": sorted(tape.synthetic),
        "buckets": [
            {"name": bucket.name, "label_en": tape.delinquency.label(i), "label_zh": zh}
            for i, bucket in enumerate(tape.delinquency.buckets)
            if (zh := tape.delinquency.label(i, "zh"))
        ],
        "tables": [
            {
                "table": name,
                "rows": frame.height,
                "columns": [c.split(".")[1] for c in mapped if c.startswith(name + ".")],
                "absent": [
                    c.name
                    for c in TABLES[name]
                    if f"{name}.{c.name}" not in tape.mapped and c.name not in PERSONAL
                ],
                "synthetic": bool(tape.synthetic & {"*", name}),
                "file": FILES.get(name),
            }
            for name, frame in tables(tape).items()
        ],
        "tables_absent": [name for name in TABLES if name not in tables(tape)],
        "features": tape.features.columns[1:],
        "protected": tape.protected.columns[1:],
    }
