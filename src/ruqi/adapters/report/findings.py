"""The few figures and sentences that a board reads first, in the report and at a terminal."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from ruqi.adapters.report import numbers
from ruqi.adapters.report.blocks import Headline
from ruqi.adapters.report.book import Book, View
from ruqi.adapters.report.evaluation import agent_hours, capacities, order_name
from ruqi.adapters.report.limits import limit_sentence
from ruqi.adapters.report.plan import WAIT, plan_lines
from ruqi.adapters.report.quality import within_state
from ruqi.adapters.report.trend import breaks_at, first_trends, known_points, trend_definitions
from ruqi.adapters.report.words import NOTHING, Text, pair, same, say

MOST = 2  # overdue definitions among the headline figures


def headlines(view: View, book: Book) -> list[Headline]:
    """Four to six figures, each with its definition's id."""
    found = [_overdue(view, book, one) for one in trend_definitions(view)[:MOST]]
    frame = view.get("plan")
    if isinstance(frame, pl.DataFrame) and not frame.is_empty():
        waits = bool((view.get("plan_summary") or {}).get("all_wait_en"))
        found += _plan_headlines(book, frame)[: 1 if waits else 2]
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
    sentences = [_overdue_sentence(book, *one) for one in first_trends(view, book, MOST)]
    frame = view.get("plan")
    waits = pair(view.get("plan_summary") or {}, "all_wait")
    if waits.en:
        sentences.append(waits)
    elif isinstance(frame, pl.DataFrame) and not frame.is_empty():
        sentences.append(plan_sentence(book, frame))
    if view.get("limits") and not waits.en:
        sentences.append(limit_sentence(book, view["limits"]))
    sentences.append(ranking_sentence(view))
    return [one for one in sentences if one.en]


def _overdue_sentence(book: Book, definition_id: str, verdict: Text) -> Text:
    """What one definition did, with its name."""
    name = book.measured(definition_id)
    return Text(f"{name.en}. {verdict.en}", f"{name.zh}。{verdict.zh}")


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
    found = {
        (row["order"], row.get("score_id")): row["share_of_defaulted_balance"]
        for row in at
        if row["share_of_defaulted_balance"]["value"] is not None
    }
    chance, plan = found.pop(("random", None), None), found.get(("plan", "forward"))
    if plan is None or chance is None:
        return NOTHING
    sentence = say(
        "findings.ranking",
        hours=agent_hours(capacity),
        plan=_bracketed(plan),
        chance=numbers.percent(chance["value"]),
    )
    if _alike(plan, chance):
        sentence += say("findings.no_better_than_chance")
    simple = [
        (share["value"], key, share)
        for key, share in found.items()
        if key[0] != "plan" and key[1] in (None, "forward")
    ]
    if simple:
        _, (order, score_id), best = max(simple, key=lambda one: one[0])
        word = "better" if best["value"] > plan["value"] else "next"
        name = order_name({"order": order, "score_id": score_id})
        word = "alike" if _alike(plan, best) else word
        sentence += say(f"findings.{word}", order=name, share=_with_interval(best))
    if (view.get("evaluation") or {}).get("bars_ignored"):
        sentence += say("findings.bars_ignored")
    return sentence + say("findings.no_benefit")


def _with_interval(share: Mapping[str, Any]) -> str:
    """`32.1%, 30.4–33.8%`: a figure and, where it has one, its interval."""
    told = (numbers.percent(share["value"]), numbers.span(share.get("low"), share.get("high")))
    return ", ".join(one for one in told if one)


def _bracketed(share: Mapping[str, Any]) -> Text:
    """`32.1% (30.4–33.8%)`, with the brackets of each language."""
    value, interval = (
        numbers.percent(share["value"]),
        numbers.span(share.get("low"), share.get("high")),
    )
    return Text(f"{value} ({interval})", f"{value}（{interval}）") if interval else same(value)


def _alike(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two figures cannot be told apart: their intervals overlap."""
    if one.get("low") is None or other.get("low") is None:
        return bool(one["value"] == other["value"])
    return bool(one["low"] <= other["high"] and other["low"] <= one["high"])
