"""Tape to plan: check, measure, score, plan and tell, all or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from ruqi.behaviour import scores
from ruqi.behaviour.scored import FRAME, NotPossible, Scored
from ruqi.law.pack import Pack
from ruqi.portfolio import measures, rolls, vintage
from ruqi.portfolio.definition import threshold
from ruqi.portfolio.panel import panel
from ruqi.portfolio.trend import trends
from ruqi.primitives.errors import NotThere
from ruqi.services import dealings
from ruqi.services.ports import Meter, Policies, Render, Runs, Tapes
from ruqi.services.progress import Progress
from ruqi.services.run import Run, data_card, describe, history
from ruqi.tape.columns import Tape
from ruqi.tape.remarks import Remark, find_remarks
from ruqi.treatment.evaluate import ranking
from ruqi.treatment.fairness import treated_by_group
from ruqi.treatment.plan import build
from ruqi.treatment.policy import Policy


@dataclass(frozen=True)
class Order:
    """What is asked for: which book, where to, as of when, under which policy, which seed."""

    tape: Path
    out: Path
    as_of: date | None = None
    policy: Path | None = None
    seed: int = 42


@dataclass(frozen=True)
class Plugs:
    """The outside that a run needs."""

    tapes: Tapes
    policies: Policies
    runs: Runs
    render: Render
    meter: Meter
    progress: Progress
    version: str


def run_tape(order: Order, plugs: Plugs) -> Run:
    """Do the whole run and write its folder.

    Raises:
        FileExistsError: `order.out` is not new or empty.
        InputFaulty: the tape has faults; nothing is written.
        PolicyError: the policy or its law pack is wrong; nothing is written.
        OutsideFailed: the folder could not be written; nothing is left of it.
        NotThere: `order.as_of` lies before the book.
    """
    plugs.runs.reserve(order.out)
    step, progress = plugs.meter.step, plugs.progress
    with step("read"):
        policy = plugs.policies.policy(order.tape, order.policy)
        tape, remarks = as_known(*plugs.tapes.read(order.tape, progress), order.as_of)
        pack = plugs.policies.pack(policy, tape)
    progress("measure", 0, None)
    with step("measure"):
        book = panel(tape)
        measured = measures.measure(tape, remarks, book)
        moves = rolls.rolls(tape, remarks, book)
        cells = vintage.vintages(tape, remarks, book)
    progress("score", 0, None)
    with step("score"):
        target = policy.target(tape.delinquency)
        forward = scores.forward(tape, remarks, target, order.seed)
        outcome = scores.outcome(tape, remarks, order.seed)
    progress("plan", 0, None)
    with step("plan"):
        plan = build(tape, forward, policy, pack)
    progress("evaluate", 0, None)
    with step("evaluate"):
        evaluation = evaluated(tape, (forward, outcome), policy, pack, order.seed)
        evaluation["treatment_fairness"] = treated_by_group(tape, plan.frame)
    head = describe(tape, policy, pack, order.seed, plugs.version)
    head["as_of_asked"] = order.as_of.isoformat() if order.as_of else None
    run = Run(
        info=head,
        remarks=tuple(remarks),
        measures=measured,
        definitions=defined(tape),
        trend={"trends": trends(measured, tape, remarks)},
        rolls=moves,
        vintages=cells,
        scores=score_rows((forward, outcome)),
        evaluation=evaluation,
        plan=plan,
        data_card=data_card(tape),
        history=history(tape),
        payments=dealings.payments(tape),
        contacts=dealings.contacts(tape),
    )
    progress("report", 0, None)
    with step("report"):
        pages = plugs.render(replace(run, info={**head, "steps": list(plugs.meter.spent.steps)}))
    run = replace(run, info={**head, "steps": plugs.meter.spent.steps})
    progress("write", 0, None)
    plugs.runs.write(order.out, run, pages)
    return run


def defined(tape: Tape) -> dict[str, dict[str, Any]]:
    """Every definition by its id, with the days from which it counts in this book."""
    return {
        name: {
            **one.as_json(),
            "threshold_en": threshold(one, tape.delinquency),
            "threshold_zh": threshold(one, tape.delinquency, "zh"),
        }
        for name, one in measures.REGISTRY.items()
    }


def score_rows(found: Sequence[Scored | NotPossible]) -> pl.DataFrame:
    """The rows of scores.parquet: every score that could be learned, one after the other."""
    frames = [score.frame for score in found if isinstance(score, Scored)]
    return pl.concat(frames) if frames else pl.DataFrame(schema=FRAME)


def evaluated(
    tape: Tape,
    found: Sequence[Scored | NotPossible],
    policy: Policy,
    pack: Pack,
    seed: int,
) -> dict[str, Any]:
    """evaluation.json: how good the scores are, and what real outcomes say about ranking."""
    learned = {score.score_id: score for score in found if isinstance(score, Scored)}
    ranked = ranking(tape, {name: one.used() for name, one in learned.items()}, policy, pack, seed)
    refused = [
        {"reason_en": one.reason_en, "reason_zh": one.reason_zh, "needs": list(one.needs)}
        for one in found
        if isinstance(one, NotPossible)
    ]
    quality = {name: dict(score.quality) for name, score in learned.items()}
    return {
        "scores": [row for one in quality.values() for row in one["scores"]],
        "not_possible": refused,
        "fairness": [row for score in learned.values() for row in score.fairness],
        "reasons": {name: one.get("reasons") for name, one in quality.items()},
        "drift": {name: one.get("drift") for name, one in quality.items()},
        "protected_cost": {name: one.get("protected_cost") for name, one in quality.items()},
        "cards": [one["card"] for one in quality.values() if one.get("card")],
        "notes": {
            name: {"en": list(one.notes_en), "zh": list(one.notes_zh)}
            for name, one in learned.items()
        },
        **ranked,
    }


def as_known(tape: Tape, remarks: list[Remark], as_of: date | None) -> tuple[Tape, list[Remark]]:
    """The book and its remarks as known on an earlier day; as they are where none is asked for.

    A day after the book's last observed one shows that last one: nothing later is known. Raises
    NotThere where the book has no month before that day.
    """
    if as_of is None or as_of >= tape.as_of:
        return tape, remarks
    known = tape.known_at(as_of)
    if known.performance.is_empty():
        begins = tape.performance.select(pl.col("on").min().cast(pl.String)).item()
        raise NotThere(f"as of {as_of} nothing is known: the book begins on {begins}")
    return known, find_remarks(known)
