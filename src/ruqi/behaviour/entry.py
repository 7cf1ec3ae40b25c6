"""One entry of evaluation.json: how a score did on one split, with intervals and what it claims."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ruqi.behaviour.calibration import curve, ece_by_chance, line, logit
from ruqi.behaviour.features import FAMILIES
from ruqi.behaviour.panel import Floats
from ruqi.behaviour.quality import measures
from ruqi.primitives.errors import ensure

UNKNOWN = {"value": None, "low": None, "high": None}
DECIDED = 0.2  # reasons are told for, and fairness is read at, the riskiest fifth


@dataclass(frozen=True)
class Head:
    """What an entry says of itself before any figure."""

    score_id: str
    split: str
    target_en: str
    target_zh: str
    protected_used: bool = False
    remark_ids: Sequence[str] = ()
    note_en: str = ""
    note_zh: str = ""


@dataclass(frozen=True)
class Unclaimed:
    """Why no calibration is claimed."""

    note_en: str
    note_zh: str


def entry(
    head: Head, y: Floats, p: Floats, seed: int, unclaimed: Unclaimed | None = None
) -> dict[str, Any]:
    """The entry for events `y` and probabilities `p`.

    Figures of calibration are null if `unclaimed`; all of them where only one class was seen, for
    which `unclaimed` must then say why.
    """
    ensure(unclaimed is not None or 0 < y.sum() < len(y), "one class alone calibrates nothing")
    found: dict[str, Any] = {name: dict(UNKNOWN) for name in ("auc", "ks", "brier", "ece")}
    if 0 < y.sum() < len(y):
        found = dict(measures(y, p, seed))
    calibration: dict[str, Any] | None = None
    points: list[dict[str, Any]] = []
    if unclaimed is None:
        calibration, points = line(y, logit(p)).as_json(), curve(y, p)
        found["ece"] = ece_interval(found["ece"], ece_by_chance(p, seed))
    else:
        found["ece"] = dict(UNKNOWN)
    return {
        "score_id": head.score_id,
        "target_en": head.target_en,
        "target_zh": head.target_zh,
        "split": head.split,
        "n": len(y),
        "events": int(y.sum()),
        **found,
        "calibration": calibration,
        "calibration_note_en": unclaimed.note_en if unclaimed else None,
        "calibration_note_zh": unclaimed.note_zh if unclaimed else None,
        "curve": points,
        "protected_used": head.protected_used,
        "remark_ids": list(head.remark_ids),
        "note_en": head.note_en,
        "note_zh": head.note_zh,
    }


def ece_interval(plain: Mapping[str, float], chance: tuple[float, float]) -> dict[str, float]:
    """`plain` beside what chance alone gives (mean, 97.5 %), and from 0 where that explains it."""
    by_chance, most = chance
    low = 0.0 if plain["value"] <= most else plain["low"]
    return {**plain, "low": low, "by_chance": by_chance, "by_chance_high": most}


def decided(p: Floats) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """The riskiest fifth by probability; ties go to the earlier row."""
    chosen = np.zeros(len(p), dtype=np.bool_)
    chosen[np.argsort(-p, kind="stable")[: int(np.ceil(DECIDED * len(p)))]] = True
    return chosen


def reasons(
    score_id: str, families: Sequence[str], first: tuple[Floats, Floats], second: Floats
) -> dict[str, Any]:
    """How stable the first reason is across reseeds, and what each family weighs.

    `first` holds probability and reasons of one model, `second` the reasons of the same rows by a
    model of another seed; reasons have shape (rows, families + 1).
    """
    p, told = first
    top, again = (np.abs(part[:, :-1]).argmax(axis=1) for part in (told, second))
    same, riskiest = top == again, decided(p)
    return {
        "score_id": score_id,
        "stability_top1_share": float(same[riskiest].mean()),
        "stability_top1_share_all": float(same.mean()),
        "decided_share": DECIDED,
        "n": len(p),
        "families": [
            {
                "family": family,
                "name_en": FAMILIES[family][0],
                "name_zh": FAMILIES[family][1],
                "mean_size": float(np.abs(told[:, place]).mean()),
                "first_among_decided": float((top[riskiest] == place).mean()),
            }
            for place, family in enumerate(families)
        ],
    }
