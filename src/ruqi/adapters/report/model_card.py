"""A card for each score: what it is for, made from, not shown, and where it must not be used.

After Mitchell et al. (2019), Model Cards for Model Reporting. What a run does not tell is said to
be unknown.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ruqi.adapters.report import numbers
from ruqi.adapters.report.blocks import Cell, Column, Note, Section, Table, row_head
from ruqi.adapters.report.book import Book, View
from ruqi.adapters.report.quality import within_state
from ruqi.adapters.report.words import NOTHING, Text, listed, name_of, pair, same, say
from ruqi.behaviour.scores import FAMILIES

Row = Mapping[str, Any]
SIGNS = {1: " ↑", -1: " ↓"}
STAND_INS = (("accounts", "region"), ("accounts", "partner_id"))


def cards_section(view: View, book: Book) -> Section:
    """A table for each score that the run learned."""
    found = view.get("evaluation") or {}
    blocks: list[Any] = [Note(say("model.lead"), "lead")]
    ids = dict.fromkeys(str(row["score_id"]) for row in found.get("scores") or [])
    blocks += [_card(one, view, book) for one in ids]
    if not ids:
        blocks = [Note(say("quality.none"), "mark")]
    return Section("cards", say("model.title"), blocks)


def cards_with_prints(view: View, book: Book) -> Section:
    """The same with the fingerprints of data, policy and code, which the report has at its end."""
    made = cards_section(view, book)
    run = view.get("run") or {}
    policy = run.get("policy") or {}
    told = (
        ("data", run.get("tape_fingerprint")),
        ("policy", " · ".join(str(policy[one]) for one in ("version", "hash") if policy.get(one))),
        ("code", run.get("software_version")),
        ("run_seed", run.get("seed")),
    )
    rows = [[row_head(say(f"model.{name}")), _known(same(value or ""))] for name, value in told]
    prints = Table(say("model.prints"), _columns(), rows, shown=True)
    return Section(made.id, made.title, [*made.blocks, prints])


def _columns() -> list[Column]:
    return [Column(say("model.fact")), Column(say("model.says"))]


def _known(text: Text, link: str = "") -> Cell:
    """A cell that says so where nothing is known."""
    return Cell(text if text.en else say("model.unknown"), "wrap", link=link)


def _card(score_id: str, view: View, book: Book) -> Table:
    found = view.get("evaluation") or {}
    scores = [row for row in found["scores"] if row["score_id"] == score_id]
    scores = [row for row in scores if not row.get("protected_used")]
    facts: Row = next((one for one in found.get("cards") or [] if one["score_id"] == score_id), {})
    told = (
        ("purpose", say(f"model.purpose_{score_id}")),
        ("target", pair(scores[0], "target") if scores else NOTHING),
        ("learned", _learned(score_id, facts)),
        ("tested", _tested(scores, facts)),
        ("algorithm", _algorithm(facts)),
        ("features", _features(facts)),
        ("left_out", _left_out(view.get("data_card") or {})),
        ("performance", _joined(map(_auc, scores))),
        ("fairness", _fairness(score_id, found)),
        ("limits", _limits(score_id, scores, found)),
        ("marks", _marks(scores, book)),
        ("not_for", say(f"model.not_for_{score_id}")),
        ("made", _made(facts)),
    )
    rows = [
        [row_head(say(f"model.{name}")), _known(text, "#quality" if name == "performance" else "")]
        for name, text in told
    ]
    name = name_of("score", score_id)
    return Table(say("model.table", score=name), _columns(), rows, shown=True)


def _joined(texts: Iterable[Text]) -> Text:
    return sum(texts, NOTHING)


def _learned(score_id: str, facts: Row) -> Text:
    learned = facts.get("learned")
    if not learned:
        return NOTHING
    counts = {one: numbers.count(learned[one]) for one in ("rows", "accounts", "events")}
    days = {"first": "conduct_from", "last": "conduct_to", "end": "event_to"}
    spans = {name: learned[field] for name, field in days.items()}
    return say(f"model.learned_{score_id}", **counts, **spans)


def _tested(scores: Sequence[Row], facts: Row) -> Text:
    each = [
        say(
            "model.tested_says",
            split=_split(row),
            accounts=numbers.count(row.get("n")),
            events=numbers.count(row.get("events")),
        )
        for row in scores
    ]
    tested = facts.get("tested")
    if tested:
        each.append(say("model.tested_days", on=tested["on"], end=tested["event_to"]))
    return _joined(each)


def _split(row: Row) -> Text:
    return name_of("split", str(row.get("split") or ""))


def _algorithm(facts: Row) -> Text:
    found = facts.get("algorithm")
    if not found:
        return NOTHING
    parts = {one: found[one] for one in ("members", "trees", "leaves", "models")}
    return say("model.algorithm_says", **parts, rate=found["learning_rate"])


def _features(facts: Row) -> Text:
    """Families with their features, and which direction each may speak in."""
    features = facts.get("features") or []
    said = []
    for family in dict.fromkeys(str(one["family"]) for one in features):
        here = [
            Text(*(word + SIGNS.get(one["sign"], "") for word in (one["name_en"], one["name_zh"])))
            for one in features
            if one["family"] == family
        ]
        name, names = Text(*FAMILIES.get(family, (family, family))), listed(here)
        said.append(Text(f"{name.en}: {names.en}.", f"{name.zh}：{names.zh}。"))
    return _joined([*said, say("model.signs")]) if said else NOTHING


def _left_out(card: Row) -> Text:
    held = {str(one["table"]): one.get("columns") or [] for one in card.get("tables") or []}
    said = []
    if card.get("protected"):
        columns = listed([name_of("attribute", str(one)) for one in card["protected"]])
        said.append(say("model.left_protected", columns=columns))
    stand_ins = [
        name_of("segment", name) for table, name in STAND_INS if name in held.get(table, ())
    ]
    if stand_ins:
        said.append(say("model.left_stand_in", columns=listed(stand_ins)))
    if "contacts" in held:
        said.append(say("model.left_contacts"))
    return _joined([*said, say("model.left_later")])


def _auc(row: Row) -> Text:
    """Ranking with its interval: within the state that is harder to tell, where that is known."""
    calm, split = within_state(row), _split(row)
    if calm:
        state = say("model.calm")
        split = Text(f"{split.en}, {state.en}", f"{split.zh}，{state.zh}")
    auc = (calm or row).get("auc") or {}
    if auc.get("value") is None:
        return NOTHING
    interval = numbers.plain_span(auc.get("low"), auc.get("high"))
    return say("model.auc", split=split, value=numbers.plain(auc["value"]), interval=interval)


def _fairness(score_id: str, found: Row) -> Text:
    rows = [
        row
        for row in found.get("fairness") or []
        if row["score_id"] == score_id
        and not row.get("suppressed")
        and row.get("adverse_impact_ratio") is not None
    ]
    if not rows:
        return say("model.fairness_none")
    least = min(rows, key=lambda row: float(row["adverse_impact_ratio"]))
    return say(
        "model.fairness_says",
        value=numbers.plain(least["adverse_impact_ratio"]),
        interval=numbers.plain_span(least.get("low"), least.get("high")),
        attribute=name_of("attribute", str(least["attribute"])),
        group=str(least["group"]).removesuffix(".0"),
    )


def _limits(score_id: str, scores: Sequence[Row], found: Row) -> Text:
    said = [say("model.limits_cause")]
    if any(not row.get("calibration") for row in scores):
        said.append(say("model.limits_uncalibrated"))
    if ((found.get("drift") or {}).get(score_id) or {}).get("moved"):
        said.append(say("model.limits_moved"))
    notes = (found.get("notes") or {}).get(score_id) or {}
    said += [Text(en, zh) for en, zh in zip(notes.get("en", ()), notes.get("zh", ()), strict=True)]
    return _joined(said)


def _marks(scores: Sequence[Row], book: Book) -> Text:
    unused = [
        pair(one, "label")
        for row in scores
        for one in row.get("by_bucket") or []
        if not one.get("used")
    ]
    prior = say("model.marks_prior", buckets=listed(unused)) if unused else None
    tables = [
        say("model.everything") if one == "*" else name_of("table", one) for one in book.synthetic
    ]
    synthetic = say("model.marks_synthetic", tables=listed(tables)) if tables else None
    return (prior or say("model.marks_no_prior")) + (synthetic or say("model.marks_real"))


def _made(facts: Row) -> Text:
    if not facts.get("model_sha256"):
        return NOTHING
    return say("model.made_says", seed=facts["seed"], hash=facts["model_sha256"])
