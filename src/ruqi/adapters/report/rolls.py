"""Where each bucket went in a month: a heat map that is a table, by count or by balance."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from ruqi.adapters.report import numbers
from ruqi.adapters.report.blocks import (
    Cell,
    Column,
    Note,
    Panel,
    Section,
    Switch,
    Table,
    figure,
    row_head,
)
from ruqi.adapters.report.book import Book, View, bucket_order, citations
from ruqi.adapters.report.words import NOTHING, Text, same, say

MONTHS = 6  # the newest single months that the switch offers beside all months together
UNITS = ("count", "balance")
STEPS = (0.02, 0.10, 0.30, 0.60)  # a share from each of these on is one step darker
ENDS = ("charged_off", "sold", "closed", "paid_off")

Moves = Sequence[Mapping[str, Any]]


def rolls_section(view: View, book: Book) -> Section:
    """One heat map for all comparable months together, and one for each of the newest months."""
    found = view.get("rolls") or {}
    moves: Moves = found.get("moves") or []
    title = say("rolls.title")
    if not moves:
        return Section("rolls", title, [Note(say("rolls.none"))])
    broken = book.broken_months()
    months = sorted({_day(move) for move in moves}, reverse=True)
    clean = [month for month in months if month.replace(day=1) not in broken]
    scopes: list[tuple[Text, list[date]]] = []
    if clean:
        word = "rolls.all" if len(clean) == len(months) else "rolls.pooled"
        scopes.append((say(word, months=len(clean)), clean))
    scopes += [(_month_name(month, broken), [month]) for month in months[:MONTHS]]
    units = UNITS if moves[0].get("balance_minor") is not None else UNITS[:1]
    panels = [
        Panel((unit, place), [_heat(view, book, moves, scope, unit)])
        for unit in range(len(units))
        for place, scope in enumerate(scopes)
    ]
    switch = Switch(
        "rolls-by",
        [say("words.unit"), say("words.months")],
        [[say(f"words.by_{one}") for one in units], [name for name, _ in scopes]],
        panels,
    )
    blocks: list[Any] = [Note(say("rolls.lead"), "lead")]
    if len(clean) < len(months):
        blocks.append(Note(_broken_note(months, broken), "mark"))
    return Section("rolls", title, [*blocks, switch, Note(_legend()), *_left(found)])


def _day(move: Mapping[str, Any]) -> date:
    day = numbers.as_date(move["on"])
    if day is None:
        raise ValueError("a move has no month")
    return day


def _month_name(month: date, broken: Mapping[date, Any]) -> Text:
    name = numbers.month(month)
    flag = " ⚑" if month.replace(day=1) in broken else ""
    return Text(name.en + flag, name.zh + flag)


def _broken_note(months: Sequence[date], broken: Mapping[date, Any]) -> Text:
    touched = sorted(month for month in months if month.replace(day=1) in broken)
    remarks = [remark for month in touched for remark in broken[month.replace(day=1)]]
    names = [numbers.month(month) for month in touched]
    return say(
        "rolls.broken",
        months=Text(", ".join(n.en for n in names), "、".join(n.zh for n in names)),
        remarks=citations(sorted(remarks, key=lambda remark: remark.number)),
    )


def _left(found: Mapping[str, Any]) -> list[Note]:
    """How many accounts stopped being seen, or skipped a month."""
    left, gaps = (sum(row["count"] for row in found.get(one) or []) for one in ("exits", "gaps"))
    if not left:
        return []
    gone = numbers.count(left - gaps)  # the exits hold the gaps as well
    return [Note(say("rolls.left", exits=gone, gaps=numbers.count(gaps)))]


def _legend() -> Text:
    edges = [f"< {STEPS[0]:.0%}"]
    edges += [f"{low:.0%}–{high:.0%}" for low, high in pairwise(STEPS)]
    steps = "  ·  ".join([*edges, f"≥ {STEPS[-1]:.0%}"])
    return say("rolls.legend", steps=steps)


def _heat(
    view: View, book: Book, moves: Moves, scope: tuple[Text, list[date]], which: int
) -> Table:
    name, months = scope
    unit = ("count", "balance_minor")[which]
    chosen = [move for move in moves if _day(move) in months]
    order = bucket_order(view)
    rows = [one for one in order if any(move["from"] == one for move in chosen)]
    reached = {move["to"] for move in chosen if move["from"] in rows}
    columns = [one for one in (*order, *ENDS) if one in reached]
    sums = _sums(chosen, unit)
    every = len(months) == len({_day(move) for move in moves})
    intervals = _intervals(view, months, every, unit)
    header = book.money_header(say("words.balance")) if which else say("rolls.accounts")
    body = []
    for origin in rows:
        total = sum(sums.get((origin, target), 0) for target in columns)
        cells = [row_head(book.bucket(origin)), figure(_total(book, total, unit), style="soft")]
        for target in columns:
            share = sums.get((origin, target), 0) / total if total > 0 else None
            cells.append(_share_cell(share, intervals.get((origin, target)), origin == target))
        body.append(cells)
    heads = [Column(say("rolls.from_to")), Column(header, True)]
    heads += [Column(book.bucket_head(one), True) for one in columns]
    foot = say("rolls.no_interval") if len(months) > 1 and not every else NOTHING
    caption = say("rolls.table", scope=name, by=say(f"words.by_{UNITS[which]}"))
    return Table(caption, heads, body, f"roll_rate_{UNITS[which]}", "heat", foot)


def _total(book: Book, total: int, unit: str) -> Text:
    if unit == "count":
        return same(numbers.count(total))
    return numbers.compact(total, book.currency)


def _sums(moves: Moves, unit: str) -> dict[tuple[str, str], int]:
    sums: dict[tuple[str, str], int] = {}
    for move in moves:
        step = (move["from"], move["to"])
        sums[step] = sums.get(step, 0) + max(int(move[unit] or 0), 0)
    return sums


def _intervals(
    view: View, months: Sequence[date], every: bool, unit: str
) -> dict[tuple[str, str], Text]:
    """Intervals as the run states them: of one month, or of all its months together."""
    if len(months) > 1 and not every:
        return {}
    weight = "count" if unit == "count" else "balance"
    wanted = None if len(months) > 1 else months[0]
    return {
        (rate["from"], rate["to"]): same(numbers.span(rate["low"], rate["high"]))
        for rate in view["rolls"].get("rates") or []
        if rate.get("weight", "count") == weight
        and numbers.as_date(rate.get("on")) == wanted
        and rate.get("low") is not None
    }


def _share_cell(share: float | None, interval: Text | None, same_bucket: bool) -> Cell:
    if share is None:
        return figure(numbers.UNKNOWN, style="h0")
    step = sum(share >= edge for edge in STEPS)
    style = f"h{step} same" if same_bucket else f"h{step}"
    if share == 0:
        return figure("·", style="h0 soft")
    return figure(numbers.percent(share), small=interval or NOTHING, style=style)
