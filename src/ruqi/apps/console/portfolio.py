"""The measures page: any definition by segment and month, as the address asks, and as a file.

A file holds exactly the rows that are shown. They are sums over accounts and name nobody, so
whoever may read the page may take them along; each file is on the record.
"""

import io
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

import polars as pl
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from ruqi.adapters.postgres import shelf
from ruqi.adapters.report import numbers
from ruqi.adapters.report.blocks import Entries
from ruqi.adapters.report.draw import chart_script, draw
from ruqi.adapters.report.notes import definition_entry
from ruqi.adapters.report.sheet import safe, to_csv, to_xlsx
from ruqi.adapters.report.trend import trend_definitions
from ruqi.adapters.report.words import name_of, same
from ruqi.apps.console.exports import XLSX, attachment
from ruqi.apps.console.figure_table import figure_table
from ruqi.apps.console.opened import Opened, drawn, opened
from ruqi.apps.console.overview import remarks_at
from ruqi.apps.console.pages import run_context
from ruqi.apps.web.sign_in import needs
from ruqi.apps.web.words import both, read, told, tongue
from ruqi.primitives.currency import exponent
from ruqi.services.access import Right
from ruqi.services.figures import (
    EVERY,
    WHOLE,
    FigureChoices,
    FigureQuery,
    choices,
    find_figures,
    read_figures,
)

SHOWN = 200  # rows on the page; a file holds all
ASKED = 200  # where the numbers of this part's tables begin
PARQUET = "application/vnd.apache.parquet"
Row = dict[str, Any]


def _asked(request: HttpRequest, run: Opened) -> tuple[FigureChoices, FigureQuery, list[Row]]:
    measures = run.view["measures"]
    known = choices(measures, run.book.definitions)
    first = next(iter([*trend_definitions(run.view)[:1], *known.definitions]), EVERY)
    query = read_figures(request.GET, known, first)
    return known, query, find_figures(measures, query, known)


@needs(Right.PORTFOLIO)
@require_GET
def show(request: HttpRequest, run_id: int) -> HttpResponse:
    """The figures asked for with their definition, then every definition's newest."""
    run = opened(run_id)
    known, query, rows = _asked(request, run)
    context = run_context(run)
    at = str(context["definitions_at"])
    parts, charts = drawn(run_id, "portfolio", tongue(), at)
    blocks = [figure_table(run, query, rows[:SHOWN])] if rows else []
    more = max(len(rows) - SHOWN, 0)
    context |= {
        "parts": parts,
        "charts": chart_script(charts),
        "title": told("page.portfolio"),
        "fields": _fields(run, known, query),
        "table": draw(blocks, tongue(), at, ASKED, remarks_at(run)),
        "more": told("portfolio.more", rows=numbers.count(more)) if more else "",
        "drawer": _drawer(run, query.definition, at),
        "drawer_name": run.book.definition(query.definition),
        "files": [
            (kind, f"{reverse(f'measures_{kind}', kwargs={'run_id': run_id})}?{_address(query)}")
            for kind in ("csv", "xlsx", "parquet")
        ],
    }
    return render(request, "console/portfolio.html", context)


def _address(query: FigureQuery) -> str:
    return urlencode(query.parameters())


def _drawer(run: Opened, definition: str, at: str) -> str:
    """What a definition counts; nothing where every one is shown."""
    row = run.book.definitions.get(definition)
    return draw([Entries([definition_entry(definition, row)])], tongue(), at) if row else ""


def _fields(run: Opened, known: FigureChoices, query: FigureQuery) -> list[dict[str, Any]]:
    """The filter's fields, each with groups of options: (label, [(value, name)])."""
    names = [(one, run.book.definition(one)) for one in known.definitions]
    segments = [
        (
            name_of("segment", column),
            [
                (column, both("portfolio.each", column=name_of("segment", column))),
                *((one, same(one.partition("=")[2])) for one in group),
            ],
        )
        for column, group in known.segments.items()
    ]
    months = [(one, numbers.month(one)) for one in known.months]
    anything = [("", both("portfolio.any_segment")), (WHOLE, name_of("segment", WHOLE))]
    every = (EVERY, both("portfolio.every_definition"))
    given: dict[str, list[tuple[Any, Any]]] = {
        "definition": [(None, [*names, every])],
        "by": [(None, anything), *segments],
        "month": [(None, [*months, (EVERY, both("portfolio.every_month"))])],
    }
    chosen = query.parameters()
    return [
        {"field": one, "name": both(f"portfolio.{one}"), "groups": groups, "chosen": chosen[one]}
        for one, groups in given.items()
    ]


@needs(Right.PORTFOLIO)
@require_GET
def as_csv(request: HttpRequest, run_id: int) -> HttpResponse:
    """The rows as CSV that Chinese Excel opens, formulas neutralised."""
    run, _, rows = _file_rows(request, run_id, "csv")
    frame = pl.DataFrame(
        [_cells(run, row) for row in rows], schema=_heads(), orient="row", infer_schema_length=None
    )
    return attachment(to_csv(frame), "text/csv; charset=utf-8", f"measures-{run_id}.csv")


@needs(Right.PORTFOLIO)
@require_GET
def as_xlsx(request: HttpRequest, run_id: int) -> HttpResponse:
    """The rows as a workbook; its second sheet says what was asked for and what it counts."""
    run, query, rows = _file_rows(request, run_id, "xlsx")
    cells, about = [_cells(run, row) for row in rows], _about(run, query, len(rows))
    content = to_xlsx(told("page.portfolio"), list(_heads()), cells, about, told("export.about"))
    return attachment(content, XLSX, f"measures-{run_id}.xlsx")


@needs(Right.PORTFOLIO)
@require_GET
def as_parquet(request: HttpRequest, run_id: int) -> HttpResponse:
    """The rows as the run's own measures.parquet has them: minor units, remark ids as a list."""
    run, _, rows = _file_rows(request, run_id, "parquet")
    schema: dict[str, Any] = dict.fromkeys(("definition_id", "on", "segment"), pl.String)
    schema |= dict.fromkeys(("value", "low", "high", "numerator", "denominator"), pl.Float64)
    schema |= {"unit": pl.String, "remark_ids": pl.List(pl.String)}
    rows = [row | {"on": numbers.iso(row["on"])} for row in rows]
    frame = pl.DataFrame([{name: row[name] for name in schema} for row in rows], schema=schema)
    out = io.BytesIO()
    frame.with_columns(
        pl.col("on").str.to_date(), currency=pl.lit(run.book.currency)
    ).write_parquet(out, compression="zstd", statistics=False)
    return attachment(out.getvalue(), PARQUET, f"measures-{run_id}.parquet")


def _file_rows(
    request: HttpRequest, run_id: int, kind: str
) -> tuple[Opened, FigureQuery, list[Row]]:
    run = opened(run_id)
    _, query, rows = _asked(request, run)
    detail = {"run": run_id, "what": "measures", "kind": kind, "rows": len(rows)}
    shelf.note(request.user.pk, "export", detail | query.parameters())
    return run, query, rows


def _heads() -> dict[str, Any]:
    text, number = pl.String, pl.Float64
    kinds = {
        "definition_id": text,
        "definition": text,
        "on": text,
        "column": text,
        "segment": text,
        "value": number,
        "low": number,
        "high": number,
        "numerator": number,
        "denominator": number,
        "unit": text,
        "remark_ids": text,
    }
    return {told(f"portfolio.file_{word}"): kind for word, kind in kinds.items()}


def _cells(run: Opened, row: Row) -> list[Any]:
    """A row for people: amounts in major units, the unit's name beside them."""
    column, _, segment = row["segment"].partition("=")
    size = 10 ** exponent(run.book.currency)
    amount = run.book.definitions.get(row["definition_id"], {}).get("weight") == "amount"

    def major(field: str, is_amount: bool) -> float | None:
        value: float | None = row[field]
        return value / size if is_amount and value is not None else value

    in_money = row["unit"] == "minor"
    return [
        row["definition_id"],
        read(run.book.measured(row["definition_id"])),
        numbers.iso(row["on"]),
        read(name_of("segment", column)),
        safe(segment),
        *(major(field, in_money) for field in ("value", "low", "high")),
        major("numerator", in_money or amount),
        row["denominator"] if in_money else major("denominator", amount),
        run.book.currency if in_money else told(f"portfolio.unit_{row['unit']}"),
        safe("|".join(row["remark_ids"])),
    ]


def _about(run: Opened, query: FigureQuery, rows: int) -> Sequence[Sequence[str]]:
    asked = " · ".join(f"{name}={value}" for name, value in query.parameters().items() if value)
    lines = [
        [told("export.book"), safe(run.book.name)],
        [told("export.as_of"), numbers.iso(run.book.as_of)],
        [told("export.filter"), safe(asked)],
        [told("export.rows"), numbers.count(rows)],
    ]
    row = run.book.definitions.get(query.definition)
    if row is not None:
        entry = definition_entry(query.definition, row)
        lines.append([read(entry.name), read(entry.says)])
        lines += [[read(name), read(fact)] for name, fact in (*entry.lines, *entry.facts)]
    return [*lines, *([read(note)] for note in run.notes)]
