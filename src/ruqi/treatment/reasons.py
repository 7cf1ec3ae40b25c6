"""Why an account got what it got: codes for machines, one sentence each way for people.

Codes: LATE_M2 (months late) · HIGH_PD, MEDIUM_PD, LOW_PD · PRIOR_PD (the chance is the policy's
guess) · CALL_WORTH_MOST, CALL_NEXT_BEST (and so for each treatment) · LIMIT_AGENT_MINUTES (and so
for each limit) · a rule's id where the guard bars something better · for waiting NOT_LATE,
NOT_WORTH_COST, NOTHING_ALLOWED, SAME_BORROWER, NEEDS_BALANCE, NO_POLICY_FOR_CURRENCY. Two more
stand last, put there by `grounds`: VULNERABLE_REFER (to be seen by a person) and HARDSHIP_CALL_ONLY
(no offer for want of consent to calls). A rule's codes are those of `law.rules`.
"""

from dataclasses import dataclass

from ruqi.law.rules import RULES
from ruqi.primitives.currency import exponent
from ruqi.treatment.actions import ACTIONS, RESOURCES

HIGH_PD, MEDIUM_PD = 0.5, 0.2  # where a chance is called high, and where medium


@dataclass(frozen=True)
class Target:
    """The forward score's event in words: at least so many months late, so many months on."""

    months: int
    horizon: int

    def says(self) -> tuple[str, str]:
        """`2 or more months late next month`, in both languages."""
        when = "next month" if self.horizon == 1 else f"in {self.horizon} months"
        later = "下月" if self.horizon == 1 else f"{self.horizon} 个月后"
        return (
            f"{self.months} or more months late {when}",
            f"{later}逾期达 {self.months} 个月及以上",
        )


@dataclass(frozen=True)
class Case:
    """What decided one account. Indexes are those of `ACTIONS` and `RESOURCES`."""

    label_en: str  # bucket with its days
    label_zh: str
    months_late: int
    chance: float
    chance_is_prior: bool
    chosen: int
    best: int  # the open action of the largest value; 0: none is worth its cost
    value_minor: int
    cost_minor: int
    best_value_minor: int
    short: tuple[int, ...]  # limits that keep better actions away
    barred: int  # a better action that the guard bars; 0: none
    rules: tuple[str, ...]  # why it is barred
    waits_for: str = ""  # a code that alone says why the account waits
    calibrated: bool = True  # whether calibration is claimed for the score's chance


def codes(case: Case) -> str:
    """The reason codes of one account, joined by `|`."""
    if case.waits_for in ("NOT_LATE", "NEEDS_BALANCE", "NO_POLICY_FOR_CURRENCY"):
        return case.waits_for
    band = "HIGH" if case.chance >= HIGH_PD else "MEDIUM" if case.chance >= MEDIUM_PD else "LOW"
    found = [f"LATE_M{case.months_late}", f"{band}_PD"]
    if case.chance_is_prior:
        found.append("PRIOR_PD")
    if case.chosen:
        standing = "WORTH_MOST" if case.chosen == case.best else "NEXT_BEST"
        found.append(f"{ACTIONS[case.chosen].id.upper()}_{standing}")
    elif case.waits_for:
        found.append(case.waits_for)
    found += [f"LIMIT_{RESOURCES[index].id.upper()}" for index in case.short]
    found += case.rules
    return "|".join(dict.fromkeys(found))


def sentence(case: Case, currency: str, target: Target) -> tuple[str, str]:
    """One sentence in English and one in Chinese that a collector understands."""
    if case.waits_for in _ALONE:
        en, zh = _ALONE[case.waits_for]
        parts = {"label_en": case.label_en, "label_zh": case.label_zh, "currency": currency}
        return en.format(**parts), zh.format(**parts)
    target_en, target_zh = target.says()
    by_en, by_zh = _ground(case)
    percent = f"{case.chance * 100:.0f}%"
    en = f"{case.label_en} late, {percent} likely{by_en} to be {target_en}; "
    zh = f"逾期阶段 {case.label_zh}，{target_zh}的可能性为 {percent}{by_zh}；"
    why_en, why_zh = _why_chosen(case, currency) if case.chosen else _why_wait(case, currency)
    return f"{en}{why_en}.", f"{zh}{why_zh}。"


def _ground(case: Case) -> tuple[str, str]:
    """What the chance is, where it is not a calibrated score."""
    if case.chance_is_prior:
        return " by the policy's prior", "（按策略先验）"
    return ("", "") if case.calibrated else (" by an uncalibrated score", "（评分未经校准）")


def money(minor: int, currency: str) -> str:
    """An amount as people read it: `1,234 TWD`, below a hundred with its decimals, `5.40 TWD`."""
    places = exponent(currency)
    unit = 10**places
    if places and abs(minor) < 100 * unit:
        sign = "-" if minor < 0 else ""
        return f"{sign}{abs(minor) // unit}.{abs(minor) % unit:0{places}d} {currency}"
    whole, rest = divmod(minor, unit)
    up = rest * 2 > unit or (rest * 2 == unit and whole % 2 == 1)  # half to even
    return f"{whole + up:,} {currency}"


_ALONE = {
    "NOT_LATE": (
        "{label_en}: not late, so nothing is asked of the borrower.",
        "{label_zh}：未逾期，无需处置。",
    ),
    "NEEDS_BALANCE": (
        "The book has no balance for this account (performance.balance), so no worth can be named "
        "and it waits.",
        "该账户没有余额（performance.balance），无法估算处置价值，故静默。",
    ),
    "NO_POLICY_FOR_CURRENCY": (
        "The policy states no costs in {currency}, so the whole plan waits.",
        "策略文件未列出 {currency} 的成本，全部账户静默。",
    ),
}


def _why_chosen(case: Case, currency: str) -> tuple[str, str]:
    action = ACTIONS[case.chosen]
    worth, cost = money(case.value_minor, currency), money(case.cost_minor, currency)
    en, zh = "", ""
    if case.chosen != case.best:
        en, zh = _would_be_better(case, case.best)
        en, zh = en + ", so ", zh + "，改为次优："
        en += f"{action.verb_en} comes next, worth {worth} after {cost} of cost"
        zh += f"{action.verb_zh}，扣除成本 {cost} 后预计减损 {worth}"
    else:
        en = f"{action.verb_en} is worth most, {worth} after {cost} of cost"
        zh = f"{action.verb_zh}价值最高，扣除成本 {cost} 后预计减损 {worth}"
    if case.barred and case.rules:
        barred = ACTIONS[case.barred]
        en += f" ({barred.verb_en} is barred: {_clause(RULES[case.rules[0]].says_en)})"
        zh += f"（{barred.verb_zh}受限：{RULES[case.rules[0]].says_zh.rstrip('。')}）"
    return en, zh


def _why_wait(case: Case, currency: str) -> tuple[str, str]:
    if case.waits_for == "SAME_BORROWER":
        return (
            "the borrower's one contact of the day is kept for another account where it is worth "
            "more, so we wait here",
            "该借款人当日仅触达一次，已留给价值更高的另一账户，此账户静默",
        )
    if case.waits_for == "NOTHING_ALLOWED":
        return (
            "policy allows no treatment at this lateness and chance, so we wait",
            "策略在该逾期阶段与风险水平下不安排处置，故静默",
        )
    if case.waits_for == "NOT_WORTH_COST":
        return "no open treatment is worth its cost, so we wait", "可用处置均不及其成本，故静默"
    if case.best:
        en, zh = _would_be_better(case, case.best)
        worth = money(case.best_value_minor, currency)
        return f"{en} (worth {worth} here), so we wait today", f"{zh}（此处价值 {worth}），今日静默"
    says_en = _clause(RULES[case.rules[0]].says_en) if case.rules else "nothing is open"
    says_zh = RULES[case.rules[0]].says_zh.rstrip("。") if case.rules else "无可用渠道"
    return (
        f"we wait because what would be worth doing is barred: {says_en}",
        f"值得采取的处置受限：{says_zh}，故静默",
    )


def _would_be_better(case: Case, better: int) -> tuple[str, str]:
    names = [RESOURCES[index] for index in case.short]
    en = " and ".join(one.name_en for one in names) or "the limits"
    zh = "、".join(one.name_zh for one in names) or "限额"
    return (
        f"{ACTIONS[better].verb_en} would be worth more, but {en} are spent where they do more",
        f"{ACTIONS[better].verb_zh}价值更高，但{zh}已用于更有效的账户",
    )


def _clause(sentence_en: str) -> str:
    """A sentence made part of another: small first letter, no full stop."""
    return sentence_en[0].lower() + sentence_en[1:].rstrip(".")
