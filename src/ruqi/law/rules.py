"""Every rule by which the guard bars something: a short stable id and a sentence in each language.

`parameters` names the pack's parameters that the rule executes; the first that applies on the day
gives its source. A rule that no parameter of the pack backs is the house's own.
"""

from dataclasses import dataclass

from ruqi.law.pack import Pack, Parameter

CHANNELS = ("app", "sms", "email", "call", "ai_call", "letter")
# Other spellings of a channel in lenders' registers. A word that is not here consents to nothing.
CHANNEL_WORDS = {
    **{name: name for name in CHANNELS},
    **dict.fromkeys(("in_app", "in-app", "push", "站内信", "站内消息", "应用内"), "app"),
    **dict.fromkeys(("text", "短信"), "sms"),
    **dict.fromkeys(("e-mail", "mail", "邮件", "电子邮件"), "email"),
    **dict.fromkeys(("voice", "phone", "telephone", "电话", "语音"), "call"),
    **dict.fromkeys(("ai_voice", "robocall", "智能语音", "机器人外呼"), "ai_call"),
    **dict.fromkeys(("post", "信函", "信件"), "letter"),
}
# Other spellings of a hold. A word that is not here still holds (HOLD_OTHER).
HOLD_WORDS = {
    **dict.fromkeys(
        ("dispute", "disputed", "complaint", "异议", "异议处理中", "争议", "投诉"), "HOLD_DISPUTE"
    ),
    **dict.fromkeys(("cease", "stop", "opt_out", "停止联系", "要求停止联系", "停催"), "HOLD_CEASE"),
    **dict.fromkeys(
        ("deceased", "death", "dead", "死亡", "身故", "已身故", "已故", "去世"), "HOLD_DECEASED"
    ),
    **dict.fromkeys(("moratorium", "bankruptcy", "bankrupt", "insolvency"), "HOLD_MORATORIUM"),
    **dict.fromkeys(("暂缓", "延期", "延期保护", "宽限保护", "破产"), "HOLD_MORATORIUM"),
    **dict.fromkeys(
        ("adviser", "advisor", "attorney", "lawyer", "律师", "顾问", "代理人"), "HOLD_ADVISER"
    ),
    **dict.fromkeys(
        ("plan", "plan_agreed", "arrangement", "forbearance", "hardship_plan", "已达成还款安排"),
        "HOLD_PLAN",
    ),
    **dict.fromkeys(("vulnerable", "特殊困难"), "VULNERABLE_HUMAN_ONLY"),
}
NO_HOLD = ("none", "无", "")


@dataclass(frozen=True)
class Rule:
    """One reason why the guard says no."""

    id: str
    says_en: str
    says_zh: str
    parameters: tuple[str, ...]


def _table(*rules: tuple[str, str, str, str]) -> dict[str, Rule]:
    return {name: Rule(name, en, zh, tuple(by.split())) for name, en, zh, by in rules}


_CHANNEL_NAMES = {
    "app": ("in-app notes", "站内消息"),
    "sms": ("text messages", "短信"),
    "email": ("e-mail", "电子邮件"),
    "call": ("telephone calls", "电话"),
    "ai_call": ("calls by a machine voice", "智能语音外呼"),
}

RULES: dict[str, Rule] = _table(
    (
        "MISSING_FACT",
        "A fact the guard needs is not known (time zone, consent, holds, role, recording or a "
        "counter); without it nothing is sent.",
        "缺少判断所需的事实（时区、授权、保护状态、身份、录音或触达计数），因此不予触达。",
        "guard.missing_fact",
    ),
    (
        "HOLD_DECEASED",
        "The borrower has died; only the estate may be written to.",
        "借款人已身故，只能与遗产管理人或继承人书面联系。",
        "effects.deceased",
    ),
    (
        "HOLD_MORATORIUM",
        "A moratorium or insolvency proceeding is running; collection rests.",
        "处于法定暂缓或破产程序中，催收中止。",
        "effects.moratorium",
    ),
    (
        "HOLD_CEASE",
        "The borrower asked us to stop contacting; only letters remain.",
        "借款人已要求停止联系，仅保留书面信函。",
        "effects.cease",
    ),
    (
        "HOLD_ADVISER",
        "An adviser or lawyer acts for the borrower; speak to them instead.",
        "借款人已委托律师或顾问，应改与受托人联系。",
        "effects.adviser",
    ),
    (
        "HOLD_DISPUTE",
        "A dispute or complaint is open; collection rests until it is answered.",
        "异议或投诉处理中，答复之前暂停催收。",
        "effects.dispute",
    ),
    (
        "HOLD_PLAN",
        "A repayment plan is agreed; collection rests unless it is broken.",
        "已达成还款安排，履约期间停止催收。",
        "effects.plan_agreed",
    ),
    (
        "HOLD_OTHER",
        "A hold is recorded that the guard does not know; it counts as a hold.",
        "登记了未识别的保护状态，按禁止触达处理。",
        "guard.unknown_hold",
    ),
    (
        "VULNERABLE_HUMAN_ONLY",
        "The borrower needs special care; only a person may speak with them, help first.",
        "属特殊困难借款人，只能由人工沟通，并优先提供帮助。",
        "effects.vulnerable",
    ),
    (
        "CHANNEL_UNKNOWN",
        "The guard knows no rules for this channel, so it is closed.",
        "该触达渠道没有可依据的规则，不予使用。",
        "guard.missing_fact",
    ),
    (
        "THIRD_PARTY",
        "This person does not owe the debt, and no permitted reason with evidence is recorded.",
        "对方不是债务人，且没有留存允许联系的理由与证据。",
        "third_party.default third_party.allow_when",
    ),
    (
        "THIRD_PARTY_PURPOSE",
        "A contact person may only be asked for contact details or to pass on a message.",
        "对联系人只能询问联系方式或请其转告。",
        "third_party.allowed_purpose",
    ),
    (
        "THIRD_PARTY_DISCLOSURE",
        "The debt must not be disclosed to anyone but the debtor.",
        "不得向债务人以外的人透露债务信息。",
        "third_party.disclose_debt",
    ),
    (
        "CONTACT_REFUSED",
        "This contact person has refused; never contact them again.",
        "该联系人已明确拒绝，永久停止联系。",
        "third_party.on_refusal",
    ),
    *(
        (
            f"NO_CONSENT_{channel.upper()}",
            f"The borrower has not consented to {en}.",
            f"借款人未授权通过{zh}触达。",
            "contact.basis",
        )
        for channel, (en, zh) in _CHANNEL_NAMES.items()
    ),
    (
        "RULE_NOT_IN_FORCE",
        "The pack, read at this date, says nothing about contact hours; without a rule nothing "
        "is sent.",
        "规则包在该日期没有可适用的时段规定，无规则则不触达。",
        "guard.missing_fact",
    ),
    (
        "QUIET_HOURS",
        "It is outside the permitted hours where the borrower is.",
        "当前处于借款人所在地的免打扰时段。",
        "contact.hours",
    ),
    (
        "ENDS_IN_QUIET_HOURS",
        "A talk begun now would run into the quiet hours.",
        "此时拨打，通话将延续至免打扰时段。",
        "contact.end_within_hours",
    ),
    (
        "CAP_TALKS_DAY",
        "The day's effective calls with this borrower are used up, all loans and agencies counted.",
        "当日与该借款人的有效通话次数已达上限（合并所有借款与委外机构计算）。",
        "caps.talks_per_debtor_day",
    ),
    (
        "CAP_TALKS_WEEK",
        "The last seven days' effective calls with this borrower are used up.",
        "近七日与该借款人的有效通话次数已达上限。",
        "caps.talks_per_debtor_week",
    ),
    (
        "CAP_UNANSWERED_DAY",
        "This number was dialled in vain as often as the day allows.",
        "该号码当日无人接听的拨打次数已达上限。",
        "caps.unanswered_per_number_day",
    ),
    (
        "HARASSMENT_PATTERN",
        "Dialling this borrower's numbers in turn has become a pattern of harassment.",
        "轮番拨打该借款人的多个号码，已构成骚扰情形。",
        "caps.unanswered_per_debtor_day",
    ),
    (
        "CAP_SMS_DAY",
        "The day's text messages to this borrower are used up.",
        "当日发送给该借款人的短信已达上限。",
        "caps.sms_per_debtor_day",
    ),
    (
        "NOT_RECORDED",
        "Collection calls must be recorded, and this one would not be.",
        "催收通话必须录音，而本次未开启录音。",
        "contact.record_calls",
    ),
    (
        "CONTENT_PROHIBITED",
        "The content contains what no collector may say.",
        "内容包含催收禁止用语或行为。",
        "content.prohibited",
    ),
    (
        "CONTENT_INCOMPLETE",
        "The content lacks what a call must state.",
        "内容缺少通话必须说明的事项。",
        "content.required_call",
    ),
)


def backing(rule: str, pack: Pack) -> Parameter | None:
    """The first parameter behind a rule that applies on the pack's day."""
    for name in RULES[rule].parameters:
        found = pack.find(name)
        if found is not None:
            return found
    return None


def told(rule: str, pack: Pack) -> dict[str, str | None]:
    """A rule in words with what backs it: rule, says_en, says_zh, parameter, source, force …"""
    by = backing(rule, pack)
    source = None if by is None else pack.edition.sources[by.source]
    return {
        "rule": rule,
        "says_en": RULES[rule].says_en,
        "says_zh": RULES[rule].says_zh,
        "parameter": None if by is None else by.id,
        "source": "house" if source is None else source.id,
        "source_title": "house rule" if source is None else source.title,
        "force": "house" if by is None else by.force,
        "confidence": "H" if by is None else by.confidence,
    }
