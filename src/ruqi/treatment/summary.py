"""What a whole plan rests on: score, policy, law, rules, priors, and how good the choice is."""

from typing import Any

from ruqi.behaviour.scored import NotPossible, Scored
from ruqi.law.pack import Pack
from ruqi.law.rules import told
from ruqi.tape.columns import Delinquency, Tape
from ruqi.treatment.choose import Choices
from ruqi.treatment.grounds import refer, vulnerable
from ruqi.treatment.policy import Policy
from ruqi.treatment.reasons import Target
from ruqi.treatment.standing import standing
from ruqi.treatment.waiting import all_wait


def summarise(
    tape: Tape, forward: Scored | NotPossible, policy: Policy, pack: Pack, chosen: Choices
) -> dict[str, Any]:
    """The summary of limits.json: everything a page or a later reader needs beside the rows."""
    bars = sorted({rule for row in chosen.cases.bars for rules in row for rule in rules})
    found = chosen.found
    gap = found.bound_minor - found.objective_minor
    register = tape.synthetic & {"*", "borrowers", "contacts"}
    score = isinstance(forward, Scored)
    law = standing(tape, policy, pack)
    why_en, why_zh = all_wait(tape, policy, chosen)
    return {
        "accounts": chosen.cases.frame.height,
        "currency": tape.currency,
        "waits_for": chosen.waits_for or None,
        "all_wait_en": why_en,
        "all_wait_zh": why_zh,
        "score": "forward" if score else "prior",
        "score_note_en": "" if isinstance(forward, Scored) else forward.reason_en,
        "score_note_zh": "" if isinstance(forward, Scored) else forward.reason_zh,
        **_calibration(forward),
        "prior_chances": int(chosen.cases.frame["chance_is_prior"].sum()),
        "register": tape.borrowers is not None,
        "register_synthetic": bool(register) and tape.borrowers is not None,
        "synthetic": sorted(tape.synthetic),
        "vulnerable_late": int(vulnerable(chosen).sum()),
        "vulnerable_refer": int(refer(chosen).sum()),
        "objective_minor": found.objective_minor,
        "bound_minor": found.bound_minor,
        "worth_unit_minor": found.unit_minor,
        "gap_share": gap / found.objective_minor if found.objective_minor else None,
        "policy": {
            "version": policy.version,
            "hash": policy.hash,
            "effective_from": policy.effective_from.isoformat(),
            "name_en": policy.name_en,
            "name_zh": policy.name_zh,
        },
        "law": {
            "pack": pack.id,
            "version": pack.version,
            "read_at": pack.read_at.isoformat(),
            "stand_in": law.stand_in,
            "status_en": pack.edition.status_en,
            "status_zh": pack.edition.status_zh,
            "note_en": law.note_en,
            "note_zh": law.note_zh,
            "unapplied": [
                {
                    "parameter": one.parameter.id,
                    "why": one.why,
                    "confidence": one.parameter.confidence,
                }
                for one in pack.unapplied
            ],
        },
        "rules": [told(rule, pack) for rule in bars],
        "priors": _priors(policy),
        "target": _target(policy),
        "buckets": _buckets(tape.delinquency),
    }


def _calibration(forward: Scored | NotPossible) -> dict[str, Any]:
    """Whether the plan's chances claim to be calibrated, and where they are priors, why."""
    if isinstance(forward, NotPossible):
        why: tuple[str, str] | None = (
            "The chances are the policy's prior, not measured on this book.",
            "概率为策略先验，并非本账簿的实测结果。",
        )
        prior = (forward.reason_en, forward.reason_zh)
    else:
        why, prior = forward.uncalibrated(), (forward.set_aside_en, forward.set_aside_zh)
    note_en, note_zh = why or ("", "")
    return {
        "calibrated": why is None,
        "calibrated_note_en": note_en,
        "calibrated_note_zh": note_zh,
        "prior_note_en": prior[0],
        "prior_note_zh": prior[1],
    }


def _target(policy: Policy) -> dict[str, Any]:
    en, zh = Target(policy.target_months, policy.target_horizon_months).says()
    return {
        "months_late": policy.target_months,
        "horizon_months": policy.target_horizon_months,
        "says_en": f"being {en}",
        "says_zh": zh,
    }


def _buckets(delinquency: Delinquency) -> list[dict[str, str]]:
    """Every bucket's name with its days, for pages that read a stored run."""
    return [
        {
            "bucket": bucket.name,
            "label_en": delinquency.label(index),
            "label_zh": delinquency.label(index, "zh"),
        }
        for index, bucket in enumerate(delinquency.buckets)
    ]


def _priors(policy: Policy) -> list[dict[str, Any]]:
    """Every guess the plan rests on, called a prior, with its ground."""
    named = [(f"effect.{name}", one.effect) for name, one in policy.treatments.items()]
    named += [("default_chance", policy.default_chance), ("loss_share", policy.loss_share)]
    return [
        {
            "prior": name,
            "by_months_late": [
                {"from": start, "value": value} for start, value in prior.value.steps
            ],
            "ground_en": prior.ground_en,
            "ground_zh": prior.ground_zh,
        }
        for name, prior in named
    ]
