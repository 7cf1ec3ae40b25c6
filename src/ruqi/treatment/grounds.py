"""What decided each account, ready to be put into codes and sentences."""

from dataclasses import replace

import numpy as np
import polars as pl

from ruqi.tape.columns import Delinquency, Tape
from ruqi.treatment.actions import IDS, RESOURCES, WAIT
from ruqi.treatment.cases import Flags
from ruqi.treatment.choose import Choices
from ruqi.treatment.policy import Policy
from ruqi.treatment.reasons import Case, Target, codes, sentence

CARE = "VULNERABLE_HUMAN_ONLY"
BY_A_PERSON = ("call", "hardship_offer")
REFER = (
    "VULNERABLE_REFER",
    "The borrower needs special care, and no person helps them today within rules and limits: "
    "refer the account to a person.",
    "该借款人属特殊困难，今日在规则与限额之内未安排人工帮助，请转专人跟进。",
)
CALL_ONLY = (
    "HARDSHIP_CALL_ONLY",
    "There is no consent to calls, so a hardship call cannot be offered; an offer by letter or "
    "e-mail is not modelled.",
    "未取得电话授权，无法致电协商纾困；信函或电子邮件方式的纾困协商未纳入方案。",
)


def told_rows(tape: Tape, chosen: Choices, policy: Policy) -> list[tuple[str, str, str]]:
    """Codes and both sentences of every account."""
    target = Target(policy.target_months, policy.target_horizon_months)
    referred = refer(chosen).tolist()
    unoffered = _unoffered(chosen).tolist()
    made = []
    for case, *marks in zip(cases_of(tape, chosen), referred, unoffered, strict=True):
        told = codes(case), *sentence(case, tape.currency, target)
        for marked, (code, en, zh) in zip(marks, (REFER, CALL_ONLY), strict=True):
            if marked:
                told = f"{told[0]}|{code}", f"{told[1]} {en}", f"{told[2]}{zh}"
        made.append(told)
    return made


def vulnerable(chosen: Choices) -> Flags:
    """Late accounts whose borrower needs special care and whom no other hold protects."""
    text = IDS.index("sms")  # what reaches a borrower other than by a person is barred by each hold
    by_facts = [
        CARE in rules[text] and not any(rule.startswith("HOLD_") for rule in rules[text])
        for rules in chosen.cases.bars
    ]
    frame = chosen.cases.frame
    care = np.array(by_facts, np.bool_)[frame["facts"].to_numpy()]
    found: Flags = care & (frame["months_late"].to_numpy() > 0)
    return found


def refer(chosen: Choices) -> Flags:
    """Vulnerable late accounts whose borrower no person helps today, on any of their accounts."""
    helped = np.isin(chosen.found.choice, [IDS.index(name) for name in BY_A_PERSON])
    borrowers = chosen.cases.frame["borrower_id"]
    reached = borrowers.is_in(borrowers.filter(pl.Series(helped)).unique().implode()).to_numpy()
    found: Flags = vulnerable(chosen) & ~reached
    return found


def _unoffered(chosen: Choices) -> Flags:
    """Legal reviews that come before a hardship offer only because calls are not consented to."""
    offer = IDS.index("hardship_offer")
    by_facts = np.array([rules[offer] == ("NO_CONSENT_CALL",) for rules in chosen.cases.bars])
    lacking = by_facts[chosen.cases.frame["facts"].to_numpy()]
    legal = chosen.found.choice == IDS.index("legal_review")
    found: Flags = legal & lacking & chosen.worth.allowed[:, offer]
    return found


def cases_of(tape: Tape, chosen: Choices) -> list[Case]:
    """One `Case` an account, in the order of the plan."""
    labels = _labels(tape.delinquency)
    value, allowed, barred = chosen.worth.value, chosen.worth.allowed, chosen.cases.barred
    every = np.arange(len(value))
    picked = chosen.found.choice
    worth_it = np.where(chosen.open, value, 0)
    best = worth_it.argmax(axis=1)
    # Of equals the chosen one counts as best, whatever its place.
    best = np.where(worth_it[every, best] > value[every, picked], best, picked)
    # The barred treatment that would be worth most; where nothing at all is open, any barred one.
    nothing_open = ~chosen.open[:, 1:].any(axis=1)
    closed_value = np.where(allowed & barred, value, np.iinfo(np.int64).min)
    closed = closed_value.argmax(axis=1)
    missed = closed_value[every, closed] > value[every, picked]
    closed = np.where(missed | (nothing_open & (allowed & barred).any(axis=1)), closed, WAIT)
    columns = chosen.cases.frame.select(
        "bucket", "months_late", "chance", "chance_is_prior", "facts"
    ).iter_rows()
    made = []
    for row, (bucket, months, chance, is_prior, facts) in enumerate(columns):
        label = labels[bucket]
        took, top = int(picked[row]), int(best[row])
        case = Case(
            label_en=label[0],
            label_zh=label[1],
            months_late=months,
            chance=chance,
            chance_is_prior=is_prior,
            calibrated=chosen.cases.calibrated,
            chosen=took,
            best=top,
            value_minor=int(value[row, took]),
            cost_minor=int(chosen.worth.cost[row, took]),
            best_value_minor=int(value[row, top]),
            short=_short(chosen, took, top) if top != took else (),
            barred=int(closed[row]),
            rules=chosen.cases.bars[facts][closed[row]],
        )
        made.append(case if took else replace(case, waits_for=_waits_for(chosen, row, case)))
    return made


def _labels(delinquency: Delinquency) -> dict[int | None, tuple[str, str]]:
    """Every bucket's name with its days, in both languages."""
    return {None: ("lateness not stated", "逾期情况未说明")} | {
        index: (delinquency.label(index), delinquency.label(index, "zh"))
        for index in range(len(delinquency.buckets))
    }


def _waits_for(chosen: Choices, row: int, case: Case) -> str:
    """The one code that says why an account waits; empty where limits or rules say it."""
    if chosen.waits_for:
        return chosen.waits_for
    if not chosen.worth.allowed[row, 1:].any():
        return "NOTHING_ALLOWED" if case.months_late else "NOT_LATE"
    if chosen.cases.frame["balance_minor"][row] is None:
        return "NEEDS_BALANCE"
    if chosen.same_borrower[row] and not case.best:
        return "SAME_BORROWER"
    if case.best or case.rules:
        return ""
    return "NOT_WORTH_COST"


def _short(chosen: Choices, picked: int, better: int) -> tuple[int, ...]:
    """The limits that keep `better` away: it uses more of them, and they are scarce."""
    more = [k for k in range(len(RESOURCES)) if chosen.use[better, k] > chosen.use[picked, k]]
    found = chosen.found
    scarce = []
    for k in more:
        left = chosen.limited.get(RESOURCES[k].id, found.used[k]) - found.used[k]
        limited = RESOURCES[k].id in chosen.limited
        if limited and (found.price[k] > 0 or left < chosen.use[better, k]):
            scarce.append(k)
    return tuple(scarce or more)
