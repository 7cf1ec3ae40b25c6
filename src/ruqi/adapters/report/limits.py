"""What binds the plan, what one step more really adds, and how much hangs on the priors."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from ruqi.adapters.report import numbers
from ruqi.adapters.report.blocks import Cell, Column, Note, Section, Table, figure, row_head
from ruqi.adapters.report.book import Book, View, limit_name, treatment_name
from ruqi.adapters.report.words import NOTHING, Text, name_of, pair, say

Row = Mapping[str, Any]
HOUR = 60
MINUTES = ("minute", "minutes")


def limits_section(view: View, book: Book) -> Section:
    """Limits with what solving again with more and less showed, prices, stability, priors."""
    rows: Sequence[Row] = view.get("limits") or []
    title = say("limits.title")
    if not rows:
        return Section("limits", title, [Note(say("limits.none"))])
    blocks: list[Any] = [Note(limit_sentence(book, rows), "lead"), _table(book, rows)]
    blocks += [*_bound(view, book), *_stability(view), *_priors(view)]
    return Section("limits", title, blocks)


def price(row: Row) -> Decimal:
    """A limit's shadow price, in minor units for one unit."""
    return Decimal(str(row.get("shadow_price_minor") or 0))


def gain(row: Row) -> Decimal:
    """What the whole plan, solved again with one step more of a limit, is worth more; minor."""
    here, there = row.get("objective_minor"), row.get("objective_plus_step_minor")
    return Decimal(0) if here is None or there is None else Decimal(str(there)) - Decimal(str(here))


def step_of(row: Row) -> Text:
    """The step that was solved for, as a person says it: `one more hour`."""
    if row.get("unit") in MINUTES and row.get("step") == HOUR:
        return say("limits.hour")
    return name_of("one", str(row.get("limit")))


def limit_sentence(book: Book, rows: Sequence[Row]) -> Text:
    """What one step more of each limit adds, in one sentence each; a few units may be unused."""
    binding = sorted((row for row in rows if gain(row) > 0), key=lambda row: str(row["limit"]))
    if not binding:
        return say("limits.slack")
    sentence = NOTHING
    for row in binding:
        sentence += say(
            "limits.binds",
            limit=limit_name(str(row["limit"])),
            step=step_of(row),
            worth=numbers.compact(float(gain(row)), book.currency),
        )
    return sentence


def _table(book: Book, rows: Sequence[Row]) -> Table:
    body = []
    for row in rows:
        available, used = float(row["available"] or 0), float(row["used"] or 0)
        share = used / available if available else 0.0
        worth = float(gain(row))
        body.append(
            [
                row_head(limit_name(str(row["limit"])), name_of("unit", str(row["unit"]))),
                figure(numbers.count(available)),
                figure(numbers.count(used)),
                Cell(Text(f"{share:.0%}", f"{share:.0%}"), "n", bar=min(share, 1.0)),
                figure(_price_text(row, book), style="" if price(row) else "soft"),
                figure(numbers.compact(worth, book.currency) if worth else "–", step_of(row)),
                figure(_change(row, "plus", book), style="soft"),
                figure(_change(row, "minus", book), style="soft"),
            ]
        )
    columns = [
        Column(say("limits.limit")),
        Column(say("limits.available"), True),
        Column(say("limits.used"), True),
        Column(say("limits.share"), True),
        Column(book.money_header(say("limits.price")), True),
        Column(say("limits.worth"), True),
        Column(book.money_header(say("limits.plus_one")), True),
        Column(book.money_header(say("limits.minus_one")), True),
    ]
    return Table(say("limits.table"), columns, body, "shadow_price", "figures", say("limits.foot"))


def _price_text(row: Row, book: Book) -> str:
    return numbers.money(float(price(row)), book.currency) if price(row) else say("limits.zero").en


def _change(row: Row, way: str, book: Book) -> str:
    """What the plan's whole value really changed by when it was solved again one unit apart."""
    here, there = row.get("objective_minor"), row.get(f"objective_{way}_one_minor")
    if here is None or there is None:
        return numbers.UNKNOWN
    change = Decimal(str(there)) - Decimal(str(here))
    text = numbers.money(float(change), book.currency)
    return f"+{text}" if change > 0 else text


def _bound(view: View, book: Book) -> list[Note]:
    """How far the plan can be from the best plan that these limits allow, where that is proven."""
    summary = view.get("plan_summary") or {}
    if summary.get("bound_minor") is None or not summary.get("objective_minor"):
        return []
    gap = summary["bound_minor"] - summary["objective_minor"]
    worth = numbers.compact(summary["objective_minor"], book.currency)
    if gap <= 0:
        return [Note(say("limits.best", worth=worth))]
    share = f"{gap / summary['objective_minor'] * 100:.3f}%"
    return [Note(say("limits.gap", worth=worth, share=share))]


def _priors(view: View) -> list[Table]:
    """Every guess that the plan rests on, with its ground."""
    rows = (view.get("plan_summary") or {}).get("priors") or []
    if not rows:
        return []
    body = [
        [
            row_head(_prior_name(str(row["prior"]))),
            Cell(_ladder(row.get("by_months_late") or []), "wrap"),
            Cell(pair(row, "ground"), "wrap"),
        ]
        for row in rows
    ]
    columns = [Column(say(f"limits.{one}")) for one in ("prior", "prior_value", "ground")]
    return [Table(say("limits.priors_table"), columns, body, "prior", "sample", folded=True)]


def _moved(row: Row) -> Text:
    """Which priors were moved and by how much; of those moved alone the one that keeps least."""
    factor = f"{float(row['factor']):g}"
    if row.get("prior") is None:
        return say("limits.factor", factor=factor)
    treatment = treatment_name(str(row["prior"]).removeprefix("effect."))
    return say("limits.factor_alone", factor=factor, treatment=treatment)


def _prior_name(name: str) -> Text:
    kind, _, treatment = name.partition(".")
    if kind == "effect" and treatment:
        return say("prior.effect", treatment=treatment_name(treatment))
    return name_of("prior", name)


def _ladder(steps: Sequence[Row]) -> Text:
    """A prior's values: `3.0% from 1 month late`, and so on."""
    told = [
        say(
            f"limits.step_{min(int(step['from']), 2)}",
            value=numbers.percent(step["value"]),
            months=step["from"],
        )
        for step in steps
    ]
    return Text("; ".join(one.en for one in told), "；".join(one.zh for one in told))


def _stability(view: View) -> list[Any]:
    rows = (view.get("plan_summary") or {}).get("stability") or []
    rows = [row for row in rows if row.get("prior") is None or row.get("worst")]
    if not rows:
        return []
    body = [
        [
            row_head(_moved(row)),
            figure(numbers.percent(row.get("same_treatment_share"))),
            figure(numbers.percent(row.get("same_worked_share"))),
        ]
        for row in rows
    ]
    columns = [
        Column(say("limits.priors")),
        Column(say("limits.same_treatment"), True),
        Column(say("limits.same_worked"), True),
    ]
    table = Table(say("limits.stability"), columns, body, "plan_stability", "narrow")
    return [table]
