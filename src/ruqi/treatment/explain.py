"""One account's whole story, told from the rows of a plan alone, live or stored."""

from collections.abc import Mapping, Sequence
from math import ceil
from typing import Any

from ruqi.behaviour.features import FAMILIES
from ruqi.treatment.actions import RESOURCES, action
from ruqi.treatment.reasons import money

Row = Mapping[str, Any]


def story(
    row: Row,
    steps: Sequence[Row],
    score: Row | None,
    limits: Sequence[Row],
    summary: Mapping[str, Any],
) -> dict[str, Any]:
    """Facts, score, worth of every allowed treatment, bars with their rules, prices, what-ifs.

    `row` is the account's row of plan.parquet, `steps` its rows of steps.parquet, `score` its
    forward row of scores.parquet (None: not at hand), `limits` and `summary` those of limits.json.
    """
    rules = {rule["rule"]: rule for rule in summary.get("rules", ())}
    prices = {limit["limit"]: float(limit["shadow_price_minor"]) for limit in limits}
    told = [_step(one, rules, prices, str(row["currency"])) for one in steps]
    first = steps[0] if steps else {}
    return {
        **{name: row[name] for name in row if name not in ("reasons", "bars")},
        "as_of": str(row["as_of"]),
        **_bucket(row, summary),
        "months_late": first.get("months_late"),
        "reasons": [code for code in str(row["reasons"]).split("|") if code],
        "bars": [rules.get(one, {"rule": one}) for one in str(row["bars"]).split("|") if one],
        "score": _score(first, score, summary),
        "treatments": told,
        "limits": [
            {name: limit[name] for name in ("limit", "unit", "available", "used")}
            | {"shadow_price_minor": prices[limit["limit"]]}
            for limit in limits
        ],
        "what_would_change_it": _what_ifs(told, str(row["treatment"])),
        "law": {k: v for k, v in summary.get("law", {}).items() if k != "unapplied"},
        "policy": summary.get("policy"),
        "labels": _labels(summary),
        "priors_note_en": "Worths rest on priors of the policy, not on measurements of this book.",
        "priors_note_zh": "处置价值基于策略中的先验，并非本账簿的实测结果。",
    }


def _bucket(row: Row, summary: Mapping[str, Any]) -> dict[str, Any]:
    """The bucket's name with its days, in both languages."""
    labels = {one["bucket"]: one for one in summary.get("buckets", ())}
    known = labels.get(row["bucket"], {})
    return {"bucket_en": known.get("label_en"), "bucket_zh": known.get("label_zh")}


def _score(first: Row, score: Row | None, summary: Mapping[str, Any]) -> dict[str, Any]:
    is_prior = first.get("chance_is_prior")
    told: dict[str, Any] = {
        "score_id": None if is_prior else "forward",
        "chance": first.get("chance") if first else (score or {}).get("probability"),
        "chance_is_prior": is_prior,
        "calibrated": bool(summary.get("calibrated")) and not is_prior,
        "target": summary.get("target"),
    }
    if score is not None and not is_prior:
        told |= {name: score.get(name) for name in ("low", "high")}
        told["families"] = [_family(one) for one in score.get("families") or ()]
    return told


def _family(row: Row) -> dict[str, Any]:
    name_en, name_zh = FAMILIES.get(str(row["family"]), (row["family"], row["family"]))
    return {**row, "name_en": name_en, "name_zh": name_zh}


def _labels(summary: Mapping[str, Any]) -> list[dict[str, str]]:
    """What is not the book's own: law that stands in, and a register drawn from a seed."""
    law, found = summary.get("law", {}), []
    if law.get("stand_in"):
        pack, read_at = law["pack"], law["read_at"]
        found.append(
            {
                "label": "stand_in_law",
                "says_en": f"Stand-in law: pack {pack}, read at {read_at}, is not the law "
                "of this book.",
                "says_zh": f"代用规则：规则包 {pack}（读取日 {read_at}）并非本账簿适用的法律。",
            }
        )
    if "*" in summary.get("synthetic", ()):
        found.append(
            {
                "label": "synthetic_book",
                "says_en": "Synthetic data: the whole book was drawn from a seed.",
                "says_zh": "合成数据：整个账簿由随机种子生成。",
            }
        )
    elif summary.get("register_synthetic"):
        found.append(
            {
                "label": "synthetic_register",
                "says_en": "Synthetic register: consent, holds and contacts were drawn from a "
                "seed and describe nobody.",
                "says_zh": "合成登记：授权、保护状态与触达记录由随机种子生成，不对应真实个人。",
            }
        )
    return found


def _step(
    step: Row, rules: Mapping[str, Row], prices: Mapping[str, float], currency: str
) -> dict[str, Any]:
    known = action(str(step["treatment"]))
    rent = sum(prices.get(r.id, 0.0) * int(step[r.id]) for r in RESOURCES)
    return {
        "treatment": known.id,
        "name_en": known.name_en,
        "name_zh": known.name_zh,
        "chosen": bool(step["chosen"]),
        "open": bool(step["open"]),
        "value_minor": step["value_minor"],
        "cost_minor": step["cost_minor"],
        "currency": currency,
        "uses": {r.id: step[r.id] for r in RESOURCES if step[r.id]},
        "limits_rent_minor": rent,
        "value_after_rent_minor": step["value_minor"] - rent,
        "bars": [rules.get(one, {"rule": one}) for one in str(step["bars"]).split("|") if one],
        "same_borrower": bool(step["same_borrower"]),
    }


def _what_ifs(told: Sequence[Row], treatment: str) -> list[dict[str, str]]:
    """What would have to be different for another treatment: nearest first.

    A bar protects the borrower and is no lever: barred treatments stand with their bars alone.
    """
    chosen = next((one for one in told if one["chosen"]), None)
    if chosen is None:
        return []
    found = []
    for one in sorted(told, key=lambda o: (-o["value_after_rent_minor"], o["treatment"])):
        if one["treatment"] in (treatment, "wait") or one["bars"]:
            continue
        lacks = chosen["value_after_rent_minor"] - one["value_after_rent_minor"]
        name = {"treatment": one["treatment"]}
        if one["same_borrower"] and not one["open"]:
            en = f"{one['name_en']}: only if no other account of the borrower were contacted today."
            zh = f"{one['name_zh']}：须当日未就该借款人的其他账户触达。"
        elif one["value_minor"] > chosen["value_minor"]:
            used = [r for r in RESOURCES if r.id in one["uses"]]
            scarce_en = " and ".join(r.name_en for r in used) or "the limits"
            scarce_zh = "、".join(r.name_zh for r in used) or "限额"
            en = f"{one['name_en']}: worth more here, if {scarce_en} were less scarce."
            zh = f"{one['name_zh']}：此处价值更高，待{scarce_zh}有余量即可安排。"
        else:
            amount = money(ceil(max(lacks, 0)), one["currency"])
            en = f"{one['name_en']}: if it were worth {amount} more here."
            zh = f"{one['name_zh']}：此处价值须再增加 {amount}。"
        found.append(name | {"says_en": en, "says_zh": zh})
    return found
