"""One account's story in words that a collector can follow."""

from collections.abc import Mapping
from typing import Any

from ruqi.apps.cli.lines import wrap
from ruqi.treatment.reasons import money

UNSTATED = "(days not stated)"  # the end of such a bucket's label
WORDS = {
    "stages": (
        "The lender's stages do not state their days: each late stage counts as one month.",
        "贷款机构的逾期阶段未说明天数：每一级按一个月计。",
    ),
    "why": ("Why", "原因"),
    "chance": ("Chance of {target}", "{target}的概率"),
    "prior": ("a prior of the policy: no score could be used", "策略先验：没有可用的评分"),
    "between": ("between {low} and {high}", "区间 {low}–{high}"),
    "families": ("What speaks for it (log-odds)", "评分依据（对数几率）"),
    "options": ("What was weighed", "权衡过的处置"),
    "chosen": ("chosen", "选定"),
    "worth": ("worth {value}, cost {cost}", "价值 {value}，成本 {cost}"),
    "change": ("What would change it", "什么会改变结果"),
    "bars": ("Barred", "禁止触达"),
    "law": ("Law pack", "法规包"),
    "policy": ("Policy", "策略"),
}


def tell(story: Mapping[str, Any], language: str) -> str:
    """The story as plain text, about a screen long; every bar names its rule."""
    zh = language == "zh"
    said = {name: both[1] if zh else both[0] for name, both in WORDS.items()}
    suffix, colon = ("zh", "：") if zh else ("en", ": ")
    if story["treatment"] is None:
        head = f"{story['account_id']}  {story['as_of']}"
        return "\n".join([head, "", *_wrapped(story[f"says_{suffix}"])])
    balance, currency = story["balance_minor"], str(story["currency"])
    owed = "" if balance is None else f"  {money(balance, currency)}"
    lines = [
        f"{story['account_id']}  {story['as_of']}  {story[f'bucket_{suffix}']}{owed}",
        *([f"  {said['stages']}"] if str(story["bucket_en"]).endswith(UNSTATED) else []),
        *(f"  {label[f'says_{suffix}']}" for label in story.get("labels") or ()),
        "",
        f"{said['why']}{colon}{story[f'reason_{suffix}']}",
        *_bars(story, said, suffix),
        *_chance(story, said, suffix),
    ]
    if story["treatments"]:
        lines += [
            "",
            said["options"],
            *(_option(step, said, suffix) for step in story["treatments"]),
        ]
    changes = [line[f"says_{suffix}"] for line in story["what_would_change_it"]]
    if changes:
        lines += ["", said["change"], *(f"  · {line}" for line in changes)]
    law = story.get("law") or {}
    lines += ["", f"{said['law']}{colon}{law.get('version', '')}"]
    lines.append(f"{said['policy']}{colon}{_policy(story)}")
    lines.append(story[f"priors_note_{suffix}"])
    return "\n".join(part for line in lines for part in _wrapped(line))


def _wrapped(line: str) -> list[str]:
    text = line.lstrip()
    return wrap(text, len(line) - len(text))


def _policy(story: Mapping[str, Any]) -> str:
    policy = story.get("policy")
    return str(policy.get("version", "")) if isinstance(policy, Mapping) else str(policy or "")


def _bars(story: Mapping[str, Any], said: Mapping[str, str], suffix: str) -> list[str]:
    colon = "：" if suffix == "zh" else ": "
    return [
        f"{said['bars']}{colon}{bar['rule']} {bar.get(f'says_{suffix}', '')}".rstrip()
        for bar in story["bars"]
    ]


def _chance(story: Mapping[str, Any], said: Mapping[str, str], suffix: str) -> list[str]:
    score = story["score"]
    if score.get("chance") is None:
        return []
    target = (score.get("target") or {}).get(f"says_{suffix}", "")
    colon, comma = ("：", "、") if suffix == "zh" else (": ", ", ")
    line = f"{said['chance'].format(target=target)}{colon}{score['chance']:.1%}"
    if score.get("chance_is_prior"):
        return [line + _aside(said["prior"], suffix)]
    if score.get("low") is not None:
        between = said["between"].format(low=f"{score['low']:.1%}", high=f"{score['high']:.1%}")
        line += _aside(between, suffix)
    families = [
        f"{f[f'name_{suffix}']} {f['contribution']:+.2f}" for f in score.get("families") or []
    ]
    return [line, f"{said['families']}{colon}{comma.join(families)}"] if families else [line]


def _aside(text: str, suffix: str) -> str:
    return f"（{text}）" if suffix == "zh" else f" ({text})"


def _option(step: Mapping[str, Any], said: Mapping[str, str], suffix: str) -> str:
    mark = "▶" if step["chosen"] else " "
    colon, comma = ("：", "、") if suffix == "zh" else (": ", ", ")
    if step["bars"]:
        why = comma.join(bar["rule"] for bar in step["bars"])
        return f"  {mark} {step[f'name_{suffix}']}{colon}{said['bars']} {why}"
    worth = said["worth"].format(
        value=money(step["value_minor"], step["currency"]),
        cost=money(step["cost_minor"], step["currency"]),
    )
    return f"  {mark} {step[f'name_{suffix}']}{colon}{worth}"
