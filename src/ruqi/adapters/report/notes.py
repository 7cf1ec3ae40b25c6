"""How to read the figures: method notes, every definition used, and where the run came from."""

from collections.abc import Mapping
from typing import Any

from ruqi.adapters.report import numbers
from ruqi.adapters.report.blocks import (
    Cell,
    Column,
    Entries,
    Entry,
    Note,
    Section,
    Table,
    figure,
    row_head,
)
from ruqi.adapters.report.book import Book, View
from ruqi.adapters.report.words import Text, name_of, pair, same, say

METHOD = ("intervals", "breaks", "rolls", "scores", "priors", "shadow", "evaluation", "law")
# Facts of a definition that are printed where the registry states them: the first on lines of
# their own, the others after each other.
LINES = ("numerator", "denominator")
FACTS = ("threshold", "cohort", "day_convention", "charge_off")
CODED = ("window", "weight")


def method_section(_view: View, _book: Book) -> Section:
    """How the figures were made, in a paragraph each."""
    entries = [Entry("", say(f"method.{one}"), say(f"method.{one}_says")) for one in METHOD]
    return Section("method", say("method.title"), [Entries(entries)], folded=True)


def definitions_section(_view: View, book: Book) -> Section:
    """All definitions, each with the anchor that its figures link to."""
    entries = [definition_entry(one, row) for one, row in book.definitions.items()]
    points = {pair(row, "point") for row in book.definitions.values() if row.get("point_en")}
    notes = [Note(say("definitions.point", point=point)) for point in sorted(points, key=str)]
    lead = Note(say("definitions.lead"), "lead")
    blocks = [lead, *notes, Entries(entries)]
    return Section("definitions", say("definitions.title"), blocks, folded=True)


def definition_entry(definition_id: str, row: Mapping[str, Any]) -> Entry:
    """What one definition counts, with all its facts; `row` is as definitions.json has it."""
    name = pair(row, "name")
    lines = [(say(f"fact.{fact}"), pair(row, fact)) for fact in LINES if row.get(f"{fact}_en")]
    facts = [(say(f"fact.{fact}"), pair(row, fact)) for fact in FACTS if row.get(f"{fact}_en")]
    facts += [
        (say(f"fact.{fact}"), name_of(fact, str(row[fact]))) for fact in CODED if row.get(fact)
    ]
    known = name if name.en else same(definition_id)
    return Entry(definition_id, known, pair(row, "says"), lines, facts)


def provenance(view: View) -> list[Table]:
    """What went in and what it took: the report's only part that differs between equal runs."""
    run = view.get("run") or {}
    flat: list[tuple[str, Any]] = []
    for key, value in run.items():
        if key == "steps":
            continue
        if isinstance(value, Mapping):
            flat += [(f"{key}.{name}", one) for name, one in value.items()]
        else:
            flat.append((key, value))
    rows = [[row_head(key), Cell(same(_plain(value)), "wrap code")] for key, value in flat]
    columns = [Column(say("provenance.item")), Column(say("provenance.value"))]
    tables = [Table(say("provenance.table"), columns, rows, style="sample")]
    if run.get("steps"):
        tables.append(_steps(run["steps"]))
    return tables


def _plain(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(str(one) for one in value)
    return "" if value is None else str(value)


def _steps(steps: list[Mapping[str, Any]]) -> Table:
    rows = [
        [
            row_head(name_of("step", str(row["step"]))),
            figure(f"{float(row['seconds']):,.2f}"),
            figure(numbers.count(row.get("peak_memory_mb"))),
        ]
        for row in steps
    ]
    columns = [
        Column(say("provenance.step")),
        Column(say("provenance.seconds"), True),
        Column(say("provenance.memory"), True),
    ]
    return Table(say("provenance.steps"), columns, rows, style="narrow")


def law_note(view: View) -> Text | None:
    """That the law pack only stands in for the book's own law; None where it does not."""
    law = (view.get("run") or {}).get("law") or {}
    if not law.get("stand_in"):
        return None
    told = pair((view.get("plan_summary") or {}).get("law") or {}, "note")
    if told.en:
        return say("title.stand_in_own", note=told)
    read_at = numbers.long_day(law.get("read_at"))
    return say("title.stand_in", pack=law.get("pack"), read_at=read_at)
