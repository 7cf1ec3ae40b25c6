"""One screen that a head of collections understands, as plain text: it needs no colour."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from ruqi.adapters.report import numbers
from ruqi.adapters.report.book import Book, View, limit_name, read_book, treatment_name
from ruqi.adapters.report.card import synthetic_note
from ruqi.adapters.report.findings import MOST, ranking_sentence
from ruqi.adapters.report.limits import gain, step_of
from ruqi.adapters.report.plan import amount_digits, plan_lines, register_note
from ruqi.adapters.report.quality import nothing_added, within_state
from ruqi.adapters.report.trend import breaks_at, first_trends, known_points
from ruqi.adapters.report.words import Text, pair, say
from ruqi.apps.cli.lines import width, wrap

HARD_SPACE = "\u00a0"
COLUMNS = (22, 10, 16, 10, 16, 14)  # the plan's table; their sum stays below WIDTH


def screen(view: View, language: str) -> str:
    """The run in about forty lines of `WIDTH` columns, in `en` or `zh`.

    `view` is what the report reads. Wide (Chinese) characters count as two columns.
    """
    book = read_book(view)
    parts = [
        _head(view, book),
        _overdue(view, book),
        _plan(view, book),
        _limits(view, book),
        _ranking(view),
    ]
    lines: list[str] = []
    for part in parts:
        told = [line for text, indent in part for line in wrap(text.of(language), indent, 0)]
        if told:
            lines += [*told, ""]
    return "\n".join(lines).rstrip().replace(HARD_SPACE, " ")


Part = list[tuple[Text, int]]


def _head(view: View, book: Book) -> Part:
    day = say("screen.as_of", day=numbers.long_day(book.as_of))
    title = Text(f"Ruqi 如期 · {book.name} · {day.en}", f"如期 Ruqi · {book.name} · {day.zh}")
    law = (view.get("run") or {}).get("law") or {}
    notes = [synthetic_note(book), *_unseen_days(view)]
    if law.get("stand_in"):
        read_at = numbers.iso(law.get("read_at"))
        notes.append(say("screen.stand_in", pack=law.get("pack"), read_at=read_at))
    return [(title, 0), *((note, 2) for note in notes if note is not None)]


def _unseen_days(view: View) -> list[Text]:
    """That a day after the last observed one was asked for, or that the newest row is older."""
    run = view.get("run") or {}
    as_of, asked = str(run.get("as_of") or ""), str(run.get("as_of_asked") or "")
    last = str((view.get("data_card") or {}).get("last_on") or as_of)
    told = [say("screen.asked", asked=asked, day=as_of)] if asked > as_of else []
    return told + ([say("screen.stale", last=last, day=as_of)] if last[:7] < as_of[:7] else [])


def _overdue(view: View, book: Book) -> Part:
    trends = first_trends(view, book, MOST)
    lines: Part = [(say("screen.overdue"), 0)] if trends else []
    for one, sentence in trends:
        points = known_points(view, one)
        last = points[-1]
        mark = " !" if len(points) - 1 in breaks_at(book, points) else ""
        interval = numbers.span(last["low"], last["high"])
        value = numbers.percent(last["value"]) + (f" ({interval})" if interval else "") + mark
        name = book.measured(one)
        lines.append((Text(f"{name.en}  {value}", f"{name.zh}  {value}"), 2))
        lines.append((_without_remarks(sentence), 4))
    return lines


def _without_remarks(sentence: Text) -> Text:
    """A verdict without the numbers of its remarks: only the report lists them."""
    see = say("trend.see", remarks="")
    return Text(
        sentence.en.partition(see.en.rstrip(" ."))[0].rstrip(),
        sentence.zh.partition(see.zh.rstrip(" 。"))[0],
    )


def _plan(view: View, book: Book) -> Part:
    frame = view.get("plan")
    if not isinstance(frame, pl.DataFrame) or frame.is_empty():
        return [(say("plan.none"), 0)]
    mark = numbers.symbol(book.currency)
    heads = [say("screen.plan"), say("screen.accounts"), say("screen.balance", mark=mark)]
    heads += [say("screen.minutes"), say("screen.worth", mark=mark), say("screen.cost", mark=mark)]
    lines: Part = [(_row(heads), 0)]
    table = plan_lines(frame)
    balance, value, cost = amount_digits(table, book.currency)
    for line in table:
        cells = [
            numbers.count(line.accounts),
            numbers.money(line.balance, book.currency, balance),
            numbers.count(line.minutes),
            numbers.money(line.value, book.currency, value),
            numbers.money(line.cost, book.currency, cost),
        ]
        name = treatment_name(line.treatment)
        indented = Text(f"  {name.en}", f"  {name.zh}")
        lines.append((_row([indented, *(Text(cell, cell) for cell in cells)]), 0))
    barred = frame.filter(~pl.col("eligible")).height
    told = {"barred": numbers.count(barred), "all": numbers.count(frame.height)}
    kept = say("screen.barred", **told) + register_note(book)
    waits, absent = _all_wait(view), pair(view.get("plan_summary") or {}, "absent")
    lines += [(waits, 2), (kept, 2)] if waits.en else [(say("screen.prior") + kept, 2)]
    return [*lines, (absent, 2)] if absent.en else lines


def _all_wait(view: View) -> Text:
    """Why the whole plan waits and what to add; empty where somebody is treated."""
    return pair(view.get("plan_summary") or {}, "all_wait")


def _row(cells: Sequence[Text]) -> Text:
    return Text(
        _padded([cell.en for cell in cells]),
        _padded([cell.zh for cell in cells]),
    )


def _padded(cells: Sequence[str]) -> str:
    """The first cell to the left, the others to the right of their columns, hard spaces between."""
    first, *others = cells
    text = first + " " * (COLUMNS[0] - width(first))
    for cell, room in zip(others, COLUMNS[1:], strict=True):
        text += " " * (room - width(cell)) + cell
    return text.replace(" ", HARD_SPACE)


def _limits(view: View, book: Book) -> Part:
    rows: Sequence[Mapping[str, Any]] = view.get("limits") or []
    if not any(row["used"] for row in rows):  # then nothing binds
        return []
    lines: Part = [(say("screen.limits"), 0)]
    for row in rows:
        parts = {
            "limit": limit_name(str(row["limit"])),
            "step": step_of(row),
            "used": numbers.count(float(row["used"] or 0)),
            "available": numbers.count(float(row["available"] or 0)),
        }
        if gain(row) > 0:
            worth = numbers.compact(float(gain(row)), book.currency)
            lines.append((say("screen.limit", worth=worth, **parts), 2))
        else:
            lines.append((say("screen.limit_slack", **parts), 2))
    return lines


def _ranking(view: View) -> Part:
    scores = (view.get("evaluation") or {}).get("scores") or []
    used = [row for row in scores if not row.get("protected_used")]
    known: dict[tuple[str, bool], Mapping[str, Any]] = {}
    for row in used:
        if (row.get("auc") or {}).get("value") is not None:
            against = row["split"] == "forward_against_outcome"
            known.setdefault((row["score_id"], against), row)
    lines: Part = []
    for row in known.values():
        lines += _score_lines(row)
    found = ranking_sentence(view)
    if found.en:
        lines.append((found, 2))
    return [(say("screen.ranking"), 0), *lines] if lines else []


def _score_lines(row: Mapping[str, Any]) -> Part:
    """A score's ranking: within the same state first, where that is known, then over the book."""
    parts = {
        "score": say(f"score.{row['score_id']}"),
        "auc": _with_interval(row["auc"]),
        "n": numbers.count(row["n"]),
        "split": say(f"split.{row['split']}"),
    }
    state = within_state(row)
    if state is None:
        return [(say("screen.auc", **parts), 2)]
    within = {
        "auc": _with_interval(state["auc"]),
        "n": numbers.count(state["n"]),
        "events": numbers.count(state["events"]),
    }
    lines: Part = [
        (say("screen.auc_state", score=parts["score"], **within), 2),
        (say("screen.auc_whole", **parts), 4),
    ]
    added = nothing_added(row)
    return [*lines, (added, 4)] if added.en else lines


def _with_interval(figure: Mapping[str, Any]) -> str:
    span = numbers.plain_span(figure.get("low"), figure.get("high"))
    return numbers.plain(figure["value"]) + (f" ({span})" if span else "")
