"""The plan of the day: who is treated how, what it is worth, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from ruqi.adapters.report import numbers
from ruqi.adapters.report.blocks import (
    Cell,
    Chart,
    Column,
    Note,
    Section,
    Table,
    figure,
    row_head,
)
from ruqi.adapters.report.book import Book, View, bucket_order, rule_says, treatment_name
from ruqi.adapters.report.groups import treated_groups
from ruqi.adapters.report.words import NOTHING, Text, listed, name_of, pair, same, say
from ruqi.treatment.actions import IDS

SAMPLES = 3  # accounts shown for each treatment, the most valuable first
BARRED = 3  # barred accounts shown
COLOURS = {
    "wait": "@t0",
    "in_app": "@t1",
    "sms": "@t2",
    "email": "@t3",
    "call": "@t4",
    "hardship_offer": "@t5",
    "legal_review": "@t6",
}
WAIT = "wait"


@dataclass(frozen=True)
class Line:
    """One treatment's part of the plan; amounts in minor units."""

    treatment: str
    accounts: int
    balance: int
    minutes: int
    sms: int
    value: int
    cost: int


def plan_lines(frame: pl.DataFrame) -> list[Line]:
    """The plan by treatment, gentlest first."""
    sums = (
        frame.group_by("treatment")
        .agg(
            pl.len().alias("accounts"),
            *(
                pl.col(column).cast(pl.Int128).sum().alias(name)  # of a book, past 64 bits
                for column, name in (
                    ("balance_minor", "balance"),
                    ("agent_minutes", "minutes"),
                    ("sms", "sms"),
                    ("value_minor", "value"),
                    ("cost_minor", "cost"),
                )
            ),
        )
        .to_dicts()
    )
    lines = [
        Line(
            treatment=row["treatment"],
            accounts=row["accounts"],
            balance=row["balance"] or 0,
            minutes=row["minutes"] or 0,
            sms=row["sms"] or 0,
            value=row["value"] or 0,
            cost=row["cost"] or 0,
        )
        for row in sums
    ]
    return sorted(lines, key=lambda line: (_rank(line.treatment), line.treatment))


def _rank(treatment: str) -> int:
    return IDS.index(treatment) if treatment in IDS else len(IDS)


def plan_section(view: View, book: Book) -> Section:
    """The whole plan, and a sample of accounts with reasons."""
    whole, frame = plan_summary(view, book), view.get("plan")
    if not isinstance(frame, pl.DataFrame) or frame.is_empty():
        return whole
    sampled = _sample(book, frame, plan_lines(frame))
    return Section(whole.id, whole.title, [*whole.blocks, sampled])


def plan_summary(view: View, book: Book) -> Section:
    """Treatments by bucket, worth and cost, and bars by rule; no single account."""
    frame = view.get("plan")
    title = say("plan.title", on=numbers.long_day(book.as_of))
    if not isinstance(frame, pl.DataFrame) or frame.is_empty():
        return Section("plan", title, [Note(say("plan.none"))])
    lines = plan_lines(frame)
    blocks: list[Any] = [Note(say("plan.lead"), "lead")]
    summary = view.get("plan_summary") or {}
    if (waits := pair(summary, "all_wait")).en:
        blocks.append(Note(waits, "mark"))
    if (absent := pair(summary, "absent")).en:
        blocks.append(Note(absent, "mark"))
    if any(line.value for line in lines):
        blocks.append(Note(say("plan.priors"), "mark"))
    blocks += _chances(summary)
    blocks.append(_by_treatment(book, lines))
    blocks += _by_bucket(view, book, frame, lines)
    blocks += [_bars(view, book, frame), *_unapplied(view), *treated_groups(view)]
    return Section("plan", title, blocks)


def _chances(summary: Mapping[str, Any]) -> list[Note]:
    """What the chances are where they are no calibrated score, and who is to see a person."""
    prior, calibration = pair(summary, "prior_note"), pair(summary, "calibrated_note")
    notes = []
    if summary.get("score") == "prior":
        notes.append(Note(say("plan.prior_score") + prior, "mark"))
    elif prior.en:
        accounts = numbers.count(summary.get("prior_chances"))
        notes.append(Note(say("plan.prior_some", accounts=accounts) + prior, "mark"))
    if calibration.en and summary.get("score") != "prior":
        notes.append(Note(calibration, "mark"))
    if late := summary.get("vulnerable_late"):
        refer = numbers.count(summary.get("vulnerable_refer"))
        notes.append(Note(say("plan.vulnerable", late=numbers.count(late), refer=refer)))
    return notes


def _by_treatment(book: Book, lines: Sequence[Line]) -> Table:
    total = Line(
        "",
        *(
            sum(getattr(line, field) for line in lines)
            for field in ("accounts", "balance", "minutes", "sms", "value", "cost")
        ),
    )
    digits = amount_digits([*lines, total], book.currency)
    rows = [_line_cells(book, treatment_name(line.treatment), line, digits) for line in lines]
    last = _line_cells(book, say("words.total"), total, digits)
    rows.append([Cell(cell.text, f"{cell.style} total".strip(), head=cell.head) for cell in last])
    columns = [
        Column(say("plan.treatment")),
        Column(say("plan.accounts"), True),
        Column(book.money_header(say("words.balance")), True),
        Column(say("plan.minutes"), True),
        Column(say("plan.sms"), True),
        Column(book.money_header(say("plan.value")), True),
        Column(book.money_header(say("plan.cost")), True),
    ]
    return Table(say("plan.by_treatment"), columns, rows, "plan_value", foot=say("plan.value_foot"))


def amount_digits(lines: Sequence[Line], currency: str) -> tuple[int, int, int]:
    """Decimals of the balance, value and cost columns."""
    balance, value, cost = (
        numbers.digits_for((getattr(line, field) for line in lines), currency)
        for field in ("balance", "value", "cost")
    )
    return balance, value, cost


def _line_cells(book: Book, name: Text, line: Line, digits: tuple[int, int, int]) -> list[Cell]:
    return [
        row_head(name),
        figure(numbers.count(line.accounts)),
        figure(numbers.money(line.balance, book.currency, digits[0])),
        figure(numbers.count(line.minutes)),
        figure(numbers.count(line.sms)),
        figure(numbers.money(line.value, book.currency, digits[1])),
        figure(numbers.money(line.cost, book.currency, digits[2])),
    ]


def _by_bucket(
    view: View, book: Book, frame: pl.DataFrame, lines: Sequence[Line]
) -> list[Chart | Table]:
    counted = frame.group_by("bucket", "treatment").len().iter_rows()
    counts = {(bucket, treatment): number for bucket, treatment, number in counted}
    present = {bucket for bucket, _ in counts}
    order = [one for one in bucket_order(view) if one in present]
    order += sorted(one for one in present if one not in order)
    treatments = [line.treatment for line in lines]
    chart = Chart(
        id="plan-by-bucket",
        title=say("plan.by_bucket_chart"),
        says=say("plan.by_bucket_says"),
        options=_bucket_options(book, counts, order, treatments),
        height="m" if len(order) < 6 else "l",
        definition="plan_treatment",
    )
    rows = []
    for bucket in order:
        whole = sum(counts.get((bucket, one), 0) for one in treatments)
        cells = [row_head(book.bucket(bucket)), figure(numbers.count(whole), style="soft")]
        for one in treatments:
            number = counts.get((bucket, one), 0)
            cells.append(figure(numbers.count(number) if number else "·"))
        rows.append(cells)
    columns = [Column(say("words.bucket")), Column(say("plan.accounts"), True)]
    columns += [Column(treatment_name(one), True) for one in treatments]
    table = Table(say("plan.by_bucket"), columns, rows, "plan_treatment", folded=True)
    return [chart, table]


def _bucket_options(
    book: Book,
    counts: Mapping[tuple[str, str], int],
    order: Sequence[str],
    treatments: Sequence[str],
) -> dict[str, Any]:
    wholes = {one: sum(counts.get((one, t), 0) for t in treatments) for one in order}
    series = []
    for treatment in treatments:
        name = treatment_name(treatment)
        data = []
        for bucket in order:
            share = counts.get((bucket, treatment), 0) / wholes[bucket] * 100
            label = {"show": share >= 7, "formatter": f"{share:.0f}%"}
            data.append({"value": round(share, 4), "label": label})
        colour = COLOURS.get(treatment, "@c4")
        series.append(
            {
                "name": {"en": name.en, "zh": name.zh},
                "type": "bar",
                "stack": "all",
                "barCategoryGap": "26%",
                "data": data,
                "itemStyle": {"color": colour, "borderColor": "@card", "borderWidth": 1},
                "label": {"color": f"{colour}-ink", "fontSize": 11},
                "labelLayout": {"hideOverlap": True},
            }
        )
    labels = [book.bucket(one) for one in order]
    return {
        "grid": {"left": 8, "right": 16, "top": 44, "bottom": 24, "containLabel": True},
        "legend": {"top": 0, "left": 0, "itemWidth": 14, "itemHeight": 10, "selectedMode": False},
        "xAxis": {"type": "value", "min": 0, "max": 100, "axisLabel": {"formatter": "{value}%"}},
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": [{"en": label.en, "zh": label.zh} for label in labels],
            "axisTick": {"show": False},
        },
        "series": series,
    }


def bar_counts(frame: pl.DataFrame) -> list[tuple[str, int]]:
    """How many accounts each rule bars, most first; an account may be barred by several."""
    found = (
        frame.filter(pl.col("bars").fill_null("") != "")
        .select(pl.col("bars").str.split("|").alias("rule"))
        .explode("rule", empty_as_null=True)
        .group_by("rule")
        .len()
        .iter_rows()
    )
    return sorted(((str(rule), int(number)) for rule, number in found), key=lambda r: (-r[1], r[0]))


def _bars(view: View, book: Book, frame: pl.DataFrame) -> Table | Note:
    counts = bar_counts(frame)
    if not counts:
        return Note(say("plan.no_bars"))
    rules = {row["rule"]: row for row in (view.get("plan_summary") or {}).get("rules") or []}
    top = counts[0][1]
    rows = []
    for rule, number in counts:
        told = rules.get(rule, {})
        rows.append(
            [
                row_head(rule),
                Cell(rule_says(rule), "wrap"),
                Cell(name_of("force", str(told.get("force") or "")), "soft"),
                Cell(same(told.get("source") or ""), "code soft"),
                Cell(same(numbers.count(number)), "n", bar=number / top),
            ]
        )
    columns = [Column(say(f"plan.{one}")) for one in ("rule", "rule_says", "force", "source")]
    columns.append(Column(say("plan.accounts"), True))
    barred = frame.filter(~pl.col("eligible")).height
    caption = say("plan.bars", barred=numbers.count(barred), all=numbers.count(frame.height))
    foot = say("plan.bars_foot") + register_note(book)
    return Table(caption, columns, rows, "plan_bars", foot=foot)


def register_note(book: Book) -> Text:
    """That consent, holds and past contacts are synthetic; nothing where they are real."""
    made_up = {"*", "borrowers", "contacts"} & set(book.synthetic)
    return say("plan.register_synthetic") if made_up else NOTHING


def _unapplied(view: View) -> list[Note]:
    """Rules of the pack that were not applied, and why."""
    rows = ((view.get("plan_summary") or {}).get("law") or {}).get("unapplied") or []
    by_why: dict[str, list[Text]] = {}
    for row in rows:
        by_why.setdefault(str(row["why"]), []).append(same(row["parameter"]))
    return [
        Note(say("plan.unapplied", why=name_of("why", why), parameters=listed(names)))
        for why, names in sorted(by_why.items())
    ]


def sample(frame: pl.DataFrame, lines: Sequence[Line]) -> list[dict[str, Any]]:
    """The most valuable accounts of each treatment, then some barred ones; never random."""
    late_first = frame.with_columns((pl.col("reasons") == "NOT_LATE").alias("not_late"))
    ranked = late_first.sort(
        "not_late",
        "value_minor",
        "balance_minor",
        "account_id",
        descending=[False, True, True, False],
    ).drop("not_late")
    rows: list[dict[str, Any]] = []
    for line in reversed(lines):
        chosen = ranked.filter((pl.col("treatment") == line.treatment) & pl.col("eligible"))
        rows += chosen.head(SAMPLES if line.treatment != WAIT else BARRED).to_dicts()
    return rows + ranked.filter(~pl.col("eligible")).head(BARRED).to_dicts()


def _sample(book: Book, frame: pl.DataFrame, lines: Sequence[Line]) -> Table:
    chosen = sample(frame, lines)
    fields = ("balance_minor", "value_minor", "cost_minor")
    balance, value, cost = (
        numbers.digits_for((row[field] for row in chosen), book.currency) for field in fields
    )
    rows = [
        [
            row_head(row["account_id"]),
            Cell(book.bucket(row["bucket"])),
            figure(numbers.money(row["balance_minor"], book.currency, balance)),
            Cell(treatment_name(row["treatment"])),
            figure(numbers.money(row["value_minor"], book.currency, value)),
            figure(numbers.money(row["cost_minor"], book.currency, cost)),
            Cell(Text(row["reason_en"] or "", row["reason_zh"] or ""), "wrap"),
        ]
        for row in chosen
    ]
    columns = [
        Column(say("plan.account")),
        Column(say("words.bucket")),
        Column(book.money_header(say("words.balance")), True),
        Column(say("plan.treatment")),
        Column(book.money_header(say("plan.value")), True),
        Column(book.money_header(say("plan.cost")), True),
        Column(say("plan.reason")),
    ]
    caption = say("plan.sample", shown=len(rows), all=numbers.count(frame.height))
    return Table(caption, columns, rows, "plan_value", "sample", register_note(book), True)
