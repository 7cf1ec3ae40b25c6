"""The forward score: chance of being at the target's lateness next month, as the day could know it.

Learned on pairs of earlier months, applied to accounts open at `as_of`. Its test is the last
observable pair, scored by a model that knew no later month. Where the coding of lateness changed
on the way, ranking is reported and no calibration is claimed.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from ruqi.behaviour import words
from ruqi.behaviour.against import against_outcome
from ruqi.behaviour.boosting import BoostedBag
from ruqi.behaviour.drift import Degenerate, psi
from ruqi.behaviour.entry import Head, entry, reasons
from ruqi.behaviour.fairness import fairness
from ruqi.behaviour.history import History, day, history
from ruqi.behaviour.known import known_now, reads
from ruqi.behaviour.learned import Months, card
from ruqi.behaviour.model import families_of, learn
from ruqi.behaviour.pairs import Rows, everyone, rows_of
from ruqi.behaviour.panel import Floats
from ruqi.behaviour.quality import difference, measures
from ruqi.behaviour.reading import readings, set_aside
from ruqi.behaviour.scored import NotPossible, Scored, Target, frame_of, two_months_late
from ruqi.tape.columns import Tape
from ruqi.tape.remarks import Remark, touching

ROWS_MOST = 60_000  # account-months learned from; more moves the AUC by less than its interval
TESTED_MOST = 200_000
CHUNK = 100_000  # accounts scored at a time; a row's score does not depend on its neighbours
EVENTS_LEAST = 10  # of each class, in the months learned from


def forward(
    tape: Tape, remarks: Sequence[Remark], target: Target | None, seed: int
) -> Scored | NotPossible:
    """Score every account open at `tape.as_of`; `target` None is two months late next month."""
    target = target or two_months_late(tape.delinquency)
    past = history(tape, remarks, target)
    if isinstance(past, NotPossible):
        return past
    eve = past.last - past.horizon
    tested = rows_of(tape, past, target, [eve], everyone(tape, past, TESTED_MOST, seed))
    before, learned = (
        rows_of(tape, past, target, months, everyone(tape, past, ROWS_MOST // len(months), seed))
        for months in (past.learned(eve), past.learned(past.last))
    )
    for rows in (before, learned):
        if min(rows.y.sum(), len(rows.y) - rows.y.sum()) < EVENTS_LEAST:
            return words.too_few(tape, target, int(rows.y.sum()), len(rows.y), EVENTS_LEAST)
    judged = learn(before.columns, before.X, before.y, seed, before.account)
    reseeded = learn(before.columns, before.X, before.y, seed + 1, before.account)
    told = judged.reasons(tested.X)
    p = judged.predict(tested.X)
    final = learn(learned.columns, learned.X, learned.y, seed, learned.account)
    now = tape.open_at_end()
    accounts = now["account_id"]
    held = readings(now, learned, target, past.crossed)
    unread_en, unread_zh = words.unread(tape, held, past.crossed)
    answer = _answer(tape, past, final, now)
    families = families_of(learned.columns)
    ids = touching(remarks, tape.as_of, reads(tape), since=day(tape, past.first))
    observed = None if past.crossed else tested.y
    backtest = _backtest(tape, target, past, tested, p, seed, ids)
    backtest["by_bucket"] = words.buckets(tape, held)
    made = Scored(
        score_id="forward",
        frame=frame_of("forward", accounts, answer, families),
        quality={
            "scores": [backtest],
            "reasons": reasons("forward", families, (p, told), reseeded.reasons(tested.X)),
            "drift": _drift(final.predict(learned.X), learned.account, answer[0], ids),
            "protected_cost": None,
            "card": _card(tape, past, learned, final),
        },
        fairness=fairness("forward", tape.protected, tested.accounts, p, observed),
        notes_en=(*words.notes(tape, target, past)[0], *([unread_en] if unread_en else [])),
        notes_zh=(*words.notes(tape, target, past)[1], *([unread_zh] if unread_zh else [])),
        set_aside=set_aside(now, held),
        set_aside_en=unread_en,
        set_aside_zh=unread_zh,
    )
    against = against_outcome(tape, made, ids, seed)
    return (
        replace(made, quality={**made.quality, "scores": [backtest, against]}) if against else made
    )


def _card(tape: Tape, past: History, rows: Rows, bag: BoostedBag) -> dict[str, Any]:
    """What the score in use was learned from; its test knew one horizon less."""
    to = past.learned(past.last)
    days = (to[0] - past.window + 1, to[-1], past.last, past.last - past.horizon, past.last)
    months = Months(*(day(tape, month) for month in days))
    accounts = len(np.unique(rows.account))
    return card("forward", rows.columns, [bag], rows.y, accounts, months)


def _answer(
    tape: Tape, past: History, bag: BoostedBag, now: pl.DataFrame
) -> tuple[Floats, Floats, Floats, Floats]:
    """`BoostedBag.answer` for the accounts of `now`, in chunks that bound the memory."""
    parts = []
    for start in range(0, now.height, CHUNK):
        features = known_now(tape, now.slice(start, CHUNK), past.window)
        parts.append(bag.answer(features.values))
    joined = [np.concatenate(part) for part in zip(*parts, strict=True)]
    return joined[0], joined[1], joined[2], joined[3]


def _backtest(
    tape: Tape,
    target: Target,
    past: History,
    tested: Rows,
    p: Floats,
    seed: int,
    ids: Sequence[str],
) -> dict[str, Any]:
    target_en, target_zh = words.target(tape, target)
    note_en, note_zh = words.backtest(tape, past)
    head = Head(
        "forward",
        "forward_backtest",
        target_en,
        target_zh,
        remark_ids=ids,
        note_en=note_en,
        note_zh=note_zh,
    )
    unclaimed = words.unclaimed(past.crossed) if past.crossed else None
    both = bool(0 < tested.y.sum() < len(tested.y))
    if not both:
        unclaimed = words.one_class(int(tested.y.sum()), len(tested.y))
    return {
        **entry(head, tested.y, p, seed, unclaimed),
        "by_state": [_by_state(tested, p, already, seed) for already in (False, True)],
        "over_lateness_alone": difference(tested.y, p, tested.lateness, seed) if both else None,
    }


def _by_state(tested: Rows, p: Floats, already: bool, seed: int) -> dict[str, Any]:
    """How well it ranks those not yet at the target, and those already there (still or worse)."""
    of = tested.already == already
    y = tested.y[of]
    both = 0 < y.sum() < len(y)
    return {
        "state": "already" if already else "not_yet",
        **words.state(already),
        "n": len(y),
        "events": int(y.sum()),
        "auc": measures(y, p[of], seed)["auc"] if both else None,
    }


def _drift(
    learned: Floats, account: npt.NDArray[np.int64], now: Floats, ids: Sequence[str]
) -> dict[str, Any] | None:
    """How far the newest month's scores stand from those of the months learned from."""
    try:
        # An account's months resemble each other, so chance is judged by accounts, not by rows.
        found = psi(learned, now, n_reference=len(np.unique(account)))
    except Degenerate:
        return None
    return {"definition_id": "score_psi", **found.as_json(), "remark_ids": list(ids)}
