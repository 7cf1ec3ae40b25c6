"""May this borrower be reached this way at this moment? The guard answers, and fails closed.

Order of decision: holds, party, consent, place and time where the debtor is, counters, content.
What a plan can know (holds, consent, missing facts) is `eligible`; clock and counters are judged
by `judge`, when a contact is sent. Sources of the numbers: the pack.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ruqi.law.pack import Interval, Pack
from ruqi.law.rules import CHANNEL_WORDS, CHANNELS, HOLD_WORDS, NO_HOLD, backing
from ruqi.primitives.errors import ensure

TALKS = ("call", "ai_call")
DAY_SECONDS = 24 * 3600
# Every hold stops every contact but letters; exceptions, and what stops legal work and letters.
PERSON_MAY_CALL = "VULNERABLE_HUMAN_ONLY"
STOPS_LEGAL_WORK = frozenset(
    "HOLD_DECEASED HOLD_MORATORIUM HOLD_DISPUTE HOLD_PLAN HOLD_OTHER VULNERABLE_HUMAN_ONLY".split()
)
# A letter that collects is collection; only the request to stop contact leaves letters open. What
# law requires to be written (an answer to a dispute, say) is no contact of this kind.
STOPS_LETTERS = frozenset(
    "HOLD_DECEASED HOLD_MORATORIUM HOLD_ADVISER HOLD_DISPUTE HOLD_PLAN HOLD_OTHER".split()
)


@dataclass(frozen=True)
class Facts:
    """What a register says of one borrower. None: not known; an empty set: known to be none."""

    time_zone: str | None
    consent: frozenset[str] | None
    holds: frozenset[str] | None


UNKNOWN = Facts(None, None, None)


@dataclass(frozen=True)
class Agreement:
    """A debtor's recorded word that they may be reached at certain hours of the day."""

    evidence: str
    agreed_at: datetime
    hours: Interval  # seconds of the local day; across midnight: low > high


@dataclass(frozen=True)
class ThirdParty:
    """Why somebody other than the debtor is approached. `evidence` is the proof of `reason`."""

    person: str
    reason: str | None
    evidence: str | None
    purpose: str | None
    discloses_debt: bool


@dataclass(frozen=True)
class Contact:
    """One contact about to be made. None always means: not known."""

    borrower_id: str
    at: datetime  # aware
    channel: str
    facts: Facts
    role: str | None  # debtor, guarantor, spouse, contact_person …
    content: frozenset[str] | None  # what it states and does, e.g. identity, reason, threat
    number: str | None = None  # a key of the number dialled, never the number itself
    minutes: int = 0  # how long a talk is expected to last
    recorded: bool | None = None
    agreement: Agreement | None = None
    third_party: ThirdParty | None = None
    id: str = ""  # its own slot, left out of the counters when the sender asks again


@dataclass(frozen=True)
class Past:
    """One contact that was made with the borrower or about them, by anybody, on any loan."""

    at: datetime
    channel: str
    outbound: bool = True
    effective: bool | None = None  # a live talk about the debt; unknown counts as one
    answered: bool | None = None  # unknown counts as unanswered
    number: str | None = None
    person: str | None = None
    refused: bool = False
    id: str = ""


History = tuple[Past, ...]


@dataclass(frozen=True)
class Check:
    """One rule's verdict: barred or not, until when (None: until a fact changes), with proof."""

    rule: str
    barred: bool
    until: datetime | None = None
    proof: str = ""  # an evidence id, a count, an instant: what the verdict rests on
    parameter: str | None = None
    source: str = "house"


@dataclass(frozen=True)
class Allowed:
    """Every check that let it pass, under which pack; `override` is an agreement's evidence id."""

    pack_version: str
    checks: tuple[Check, ...]
    override: str | None


@dataclass(frozen=True)
class Barred:
    """The rule that says no, and from when it would not (None: until a fact changes)."""

    rule: str
    until: datetime | None
    pack_version: str
    checks: tuple[Check, ...]


Stage = Callable[[Contact, History | None, Pack], Iterator[Check]]


def judge(contact: Contact, history: History | None, pack: Pack) -> Allowed | Barred:
    """The guard's verdict on one contact; the first rule that bars decides.

    `history` is everything known of this borrower's contacts, None where it is not known. Raises
    InvariantBroken where an instant has no zone.
    """
    instants = [contact.at, *(past.at for past in history or ())]
    ensure(all(at.tzinfo is not None for at in instants), "every instant must know its zone")
    passed: list[Check] = []
    for stage in _STAGES:
        for check in stage(contact, history, pack):
            told = _sourced(check, pack)
            passed.append(told)
            if check.barred:
                return Barred(check.rule, check.until, pack.version, tuple(passed))
    used = next((c.proof for c in passed if c.rule == "QUIET_HOURS" and c.proof), None)
    return Allowed(pack.version, tuple(passed), used)


def eligible(facts: Facts, channel: str | None, pack: Pack) -> tuple[str, ...]:
    """Every rule that bars this channel as far as a plan can know; empty: eligible.

    `channel` None is work on the file that reaches nobody (a legal review): only holds bar it.
    The clock and the counters are not judged here, nor whether the pack has hours in force: that
    is for the day of sending, which may lie under another edition.
    """
    bars = []
    if facts.holds is None:
        bars.append("MISSING_FACT")
    bars += [rule for rule in _holds_of(facts) if _stops(rule, channel)]
    if channel is not None:
        bars += [check.rule for check in _consent_checks(facts, channel, pack) if check.barred]
        if zone_of(facts) is None:
            bars.append("MISSING_FACT")
    return tuple(dict.fromkeys(bars))


def counted(past: Past) -> tuple[str, ...]:
    """Which of the pack's counters a contact weighs in: `talk`, `unanswered`, `sms`; none: ()."""
    if not past.outbound:
        return ()
    found = (("talk", _talked(past)), ("unanswered", _in_vain(past)), ("sms", _is_text(past)))
    return tuple(name for name, counts in found if counts)


def channel_of(word: str) -> str | None:
    """The house's name for a register's channel, or None where it is not known."""
    return CHANNEL_WORDS.get(word.strip().lower())


def zone_of(facts: Facts) -> ZoneInfo | None:
    """The borrower's zone, or None where it is not known or no such zone exists."""
    if not facts.time_zone:
        return None
    try:
        return ZoneInfo(facts.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


# ── the stages, in order ─────────────────────────────────────────────────────────────────────────


def _holds(contact: Contact, _history: History | None, _pack: Pack) -> Iterator[Check]:
    if contact.channel not in CHANNELS:
        yield Check("CHANNEL_UNKNOWN", True, proof=contact.channel)
    if contact.facts.holds is None:
        yield Check("MISSING_FACT", True, proof="holds")
    for rule in _holds_of(contact.facts):
        yield Check(rule, _stops(rule, contact.channel))


def _party(contact: Contact, history: History | None, pack: Pack) -> Iterator[Check]:
    if contact.role is None:
        yield Check("MISSING_FACT", True, proof="role")
    if contact.role == "debtor":
        yield Check("THIRD_PARTY", False, proof="debtor")
        return
    other = contact.third_party
    if other is None or not other.evidence:
        yield Check("THIRD_PARTY", True, proof=str(contact.role))
        return
    if history is None:
        yield Check("MISSING_FACT", True, proof="history")
    refused = any(past.refused and past.person == other.person for past in history or ())
    yield Check("CONTACT_REFUSED", refused)
    owes = contact.role == "guarantor" or (
        contact.role == "spouse" and other.reason == "joint_household_debt"
    )
    if owes:
        yield Check("THIRD_PARTY", False, proof=other.evidence)
        return
    allowed = other.reason in pack.words("third_party.allow_when")
    yield Check("THIRD_PARTY", not allowed, proof=other.evidence)
    yield Check("THIRD_PARTY_DISCLOSURE", other.discloses_debt)
    purposes = pack.words("third_party.allowed_purpose")
    yield Check("THIRD_PARTY_PURPOSE", other.purpose not in purposes, proof=str(other.purpose))


def _consent(contact: Contact, _history: History | None, pack: Pack) -> Iterator[Check]:
    yield from _consent_checks(contact.facts, contact.channel, pack)


def _place_and_time(contact: Contact, _history: History | None, pack: Pack) -> Iterator[Check]:
    zone = zone_of(contact.facts)
    if zone is None:
        yield Check("MISSING_FACT", True, proof="time_zone")
        return
    if not _bound_by_hours(contact.channel, pack):
        return
    hours = pack.interval("contact.hours")
    if hours is None:
        yield Check("RULE_NOT_IN_FORCE", True)
        return
    second = _second_of_day(contact.at, zone)
    agreed = _agreed(contact, second, pack)
    if agreed is not None:
        yield Check("QUIET_HOURS", False, proof=agreed.evidence)
        return
    opens = _next_opening(contact.at, zone, hours)
    yield Check("QUIET_HOURS", not hours.holds(second), opens)
    if contact.channel in TALKS and pack.find("contact.end_within_hours") is not None:
        end = second + contact.minutes * 60
        yield Check("ENDS_IN_QUIET_HOURS", not hours.holds(end), opens)


def _counters(contact: Contact, history: History | None, pack: Pack) -> Iterator[Check]:
    if history is None:
        yield Check("MISSING_FACT", True, proof="history")
        return
    zone = zone_of(contact.facts)
    hours = pack.interval("contact.hours")
    if zone is None or hours is None:
        return  # letters, which the hours do not bind, are not counted either
    ours = [
        past
        for past in history
        if past.outbound and past.at <= contact.at and not (contact.id and past.id == contact.id)
    ]
    today = [past for past in ours if _same_day(past.at, contact.at, zone)]
    tomorrow = _next_opening(_midnight_after(contact.at, zone), zone, hours)
    if contact.channel in TALKS:
        yield from _talk_counters(contact, ours, today, tomorrow, pack)
    if contact.channel == "sms":
        sent = sum(_is_text(past) for past in today)
        yield _cap("CAP_SMS_DAY", sent, pack.number("caps.sms_per_debtor_day"), tomorrow)


def _talk_counters(
    contact: Contact, ours: list[Past], today: list[Past], tomorrow: datetime, pack: Pack
) -> Iterator[Check]:
    talks = sum(_talked(past) for past in today)
    yield _cap("CAP_TALKS_DAY", talks, pack.number("caps.talks_per_debtor_day"), tomorrow)
    week_ago = contact.at - timedelta(days=7)
    recent = sorted(past.at for past in ours if _talked(past) and past.at > week_ago)
    frees = recent[0] + timedelta(days=7) if recent else None
    yield _cap("CAP_TALKS_WEEK", len(recent), pack.number("caps.talks_per_debtor_week"), frees)
    if contact.number is None:
        yield Check("MISSING_FACT", True, proof="number")
    vain = [past for past in today if _in_vain(past)]
    here = sum(past.number in (contact.number, None) for past in vain)
    cap = pack.number("caps.unanswered_per_number_day")
    yield _cap("CAP_UNANSWERED_DAY", here, cap, tomorrow)
    cap = pack.number("caps.unanswered_per_debtor_day")
    yield _cap("HARASSMENT_PATTERN", len(vain), cap, tomorrow)


def _content(contact: Contact, _history: History | None, pack: Pack) -> Iterator[Check]:
    if contact.channel in TALKS and pack.find("contact.record_calls") is not None:
        if contact.recorded is None:
            yield Check("MISSING_FACT", True, proof="recorded")
        yield Check("NOT_RECORDED", contact.recorded is False)
    if contact.content is None:
        yield Check("MISSING_FACT", True, proof="content")
        return
    forbidden = contact.content & set(pack.words("content.prohibited"))
    yield Check("CONTENT_PROHIBITED", bool(forbidden), proof="|".join(sorted(forbidden)))
    if contact.channel in TALKS:
        lacking = set(pack.words("content.required_call")) - contact.content
        yield Check("CONTENT_INCOMPLETE", bool(lacking), proof="|".join(sorted(lacking)))


_STAGES: tuple[Stage, ...] = (_holds, _party, _consent, _place_and_time, _counters, _content)

# ── small questions ──────────────────────────────────────────────────────────────────────────────


def _sourced(check: Check, pack: Pack) -> Check:
    by = backing(check.rule, pack)
    if by is None:
        return check
    return Check(check.rule, check.barred, check.until, check.proof, by.id, by.source)


def _holds_of(facts: Facts) -> list[str]:
    words = sorted(word.strip().lower() for word in facts.holds or ())
    found = {HOLD_WORDS.get(word, "HOLD_OTHER") for word in words if word not in NO_HOLD}
    return sorted(found)


def _stops(rule: str, channel: str | None) -> bool:
    if channel is None:
        return rule in STOPS_LEGAL_WORK
    if channel == "letter":
        return rule in STOPS_LETTERS
    return not (rule == PERSON_MAY_CALL and channel == "call")


def _consent_checks(facts: Facts, channel: str, pack: Pack) -> Iterator[Check]:
    if channel not in CHANNELS:
        yield Check("CHANNEL_UNKNOWN", True, proof=channel)
        return
    basis = pack.find("contact.basis")
    if channel == "letter" or (basis is not None and basis.value != "consent_per_channel"):
        return
    if facts.consent is None:
        yield Check("MISSING_FACT", True, proof="consent")
        return
    given = {channel_of(word) for word in facts.consent}
    yield Check(f"NO_CONSENT_{channel.upper()}", channel not in given)


def _bound_by_hours(channel: str, pack: Pack) -> bool:
    """Whether the hours hold for a channel; where the pack does not say, for each it knows."""
    return channel in (pack.words("contact.hours_apply_to") or CHANNELS)


def _second_of_day(at: datetime, zone: ZoneInfo) -> int:
    local = at.astimezone(zone)
    return local.hour * 3600 + local.minute * 60 + local.second


def _same_day(one: datetime, other: datetime, zone: ZoneInfo) -> bool:
    return one.astimezone(zone).date() == other.astimezone(zone).date()


def _midnight_after(at: datetime, zone: ZoneInfo) -> datetime:
    local = at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return (local + timedelta(days=1)).astimezone(UTC)


def _next_opening(at: datetime, zone: ZoneInfo, hours: Interval) -> datetime:
    """The first instant from `at` on at which the hours open."""
    low = int(hours.low or 0)
    local = at.astimezone(zone)
    opening = local.replace(hour=low // 3600, minute=low % 3600 // 60, second=0, microsecond=0)
    if opening < local:
        opening += timedelta(days=1)
    return opening.astimezone(UTC)


def _agreed(contact: Contact, second: int, pack: Pack) -> Agreement | None:
    agreement = contact.agreement
    if agreement is None or not agreement.evidence or agreement.agreed_at > contact.at:
        return None
    if pack.find("contact.hours_override") is None:
        return None
    hours = agreement.hours
    end = second + contact.minutes * 60
    across = hours.low is not None and hours.high is not None and hours.low > hours.high
    if not across:
        return agreement if hours.holds(second) and hours.holds(end) else None
    unrolled = Interval(
        hours.low, (hours.high or 0) + DAY_SECONDS, hours.low_inclusive, hours.high_inclusive
    )
    for shift in (0, DAY_SECONDS):
        if unrolled.holds(second + shift) and unrolled.holds(end + shift):
            return agreement
    return None


def _talked(past: Past) -> bool:
    if past.channel not in TALKS or past.answered is False:
        return False
    return past.effective is not False


def _in_vain(past: Past) -> bool:
    return past.channel in TALKS and not past.answered


def _is_text(past: Past) -> bool:
    return past.channel == "sms"


def _cap(rule: str, used: int, cap: int | None, until: datetime | None) -> Check:
    """Barred when the cap is used up; a counter the pack does not cap never bars."""
    return Check(rule, cap is not None and used >= cap, until, f"{used} of {cap}")
