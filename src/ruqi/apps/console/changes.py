"""What changed since the run before, as tables: headline figures, treatments, buckets."""

from functools import lru_cache
from typing import Any

from django.urls import reverse

from ruqi.adapters.postgres import past
from ruqi.adapters.report import numbers
from ruqi.adapters.report.blocks import Cell, Column, Note, Table, figure, row_head
from ruqi.adapters.report.book import BREAKS, bucket_order, treatment_name
from ruqi.adapters.report.trend import remarks_cell, trend_definitions
from ruqi.adapters.report.words import Text, same
from ruqi.apps.console.opened import KEPT, Opened, opened
from ruqi.apps.web.words import both
from ruqi.services.changes import Changes, Flow, Move, Total, changes

FIGURES = 6  # definitions that are compared
MOVES = 12  # changed treatments that are shown
Row = Any


@lru_cache(maxsize=KEPT)
def _found(run_id: int, _earlier: tuple[int, ...]) -> Changes | None:
    run = opened(run_id)
    ids = trend_definitions(run.view)[:FIGURES]
    return changes(run_id, run.view, past, lambda one: opened(one).view, ids)


def found_changes(run: Opened) -> Changes | None:
    """What changed since the run before; None where this is the book's first run here."""
    # An earlier day's run may be loaded later, so the answer is kept by what stands before.
    return _found(run.id, tuple(one.id for one in past.earlier(run.id)[:1]))


def change_blocks(run: Opened, found: Changes | None) -> list[Any]:
    """The tables; a sentence that teaches where this is the book's first run here."""
    if found is None:
        return [Note(both("changes.none"), "lead"), Note(both("changes.none_mend"))]
    former = found.former
    lead = both("changes.lead", day=numbers.long_day(former.as_of), id=former.id)
    blocks: list[Any] = [Note(lead, "lead")]
    blocks += [
        Note(both(f"changes.renewed_{name}", before=before, now=now), "mark")
        for name, before, now in found.renewed
    ]
    blocks += [_figures(run, found), _plan(run, found.totals), _moves(run, found)]
    return [*blocks, _buckets(run, found.flows)]


def _figures(run: Opened, found: Changes) -> Table:
    at = reverse("definitions", kwargs={"run_id": run.id})
    rows = []
    for before, now in found.figures:
        one = now["definition_id"]
        broken = _broken(run, before, now)
        moved = same("") if broken else points(now["value"] - before["value"])
        rows.append(
            [
                Cell(run.book.measured(one), "wrap", head=True, link=f"{at}#def-{one}"),
                _dated(before),
                _dated(now),
                figure(
                    both("changes.not_comparable") if broken else moved, style="marked" * broken
                ),
                remarks_cell(run.book, dict(now), broken),
            ]
        )
    heads = [Column(both("changes.definition")), *_then_now(found), Column(both("changes.remarks"))]
    return Table(both("changes.figures"), heads, rows, style="figures")


def _then_now(found: Changes) -> list[Column]:
    then = Column(both("changes.then", day=found.former.as_of), True)
    return [then, Column(both("changes.now"), True), Column(both("changes.change"), True)]


def _dated(row: Row) -> Cell:
    """A figure with its interval and the month that it is of."""
    interval = numbers.span(row["low"], row["high"])
    month = numbers.month(row["on"])
    small = Text(*(" · ".join(filter(None, (month.of(one), interval))) for one in ("en", "zh")))
    return figure(numbers.percent(row["value"]), small)


def _broken(run: Opened, before: Row, now: Row) -> bool:
    """Whether the book's coding changed after the earlier figure's month."""
    return any(
        remark.kind in BREAKS and remark.on is not None and str(remark.on) > str(before["on"])[:10]
        for remark in run.book.cited(now["remark_ids"])
    )


def points(share: float) -> Text:
    """A change of a share in percentage points, with an arrow beside its sign."""
    arrow = "▲ " if share > 0.00005 else "▼ " if share < -0.00005 else "= "
    return both("changes.points", change=f"{arrow}{abs(share) * 100:.2f}")


def step(amount: int, text: str) -> str:
    """A change of an amount with an arrow; `text` is its size in words."""
    return f"{'▲' if amount > 0 else '▼' if amount < 0 else '='} {text}" if amount else "="


def _plan(run: Opened, totals: Any) -> Table:
    rows = [_total(run, one) for one in totals]
    heads = [
        Column(both("changes.sum")),
        Column(both("changes.before"), True),
        Column(both("changes.now"), True),
        Column(both("changes.change"), True),
    ]
    return Table(both("changes.plan"), heads, rows, "plan_treatment", "narrow")


def _total(run: Opened, one: Total) -> list[Cell]:
    def shown(value: int) -> Text:
        if one.unit == "count":
            return same(numbers.count(value))
        return numbers.compact(value, run.book.currency)

    size = shown(abs(one.now - one.before))
    change = Text(*(step(one.now - one.before, size.of(word)) for word in ("en", "zh")))
    name = both(f"changes.{one.name}")
    return [row_head(name), figure(shown(one.before)), figure(shown(one.now)), figure(change)]


def _moves(run: Opened, found: Changes) -> Table | Note:
    if not found.moves:
        return Note(both("changes.kept", accounts=numbers.count(found.same_treatment)))
    rows = [
        [
            Cell(_treatment(one.before, "not_before"), head=True),
            Cell(_treatment(one.after, "not_now")),
            figure(numbers.count(one.accounts)),
            figure(numbers.compact(one.balance_minor, run.book.currency)),
        ]
        for one in found.moves[:MOVES]
    ]
    rest: list[Move] = list(found.moves[MOVES:])
    foot = both("changes.kept", accounts=numbers.count(found.same_treatment))
    if rest:
        accounts = numbers.count(sum(one.accounts for one in rest))
        foot += both("changes.rest", accounts=accounts, moves=len(rest))
    heads = [
        Column(both("changes.from")),
        Column(both("changes.to")),
        Column(both("changes.accounts"), True),
        Column(both("changes.balance"), True),
    ]
    return Table(both("changes.treatments"), heads, rows, "plan_treatment", "narrow", foot)


def _treatment(name: str | None, otherwise: str) -> Text:
    return both(f"changes.{otherwise}") if name is None else treatment_name(name)


def _buckets(run: Opened, flows: Any) -> Table:
    order = bucket_order(run.view)

    def place(one: Flow) -> tuple[int, str]:
        known = one.bucket in order
        return (order.index(str(one.bucket)) if known else len(order), str(one.bucket))

    rows = [
        [
            row_head(run.book.bucket(one.bucket)),
            figure(numbers.count(one.before)),
            figure(f"−{numbers.count(one.left)}" if one.left else "·", style="soft"),
            figure(f"+{numbers.count(one.came)}" if one.came else "·", style="soft"),
            figure(numbers.count(one.now)),
            figure(step(one.now - one.before, numbers.count(abs(one.now - one.before)))),
        ]
        for one in sorted(flows, key=place)
    ]
    words = ("before", "left", "came", "now", "change")
    heads = [Column(both("changes.bucket"))]
    heads += [Column(both(f"changes.{word}"), True) for word in words]
    foot = both("changes.buckets_foot")
    return Table(both("changes.buckets"), heads, rows, "plan_treatment", "narrow", foot)
