"""Why an event is refused: reasons in a published order of precedence, each with two sentences.

The first reason of this order that holds is the answer, and nothing is changed. Names never change
their meaning.
"""

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple


class Reason(Enum):
    """Reasons, in the order in which they are looked for."""

    UNKNOWN_KIND = "There is no event kind {0}.", "没有事件类型 {0}。"
    DUPLICATE_ID = (
        "Event {0} was already received with another content.",
        "事件 {0} 已收到过，但内容不同。",
    )
    BAD_FIELD = "Field {0} {1}.", "字段 {0}：{1}。"
    UNKNOWN_PRODUCT = "There is no product {0}.", "没有产品 {0}。"
    OTHER_CURRENCY = (
        "The line is in {1}; {0} needs a conversion first.",
        "该授信币种为 {1}；{0} 需先折算。",
    )
    DECIMALS = (
        "{0} must be a whole number of minor units, not {1}.",
        "{0} 必须是最小货币单位的整数，不能是 {1}。",
    )
    NOT_POSITIVE = "{0} must be at least {1}.", "{0} 不得小于 {1}。"
    FUTURE_DATE = (
        "Its value date {0} lies after the day it was recorded, {1}.",
        "起息日 {0} 晚于记录日 {1}。",
    )
    ALREADY_OPEN = "The line is already open.", "该授信已开立。"
    BEFORE_OPENING = (
        "Its value date {0} lies before the line was opened, {1}.",
        "起息日 {0} 早于授信开立日 {1}。",
    )
    LINE_CLOSED = "The line is closed.", "该授信已注销。"
    DATE_ORDER = "{0} must not lie before {1}.", "{0} 不得早于 {1}。"
    UNKNOWN_REFERENCE = "It refers to {0}, which is not known.", "所引用的 {0} 不存在。"
    ALREADY_DONE = "{0} has already been used, ended or reversed.", "{0} 已使用、已终止或已冲正。"
    ABOVE_LIMIT = (
        "{0} is more than the {1} still available on the line.",
        "金额 {0} 超过可用额度 {1}。",
    )
    OUTSIDE_PRODUCT = (
        "{0} is outside what the product allows: {1}.",
        "{0} 超出产品允许范围：{1}。",
    )
    ABOVE_ORIGINAL = (
        "{0} is more than the {1} that is left of the original.",
        "金额 {0} 超过原金额剩余的 {1}。",
    )
    ABOVE_CREDIT = "{0} is more than the credit balance of {1}.", "金额 {0} 超过溢缴款余额 {1}。"
    NOTHING_OWED = "Nothing of that kind is owed.", "没有此类未结款项。"
    NOT_THE_QUOTE = (
        "Settling on this day takes {1}, not {0}.",
        "当日结清金额为 {1}，而非 {0}。",
    )
    OVERLAP = "{0} already stands; two must not overlap.", "{0} 已存在，不得重叠。"
    NOT_PAUSED = "Nothing is paused.", "当前没有暂停。"
    CHARGED_OFF = "It is charged off; book a recovery.", "已核销，请按核销后回收入账。"
    NOT_CHARGED_OFF = "Nothing is charged off.", "没有已核销的款项。"
    LATER_MONEY = (
        "Money has moved since the charge-off; reverse that first.",
        "核销后已有资金变动，请先冲正。",
    )
    STILL_OWED = (
        "The line still owes {0}, holds {1} reserved, or is owed {2}.",
        "该授信尚欠 {0}、占用 {1} 或有溢缴款 {2}。",
    )
    ABOVE_CAP = "{0}", "{1}"

    @property
    def precedence(self) -> int:
        """Its place in the order, from 1."""
        return list(Reason).index(self) + 1


@dataclass(frozen=True)
class Refusal:
    """One refused event. `rule` is the reason's name, or the law's rule where one refuses."""

    event_id: str
    reason: Reason
    rule: str
    says_en: str
    says_zh: str


class Said(NamedTuple):
    """Words that differ by language."""

    en: str
    zh: str


@dataclass(frozen=True)
class No:
    """A reason with what fills its sentences; `rule` only where a law's rule refuses."""

    reason: Reason
    words: tuple[str | Said, ...] = ()
    rule: str | None = None

    def about(self, event_id: str) -> Refusal:
        """The full refusal of one event."""
        english, chinese = self.reason.value
        words = [word if isinstance(word, Said) else Said(word, word) for word in self.words]
        return Refusal(
            event_id,
            self.reason,
            self.rule or self.reason.name,
            english.format(*(word.en for word in words)),
            chinese.format(*(word.zh for word in words)),
        )


def no(reason: Reason, *words: object) -> No:
    """A reason in short."""
    return No(reason, tuple(word if isinstance(word, Said) else str(word) for word in words))


def first(*found: No | None) -> No | None:
    """Of several refusals the one that stands first in the published order; None of none."""
    return min((no for no in found if no), key=lambda no: no.reason.precedence, default=None)
