"""The few figures and sentences that a board reads first, in the report and at a terminal."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from ruqi.adapters.report import numbers
from ruqi.adapters.report.blocks import Headline
from ruqi.adapters.report.book import Book, View
from ruqi.adapters.report.evaluation import capacities, order_name
from ruqi.adapters.report.limits import limit_sentence
from ruqi.adapters.report.plan import WAIT, plan_lines
from ruqi.adapters.report.quality import within_state
from ruqi.adapters.report.trend import breaks_at, known_points, read_trend, trend_definitions
from ruqi.adapters.report.words import NOTHING, Text, say

MOST = 2  # overdue definitions among the headline figures


def headlines(view: View, book: Book) -> list[Headline]:
    """Four to six figures, each with its definition's id."""
    found = [_overdue(view, book, one) for one in trend_definitions(view)[:MOST]]
    frame = view.get("plan")
    if isinstance(frame, pl.DataFrame) and not frame.is_empty():
        found += _plan_headlines(book, frame)
    quality = _score(view)
    return found + quality


def _overdue(view: View, book: Book, definition_id: str) -> Headline:
    points = known_points(view, definition_id)
    last = points[-1]
    marked = bool(breaks_at(book, points)) and len(points) - 1 in breaks_at(book, points)
    interval = numbers.span(last["low"], last["high"])
    small = say("title.interval", interval=interval) if interval else NOTHING
    return Headline(
        book.measured(definition_id),
        Text(numbers.percent(last["value"]), numbers.percent(last["value"])),
        _joined(small, say("title.marked")) if marked else small,
        definition_id,
        marked,
    )


def _joined(one: Text, other: Text) -> Text:
    """Two remarks on one figure, a dot between them."""
    if not one.en:
        return other
    return Text(f"{one.en} · {other.en}", f"{one.zh} · {other.zh}")


def _plan_headlines(book: Book, frame: pl.DataFrame) -> list[Headline]:
    lines = plan_lines(frame)
    treated = sum(line.accounts for line in lines if line.treatment != WAIT)
    value = sum(line.value for line in lines)
    cost = sum(line.cost for line in lines)
    return [
        Headline(
            say("title.treated"),
            Text(numbers.count(treated), numbers.count(treated)),
            say("title.of_open", open=numbers.count(frame.height)),
            "plan_treatment",
        ),
        Headline(
            say("title.value"),
            numbers.compact(value, book.currency),
            say("title.value_small", cost=numbers.compact(cost, book.currency)),
            "plan_value",
        ),
    ]


def _score(view: View) -> list[Headline]:
    scores = (view.get("evaluation") or {}).get("scores") or []
    kept = [
        row
        for row in scores
        if not row.get("protected_used") and (row.get("auc") or {}).get("value") is not None
    ]
    if not kept:
        return []
    by_plan = (view.get("plan_summary") or {}).get("score", "forward")
    row = next((row for row in kept if row["score_id"] == by_plan), kept[0])
    state = within_state(row)
    auc: Mapping[str, Any] = (state or row)["auc"]
    text = numbers.plain(auc["value"])
    small = say("title.interval", interval=numbers.plain_span(auc.get("low"), auc.get("high")))
    if row["score_id"] == "forward":
        small = _joined(say("title.auc_state" if state else "title.auc_whole"), small)
    use = say("title.auc_plan" if row["score_id"] == by_plan else "title.auc_test")
    return [
        Headline(
            say("title.auc", score=say(f"score.{row['score_id']}")),
            Text(text, text),
            _joined(use, small),
            "score_quality",
        )
    ]


def findings(view: View, book: Book) -> list[Text]:
    """One sentence each: what changed, what is done today, what binds, how well it ranks."""
    sentences = [overdue_sentence(view, book, one) for one in trend_definitions(view)[:MOST]]
    frame = view.get("plan")
    if isinstance(frame, pl.DataFrame) and not frame.is_empty():
        sentences.append(plan_sentence(book, frame))
    if view.get("limits"):
        sentences.append(limit_sentence(book, view["limits"]))
    sentences.append(ranking_sentence(view))
    return [one for one in sentences if one.en]


def overdue_sentence(view: View, book: Book, definition_id: str) -> Text:
    """What one definition did, with its name."""
    sentence, _ = read_trend(view, book, definition_id)
    name = book.measured(definition_id)
    return Text(f"{name.en}. {sentence.en}", f"{name.zh}。{sentence.zh}")


def plan_sentence(book: Book, frame: pl.DataFrame) -> Text:
    """How many are reached, by whom, and what that is expected to be worth."""
    lines = plan_lines(frame)
    return say(
        "findings.plan",
        treated=numbers.count(sum(line.accounts for line in lines if line.treatment != WAIT)),
        open=numbers.count(frame.height),
        worked=numbers.count(frame.filter(pl.col("agent_minutes") > 0).height),
        value=numbers.compact(sum(line.value for line in lines), book.currency),
        cost=numbers.compact(sum(line.cost for line in lines), book.currency),
    )


def ranking_sentence(view: View) -> Text:
    """How much of the later-defaulted balance the plan's order finds, against chance."""
    rows = (view.get("evaluation") or {}).get("ranking") or []
    tried = capacities(rows)
    if not tried:
        return NOTHING
    capacity = tried[len(tried) // 2]
    at = [row for row in rows if float(row["capacity_minutes"]) == capacity]
    shares = {
        (row["order"], row.get("score_id")): row["share_of_defaulted_balance"]["value"]
        for row in at
    }
    chance = shares.get(("random", None))
    forward = shares.get(("plan", "forward"))
    if forward is None or chance is None:
        return NOTHING
    others = [row for row in at if row["order"] not in ("plan", "random")]
    known = [row for row in others if row.get("score_id") in (None, "forward")]
    best = max(known, key=lambda row: row["share_of_defaulted_balance"]["value"], default=None)
    sentence = say(
        "findings.ranking",
        hours=f"{capacity / 60:,.0f}",
        plan=numbers.percent(forward, 0),
        chance=numbers.percent(chance, 0),
    )
    if best is not None:
        share = best["share_of_defaulted_balance"]["value"]
        word = "findings.better" if share > forward else "findings.next"
        sentence += say(word, order=order_name(best), share=numbers.percent(share, 0))
    if (view.get("evaluation") or {}).get("bars_ignored"):
        sentence += say("findings.bars_ignored")
    return sentence + say("findings.no_benefit")
