"""The law page: a pack as tables, and the guard asked about an invented contact, live."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET
from markupsafe import Markup, escape

from ruqi.adapters.files.pack_file import shipped, shipped_ids
from ruqi.adapters.report import numbers
from ruqi.adapters.report.blocks import Cell, Column, Note, Table, row_head
from ruqi.adapters.report.book import rule_says
from ruqi.adapters.report.draw import draw
from ruqi.adapters.report.words import LANGUAGES, Text, listed, name_of, same
from ruqi.apps.console.opened import Drawn, Opened, opened
from ruqi.apps.console.pages import run_context
from ruqi.apps.web.sign_in import needs
from ruqi.apps.web.words import both, catalogue, told, tongue
from ruqi.law.contact import Allowed, Barred
from ruqi.law.pack import Attestation, Pack, Parameter, attestation_from, read_at
from ruqi.law.page import value_text
from ruqi.law.rules import CHANNELS
from ruqi.services.access import Right
from ruqi.services.judge_case import HOLDS, ZONE, judge_case, read_case

_PROOFS = ("proof", "hold", "channel")  # groups of words
_Named = tuple[str, date | None, tuple[Attestation, ...]]


@needs(Right.LAW)
@require_GET
def show(request: HttpRequest, run_id: int) -> HttpResponse:
    """The pack that the run was planned under, and what the guard says of a case.

    Where that edition is no longer shipped, the one that is, said to be another.
    """
    run = opened(run_id)
    pack = _pack(*_named(run))
    context = run_context(run) | {"title": told("page.law"), "pack": pack is not None}
    if pack is not None:
        case = read_case(request.GET)
        on = pack.read_at + timedelta(days=1)
        verdict = judge_case(case, on, pack)
        context |= {
            "case": case,
            "asked": both("law.asked", day=numbers.long_day(on), at=case.at, zone=ZONE),
            "zone": ZONE,
            "channels": [(one, both(f"channel.{one}")) for one in CHANNELS],
            "holds": [(one, both(f"hold.{one}")) for one in HOLDS],
            "allowed": isinstance(verdict, Allowed),
            "verdict": draw(_verdict(verdict), tongue(), "", 100),
        }
    html = draw(_another(run, pack), tongue(), "")
    if pack is not None:
        html += _tables(_named(run), tongue())
    context["parts"] = [Drawn("law", told("law.title"), html)]
    return render(request, "console/law.html", context)


def pack_of(run: Opened) -> Pack | None:
    """The pack that the run names, as shipped; None where this version ships another edition."""
    pack = _pack(*_named(run))
    return pack if pack is not None and pack.hash == run.view["run"]["law"]["hash"] else None


def _named(run: Opened) -> _Named:
    """Which pack the run read, on which day, under whose words."""
    law = run.view["run"]["law"]
    return law["pack"], numbers.as_date(law["read_at"]), attestations_of(run)


def attestations_of(run: Opened) -> tuple[Attestation, ...]:
    """The words of named people under which the run's policy applied rules read from memory."""
    return tuple(attestation_from(one) for one in run.view["run"]["law"].get("attestations") or ())


@cache
def _pack(name: str, day: date | None, words: tuple[Attestation, ...]) -> Pack | None:
    edition = shipped(name) if name in shipped_ids() else None
    return None if day is None or edition is None else read_at(edition, day, words)


@cache
def _tables(named: _Named, language: str) -> Markup:
    """The tables of a pack that is there, drawn once in each language."""
    pack = _pack(*named)
    assert pack is not None
    return draw(pack_blocks(pack, named[-1]), language, "")


def _another(run: Opened, pack: Pack | None) -> list[Any]:
    """Said where the run was planned under another edition than the one that is shown, if any."""
    law = run.view["run"]["law"]
    if pack is None:
        return [Note(both("law.no_edition", version=law["version"]), "mark")]
    if pack.hash == law["hash"]:
        return []
    said = both("law.other_edition", version=law["version"], now=pack.version)
    return [Note(said, "mark")]


def pack_blocks(pack: Pack, words: Sequence[Attestation] = ()) -> list[Any]:
    """Every parameter of a pack, applied or not, a table for each group; then the sources.

    Before them stands whose word lets rules apply that were read from memory, or who must give it.
    """
    edition = pack.edition
    status = Text(edition.status_en, edition.status_zh)
    name = Text(edition.name_en, edition.name_zh)
    head = both(
        "law.intro", name=name, version=edition.version, read_at=pack.read_at, status=status
    )
    why = {id(one.parameter): one.why for one in pack.unapplied}
    blocks: list[Any] = [Note(head, "lead"), Note(both("law.key")), _attested(pack, words)]
    for group, parameters in groupby(edition.parameters, lambda one: one.id.split(".")[0]):
        rows = [_row(pack, one, why.get(id(one)), words) for one in parameters]
        blocks.append(Table(group_name(group), _columns("parameter"), rows, style="sample pack"))
    sources = [
        [
            row_head(one.id),
            Cell(Text(one.title, one.title_zh) + same(f" {one.address}".rstrip()), "wrap"),
            Cell(Text(one.read, one.read_zh), "wrap"),
        ]
        for one in edition.sources.values()
    ]
    heads = [Column(both(f"law.{word}")) for word in ("source", "says", "read")]
    return [*blocks, Table(both("law.sources"), heads, sources, style="sample")]


def group_name(group: str) -> Text:
    """A group of parameters in words; its own id where nobody named it."""
    key = f"lawgroup.{group}"
    return both(key) if key in catalogue() else same(group)


def _attested(pack: Pack, words: Sequence[Attestation]) -> Table | Note:
    """The attestations, or which rules wait for one."""
    if not words:
        waiting = [one.parameter.id for one in pack.unapplied if one.why == "unattested"]
        if not waiting:
            return Note(both("law.nothing_waits"))
        return Note(both("law.waiting", count=len(waiting), rules=", ".join(waiting)), "mark")
    rows = [
        [
            row_head(one.who),
            Cell(same(one.on.isoformat())),
            Cell(same(one.until.isoformat())),
            Cell(same(", ".join(one.covers)), "wrap code"),
            Cell(both("law.counts" if one.on <= pack.read_at <= one.until else "law.lapsed")),
        ]
        for one in words
    ]
    heads = [Column(both(f"law.{word}")) for word in ("who", "word_on", "word_until", "covers")]
    heads.append(Column(both("law.at_reading", day=pack.read_at)))
    return Table(both("law.attestations"), heads, rows, style="sample")


def _word(pack: Pack, one: Parameter, words: Sequence[Attestation]) -> Attestation | None:
    """The attestation under which a rule read from memory applies."""
    if one.confidence != "M":
        return None
    return next((word for word in words if word.holds(one.id, pack.read_at)), None)


def _columns(first: str) -> list[Column]:
    words = (first, "value", "says", "dates", "force", "source", "confidence", "applied")
    return [Column(both(f"law.{word}")) for word in words]


def _row(
    pack: Pack, one: Parameter, why: str | None, words: Sequence[Attestation]
) -> Sequence[Cell]:
    says = Text(f"{one.says_en} {one.note_en}".strip(), f"{one.says_zh}{one.note_zh}")
    return [
        row_head(_by_words(one.id)),
        Cell(Text(*(value_text(pack.edition, one, language) for language in LANGUAGES)), "wrap"),
        Cell(says, "wrap"),
        Cell(_unbroken(_dates(one)), "wrap"),
        Cell(name_of("force", one.force)),
        Cell(same(one.source), "code soft"),
        Cell(same(one.confidence)),
        Cell(_applied(why, _word(pack, one, words)), "marked" if why else ""),
    ]


def _applied(why: str | None, word: Attestation | None) -> Text:
    if why is None and word is not None:
        return both("law.attested", who=word.who, on=word.on)
    return both(f"law.{why or 'yes'}")


def _by_words(name: str) -> Text:
    """A name such as `caps.talks_per_day` that may break between its words."""
    told = Markup(re.sub(r"([._])(?=[a-z])", r"\1<wbr>", str(escape(name))))  # noqa: S704
    return Text(told, told)


def _unbroken(text: Text) -> Text:
    """Our own words whose days do not break."""
    day = r'<span class="day">\g<0></span>'
    return Text(*(Markup(re.sub(r"\d[\d-]{9}", day, one)) for one in (text.en, text.zh)))  # noqa: S704


def _dates(one: Parameter) -> Text:
    first, last = one.effective_from, one.effective_until
    if first and last:
        return both("law.between", first=first, last=last)
    if first or last:
        return both("law.from", day=first) if first else both("law.until", day=last)
    return both("law.always")


def _verdict(verdict: Allowed | Barred) -> list[Any]:
    """What the guard answered, and every check on the way, in order."""
    if isinstance(verdict, Barred):
        says = both("law.barred", rule=verdict.rule, says=rule_says(verdict.rule))
        answer = Note(says + _until(verdict), "mark")
    else:
        answer = Note(both("law.allowed"))
    rows = [
        [
            row_head(check.rule),
            Cell(
                both("law.stops" if check.barred else "law.passes"),
                "marked" if check.barred else "",
            ),
            Cell(_proof(check.proof)),
            Cell(same(check.source), "code soft"),
            Cell(rule_says(check.rule), "wrap"),
        ]
        for check in verdict.checks
    ]
    heads = [
        Column(both(f"law.{word}")) for word in ("check", "answer", "proof", "source", "bars_when")
    ]
    return [answer, Table(both("law.checks"), heads, rows, style="sample")]


def _proof(proof: str) -> Text:
    """What a check rests on: our own words named, a count or an instant as it is."""
    keys = [[f"{group}.{one}" for group in _PROOFS] for one in proof.split("|")]
    known = [next((both(key) for key in each if key in catalogue()), None) for each in keys]
    texts = [text or same(one) for text, one in zip(known, proof.split("|"), strict=True)]
    return listed(texts) if proof else same("–")


def _until(verdict: Barred) -> Text:
    if verdict.until is None:
        return both("law.no_until")
    return both("law.until_then", at=f"{verdict.until.astimezone(ZoneInfo(ZONE)):%Y-%m-%d %H:%M}")
