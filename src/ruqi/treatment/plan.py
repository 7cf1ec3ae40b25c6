"""The plan of the day: one treatment for each open account, within law and limits, with reasons.

The plan chooses and never acts. It says who is eligible as far as facts known today go; the clock
and the counters are judged when a contact is sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl

from ruqi.behaviour.scored import NotPossible, Scored
from ruqi.law.pack import Pack
from ruqi.law.rules import told
from ruqi.tape.columns import Tape
from ruqi.treatment.actions import ACTIONS, IDS, RESOURCES, WAIT
from ruqi.treatment.allocate import Allocation, allocate, limit_rows
from ruqi.treatment.cases import Cases, Flags, Ints, cases, contact_bars
from ruqi.treatment.explain import story
from ruqi.treatment.policy import Policy, scaled
from ruqi.treatment.reasons import Case, Target, codes, sentence
from ruqi.treatment.value import Worth, uses, worth

# Far more than any day has: the available units of a resource that policy does not limit.
UNLIMITED = 2**40
FACTORS = (0.5, 2.0)


@dataclass(frozen=True)
class Plan:
    """`frame` has the columns of plan.parquet; `steps` a row for each account and treatment that
    policy allows it; `limits` the rows of limits.json; `summary` what the whole plan rests on.
    """

    frame: pl.DataFrame
    steps: pl.DataFrame
    limits: list[dict[str, Any]]
    stability: list[dict[str, Any]]
    summary: dict[str, Any]


@dataclass(frozen=True)
class Choices:
    """The arrays behind a plan: what is open to whom, what it is worth, and what was chosen."""

    cases: Cases
    worth: Worth
    same_borrower: Flags  # (accounts,): another account of the borrower is the one to contact
    use: Ints
    limited: Mapping[str, int]
    found: Allocation
    waits_for: str  # a code for the whole book, or empty

    @property
    def open(self) -> Flags:
        """Actions that policy, guard and the borrower's other accounts leave open."""
        return _open(self.cases, self.worth, self.same_borrower)


def build(tape: Tape, forward: Scored | NotPossible, policy: Policy, pack: Pack, seed: int) -> Plan:
    """The plan of the day over every account open at the book's newest month.

    `seed` is kept for the signature of a run: nothing here is drawn by lot.
    """
    del seed
    chosen = choose(tape, cases(tape, forward, policy, pack), policy)
    limits = _limit_rows(chosen)
    stability = [_stability(chosen, policy, tape, factor) for factor in FACTORS]
    frame = _frame(tape, chosen, policy, pack)
    summary = _summary(tape, forward, policy, pack, chosen)
    summary["stability"] = stability
    summary["by_treatment"] = _by_treatment(frame)
    return Plan(frame, _steps(chosen), limits, stability, summary)


def explain(plan: Plan, account_id: str) -> dict[str, Any] | None:
    """One account's whole story, or None where the plan does not hold it."""
    rows = plan.frame.filter(pl.col("account_id") == account_id).to_dicts()
    if not rows:
        return None
    steps = plan.steps.filter(pl.col("account_id") == account_id).to_dicts()
    return story(rows[0], steps, None, plan.limits, plan.summary)


def choose(tape: Tape, found: Cases, policy: Policy) -> Choices:
    """Value every allowed treatment and choose within the limits."""
    costs = policy.costs.get(tape.currency)
    n = found.frame.height
    waits_for = ""
    if costs is None:
        waits_for = "NO_POLICY_FOR_CURRENCY"
    elif not tape.has("performance.balance"):
        waits_for = "NEEDS_BALANCE"
    if costs is None or waits_for:
        nothing = np.zeros((n, len(ACTIONS)), np.int64)
        allowed = np.zeros(nothing.shape, np.bool_)
        allowed[:, WAIT] = True
        made = Worth(nothing, nothing, allowed)
    else:
        made = worth(found, policy, costs)
    same = _same_borrower(found, made, policy)
    limited = {limit.resource: limit.of(n) for limit in policy.limits}
    use = uses(policy)
    available = np.array([limited.get(r.id, UNLIMITED) for r in RESOURCES], np.int64)
    solved = allocate(made.value, _open(found, made, same), use, available)
    return Choices(found, made, same, use, limited, solved, waits_for)


def _open(found: Cases, made: Worth, same_borrower: Flags) -> Flags:
    contact = np.array([action.channel is not None for action in ACTIONS])
    open_: Flags = made.allowed & ~found.barred & ~(same_borrower[:, None] & contact)
    return open_


def _same_borrower(found: Cases, made: Worth, policy: Policy) -> Flags:
    """Accounts that leave their borrower's one contact of the day to a more valuable account."""
    n = found.frame.height
    if not policy.one_contact_per_borrower:
        return np.zeros(n, np.bool_)
    contact = np.array([action.channel is not None for action in ACTIONS])
    best = np.where(made.allowed & ~found.barred & contact, made.value, 0).max(axis=1, initial=0)
    ranked = (
        found.frame.select("account_id", "borrower_id")
        .with_row_index("row")
        .with_columns(pl.Series("best", best))
        .filter(pl.col("best") > 0)
        .sort("borrower_id", "best", "account_id", descending=[False, True, False])
    )
    later = ranked.filter(pl.int_range(pl.len()).over("borrower_id") > 0)
    same = np.zeros(n, np.bool_)
    same[later["row"].to_numpy()] = True
    return same


def _limit_rows(chosen: Choices) -> list[dict[str, Any]]:
    value, use, limited = chosen.worth.value, chosen.use, chosen.limited
    return limit_rows(chosen.found, value, chosen.open, use, limited)


def _stability(chosen: Choices, policy: Policy, tape: Tape, factor: float) -> dict[str, Any]:
    """How much of the plan stays when every prior effect is `factor` times what policy says."""
    other = choose(tape, chosen.cases, scaled(policy, factor))
    late = chosen.worth.allowed[:, 1:].any(axis=1)
    here, there = chosen.found.choice, other.found.choice
    worked, minutes = chosen.use[here, 0] > 0, chosen.use[there, 0] > 0
    return {
        "factor": factor,
        "accounts": int(late.sum()),
        "same_treatment_share": _share(int((here == there)[late].sum()), int(late.sum())),
        "worked_accounts": int(worked.sum()),
        "same_worked_share": _share(int((worked & minutes).sum()), int(worked.sum())),
        "objective_minor": other.found.objective_minor,
    }


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _frame(tape: Tape, chosen: Choices, policy: Policy, pack: Pack) -> pl.DataFrame:
    frame, choice = chosen.cases.frame, chosen.found.choice
    rows = np.arange(len(choice))
    delinquency = tape.delinquency
    names = [bucket.name for bucket in delinquency.buckets]
    by_facts = [contact_bars(one) for one in chosen.cases.bars]
    facts = frame["facts"].to_list()
    told_rows = _told(tape, chosen, policy)
    lateness = "months_past_due" if delinquency.by == "months" else "dpd_days"
    return pl.DataFrame(
        {
            "account_id": frame["account_id"],
            "borrower_id": frame["borrower_id"],
            "as_of": pl.Series([tape.as_of] * len(rows), dtype=pl.Date),
            "bucket": [None if b is None else names[b] for b in frame["bucket"].to_list()],
            lateness: frame[lateness],
            "balance_minor": frame["balance_minor"],
            "currency": pl.Series([tape.currency] * len(rows), dtype=pl.String),
            "treatment": [IDS[index] for index in choice.tolist()],
            "eligible": [by_facts[index][0] for index in facts],
            "bars": ["|".join(by_facts[index][1]) for index in facts],
            "value_minor": chosen.worth.value[rows, choice],
            "cost_minor": chosen.worth.cost[rows, choice],
            "agent_minutes": chosen.use[choice, 0],
            "sms": chosen.use[choice, 1],
            "reasons": [one[0] for one in told_rows],
            "reason_en": [one[1] for one in told_rows],
            "reason_zh": [one[2] for one in told_rows],
            "policy_version": pl.Series([policy.stamp] * len(rows), dtype=pl.String),
            "pack_version": pl.Series([pack.version] * len(rows), dtype=pl.String),
        },
        schema_overrides={
            "bucket": pl.String,
            "treatment": pl.String,
            "eligible": pl.Boolean,
            "bars": pl.String,
            "reasons": pl.String,
            "reason_en": pl.String,
            "reason_zh": pl.String,
        },
    )


def _told(tape: Tape, chosen: Choices, policy: Policy) -> list[tuple[str, str, str]]:
    """Codes and both sentences of every account."""
    target = Target(policy.target_months, policy.target_horizon_months)
    made = []
    for case in _cases(tape, chosen):
        en, zh = sentence(case, tape.currency, target)
        made.append((codes(case), en, zh))
    return made


def _cases(tape: Tape, chosen: Choices) -> list[Case]:
    frame, delinquency = chosen.cases.frame, tape.delinquency
    labels = [
        (delinquency.label(i), delinquency.label(i, "zh")) for i in range(len(delinquency.buckets))
    ]
    unknown = ("lateness not stated", "逾期情况未说明")
    value = chosen.worth.value
    worth_it = np.where(chosen.open, value, 0)
    best = worth_it.argmax(axis=1)
    barred_value = np.where(chosen.worth.allowed & chosen.cases.barred, value, 0)
    barred = barred_value.argmax(axis=1)
    columns = ("bucket", "months_late", "chance", "chance_is_prior")
    made = []
    for row, (bucket, months, chance, is_prior) in enumerate(frame.select(columns).iter_rows()):
        label = unknown if bucket is None else labels[bucket]
        picked, top = int(chosen.found.choice[row]), int(best[row])
        top = picked if value[row, picked] >= worth_it[row, top] and picked else top
        closed = int(barred[row]) if barred_value[row, barred[row]] > value[row, picked] else WAIT
        case = Case(
            label_en=label[0],
            label_zh=label[1],
            months_late=months,
            chance=chance,
            chance_is_prior=is_prior,
            chosen=picked,
            best=top,
            value_minor=int(value[row, picked]),
            cost_minor=int(chosen.worth.cost[row, picked]),
            best_value_minor=int(value[row, top]),
            short=_short(chosen, picked, top) if top != picked else (),
            barred=closed,
            rules=chosen.cases.bars_of(row)[closed],
        )
        made.append(case if picked else replace(case, waits_for=_waits_for(chosen, row, case)))
    return made


def _waits_for(chosen: Choices, row: int, case: Case) -> str:
    """The one code that says why an account waits; empty where limits or rules say it."""
    if chosen.waits_for:
        return chosen.waits_for
    if not case.months_late and not chosen.worth.allowed[row, 1:].any():
        return "NOT_LATE"
    if chosen.cases.frame["balance_minor"][row] is None:
        return "NEEDS_BALANCE"
    if not chosen.worth.allowed[row, 1:].any():
        return "NOTHING_ALLOWED"
    if chosen.same_borrower[row] and not case.best:
        return "SAME_BORROWER"
    if case.best or case.rules:
        return ""
    return "NOT_WORTH_COST"


def _short(chosen: Choices, picked: int, better: int) -> tuple[int, ...]:
    """The limits that keep `better` away: it uses more of them, and they are scarce."""
    more = [k for k in range(len(RESOURCES)) if chosen.use[better, k] > chosen.use[picked, k]]
    left = chosen.found.left
    scarce = [k for k in more if chosen.found.price[k] > 0 or left[k] < chosen.use[better, k]]
    return tuple(scarce or more)


def _steps(chosen: Choices) -> pl.DataFrame:
    """A row for each account and treatment that policy allows it (waiting with it)."""
    late = np.flatnonzero(chosen.worth.allowed[:, 1:].any(axis=1))
    allowed = chosen.worth.allowed[late]
    row, action = np.nonzero(allowed)
    place = late[row]
    facts = chosen.cases.frame["facts"].to_numpy()[place].tolist()
    bars = [
        "|".join(chosen.cases.bars[fact][index]) for fact, index in zip(facts, action, strict=True)
    ]
    frame = chosen.cases.frame[place]
    made = {
        "account_id": frame["account_id"],
        "treatment": [IDS[index] for index in action.tolist()],
        "months_late": frame["months_late"],
        "chance": frame["chance"],
        "chance_is_prior": frame["chance_is_prior"],
        "bars": bars,
        "same_borrower": chosen.same_borrower[place],
        "open": chosen.open[place, action],
        "value_minor": chosen.worth.value[place, action],
        "cost_minor": chosen.worth.cost[place, action],
        **{r.id: chosen.use[action, k] for k, r in enumerate(RESOURCES)},
        "chosen": chosen.found.choice[place] == action,
    }
    return pl.DataFrame(made, schema_overrides={"treatment": pl.String, "bars": pl.String})


def _by_treatment(frame: pl.DataFrame) -> list[dict[str, Any]]:
    counted = dict(frame.group_by("treatment").len().iter_rows())
    return [{"treatment": name, "accounts": counted.get(name, 0)} for name in IDS]


def _summary(
    tape: Tape, forward: Scored | NotPossible, policy: Policy, pack: Pack, chosen: Choices
) -> dict[str, Any]:
    bars = sorted({rule for row in chosen.cases.bars for rules in row for rule in rules})
    found = chosen.found
    gap = found.bound_minor - found.objective_minor
    register = tape.synthetic & {"*", "borrowers", "contacts"}
    score = isinstance(forward, Scored)
    return {
        "accounts": chosen.cases.frame.height,
        "currency": tape.currency,
        "waits_for": chosen.waits_for or None,
        "score": "forward" if score else "prior",
        "score_note_en": "" if isinstance(forward, Scored) else forward.reason_en,
        "score_note_zh": "" if isinstance(forward, Scored) else forward.reason_zh,
        "prior_chances": int(chosen.cases.frame["chance_is_prior"].sum()),
        "register": tape.borrowers is not None,
        "register_synthetic": bool(register) and tape.borrowers is not None,
        "objective_minor": found.objective_minor,
        "bound_minor": found.bound_minor,
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
            "stand_in": policy.law_stand_in,
            "status_en": pack.edition.status_en,
            "status_zh": pack.edition.status_zh,
            "note_en": policy.law_note_en,
            "note_zh": policy.law_note_zh,
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
        "target": {
            "months_late": policy.target_months,
            "horizon_months": policy.target_horizon_months,
        },
    }


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
