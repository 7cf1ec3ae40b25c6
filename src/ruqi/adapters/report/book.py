"""What every section needs to know of a run: its currency, its buckets' days, its remarks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ruqi.adapters.report import numbers
from ruqi.adapters.report.words import NOTHING, Text, catalogue, name_of, pair, same, say
from ruqi.law.rules import RULES
from ruqi.treatment.actions import ACTIONS, RESOURCES

View = Mapping[str, Any]

# Remarks that say the file's own coding changed: a step across one is no trend.
BREAKS = ("code_appears", "code_vanishes", "code_share")


@dataclass(frozen=True)
class Remark:
    """A remark with the number by which the report cites it."""

    number: int
    id: str
    kind: str
    on: date | None
    row: Mapping[str, Any]


@dataclass(frozen=True)
class Book:
    """One run's book. `labels` gives each bucket's name with its days."""

    name: str
    currency: str
    as_of: date | None
    labels: Mapping[str, Text]
    remarks: Mapping[str, Remark]
    definitions: Mapping[str, Mapping[str, Any]]
    synthetic: tuple[str, ...]

    def bucket(self, name: str | None) -> Text:
        """A bucket with its days, or a status by its name; never a bare bucket name."""
        if not name:
            return same(numbers.UNKNOWN)
        if name in self.labels:
            return self.labels[name]
        status = name_of("status", name)
        return status if status.en != name else say("words.days_not_stated", name=name)

    def bucket_head(self, name: str | None) -> Text:
        """A bucket for a narrow column's head: its days on a line of their own."""
        text = self.bucket(name)
        return Text(text.en.replace(" (", "\n(", 1), text.zh.replace("（", "\n（", 1))

    def money_header(self, text: Text) -> Text:
        """A column's name with the currency that its amounts are in."""
        mark = numbers.mark(self.currency)
        return Text(f"{text.en} ({mark.en})", f"{text.zh}({mark.zh})")

    def definition(self, definition_id: str) -> Text:
        """A definition's name; the id itself where it has none."""
        found = pair(self.definitions.get(definition_id, {}), "name")
        return found if found.en else same(definition_id)

    def measured(self, definition_id: str) -> Text:
        """A definition's name with the bucket, and its days, from which it counts."""
        name = self.definition(definition_id)
        start = pair(self.definitions.get(definition_id, {}), "threshold")
        if not start.en:
            return name
        return Text(f"{name.en}: {start.en}", f"{name.zh}：{start.zh}")

    def cited(self, ids: Iterable[str]) -> list[Remark]:
        """The remarks with these ids, in the order of their numbers."""
        return sorted(
            (self.remarks[one] for one in ids if one in self.remarks), key=lambda r: r.number
        )

    def breaks(self, ids: Iterable[str], on: date | None) -> list[Remark]:
        """Those remarks that say the coding changed in the month of `on`."""
        return [
            remark
            for remark in self.cited(ids)
            if remark.kind in BREAKS and same_month(remark.on, on)
        ]

    def broken_months(self) -> dict[date, list[Remark]]:
        """Months (first day) into which no step is comparable, with the remarks that say so."""
        months: dict[date, list[Remark]] = {}
        for remark in self.remarks.values():
            if remark.kind in BREAKS and remark.on is not None:
                months.setdefault(remark.on.replace(day=1), []).append(remark)
        return months


def same_month(one: date | None, other: date | None) -> bool:
    """Whether both days lie in one month."""
    if one is None or other is None:
        return False
    return (one.year, one.month) == (other.year, other.month)


def citations(remarks: Sequence[Remark]) -> str:
    """Remarks as small numbers: `[3] [4] [5] [9]`; runs are joined, `[3–5] [9]`."""
    runs: list[list[int]] = []
    for remark in remarks:
        if runs and remark.number == runs[-1][1] + 1:
            runs[-1][1] = remark.number
        else:
            runs.append([remark.number, remark.number])
    return " ".join(f"[{low}]" if low == high else f"[{low}–{high}]" for low, high in runs)


def read_book(view: View) -> Book:
    """Gather from the run's files what every section needs."""
    run = view.get("run") or {}
    remarks = [
        Remark(number, row["id"], row["kind"], numbers.as_date(row.get("on")), row)
        for number, row in enumerate(view.get("remarks") or [], start=1)
    ]
    return Book(
        name=str(run.get("tape") or ""),
        currency=str(run.get("currency") or "CNY"),
        as_of=numbers.as_date(run.get("as_of")),
        labels=_labels(view),
        remarks={remark.id: remark for remark in remarks},
        definitions={**(view.get("definitions") or {}), **_own_definitions()},
        synthetic=tuple(sorted(run.get("synthetic") or ())),
    )


def _labels(view: View) -> dict[str, Text]:
    card = view.get("data_card") or {}
    rows = card.get("buckets")
    if rows:
        return {row["name"]: pair(row, "label") for row in rows}
    rolls = view.get("rolls") or {}
    names = zip(
        rolls.get("buckets") or (),
        rolls.get("labels_en") or (),
        rolls.get("labels_zh") or (),
        strict=False,
    )
    return {name: Text(en, zh) for name, en, zh in names}


def _own_definitions() -> dict[str, dict[str, str]]:
    """Definitions of the report's own figures, in the registry's shape."""
    words = catalogue()
    return {
        key.removeprefix("own."): {
            "name_en": entry["en"],
            "name_zh": entry["zh"],
            "says_en": words[f"{key}_says"]["en"],
            "says_zh": words[f"{key}_says"]["zh"],
        }
        for key, entry in words.items()
        if key.startswith("own.") and not key.endswith("_says")
    }


def bucket_order(view: View) -> list[str]:
    """Names of the book's buckets, mildest first."""
    card = view.get("data_card") or {}
    named = [str(row["name"]) for row in card.get("buckets") or []]
    return named or [str(name) for name in (view.get("rolls") or {}).get("buckets") or []]


def treatment_name(name: str) -> Text:
    """A treatment in the words of the room that owns it, with a capital letter."""
    for action in ACTIONS:
        if action.id == name:
            return Text(action.name_en[0].upper() + action.name_en[1:], action.name_zh)
    return same(name)


def limit_name(name: str) -> Text:
    """A limit in the words of the room that owns it, with a capital letter."""
    for resource in RESOURCES:
        if resource.id == name:
            return Text(resource.name_en[0].upper() + resource.name_en[1:], resource.name_zh)
    return same(name)


def rule_says(rule: str) -> Text:
    """What a rule of the guard says; nothing where the guard does not know it."""
    found = RULES.get(rule)
    return NOTHING if found is None else Text(found.says_en, found.says_zh)


def whole(view: View, definition_id: str) -> list[dict[str, Any]]:
    """The measures of the whole book under one definition, by day."""
    rows = [
        row
        for row in view.get("measures") or []
        if row["definition_id"] == definition_id and row["segment"] == "all"
    ]
    return sorted(rows, key=lambda row: str(row["on"]))
