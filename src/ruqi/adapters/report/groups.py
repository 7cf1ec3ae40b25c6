"""Who is treated how, by groups that the plan was never shown: beside what their lateness gets."""

from collections.abc import Mapping, Sequence
from typing import Any

from ruqi.adapters.report import numbers
from ruqi.adapters.report.blocks import Cell, Column, Note, Table, figure, row_head
from ruqi.adapters.report.book import View, treatment_name
from ruqi.adapters.report.words import NOTHING, Text, name_of, say
from ruqi.treatment.actions import IDS

Row = Mapping[str, Any]
SHOWN = ("wait", "sms", "call", "hardship_offer", "legal_review")


def treated_groups(view: View) -> list[Note | Table]:
    """The late accounts of each protected group by treatment; empty where none is protected."""
    rows: Sequence[Row] = (view.get("evaluation") or {}).get("treatment_fairness") or []
    if not rows:
        return []
    given = {str(row["treatment"]) for row in rows}
    shown = [name for name in IDS if name in given and name in SHOWN]
    held = {(row["attribute"], row["group"], row["treatment"]): row for row in rows}
    body = []
    for attribute, group in dict.fromkeys((row["attribute"], row["group"]) for row in rows):
        found = [held[attribute, group, name] for name in shown]
        small = say("quality.suppressed") if found[0]["suppressed"] else NOTHING
        cells = [
            Cell(name_of("attribute", str(attribute)), style="soft"),
            row_head(group or numbers.UNKNOWN, small),
            figure(numbers.count(found[0]["n"])),
        ]
        body.append(cells + [_share(row) for row in found])
    columns = [Column(say("quality.attribute")), Column(say("quality.group"))]
    columns.append(Column(say("groups.late"), True))
    columns += [Column(treatment_name(name), True) for name in shown]
    caption, foot = say("groups.table"), say("groups.foot")
    table = Table(caption, columns, body, "treated_by_group", "figures", foot, True)
    return [Note(say("groups.lead")), table]


def _share(row: Row) -> Cell:
    """A share with its interval and what the same lateness gets; marked where they disagree."""
    if row.get("share") is None:
        return figure(numbers.UNKNOWN, style="soft")
    low, high, usual = row["low"], row["high"], row["expected_share"]
    interval, same = numbers.span(low, high), numbers.percent(usual)
    small = Text(f"{interval} · = {same}", f"{interval} · = {same}")
    return figure(numbers.percent(row["share"]), small, "" if low <= usual <= high else "marked")
