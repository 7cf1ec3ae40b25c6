"""A law pack as values: every parameter with its unit, dates, force, source and confidence.

A pack is read at a date (`read_at`): what is not in force that day, is only a draft, or was read
from memory alone (confidence M) and is covered by no attestation, is not applied and says why.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

Force = Literal["hard", "presumption", "standard", "self-reg", "draft", "house"]
Confidence = Literal["P", "S", "M", "H"]
Why = Literal["not_in_force", "draft", "unattested"]

TIME_OF_DAY = "time_of_day"  # unit of an interval that is written HH:MM and held in seconds
DECIMAL_UNITS = ("share", "rate_per_year")


@dataclass(frozen=True)
class Interval:
    """From `low` to `high` (None: open on that side); each end says whether it belongs to it."""

    low: int | Decimal | None
    high: int | Decimal | None
    low_inclusive: bool
    high_inclusive: bool

    def holds(self, point: int | Decimal) -> bool:
        """Whether `point` lies inside."""
        if self.low is not None and (
            point < self.low or (point == self.low and not self.low_inclusive)
        ):
            return False
        return self.high is None or (
            point < self.high or (point == self.high and self.high_inclusive)
        )


Value = bool | int | str | Decimal | tuple[str, ...] | Interval


@dataclass(frozen=True)
class Source:
    """Where a rule was read, and how much of it. The Chinese is the other's where it has none."""

    id: str
    title: str
    address: str
    read: str
    title_zh: str
    read_zh: str


@dataclass(frozen=True)
class Parameter:
    """One rule of a pack. Both dates are days in force, the last one included."""

    id: str
    value: Value
    unit: str
    effective_from: date | None
    effective_until: date | None
    force: Force
    source: str
    confidence: Confidence
    says_en: str
    says_zh: str
    note_en: str = ""
    note_zh: str = ""

    def in_force(self, on: date) -> bool:
        """Whether `on` lies within its dates."""
        return (self.effective_from is None or self.effective_from <= on) and (
            self.effective_until is None or on <= self.effective_until
        )


@dataclass(frozen=True)
class Attestation:
    """A named person's word, from a day until a day, that parameters read from memory are right."""

    who: str
    on: date
    covers: tuple[str, ...]
    until: date

    def holds(self, parameter: str, on: date) -> bool:
        """Whether it covers `parameter` on that day, both ends included."""
        return parameter in self.covers and self.on <= on <= self.until


@dataclass(frozen=True)
class Edition:
    """A jurisdiction's rules as published in one file, applied or not."""

    id: str
    version: str
    content_hash: str  # sha256 of the canonical JSON of the file, hexadecimal
    compiled: date
    name_en: str
    name_zh: str
    status_en: str
    status_zh: str
    currencies: tuple[str, ...]  # of the books that this law is the law of, as are the zones
    time_zones: tuple[str, ...]
    sources: Mapping[str, Source]
    words: Mapping[str, tuple[str, str]]  # units and coded values in English and Chinese
    parameters: tuple[Parameter, ...]


@dataclass(frozen=True)
class Unapplied:
    """A parameter that the reading leaves out, and why."""

    parameter: Parameter
    why: Why


@dataclass(frozen=True)
class Pack:
    """An edition read on one day: what applies, and what does not."""

    edition: Edition
    read_at: date
    applied: Mapping[str, Parameter]
    unapplied: tuple[Unapplied, ...]

    @property
    def id(self) -> str:
        """The pack's short name, e.g. CN."""
        return self.edition.id

    @property
    def hash(self) -> str:
        """Sha256 of the edition's canonical JSON, hexadecimal."""
        return self.edition.content_hash

    @property
    def version(self) -> str:
        """`CN 2026.11 @2026-11-01 sha256:0123456789ab`: edition, day read at, content."""
        return (
            f"{self.id} {self.edition.version} @{self.read_at.isoformat()} sha256:{self.hash[:12]}"
        )

    def find(self, parameter: str) -> Parameter | None:
        """The parameter where it applies on this day."""
        return self.applied.get(parameter)

    def number(self, parameter: str) -> int | None:
        """A whole number's value, or None where the parameter does not apply."""
        found = self.applied.get(parameter)
        return found.value if found is not None and isinstance(found.value, int) else None

    def words(self, parameter: str) -> tuple[str, ...]:
        """A list's words; empty where the parameter does not apply."""
        found = self.applied.get(parameter)
        return found.value if found is not None and isinstance(found.value, tuple) else ()

    def interval(self, parameter: str) -> Interval | None:
        """An interval's value, or None where the parameter does not apply."""
        found = self.applied.get(parameter)
        return found.value if found is not None and isinstance(found.value, Interval) else None


def read_at(edition: Edition, on: date, attestations: Iterable[Attestation] = ()) -> Pack:
    """The edition on one day; what was read from memory applies only under a valid attestation."""
    words = tuple(attestations)
    applied: dict[str, Parameter] = {}
    unapplied: list[Unapplied] = []
    for parameter in edition.parameters:
        why = _why_not(parameter, on, words)
        if why is None:
            applied[parameter.id] = parameter
        else:
            unapplied.append(Unapplied(parameter, why))
    return Pack(edition, on, applied, tuple(unapplied))


def _why_not(parameter: Parameter, on: date, words: tuple[Attestation, ...]) -> Why | None:
    if not parameter.in_force(on):
        return "not_in_force"
    if parameter.force == "draft":
        return "draft"
    if parameter.confidence == "M" and not any(word.holds(parameter.id, on) for word in words):
        return "unattested"
    return None


def content_hash(document: Mapping[str, Any]) -> str:
    """Sha256 of a document's canonical JSON (sorted keys, no spaces, UTF-8), hexadecimal."""
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def edition_from(document: Mapping[str, Any]) -> Edition:
    """An edition from a document that its schema has accepted (dates and decimals as text)."""
    return Edition(
        id=document["pack"],
        version=document["version"],
        content_hash=content_hash(document),
        compiled=date.fromisoformat(document["compiled"]),
        name_en=document["name_en"],
        name_zh=document["name_zh"],
        status_en=document["status_en"],
        status_zh=document["status_zh"],
        currencies=tuple(document["currencies"]),
        time_zones=tuple(document["time_zones"]),
        sources={
            name: Source(
                name,
                entry["title"],
                entry.get("address", ""),
                entry["read"],
                entry.get("title_zh", entry["title"]),
                entry.get("read_zh", entry["read"]),
            )
            for name, entry in document["sources"].items()
        },
        words={code: (one["en"], one["zh"]) for code, one in document.get("words", {}).items()},
        parameters=tuple(_parameter(entry) for entry in document["parameters"]),
    )


def attestation_from(entry: Mapping[str, Any]) -> Attestation:
    """An attestation from a checked document entry."""
    return Attestation(
        entry["who"],
        date.fromisoformat(entry["on"]),
        tuple(entry["covers"]),
        date.fromisoformat(entry["until"]),
    )


def contradictions(edition: Edition) -> list[tuple[int, str, str]]:
    """What a schema cannot see: (index of the parameter, problem, mend), in file order."""
    found = []
    for index, parameter in enumerate(edition.parameters):
        if parameter.source not in edition.sources:
            found.append(
                (index, f"source {parameter.source!r} is not in `sources`.", "Add it, or correct.")
            )
        twice = [
            earlier
            for earlier in edition.parameters[:index]
            if earlier.id == parameter.id and _overlap(earlier, parameter)
        ]
        if twice:
            found.append(
                (
                    index,
                    f"parameter {parameter.id!r} stands twice for the same days.",
                    "End the earlier one (`effective_until`) before the later one begins.",
                )
            )
        if (
            parameter.effective_from is not None
            and parameter.effective_until is not None
            and parameter.effective_until < parameter.effective_from
        ):
            found.append((index, "it ends before it begins.", "Correct one of the two dates."))
    return found


def _overlap(one: Parameter, other: Parameter) -> bool:
    start = max(one.effective_from or date.min, other.effective_from or date.min)
    end = min(one.effective_until or date.max, other.effective_until or date.max)
    return start <= end


def _parameter(entry: Mapping[str, Any]) -> Parameter:
    return Parameter(
        id=entry["id"],
        value=_value(entry["value"], entry["unit"]),
        unit=entry["unit"],
        effective_from=_day(entry.get("effective_from")),
        effective_until=_day(entry.get("effective_until")),
        force=entry["force"],
        source=entry["source"],
        confidence=entry["confidence"],
        says_en=entry["says_en"],
        says_zh=entry["says_zh"],
        note_en=entry.get("note_en", ""),
        note_zh=entry.get("note_zh", ""),
    )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _value(raw: Any, unit: str) -> Value:
    if isinstance(raw, dict):
        return Interval(
            _end(raw.get("from"), unit),
            _end(raw.get("to"), unit),
            raw.get("from_inclusive", True),
            raw.get("to_inclusive", True),
        )
    if isinstance(raw, list):
        return tuple(str(word) for word in raw)
    if unit in DECIMAL_UNITS:
        return Decimal(str(raw))
    return raw  # type: ignore[no-any-return]


def _end(raw: Any, unit: str) -> int | Decimal | None:
    if raw is None:
        return None
    if unit == TIME_OF_DAY:
        hours, minutes = str(raw).split(":")
        return int(hours) * 3600 + int(minutes) * 60
    return Decimal(str(raw)) if unit in DECIMAL_UNITS else int(raw)
