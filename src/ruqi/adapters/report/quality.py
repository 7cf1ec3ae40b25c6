"""How good each score is, on what, and what it costs to leave protected attributes out."""

from collections.abc import Mapping, Sequence
from typing import Any

from ruqi.adapters.report import numbers
from ruqi.adapters.report.blocks import (
    Cell,
    Chart,
    Column,
    Note,
    Pair,
    Panel,
    Section,
    Switch,
    Table,
    figure,
    row_head,
)
from ruqi.adapters.report.book import Book, View
from ruqi.adapters.report.words import NOTHING, Text, listed, name_of, pair, same, say

Row = Mapping[str, Any]


def quality_section(view: View, _book: Book) -> Section:
    """Calibration, discrimination, what fairness costs and shows, and families of reasons."""
    found = view.get("evaluation") or {}
    scores: list[Row] = list(found.get("scores") or [])
    title = say("quality.title")
    if not scores:
        needs = listed([same(one) for one in found.get("needs") or []])
        note = say("quality.needs", columns=needs) if needs.en else say("quality.none")
        return Section("quality", title, _not_possible(found) or [Note(note, "mark")])
    blocks: list[Any] = [Note(say("quality.lead"), "lead"), _figures(scores)]
    blocks += [Note(one, "mark") for one in map(nothing_added, scores) if one.en]
    blocks += _taught(found)
    blocks += _not_possible(found)
    blocks += _cost(found)
    blocks += _drift(found)
    blocks += _calibrations(scores)
    blocks += _fairness(found.get("fairness") or [])
    blocks += _reasons(found.get("reasons") or {})
    return Section("quality", title, blocks)


def _not_possible(found: Row) -> list[Note]:
    """Why a score could not be learned."""
    return [Note(pair(row, "reason"), "mark") for row in found.get("not_possible") or []]


def score_name(row: Row) -> Text:
    """A score's name with how it was split, and whether it is only a comparison."""
    name = name_of("score", str(row["score_id"]))
    split = name_of("split", str(row.get("split") or ""))
    text = Text(f"{name.en}, {split.en}", f"{name.zh}，{split.zh}") if split.en else name
    if row.get("protected_used"):
        mark = say("quality.unrestricted")
        return Text(f"{text.en} ({mark.en})", f"{text.zh}（{mark.zh}）")
    return text


def _value(row: Row, field: str, digits: int = 3) -> Cell:
    found = row.get(field)
    if not found or found.get("value") is None:
        return figure(numbers.UNKNOWN, style="soft")
    small = numbers.plain_span(found.get("low"), found.get("high"), digits)
    return figure(numbers.plain(found["value"], digits), small)


def within_state(row: Row) -> Row | None:
    """How a score ranks the accounts not yet at its target; None where that is not known."""
    parts = row.get("by_state") or []
    calm = next((part for part in parts if part["state"] == "not_yet"), None)
    return calm if calm and (calm.get("auc") or {}).get("value") is not None else None


def nothing_added(row: Row) -> Text:
    """Said where a score ranks no better than lateness alone; empty where it does."""
    auc = (row.get("over_lateness_alone") or {}).get("auc") or {}
    if auc.get("low") is None or auc["low"] > 0:
        return NOTHING
    told = {
        "score": name_of("score", str(row["score_id"])),
        "value": numbers.plain(auc["value"], 4),
        "interval": numbers.plain_span(auc["low"], auc["high"], 4),
    }
    return say("quality.nothing_added" if auc["high"] >= 0 else "quality.less_than", **told)


def _taught(found: Row) -> list[Note]:
    """What a reader must know of the forward score, such as states that it was not taught."""
    told = (found.get("notes") or {}).get("forward") or {}
    return [
        Note(Text(en, zh)) for en, zh in zip(told.get("en", ()), told.get("zh", ()), strict=True)
    ]


def _states(row: Row) -> list[list[Cell]]:
    """A row for each state an account can be in: ranking within it is what helps a plan."""
    name = name_of("score", str(row["score_id"]))
    made = []
    for part in row.get("by_state") or []:
        state = pair(part, "name")
        cells = [
            row_head(Text(f"{name.en}: {state.en}", f"{name.zh}：{state.zh}"), pair(row, "target")),
            figure(numbers.count(part.get("n")), say_events(part)),
            _value(part, "auc"),
        ]
        made.append(cells + [figure(numbers.UNKNOWN, style="soft") for _ in range(5)])
    return made


def _figures(scores: Sequence[Row]) -> Table:
    rows = []
    for row in scores:
        calibration = row.get("calibration") or {}
        rows += _states(row)
        name = score_name(row)
        if row.get("by_state"):
            whole = say("quality.whole")
            name = Text(f"{name.en} ({whole.en})", f"{name.zh}（{whole.zh}）")
        cells = [
            row_head(name, pair(row, "target")),
            figure(numbers.count(row.get("n")), say_events(row)),
            _value(row, "auc"),
            _value(row, "ks"),
            _value(row, "brier"),
            _value(row, "ece", 4),
            _value(calibration, "slope"),
            _value(calibration, "intercept"),
        ]
        rows.append(cells)
    heads = ["auc", "ks", "brier", "ece", "slope", "intercept"]
    columns = [Column(say("quality.score")), Column(say("quality.accounts"), True)]
    columns += [Column(say(f"quality.{one}"), True) for one in heads]
    return Table(
        say("quality.table"), columns, rows, "score_quality", "figures", say("quality.foot")
    )


def say_events(row: Row) -> Text:
    """How many events stand among a score's accounts."""
    if row.get("events") is None:
        return NOTHING
    return say("quality.events", events=numbers.count(row["events"]))


def _cost(found: Row) -> list[Note]:
    """What leaving protected attributes out costs, with the interval of the difference."""
    notes = []
    for score, cost in sorted((found.get("protected_cost") or {}).items()):
        auc = (cost or {}).get("auc")
        if auc:
            told = {
                "score": name_of("score", score),
                "cost": numbers.plain(auc["value"], 4),
                "interval": numbers.plain_span(auc.get("low"), auc.get("high"), 4),
            }
            notes.append(Note(say("quality.cost", **told)))
    return notes


def _drift(found: Row) -> list[Note]:
    """Whether a score's distribution moved more than chance explains."""
    notes = []
    for score, drift in sorted((found.get("drift") or {}).items()):
        if drift and drift.get("value") is not None:
            told = {
                "score": name_of("score", score),
                "value": numbers.plain(drift["value"], 4),
                "critical": numbers.plain(drift["critical"], 4),
            }
            word = "quality.moved" if drift["moved"] else "quality.still"
            notes.append(Note(say(word, **told)))
    return notes


def _calibrations(scores: Sequence[Row]) -> list[Any]:
    drawn = [row for row in scores if row.get("curve") and not row.get("protected_used")]
    if not drawn:
        return []
    panels = []
    for place, row in enumerate(drawn):
        name = score_name(row)
        blocks: list[Any] = []
        if not row.get("calibration"):
            blocks.append(Note(say("quality.no_claim") + pair(row, "calibration_note"), "mark"))
        elif pair(row, "calibration_note").en:
            blocks.append(Note(pair(row, "calibration_note")))
        if pair(row, "note").en:
            blocks.append(Note(pair(row, "note")))
        chart = Chart(
            id=f"calibration-{place}",
            title=say("quality.calibration", name=name),
            says=say("quality.calibration_says", name=name),
            options=_calibration_options(row["curve"]),
            definition="calibration",
        )
        panels.append(Panel((place,), [*blocks, Pair(chart, _calibration_table(row, name))]))
    return [
        Switch("calibration-of", [say("quality.score")], [[score_name(r) for r in drawn]], panels)
    ]


def _calibration_options(curve: Sequence[Row]) -> dict[str, Any]:
    points = [[_hundred(row["predicted"]), _hundred(row["observed"])] for row in curve]
    whiskers = [
        [_hundred(row["predicted"]), _hundred(row["low"]), _hundred(row["high"])]
        for row in curve
        if row.get("low") is not None
    ]
    top = max([value for point in points for value in point] + [w[2] for w in whiskers])
    edge = next(end for end in (5, 10, 20, 40, 60, 80, 100) if top <= end or end == 100)
    predicted, observed, perfect = (
        say(f"quality.{word}") for word in ("predicted", "observed", "perfect")
    )
    axis = {"type": "value", "min": 0, "max": edge, "axisLabel": {"formatter": "{value}%"}}
    return {
        "grid": {"left": 58, "right": 22, "top": 16, "bottom": 50},
        "xAxis": axis
        | {
            "name": {"en": predicted.en, "zh": predicted.zh},
            "nameLocation": "middle",
            "nameGap": 30,
            "splitLine": {"show": False},
        },
        "yAxis": axis
        | {
            "name": {"en": observed.en, "zh": observed.zh},
            "nameLocation": "middle",
            "nameGap": 40,
        },
        "series": [
            {
                "type": "line",
                "data": [[0, 0], [edge, edge]],
                "symbol": "none",
                "silent": True,
                "lineStyle": {"type": "dashed", "width": 1, "color": "@mute"},
                "endLabel": {
                    "show": True,
                    "formatter": {"en": perfect.en, "zh": perfect.zh},
                    "color": "@mute",
                    "align": "right",
                    "verticalAlign": "top",
                    "offset": [-8, 10],
                },
            },
            {
                "type": "custom",
                "renderItem": "whisker-y",
                "data": whiskers,
                "silent": True,
                "itemStyle": {"color": "@brand"},
            },
            {
                "type": "scatter",
                "data": points,
                "symbolSize": 9,
                "itemStyle": {"color": "@brand"},
                "z": 5,
            },
        ],
    }


def _hundred(share: float) -> float:
    return round(share * 100, 4)


def _calibration_table(row: Row, name: Text) -> Table:
    rows = [
        [
            row_head(numbers.percent(point["predicted"])),
            figure(numbers.percent(point["observed"])),
            figure(numbers.span(point.get("low"), point.get("high")), style="soft"),
            figure(numbers.count(point.get("n")), style="soft"),
        ]
        for point in row["curve"]
    ]
    columns = [
        Column(say("quality.predicted")),
        Column(say("quality.observed"), True),
        Column(say("words.interval"), True),
        Column(say("quality.accounts"), True),
    ]
    return Table(say("quality.calibration_table", name=name), columns, rows, "calibration")


def _fairness(rows: Sequence[Row]) -> list[Any]:
    """Groups compared, a panel for each score."""
    ids = list(dict.fromkeys(str(row["score_id"]) for row in rows))
    if not ids:
        return []
    panels = [
        Panel((place,), [_groups(one, [row for row in rows if row["score_id"] == one])])
        for place, one in enumerate(reversed(ids))
    ]
    names = [name_of("score", one) for one in reversed(ids)]
    switch = Switch("fairness-of", [say("quality.score")], [names], panels)
    return [Note(say("quality.fairness_lead")), switch]


def _groups(score_id: str, rows: Sequence[Row]) -> Table:
    body = []
    for row in rows:
        group = str(row["group"]).removesuffix(".0") or numbers.UNKNOWN
        cells = [
            Cell(name_of("attribute", str(row["attribute"])), style="soft"),
            row_head(group, say("quality.suppressed") if row.get("suppressed") else NOTHING),
            figure(numbers.count(row["n"])),
            figure(numbers.percent(row.get("mean_predicted"))),
            figure(numbers.percent(row.get("observed"))),
            _ratio(row, "calibration_ratio", "calibration_"),
            _ratio(row, "adverse_impact_ratio", ""),
        ]
        body.append(cells)
    heads = ["accounts", "mean_predicted", "observed", "calibration_ratio", "impact_ratio"]
    columns = [Column(say("quality.attribute")), Column(say("quality.group"))]
    columns += [Column(say(f"quality.{one}"), True) for one in heads]
    caption = say("quality.fairness", score=name_of("score", score_id))
    foot = say("quality.fairness_foot")
    return Table(caption, columns, body, "fairness", "figures", foot, True)


def _ratio(row: Row, field: str, prefix: str) -> Cell:
    interval = numbers.plain_span(row.get(f"{prefix}low"), row.get(f"{prefix}high"), 2)
    if row.get(field) == 1 and interval == "1.00–1.00":
        return figure(say("quality.reference"), style="soft")
    return figure(numbers.plain(row.get(field), 2), interval)


def _reasons(reasons: Row) -> list[Any]:
    blocks: list[Any] = []
    for score, told in sorted(reasons.items()):
        if not told:
            continue
        name = name_of("score", score)
        rows = [_family_row(row, told["families"]) for row in told["families"]]
        columns = [
            Column(say("quality.family")),
            Column(say("quality.family_share"), True),
            Column(say("quality.family_size"), True),
        ]
        share = numbers.percent(told.get("stability_top1_share"))
        foot = say("quality.stability", share=share)
        caption = say("quality.reasons", score=name)
        blocks.append(Table(caption, columns, rows, "reason_family", "narrow", foot, True))
    return blocks


def _family_row(row: Row, rows: Sequence[Row]) -> list[Cell]:
    share, top = family_share(row), max(family_share(one) for one in rows) or 1
    return [
        row_head(pair(row, "name") if row.get("name_en") else same(row["family"])),
        Cell(same(numbers.percent(share)), style="n", bar=share / top),
        figure(numbers.plain(row.get("mean_size"), 2), style="soft"),
    ]


def family_share(row: Row) -> float:
    """Share of the riskiest accounts for which this family is the first reason."""
    return float(row.get("first_among_decided") or 0.0)
