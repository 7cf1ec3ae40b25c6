"""Small books with a register, scores and policies, for tests of the plan."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import polars as pl

from china import china
from ruqi.adapters.files.policy_file import shipped_policy
from ruqi.behaviour.scored import FRAME, NotPossible, Scored
from ruqi.tape.columns import Tape
from ruqi.treatment.cases import Cases, cases
from ruqi.treatment.explain import story
from ruqi.treatment.plan import Plan, build
from ruqi.treatment.policy import Limit, Policy
from tapes import make_tape

UNSCORED = NotPossible("too few months", "月份太少", ("performance.on",))
ALL = ["app", "sms", "email", "call"]
PLENTY = {"agent_minutes": 10**6, "sms": 10**6, "hardship_slots": 10**6, "legal_slots": 10**6}


def account(name: str, bucket: str, yuan: int | None, **register: Any) -> dict[str, Any]:
    """One account: its bucket, balance in yuan, and what the register says of its borrower."""
    return {"account_id": name, "bucket": bucket, "yuan": yuan, "register": register}


def book(*accounts: Mapping[str, Any], register: bool = True, **more: Any) -> Tape:
    """A book of one month. A borrower consents to everything and has no hold unless said."""
    performance = [
        {"account_id": a["account_id"], "on": "2026-10", "bucket": a["bucket"]}
        | {"balance_minor": None if a["yuan"] is None else a["yuan"] * 100}
        for a in accounts
    ]
    borrowers: dict[str, dict[str, Any]] = {}
    owned = []
    for one in accounts:
        given = dict(one["register"])
        name = given.pop("borrower_id", one["account_id"])
        owned.append({"account_id": one["account_id"], "borrower_id": name})
        usual = {"time_zone": "Asia/Shanghai", "consent": ALL, "holds": None}
        borrowers.setdefault(name, {"borrower_id": name} | usual | given)
    if register:
        more = {"borrowers": list(borrowers.values())} | more
    return make_tape(performance, accounts=owned, **more)


def scored(chances: Mapping[str, float]) -> Scored:
    """A forward score with these chances."""
    rows = [
        {
            "account_id": name,
            "score_id": "forward",
            "probability": chance,
            "low": chance * 0.9,
            "high": min(1.0, chance * 1.1),
            "families": [{"family": "lateness", "contribution": chance}],
        }
        for name, chance in sorted(chances.items())
    ]
    return Scored("forward", pl.DataFrame(rows, schema=FRAME), {})


@cache
def _shipped() -> Policy:
    return shipped_policy()


def policy(limits: Mapping[str, int] | None = None, **changed: Any) -> Policy:
    """The shipped policy with these limits (none: more than a small book can use)."""
    held = tuple(Limit(name, many, None) for name, many in {**PLENTY, **(limits or {})}.items())
    return replace(_shipped(), limits=held, **changed)


def plan(
    tape: Tape,
    chances: Mapping[str, float] | None = None,
    limits: Mapping[str, int] | None = None,
    **changed: Any,
) -> Plan:
    """The plan of a small book."""
    forward = UNSCORED if chances is None else scored(chances)
    return build(tape, forward, policy(limits, **changed), china())


def cases_of(tape: Tape, chances: Mapping[str, float] | None = None, **changed: Any) -> Cases:
    """What a plan would know of a small book."""
    forward = UNSCORED if chances is None else scored(chances)
    return cases(tape, forward, policy(**changed), china())


def row(made: Plan, name: str) -> dict[str, Any]:
    """One account's row of a plan."""
    return made.frame.row(by_predicate=pl.col("account_id") == name, named=True)


def explain(made: Plan, name: str) -> dict[str, Any]:
    """One account's story, from the plan's own rows."""
    steps = made.steps.filter(pl.col("account_id") == name).to_dicts()
    return story(row(made, name), steps, None, made.limits, made.summary)


def treatments(made: Plan) -> dict[str, str]:
    """Each account's treatment."""
    return dict(made.frame.select("account_id", "treatment").iter_rows())


def codes(made: Plan, name: str) -> list[str]:
    """One account's reason codes."""
    return str(row(made, name)["reasons"]).split("|")


def names(accounts: Iterable[int]) -> list[str]:
    """`a00`, `a01` …"""
    return [f"a{number:02d}" for number in accounts]
