"""Where each bucket went in a month: a heat map that is a table, by count or by balance."""

from collections.abc import Collection, Mapping, Sequence
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
from ruqi.adapters.report.words import Text, listed, same, say

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
    broken = {_day({"on": on}) for on in found.get("breaks") or []}
    months = sorted({_day(move) for move in moves}, reverse=True)
    clean = [month for month in months if month not in broken]
    scopes: list[tuple[Text, date | None]] = []
    if clean:
        word = "rolls.all" if len(clean) == len(months) else "rolls.pooled"
        scopes.append((say(word, months=len(clean)), None))
    scopes += [(_month_name(month, broken), month) for month in months[:MONTHS]]
    weights = {rate["weight"] for rate in found["rates"]}
    units = [unit for unit in UNITS if unit in weights]
    panels = [
        Panel((unit, place), [_heat(view, book, scope, unit)])
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
        blocks.append(Note(_broken_note(book, sorted(broken)), "mark"))
    return Section("rolls", title, [*blocks, switch, Note(_legend()), *_left(found)])


def _day(move: Mapping[str, Any]) -> date:
    day = numbers.as_date(move["on"])
    if day is None:
        raise ValueError("a move has no month")
    return day


def _month_name(month: date, broken: Collection[date]) -> Text:
    name = numbers.month(month)
    flag = " ⚑" if month in broken else ""
    return Text(name.en + flag, name.zh + flag)


def _broken_note(book: Book, broken: Sequence[date]) -> Text:
    by_month = book.broken_months()
    remarks = [one for month in broken for one in by_month.get(month.replace(day=1), [])]
    return say(
        "rolls.broken",
        months=listed([numbers.month(month) for month in broken]),
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


def _heat(view: View, book: Book, scope: tuple[Text, date | None], which: int) -> Table:
    """Rates as the run states them: of one month, or of all comparable months together."""
    name, month = scope
    unit = UNITS[which]
    rates = {
        (rate["from"], rate["to"]): rate
        for rate in view["rolls"]["rates"]
        if rate["weight"] == unit and numbers.as_date(rate["on"]) == month
    }
    order = bucket_order(view)
    rows = [one for one in order if any(origin == one for origin, _ in rates)]
    reached = {target for (_, target), rate in rates.items() if rate["numerator"]}
    columns = [one for one in (*order, *ENDS) if one in reached]
    header = book.money_header(say("words.balance")) if which else say("rolls.accounts")
    body = []
    for origin in rows:
        whole = max(rate["denominator"] for (start, _), rate in rates.items() if start == origin)
        cells = [row_head(book.bucket(origin)), figure(_total(book, whole, unit), style="soft")]
        cells += [_share_cell(rates.get((origin, to)), origin == to) for to in columns]
        body.append(cells)
    heads = [Column(say("rolls.from_to")), Column(header, True)]
    heads += [Column(book.bucket_head(one), True) for one in columns]
    caption = say("rolls.table", scope=name, by=say(f"words.by_{unit}"))
    return Table(caption, heads, body, f"roll_rate_{unit}", "heat")


def _total(book: Book, total: float, unit: str) -> Text:
    if unit == "count":
        return same(numbers.count(total))
    return numbers.compact(total, book.currency)


def _share_cell(rate: Mapping[str, Any] | None, same_bucket: bool) -> Cell:
    if rate is None or rate["value"] == 0:  # a month tells only the moves that happened
        return figure("·", style="h0 soft")
    share = float(rate["value"])
    step = sum(share >= edge for edge in STEPS)
    style = f"h{step} same" if same_bucket else f"h{step}"
    interval = same(numbers.span(rate["low"], rate["high"]))
    return figure(numbers.percent(share), small=interval, style=style)
