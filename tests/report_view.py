"""A small run as the report reads it, made by hand, with room for one bad text."""

from datetime import date
from typing import Any

import polars as pl

ONS = [date(2005, month, 30 if month in (4, 6, 9) else 31) for month in range(4, 10)]
LATE = [3079, 2950, 3500, 4200, 4440, 6818]  # of 30,000; the coding changes in the last month
HOSTILE = '<script>alert("x")</script><img src=x onerror=alert(1)>'
NAMES = ("M0", "M1", "M2", "M3")
EN = ("M0 (0 days)", "M1 (1-30 days)", "M2 (31-60 days)", "M3 (61+ days)")
ZH = ("M0（0 天）", "M1（1-30 天）", "M2（31-60 天）", "M3（61+ 天）")
BREAK = "code_share-stage-2005-09"


def measure(definition: str, place: int, value: float | None, **more: Any) -> dict[str, Any]:
    """One row of measures; the interval is half a point each way."""
    row = {
        "definition_id": definition,
        "on": ONS[place],
        "segment": "all",
        "value": value,
        "low": None if value is None else value - 0.005,
        "high": None if value is None else value + 0.005,
        "numerator": None if value is None else value * 30000,
        "denominator": None if value is None else 30000.0,
        "unit": "share",
        "remark_ids": [BREAK] if place == 5 else [],
        "needs": [],
    }
    return row | more


def verdicts() -> list[dict[str, Any]]:
    """What the run says of two definitions' courses; the first breaks in the last month."""
    return [
        {
            "definition_id": "late_1p_count",
            "ageing_until": None,
            "verdict_en": "It rose until August. September is not comparable and is no trend.",
            "verdict_zh": "至8月上升。9月不可比，不构成趋势。",
        },
        {
            "definition_id": "late_2p_count",
            "ageing_until": "2005-05-31",
            "verdict_en": "Until May the accounts are young.",
            "verdict_zh": "至5月账龄尚浅。",
        },
    ]


def remark(name: str, kind: str, on: date | None, says: str = "said") -> dict[str, Any]:
    """One row of remarks."""
    return {
        "id": name,
        "kind": kind,
        "table": "performance",
        "column": "stage",
        "on": on.isoformat() if on else None,
        "count": 12,
        "share": 0.1,
        "example": "1",
        "says_en": says,
        "says_zh": says,
    }


def definition(name_en: str, name_zh: str, weight: str = "count") -> dict[str, Any]:
    """One definition as the registry tells it."""
    return {
        "name_en": name_en,
        "name_zh": name_zh,
        "says_en": f"What {name_en} tells.",
        "says_zh": f"{name_zh}说明什么。",
        "numerator_en": "late accounts",
        "numerator_zh": "逾期账户",
        "denominator_en": "open accounts",
        "denominator_zh": "在贷账户",
        "weight": weight,
        "window": "current",
    }


def moves() -> list[dict[str, Any]]:
    """Two buckets over five steps; the last step crosses the change of coding."""
    made = []
    for on in ONS[1:]:
        for origin, target, count in (
            ("M0", "M0", 90),
            ("M0", "M1", 10),
            ("M1", "M0", 5),
            ("M1", "M2", 3),
            ("M1", "charged_off", 2),
        ):
            made.append(
                {
                    "on": on.isoformat(),
                    "from": origin,
                    "to": target,
                    "count": count,
                    "balance_minor": count * 10_000,
                }
            )
    return made


def rates() -> list[dict[str, Any]]:
    """The rates of `moves`, the four comparable months together and each month alone."""
    made = []
    for on, months in [(None, 4), *((on.isoformat(), 1) for on in ONS[1:])]:
        for weight, unit in (("count", 1), ("balance", 10_000)):
            for origin, targets in (
                ("M0", {"M0": 90, "M1": 10, "M2": 0, "charged_off": 0}),
                ("M1", {"M0": 5, "M1": 0, "M2": 3, "charged_off": 2}),
            ):
                whole = sum(targets.values())
                for target, part in targets.items():
                    if on is not None and not part:
                        continue
                    made.append(
                        {"on": on, "from": origin, "to": target, "weight": weight}
                        | {"value": part / whole, "numerator": float(part * unit * months)}
                        | {"denominator": float(whole * unit * months)}
                        | {"low": part / whole * 0.5, "high": part / whole * 1.7}
                    )
    return made


def plan_frame(hostile: str = "") -> pl.DataFrame:
    """Six accounts: two calls, a message, two that wait, one that is barred."""
    rows = [
        ("A1", "M2", 500_000, "call", True, "", 90_000, 4_000, 8, 0, "LATE_M2"),
        ("A2", "M1", 400_000, "call", True, "", 60_000, 4_000, 8, 0, "LATE_M1"),
        ("A3", "M1", 90_000, "sms", True, "NO_CONSENT_CALL", 5_000, 100, 0, 1, "LATE_M1"),
        ("A4", "M0", 80_000, "wait", True, "", 0, 0, 0, 0, "NOT_LATE"),
        ("A5", "M2", 700_000, "wait", False, "HOLD_DISPUTE", 0, 0, 0, 0, "HOLD_DISPUTE"),
        ("A6" + hostile, "M0", 60_000, "wait", True, "", 0, 0, 0, 0, "NOT_LATE"),
    ]
    names = (
        "account_id bucket balance_minor treatment eligible bars value_minor cost_minor "
        "agent_minutes sms reasons"
    ).split()
    frame = pl.DataFrame(rows, schema=names, orient="row")
    return frame.with_columns(
        pl.col("account_id").alias("borrower_id"),
        pl.lit(ONS[-1]).alias("as_of"),
        pl.lit("TWD").alias("currency"),
        pl.lit("A call is worth most." + hostile).alias("reason_en"),
        pl.lit("人工致电价值最高。").alias("reason_zh"),
        pl.lit("1").alias("policy_version"),
        pl.lit("CN").alias("pack_version"),
    )


def span(value: float, half: float = 0.01) -> dict[str, float]:
    """A figure with its interval."""
    return {"value": value, "low": value - half, "high": value + half}


def score(score_id: str, split: str, **more: Any) -> dict[str, Any]:
    """One entry of evaluation.json's scores."""
    row = {
        "score_id": score_id,
        "target_en": "default",
        "target_zh": "违约",
        "split": split,
        "n": 30000,
        "events": 6636,
        "auc": span(0.787),
        "ks": span(0.435),
        "brier": span(0.133),
        "ece": span(0.012),
        "calibration": {"intercept": span(0.0), "slope": span(1.0)},
        "calibration_note_en": None,
        "calibration_note_zh": None,
        "curve": [
            {"predicted": 0.1, "observed": 0.11, "low": 0.09, "high": 0.13, "n": 3000},
            {"predicted": 0.6, "observed": 0.58, "low": 0.55, "high": 0.61, "n": 3000},
        ],
        "protected_used": False,
        "remark_ids": [],
        "note_en": "A note.",
        "note_zh": "说明。",
    }
    return row | more


def model_card() -> dict[str, Any]:
    """What the run tells of how the forward score was made."""
    late = {"name": "late_0", "name_en": "lateness now", "name_zh": "当前逾期阶段"}
    return {
        "score_id": "forward",
        "learned": {"rows": 9000, "accounts": 3000, "events": 450}
        | {"conduct_from": "2005-04-30", "conduct_to": "2005-08-31", "event_to": "2005-09-30"},
        "tested": {"on": "2005-08-31", "event_to": "2005-09-30"},
        "features": [late | {"family": "lateness", "sign": 1}],
        "algorithm": {"models": 1, "members": 8, "trees": 60, "leaves": 8, "depth": 4}
        | {"learning_rate": 0.1},
        "seed": 42,
        "model_sha256": "0d" * 32,
    }


def evaluation() -> dict[str, Any]:
    """Two scores, one comparison, two groups, four orders at two capacities."""
    found = {("plan", "forward"): 0.30, ("pd_x_balance", "forward"): 0.33}
    found |= {("balance", None): 0.34, ("random", None): 0.12}
    ranking = [
        {
            "order": order,
            "score_id": by,
            "capacity_minutes": capacity,
            "worked_accounts": capacity // 8,
            "share_of_defaulted_balance": span(share * capacity / 12000),
            "share_of_balance": 0.1,
        }
        for capacity in (6000, 12000, 24000)
        for (order, by), share in found.items()
    ]
    group = {"score_id": "outcome", "attribute": "SEX", "n": 100, "mean_predicted": 0.2}
    group |= {"observed": 0.21, "calibration_ratio": 1.05, "calibration_low": 1.0}
    group |= {"calibration_high": 1.1, "adverse_impact_ratio": 0.96, "low": 0.95, "high": 0.97}
    family = {"family": "lateness", "name_en": "Lateness", "name_zh": "逾期表现"}
    family |= {"mean_size": 0.9, "first_among_decided": 0.8}
    return {
        "scores": [
            score("forward", "forward_backtest", calibration=None, curve=[]),
            score("outcome", "cross_fitted_5"),
            score("outcome", "fixed_70_30_seed_42", protected_used=True),
        ],
        "not_possible": [],
        "fairness": [group | {"group": "1.0"}, group | {"group": "2.0", "suppressed": True}],
        "reasons": {"outcome": {"stability_top1_share": 0.99, "families": [family]}},
        "drift": {"forward": {"value": 0.2, "critical": 0.01, "moved": True}, "outcome": None},
        "protected_cost": {"outcome": {"auc": span(0.002, 0.001)}},
        "cards": [model_card()],
        "ranking": ranking,
        "says_en": "It tests ranking.",
        "says_zh": "检验排序。",
        "needs": [],
    }


def vintage_table() -> dict[str, Any]:
    """Three opening months of a young book; the last cells are not mature."""
    cells = [
        {
            "opened": opened,
            "mob": mob,
            "accounts": 100,
            "value": 0.02 * mob,
            "low": 0.0,
            "high": 0.1,
            "mature": mob <= last,
        }
        for opened, last in (("2024-01", 3), ("2024-02", 2), ("2024-03", 1))
        for mob in range(4)
    ]
    totals = [
        {"mob": m, "accounts": 300, "value": 0.02 * m, "low": 0.0, "high": 0.1} for m in (0, 1)
    ]
    return {"definition_id": "vintage_a", "needs": [], "cells": cells, "totals": totals}


def make_view(hostile: str = "") -> dict[str, Any]:
    """The whole view; `hostile` is put wherever a book's own text can reach the page."""
    limit = {"available": 16, "used": 16, "objective_minor": 155_000}
    limit |= {"objective_plus_one_minor": 155_100, "objective_minus_one_minor": 154_900}
    return {
        "run": {
            "tape": "small-book" + hostile,
            "tape_fingerprint": "ab12" * 16,
            "as_of": "2005-09-30",
            "currency": "TWD",
            "time_zone": "Asia/Taipei",
            "synthetic": ["borrowers"],
            "policy": {"version": "1", "hash": "cd34"},
            "law": {"pack": "CN", "read_at": "2026-11-01", "stand_in": True, "hash": "ef56"},
            "seed": 42,
            "software_version": "0.1.0",
            "steps": [{"step": "read", "seconds": 1.25, "peak_memory_mb": 100.0}],
        },
        "remarks": [
            remark("jump-stage-2005-05", "jump", ONS[1], "jumped" + hostile),
            remark(BREAK, "code_share", ONS[5]),
        ],
        "measures": [
            *(measure("late_1p_count", place, late / 30000) for place, late in enumerate(LATE)),
            *(measure("late_2p_count", place, 0.05) for place in range(6)),
            measure("late_1p_count", 5, 0.3, segment="region=" + (hostile or "North")),
            measure("late_1p_count", 5, 0.1, segment="region=South"),
            measure("fpd_7_count", 5, None, needs=["accounts.opened_on"]),
            measure("open_balance", 5, 1.5e9, unit="minor", low=None, high=None),
        ],
        "definitions": {
            "late_1p_count": definition("Late by one step or more", "逾期一级及以上")
            | {"threshold_en": "M1 (1-30 days) or worse", "threshold_zh": "M1（1-30 天）及以上"},
            "late_2p_count": definition("Late by two steps or more", "逾期二级及以上"),
            "fpd_7_count": definition("First payment default", "首期逾期率"),
            "open_balance": definition("Open balance", "在贷余额", "amount"),
            "roll_rate_count": definition("Roll rate, accounts", "迁徙率（户数）"),
            "roll_rate_balance": definition("Roll rate, balance", "迁徙率（余额）", "amount"),
            "vintage_a": definition("Ever late", "曾经逾期"),
        },
        "trend": {"trends": verdicts()},
        "rolls": {
            "definition_id": "roll_one_month",
            "buckets": list(NAMES),
            "moves": moves(),
            "exits": [{"on": "2005-05-31", "from": "M0", "count": 9, "balance_minor": 2}],
            "gaps": [{"on": "2005-05-31", "from": "M0", "count": 2, "balance_minor": 1}],
            "rates": rates(),
            "breaks": ["2005-09-30"],
        },
        "vintages": vintage_table() | {"tables": [vintage_table()]},
        "evaluation": evaluation(),
        "plan": plan_frame(hostile),
        "plan_summary": {
            "stability": [
                {"factor": 0.5, "same_treatment_share": 0.96, "same_worked_share": 1.0},
                {"factor": 2.0, "same_treatment_share": 0.99, "same_worked_share": 0.98},
            ],
            "objective_minor": 155_000,
            "bound_minor": 155_000,
            "rules": [{"rule": "HOLD_DISPUTE", "force": "hard", "source": "CN-CARD"}],
            "priors": [
                {
                    "prior": "effect.sms",
                    "by_months_late": [{"from": 1, "value": 0.03}, {"from": 2, "value": 0.02}],
                    "ground_en": "A guess.",
                    "ground_zh": "假设。",
                }
            ],
            "law": {"unapplied": [{"parameter": "price.cap", "why": "draft"}]},
        },
        "limits": [
            {"limit": "agent_minutes", "unit": "minutes", "shadow_price_minor": "100.5"}
            | limit
            | {"step": 60, "objective_plus_step_minor": 160_815},
            {"limit": "sms", "unit": "messages", "shadow_price_minor": "0"}
            | limit
            | {"step": 1, "objective_plus_step_minor": 155_000},
        ],
        "data_card": {
            "accounts": 30000,
            "borrowers": 30000,
            "months": 6,
            "first_on": "2005-04-30",
            "last_on": "2005-09-30",
            "observed": "statement",
            "buckets": [
                {"name": name, "label_en": en, "label_zh": zh}
                for name, en, zh in zip(NAMES, EN, ZH, strict=True)
            ],
            "tables": [
                {"table": "performance", "rows": 180000, "columns": ["on"], "absent": ["due"]},
                {"table": "borrowers", "rows": 3, "columns": [], "absent": [], "synthetic": True},
            ],
            "tables_absent": ["payments"],
            "features": ["channel" + hostile],
            "protected": ["SEX"],
        },
    }
