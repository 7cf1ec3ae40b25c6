"""A small finished run for the desk: the report's view, with rows for every account."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl

from report_view import make_view
from ruqi.adapters.files.pack_file import shipped
from ruqi.adapters.files.run_folder import as_json
from ruqi.services.held import HeldRun

ON = (date(2005, 8, 31), date(2005, 9, 30))
NEXT = date(2005, 10, 31)
BARS = {"A2": "NO_CONSENT_EMAIL", "A3": "HOLD_DISPUTE"}


def plan_frame(view):
    frame = view["plan"]
    late = {"M0": 0, "M1": 12, "M2": 45, "M3": 80}
    days = [late.get(bucket, 0) for bucket in frame["bucket"]]
    return frame.with_columns(pl.Series("dpd_days", days, pl.Int32))


def held_run(text="", sha256="a" * 64):
    view = make_view(text) if text else make_view()
    plan = plan_frame(view)
    accounts = plan["account_id"].to_list()
    law = view["run"]["law"] | {"version": "CN 2026.11", "hash": shipped("CN").content_hash}
    run = view["run"] | {"law": law | {"note_en": "", "note_zh": ""}}
    summary = view["plan_summary"] | {
        "calibrated": False,
        "target": {"says_en": "31 or more days late next month", "says_zh": "下月逾期31天及以上"},
        "buckets": [{"bucket": one["name"], **one} for one in view["data_card"]["buckets"]],
    }
    documents = {
        "run.json": run,
        "remarks.json": {"remarks": view["remarks"]},
        "measures.json": {"measures": view["measures"]},
        "definitions.json": {"definitions": view["definitions"]},
        "trend.json": view["trend"],
        "rolls.json": view["rolls"],
        "vintages.json": view["vintages"],
        "limits.json": {"limits": view["limits"], "summary": summary},
        "evaluation.json": view["evaluation"],
        "data_card.json": with_dealings(view["data_card"]),
    }
    return HeldRun(
        "run",
        sha256,
        json.loads(as_json(documents)),
        {
            "plan": plan,
            "steps": steps(accounts),
            "scores": scores(accounts),
            "history": history(accounts),
            "payments": payments(),
            "contacts": contacts(plan),
            "measures": pl.DataFrame(view["measures"], infer_schema_length=None),
        },
    )


def next_run():
    """The same book a month later: A1 waits and is barred, A4 is gone, A7 is new, sms is dear."""
    run = held_run(sha256="b" * 64)
    plan, first = run.frames["plan"], pl.col("account_id") == "A1"

    def otherwise(name, value):
        return pl.when(first).then(pl.lit(value)).otherwise(pl.col(name)).alias(name)

    changed = plan.filter(pl.col("account_id") != "A4").with_columns(
        otherwise("treatment", "wait"),
        otherwise("bucket", "M1"),
        otherwise("bars", "HOLD_DISPUTE"),
        otherwise("balance_minor", 450_000),
        otherwise("agent_minutes", 0),
        pl.lit(NEXT).alias("as_of"),
    )
    new = changed.filter(pl.col("account_id") == "A6").with_columns(
        account_id=pl.lit("A7"), borrower_id=pl.lit("A7")
    )
    months = run.frames["history"]
    later = months.filter(pl.col("on") == ON[1]).with_columns(on=pl.lit(NEXT))
    seen = later.filter(pl.col("account_id") != "A4")
    paid = later.filter(pl.col("account_id") == "A4").with_columns(
        status=pl.lit("paid_off"), bucket=pl.lit(None, pl.String)
    )
    born = later.filter(pl.col("account_id") == "A6").with_columns(account_id=pl.lit("A7"))
    limits = run.documents["limits.json"]
    dear = [one | {"shadow_price_minor": "200.5"} for one in limits["limits"]]
    head = run.documents["run.json"] | {"as_of": str(NEXT)}
    return HeldRun(
        "next",
        run.sha256,
        {**run.documents, "run.json": head, "limits.json": limits | {"limits": dear}},
        {
            **run.frames,
            "plan": pl.concat([changed, new]),
            "history": pl.concat([months, seen, paid, born]),
        },
    )


def earlier_run(as_of="2005-08-31", sha256="b" * 64):
    """The same book one month before: A1 stood milder and waited, A6 was not there yet."""
    run = held_run(sha256=sha256)
    run.documents["run.json"] |= {"as_of": as_of, "policy": {"version": "before", "hash": "0"}}
    measures = run.documents["measures.json"]["measures"]
    known = [row for row in measures if str(row["on"]) <= as_of]
    run.documents["measures.json"] = {"measures": known}
    only = pl.col("account_id") != "A6"
    frames = {
        name: frame.filter(only) if "account_id" in frame.columns else frame
        for name, frame in run.frames.items()
    }
    first = pl.col("account_id") == "A1"
    day = date.fromisoformat(as_of)
    frames["payments"] = frames["payments"].filter(pl.col("value_on") <= day)
    frames["contacts"] = frames["contacts"].filter(pl.col("at").dt.date() <= day)
    frames["plan"] = frames["plan"].with_columns(
        bucket=pl.when(first).then(pl.lit("M0")).otherwise("bucket"),
        treatment=pl.when(first).then(pl.lit("wait")).otherwise("treatment"),
        balance_minor=pl.when(first).then(pl.lit(12_300)).otherwise("balance_minor"),
    )
    return HeldRun("earlier", sha256, run.documents, frames)


def steps(accounts):
    rows = [
        {
            "account_id": account,
            "treatment": treatment,
            "months_late": 1,
            "chance": 0.4,
            "chance_is_prior": False,
            "bars": "HOLD_DISPUTE" if treatment == "call" and account == "A3" else "",
            "same_borrower": False,
            "open": True,
            "value_minor": value,
            "cost_minor": value // 10,
            "agent_minutes": 8 if treatment == "call" else 0,
            "sms": 0,
            "hardship_slots": 0,
            "legal_slots": 0,
            "chosen": treatment == "wait",
        }
        for account in accounts
        for treatment, value in (("wait", 0), ("call", 9000))
    ]
    return pl.DataFrame(rows)


def scores(accounts):
    rows = [
        {
            "account_id": account,
            "score_id": "forward",
            "probability": 0.1 + 0.1 * place,
            "low": 0.05,
            "high": 0.9,
            "families": [
                {"family": "lateness", "contribution": 1.5},
                {"family": "payment", "contribution": -0.5},
            ],
        }
        for place, account in enumerate(accounts)
    ]
    return pl.DataFrame(rows)


def history(accounts):
    rows = [
        {
            "account_id": account,
            "on": on,
            "bucket": bucket,
            "status": "open",
            "code": None,
            "dpd_days": dpd,
            "months_past_due": None,
            "balance_minor": 100_000,
            "due_minor": 5_000,
            "paid_minor": 0,
            "limit_minor": None,
        }
        for account in accounts
        for on, bucket, dpd in zip(ON, ("M0", "M1"), (0, 12), strict=True)
    ]
    return pl.DataFrame(rows, schema_overrides={"code": pl.String})


def payments(account="A1", count=13):
    """A payment a month of one account up to the last one; some of it is taken back."""
    months = [2005 * 12 + 8 - back for back in reversed(range(count))]
    rows = [
        {
            "account_id": account,
            "value_on": date(month // 12, month % 12 + 1, 7),
            "amount_minor": 10_000 + place,
            "kind": "repayment",
            "recorded_at": datetime(2005, 9, 8, 1, 30, tzinfo=UTC) if month == months[-1] else None,
        }
        for place, month in enumerate(months)
    ]
    back = {"value_on": date(2005, 9, 9), "amount_minor": -500, "kind": "chargeback"}
    overrides = {"recorded_at": pl.Datetime("us", "UTC")}
    return pl.DataFrame([*rows, rows[-1] | back], schema_overrides=overrides)


def contacts(plan):
    """Contacts with the borrower of A1: a text, an unanswered call, a talk, a call of theirs."""
    borrower = plan.filter(pl.col("account_id") == "A1")["borrower_id"].item()
    said = (
        (datetime(2005, 8, 3, 2, 0, tzinfo=UTC), "sms", "outbound", "delivered", False),
        (datetime(2005, 9, 28, 2, 0, tzinfo=UTC), "call", "outbound", "no_answer", False),
        (datetime(2005, 9, 30, 2, 15, tzinfo=UTC), "call", "outbound", "promised", True),
        (datetime(2005, 9, 30, 3, 0, tzinfo=UTC), "call", "inbound", "…", True),
    )
    names = ("at", "channel", "direction", "outcome", "effective")
    rows = [
        {"borrower_id": borrower, **dict(zip(names, one, strict=True)), "agency": "in_house"}
        for one in said
    ]
    return pl.DataFrame(rows, schema_overrides={"at": pl.Datetime("us", "UTC")})


def with_dealings(card):
    """A data card whose run keeps payments and contacts."""
    columns = {
        "payments": ["account_id", "value_on", "amount", "kind", "recorded_at"],
        "contacts": "borrower_id at channel direction outcome effective agency".split(),
    }
    more = [
        {"table": name, "rows": 4, "columns": own, "absent": [], "file": f"{name}.parquet"}
        for name, own in columns.items()
    ]
    return card | {"tables": [*card["tables"], *more], "tables_absent": ["outcomes"]}


def write_folder(folder: Path, run: HeldRun) -> Path:
    folder.mkdir(parents=True)
    for name, document in run.documents.items():
        (folder / name).write_text(as_json(document), encoding="utf-8")
    for name, frame in run.frames.items():
        frame.write_parquet(folder / f"{name}.parquet")
    return folder


def large_run(times, sha256="c" * 64):
    """The small run with each account so many times; its documents stay as they are."""
    run = held_run(sha256=sha256)
    frames = {
        name: pl.concat(
            frame.with_columns(account_id=pl.col("account_id") + suffix)
            for suffix in ("", *(f"-{n}" for n in range(1, times)))
        )
        if "account_id" in frame.columns
        else frame
        for name, frame in run.frames.items()
    }
    return HeldRun("large", sha256, run.documents, frames)
