"""The plan of the day: one treatment for each open account, within law and limits, with reasons.

The plan chooses and never acts. It says who is eligible as far as facts known today go; the clock
and the counters are judged when a contact is sent.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl

from ruqi.behaviour.scored import NotPossible, Scored
from ruqi.law.pack import Pack
from ruqi.tape.columns import Tape
from ruqi.treatment.absent import absence
from ruqi.treatment.actions import IDS, RESOURCES
from ruqi.treatment.cases import cases, contact_bars
from ruqi.treatment.choose import Choices, choose
from ruqi.treatment.grounds import told_rows
from ruqi.treatment.policy import Policy, scaled
from ruqi.treatment.summary import summarise

FACTORS = (0.5, 2.0)
ALONE_UP_TO = 200_000  # accounts up to which each prior is also moved alone, a solution each


@dataclass(frozen=True)
class Plan:
    """`frame` has the columns of plan.parquet; `steps` a row for each account and treatment that
    policy allows it; `limits` the rows of limits.json; `summary` what the whole plan rests on;
    `absent` every account that is not open at as_of, and why (`Tape.not_open`).
    """

    frame: pl.DataFrame
    steps: pl.DataFrame
    limits: list[dict[str, Any]]
    stability: list[dict[str, Any]]
    summary: dict[str, Any]
    absent: pl.DataFrame


def build(tape: Tape, forward: Scored | NotPossible, policy: Policy, pack: Pack) -> Plan:
    """The plan of the day over every account open at as_of; nothing by lot."""
    chosen = choose(tape, cases(tape, forward, policy, pack), policy, margins=True)
    stability = _stability(tape, chosen, policy)
    frame = _frame(tape, chosen, policy, pack)
    summary = summarise(tape, forward, policy, pack, chosen)
    summary["stability"] = stability
    summary["by_treatment"] = _by_treatment(frame)
    absent = tape.not_open()
    summary |= absence(tape, absent)
    return Plan(frame, _steps(chosen), chosen.found.limit_rows, stability, summary, absent)


def _stability(tape: Tape, chosen: Choices, policy: Policy) -> list[dict[str, Any]]:
    """How much of the plan stays when priors change: all effects at once, then each one alone.

    Rows with `prior` None move every effect by one factor, which hardly moves a ranking; `worst`
    marks the single effect and factor that keep the fewest treatments.
    """
    rows = [_kept(tape, chosen, scaled(policy, by), None, by) for by in FACTORS]
    alone = [
        _kept(tape, chosen, scaled_alone(policy, name, by), f"effect.{name}", by)
        for name in (policy.treatments if chosen.cases.frame.height <= ALONE_UP_TO else ())
        for by in FACTORS
    ]
    worst = min(alone, key=lambda row: row["same_treatments"], default=None)
    return [row | {"worst": row is worst} for row in (*rows, *alone)]


def scaled_alone(policy: Policy, name: str, factor: float) -> Policy:
    """The same policy with the effect of one treatment times `factor` (never above 1)."""
    changed = scaled(policy, factor).treatments[name]
    return replace(policy, treatments={**policy.treatments, name: changed})


def _kept(
    tape: Tape, chosen: Choices, policy: Policy, prior: str | None, factor: float
) -> dict[str, Any]:
    """How much of the plan stays under another policy."""
    other = choose(tape, chosen.cases, policy)
    late = chosen.worth.allowed[:, 1:].any(axis=1)
    here, there = chosen.found.choice, other.found.choice
    worked, minutes = chosen.use[here, 0] > 0, chosen.use[there, 0] > 0
    return {
        "prior": prior,
        "factor": factor,
        "accounts": int(late.sum()),
        "same_treatments": int((here == there)[late].sum()),
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
    told = told_rows(tape, chosen, policy)
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
            "reasons": [one[0] for one in told],
            "reason_en": [one[1] for one in told],
            "reason_zh": [one[2] for one in told],
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
