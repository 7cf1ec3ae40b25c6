"""What was agreed about treatments: who may get which, at what cost, within which limits.

Effects are priors: stated guesses with their ground, never measurements of this book.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from ruqi.behaviour.scored import Target
from ruqi.law.pack import Attestation, attestation_from, content_hash
from ruqi.tape.columns import Delinquency
from ruqi.treatment.actions import IDS, RESOURCES

DAYS_A_MONTH = 30


@dataclass(frozen=True)
class Ladder:
    """A value that changes with lateness: pairs (from this many months late, value), ascending."""

    steps: tuple[tuple[int, float], ...]

    def at(self, months_late: int) -> float:
        """The value of the last step not above `months_late`; 0 below the first."""
        value = 0.0
        for start, here in self.steps:
            if start <= months_late:
                value = here
        return value


@dataclass(frozen=True)
class Prior:
    """A guess, called a guess, with the ground it stands on."""

    value: Ladder
    ground_en: str
    ground_zh: str


@dataclass(frozen=True)
class Treatment:
    """When a treatment may be given (ends included), what it uses up, and its prior effect.

    `effect` is the share by which the chance of the target falls; `chance_from` is the least
    chance at which it may be given.
    """

    id: str
    from_months_late: int
    to_months_late: int | None
    chance_from: float
    uses: Mapping[str, int]
    effect: Prior

    def allows(self, months_late: int) -> bool:
        """Whether policy allows it at this lateness."""
        return self.from_months_late <= months_late and (
            self.to_months_late is None or months_late <= self.to_months_late
        )


@dataclass(frozen=True)
class Costs:
    """Costs in minor units of one currency; the concession is a share of the balance."""

    agent_minute_minor: int
    each_minor: Mapping[str, int]  # per treatment, beside its minutes
    hardship_concession_share: float

    def fixed(self, treatment: Treatment) -> int:
        """What one treatment costs whatever the balance."""
        minutes = treatment.uses.get("agent_minutes", 0)
        return minutes * self.agent_minute_minor + self.each_minor.get(treatment.id, 0)


@dataclass(frozen=True)
class Limit:
    """How much of a resource the day has: a number, or so many for each 1,000 open accounts."""

    resource: str
    available: int | None
    per_1000_accounts: int | None

    def of(self, accounts: int) -> int:
        """Units available for a book of that many open accounts, rounded up."""
        if self.available is not None:
            return self.available
        return math.ceil(accounts * (self.per_1000_accounts or 0) / 1000)


@dataclass(frozen=True)
class Policy:
    """One reviewed policy file. `hash` is the sha256 of its canonical JSON."""

    id: str
    edition: str
    hash: str
    effective_from: date
    name_en: str
    name_zh: str
    law_pack: str
    law_read_at: date | None  # None: the book's as_of
    law_stand_in: bool
    law_note_en: str
    law_note_zh: str
    attestations: tuple[Attestation, ...]
    target_months: int
    target_horizon_months: int
    treatments: Mapping[str, Treatment]
    default_chance: Prior
    loss_share: Prior
    costs: Mapping[str, Costs]
    limits: tuple[Limit, ...]
    one_contact_per_borrower: bool

    @property
    def version(self) -> str:
        """`default 2026.11`: the policy's id and edition."""
        return f"{self.id} {self.edition}"

    @property
    def stamp(self) -> str:
        """Version and content, as every row of a plan carries it."""
        return f"{self.version} sha256:{self.hash[:12]}"

    def target(self, delinquency: Delinquency) -> Target:
        """The forward score's target in this book's buckets: the first that is late enough.

        Where the days of the book's stages are not stated, its n-th late bucket counts as n months.
        """
        buckets = delinquency.buckets
        for index in range(len(buckets)):
            if months_late_of(delinquency, index) >= self.target_months:
                return Target(index, self.target_horizon_months)
        return Target(len(buckets) - 1, self.target_horizon_months)


def months_late_of(delinquency: Delinquency, bucket: int) -> int:
    """Months late of a bucket's mildest account: 0 not late, 1 up to 30 days, 2 up to 60 …"""
    low = delinquency.buckets[bucket].low
    if low is None:
        return bucket
    return low if delinquency.unit == "months" else -(-low // DAYS_A_MONTH)


def scaled(policy: Policy, factor: float) -> Policy:
    """The same policy with every effect times `factor` (never above 1)."""
    treatments = {
        name: replace(one, effect=replace(one.effect, value=_times(one.effect.value, factor)))
        for name, one in policy.treatments.items()
    }
    return replace(policy, treatments=treatments)


def with_minutes(policy: Policy, agent_minutes: int) -> Policy:
    """The same policy with that many agent minutes and every other limit as it is."""
    others = tuple(limit for limit in policy.limits if limit.resource != "agent_minutes")
    return replace(policy, limits=(Limit("agent_minutes", agent_minutes, None), *others))


def policy_from(document: Mapping[str, Any]) -> Policy:
    """A policy from a document that its schema has accepted (days as text)."""
    law = document["law"]
    read_at = law.get("read_at")
    priors = document["priors"]
    return Policy(
        id=document["policy"],
        edition=document["version"],
        hash=content_hash(document),
        effective_from=date.fromisoformat(document["effective_from"]),
        name_en=document["name_en"],
        name_zh=document["name_zh"],
        law_pack=law["pack"],
        law_read_at=None if read_at is None else date.fromisoformat(read_at),
        law_stand_in=law.get("stand_in", False),
        law_note_en=law.get("note_en", ""),
        law_note_zh=law.get("note_zh", ""),
        attestations=tuple(attestation_from(entry) for entry in law.get("attestations", ())),
        target_months=document["target"]["months_late"],
        target_horizon_months=document["target"]["horizon_months"],
        treatments={
            name: _treatment(name, document["treatments"][name], priors["effects"][name])
            for name in IDS[1:]
            if name in document["treatments"]
        },
        default_chance=_prior(priors["default_chance"]),
        loss_share=_prior(priors["loss_share"]),
        costs={code: _costs(entry) for code, entry in document["costs"].items()},
        limits=tuple(
            Limit(resource.id, entry.get("available"), entry.get("per_1000_accounts"))
            for resource in RESOURCES
            if (entry := document["limits"].get(resource.id)) is not None
        ),
        one_contact_per_borrower=document["one_contact_per_borrower_per_day"],
    )


def contradictions(document: Mapping[str, Any]) -> list[tuple[Sequence[str | int], str, str]]:
    """What a schema cannot see: (place in the document, problem, mend)."""
    found: list[tuple[Sequence[str | int], str, str]] = []
    effects = document["priors"]["effects"]
    for name, entry in document["treatments"].items():
        if name not in effects:
            found.append(
                (
                    ("treatments", name),
                    f"{name} has no prior effect.",
                    "State it in priors.effects.",
                )
            )
        last = entry.get("to_months_late")
        if last is not None and last < entry["from_months_late"]:
            found.append(
                (("treatments", name), "it ends before it begins.", "Correct one of the months.")
            )
    ladders = [("effects", name) for name in effects] + [("default_chance",), ("loss_share",)]
    for place in ladders:
        prior = document["priors"][place[0]] if len(place) == 1 else effects[place[1]]
        starts = [step["from_months_late"] for step in prior["by_months_late"]]
        if starts != sorted(set(starts)):
            found.append(
                (
                    ("priors", *place, "by_months_late"),
                    "its steps do not ascend.",
                    "Order them by from_months_late, each once.",
                )
            )
    return found


def _prior(entry: Mapping[str, Any]) -> Prior:
    steps = tuple(
        (step["from_months_late"], float(step["value"])) for step in entry["by_months_late"]
    )
    return Prior(Ladder(steps), entry["ground_en"], entry["ground_zh"])


def _treatment(name: str, entry: Mapping[str, Any], effect: Mapping[str, Any]) -> Treatment:
    return Treatment(
        id=name,
        from_months_late=entry["from_months_late"],
        to_months_late=entry.get("to_months_late"),
        chance_from=float(entry.get("chance_from", 0)),
        uses={r.id: entry["uses"][r.id] for r in RESOURCES if r.id in entry.get("uses", {})},
        effect=_prior(effect),
    )


def _costs(entry: Mapping[str, Any]) -> Costs:
    each = {name: entry[f"{name}_minor"] for name in IDS[1:] if f"{name}_minor" in entry}
    return Costs(entry["agent_minute_minor"], each, float(entry["hardship_concession_share"]))


def _times(ladder: Ladder, factor: float) -> Ladder:
    return Ladder(tuple((start, min(1.0, value * factor)) for start, value in ladder.steps))
