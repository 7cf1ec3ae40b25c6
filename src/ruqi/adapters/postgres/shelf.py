"""Finished runs in PostgreSQL: added by COPY in one transaction, read back for the pages."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
from django.db import connection, transaction
from django.utils import timezone

from ruqi.adapters.postgres.models import (
    Act,
    Book,
    ContactRow,
    Document,
    HistoryRow,
    MeasureRow,
    PaymentRow,
    PlanRow,
    Run,
    ScoreRow,
    StepRow,
)
from ruqi.services.held import AccountRows, HeldRun, RunHead
from ruqi.treatment.actions import IDS

BATCH = 200_000  # rows of CSV made at once


def known(sha256: str) -> int | None:
    """The id of the run with this hash; None where it is not here."""
    found = Run.objects.filter(sha256=sha256).values_list("id", flat=True).first()
    return None if found is None else int(found)


def put(run: HeldRun) -> int:
    """Add a run; nobody sees any of it before all of it is there."""
    head = run.documents["run.json"]
    with transaction.atomic():
        book, _ = Book.objects.get_or_create(name=head["tape"])
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_xact_id()::text::bigint")
            sealed_in = cursor.fetchone()[0]
            cursor.execute("SET LOCAL statement_timeout = 0")  # a large book takes its time
        row = Run.objects.create(
            book=book,
            as_of=head["as_of"],
            currency=head["currency"],
            folder=run.folder,
            sha256=run.sha256,
            accounts=run.frames["plan"].height,
            loaded_at=timezone.now(),
            sealed_in=sealed_in,
        )
        Document.objects.bulk_create(
            Document(run=row, name=name, body=body) for name, body in run.documents.items()
        )
        for table, frame in _tables(run).items():
            _copy(table, frame.with_columns(run_id=pl.lit(row.pk)))
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE desk_planrow")  # else the first minutes' searches read it all
    if not connection.in_atomic_block:
        _settle()
    return int(row.pk)


def _settle() -> None:
    """Let counts be read from indexes alone at once, not when the server comes to it."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("VACUUM (SKIP_LOCKED) desk_planrow")
        cursor.execute("RESET statement_timeout")


def _tables(run: HeldRun) -> dict[str, pl.DataFrame]:
    """Each table's rows with exactly its columns."""
    plan, scores = run.frames["plan"], run.frames["scores"]
    buckets = [one["name"] for one in run.documents["data_card.json"]["buckets"]]
    ranks = {name: place for place, name in enumerate(buckets)}
    late = next(name for name in ("months_past_due", "dpd_days") if name in plan.columns)
    forward = scores.filter(pl.col("score_id") == "forward").select("account_id", "probability")
    bucket_rank = pl.col("bucket").replace_strict(ranks, default=None, return_dtype=pl.Int16)
    dealt = {"payments": PaymentRow, "contacts": ContactRow}
    return {
        PlanRow._meta.db_table: plan.with_columns(bucket_rank=bucket_rank)
        .rename({late: "lateness"})
        .join(forward, on="account_id", how="left", maintain_order="left"),
        StepRow._meta.db_table: run.frames["steps"],
        ScoreRow._meta.db_table: scores.with_columns(_families(scores)),
        HistoryRow._meta.db_table: run.frames["history"],
        MeasureRow._meta.db_table: run.frames["measures"].select(
            *("definition_id", "on", "segment", "value", "low", "high"),
            *("numerator", "denominator", "unit", pl.col("remark_ids").list.join("|")),
        ),
        **{
            table._meta.db_table: run.frames[name].with_row_index("place")
            for name, table in dealt.items()
            if name in run.frames
        },
    }


def _families(scores: pl.DataFrame) -> pl.Series:
    return pl.Series(
        "families", [json.dumps(one) for one in scores["families"].to_list()], pl.String
    )


def _copy(table: str, frame: pl.DataFrame) -> None:
    names = ", ".join(f'"{name}"' for name in frame.columns)
    words = f'COPY "{table}" ({names}) FROM STDIN (FORMAT csv)'
    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,
        cursor.copy(words) as copy,
    ):
        for batch in frame.iter_slices(BATCH):
            copy.write(batch.write_csv(include_header=False))


def runs() -> list[RunHead]:
    """Every run, the newest first."""
    return [
        RunHead(one.pk, one.book.name, one.as_of, one.accounts, one.loaded_at, one.folder)
        for one in Run.objects.select_related("book").order_by("-loaded_at", "-id")
    ]


def newest() -> int | None:
    """The id of the run that was loaded last; None where there is none."""
    found = Run.objects.order_by("-loaded_at", "-id").values_list("id", flat=True).first()
    return None if found is None else int(found)


def documents(run_id: int) -> dict[str, Any]:
    """Every JSON document of a run, by file name."""
    return dict(Document.objects.filter(run_id=run_id).values_list("name", "body"))


PLAN_COLUMNS: dict[str, type[pl.DataType]] = {
    "account_id": pl.String,
    "bucket": pl.String,
    "treatment": pl.String,
    "eligible": pl.String,
    "bars": pl.String,
    "balance_minor": pl.Int64,
    "value_minor": pl.Int64,
    "cost_minor": pl.Int64,
    "agent_minutes": pl.Int64,
    "sms": pl.Int64,
    "reasons": pl.String,
}


def plan(run_id: int) -> pl.DataFrame:
    """The plan's columns that summaries need, in the order of accounts."""
    names = ", ".join(PLAN_COLUMNS)
    words = (
        f"COPY (SELECT {names} FROM desk_planrow WHERE run_id = {int(run_id)} "  # noqa: S608
        "ORDER BY account_id) TO STDOUT (FORMAT csv)"
    )
    with connection.cursor() as cursor, cursor.copy(words) as copy:
        text = b"".join(bytes(part) for part in copy)
    if not text:
        return pl.DataFrame(schema=PLAN_COLUMNS).with_columns(pl.lit(True).alias("eligible"))
    frame = pl.read_csv(text, has_header=False, new_columns=list(PLAN_COLUMNS), schema=PLAN_COLUMNS)
    return frame.with_columns(pl.col("eligible") == "t", pl.col("bars").fill_null(""))


def account(run_id: int, account_id: str) -> AccountRows | None:
    """Everything kept of one account, in five queries; None where it is not in the plan."""
    mine = [run_id, account_id]
    found = _select("desk_planrow", "account_id = %s", mine)
    if not found:
        return None
    others = [run_id, found[0]["borrower_id"], account_id]
    return AccountRows(
        found[0],
        sorted(_select("desk_steprow", "account_id = %s", mine), key=_gentleness),
        [
            row | {"families": json.loads(row["families"] or "[]")}
            for row in _select("desk_scorerow", "account_id = %s ORDER BY score_id", mine)
        ],
        _select("desk_historyrow", 'account_id = %s ORDER BY "on"', mine),
        _select(
            "desk_planrow", "borrower_id = %s AND account_id <> %s ORDER BY account_id", others
        ),
    )


def borrower_of(run_id: int, account_id: str) -> str | None:
    """Whose account this is; None where the run's plan does not hold it."""
    found = PlanRow.objects.filter(run_id=run_id, account_id=account_id)
    return found.values_list("borrower_id", flat=True).first()


def _gentleness(step: Mapping[str, Any]) -> int:
    """Where a step stands in the order that a run's folder keeps."""
    return IDS.index(step["treatment"]) if step["treatment"] in IDS else len(IDS)


def _select(table: str, where: str, values: Sequence[Any]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} WHERE run_id = %s AND {where}", values)  # noqa: S608
        return dicts(cursor)


def dicts(cursor: Any) -> list[dict[str, Any]]:
    """Every row that a cursor found, by the columns' names."""
    names = [column.name for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def note(person_id: int | None, act: str, detail: Mapping[str, Any]) -> None:
    """Add to the trail what somebody did."""
    Act.objects.create(at=timezone.now(), person_id=person_id, act=act, detail=dict(detail))
