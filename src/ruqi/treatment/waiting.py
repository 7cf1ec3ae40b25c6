"""Why a whole plan waits, and what to add so that it need not: one or two sentences, both ways."""

import numpy as np

from ruqi.law.rules import RULES
from ruqi.tape.columns import Tape
from ruqi.treatment.actions import WAIT
from ruqi.treatment.choose import Choices
from ruqi.treatment.policy import Policy

Both = tuple[str, str]
REGISTER = ("time_zone", "consent", "holds")  # what the guard must know of a borrower
NOBODY_LATE = ("No open account is late, so the whole plan waits.", "没有逾期账户，全部静默。")
NOTHING_PAYS = (
    "The whole plan waits: no treatment that is open is worth its cost or fits today's limits.",
    "全部静默：可用处置均不及其成本，或超出当日限额。",
)


def all_wait(tape: Tape, policy: Policy, chosen: Choices) -> Both:
    """The sentences of the summary's “all_wait_*”; empty where somebody is treated."""
    if chosen.found.choice.any() or chosen.cases.frame.is_empty():
        return "", ""
    late = chosen.cases.frame["months_late"].to_numpy() > 0
    reasons = [_worthless(tape, policy, chosen), _unregistered(tape, chosen)]
    told = [one for one in reasons if one[0]]
    if not late.any():
        told = [NOBODY_LATE]
    elif not told:
        told = [_barred(chosen) or NOTHING_PAYS]
    return " ".join(en for en, _ in told), "".join(zh for _, zh in told)


def _worthless(tape: Tape, policy: Policy, chosen: Choices) -> Both:
    """That no worth can be named, for lack of costs or of balances."""
    code = tape.currency
    if chosen.waits_for == "NO_POLICY_FOR_CURRENCY":
        keys = "agent_minute_minor, hardship_concession_share, sms_minor"
        return (
            f"The whole plan waits: policy {policy.version} states no costs in {code}. Copy "
            "src/ruqi/policies/default.yaml beside the tape as policy.yaml and add a block "
            f"“{code}:” under “costs:” ({keys} …).",
            f"全部静默：策略 {policy.version} 未列出 {code} 的成本。"
            "请将 src/ruqi/policies/default.yaml "
            f"复制到贷款明细旁并命名为 policy.yaml，在“costs:”下增加“{code}:”一段"
            f"（{keys} 等）。",
        )
    if chosen.waits_for == "NEEDS_BALANCE":
        return (
            "The whole plan waits: the tape has no balance, so no worth can be named. Add column "
            "“balance” to table “performance”.",
            "全部静默：明细没有余额，无法估算处置价值。请在“performance”表中增加“balance”列。",
        )
    return "", ""


def _unregistered(tape: Tape, chosen: Choices) -> Both:
    """That nobody may be reached, for lack of facts about borrowers."""
    rules = {rule for row in _used(chosen) for rules in row[1:] for rule in rules}
    if tape.borrowers is None:
        return (
            "Nobody may be contacted: the tape has no register of borrowers. Add a table "
            "“borrowers” with columns borrower_id, time_zone, consent (channels joined by |) and "
            "holds.",
            "任何人均不可联系：明细没有借款人登记表。请增加“borrowers”表，"
            "含 borrower_id、time_zone、consent（渠道以 | 分隔）和 holds 列。",
        )
    lacking = [name for name in REGISTER if not tape.has(f"borrowers.{name}")]
    if lacking:
        return (
            f"Nobody may be contacted: table “borrowers” lacks {', '.join(lacking)}. Add "
            "what is missing; an empty cell of holds says that there is none.",
            f"任何人均不可联系：“borrowers”表缺少 {'、'.join(lacking)}。请补充；"
            "holds 为空表示没有保护状态。",
        )
    if rules == {"MISSING_FACT"}:
        return (
            "Nobody may be contacted: table “borrowers” knows no late account's borrower with "
            "time_zone and consent. Fill these cells.",
            "任何人均不可联系：“borrowers”表中没有任何逾期账户借款人的 time_zone 与 consent。"
            "请补充。",
        )
    return "", ""


def _barred(chosen: Choices) -> Both | None:
    """The rules where each treatment of each late account is barred; None where one is open."""
    late = chosen.cases.frame["months_late"].to_numpy() > 0
    allowed = chosen.worth.allowed[late].copy()
    allowed[:, WAIT] = False
    if not allowed.any() or np.any(allowed & ~chosen.cases.barred[late]):
        return None
    rules = sorted({rule for row in _used(chosen) for rules in row for rule in rules})
    en = " ".join(RULES[rule].says_en for rule in rules)
    zh = "".join(RULES[rule].says_zh for rule in rules)
    return (
        f"The whole plan waits: rules bar every treatment of every late account. {en}",
        f"全部静默：规则禁止对任何逾期账户采取任何处置。{zh}",
    )


def _used(chosen: Choices) -> list[tuple[tuple[str, ...], ...]]:
    """The bars of the facts that late accounts have."""
    frame = chosen.cases.frame
    places = frame["facts"].to_numpy()[frame["months_late"].to_numpy() > 0]
    return [chosen.cases.bars[place] for place in np.unique(places)]
