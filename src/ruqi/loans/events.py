"""Every kind of event of one credit line: its fields, and its place within a day.

Events of one value date apply in the order of `KINDS`, then by id, whatever order they came in:
by cause, so that each finds what it was about. What draws comes first, then what gives or takes
back, cost, relief and promises, money in, new terms, loss, settlement, and the end. What time does
comes before all of them (see `accrual`). An event that follows another of its day comes right
after that one: see `Event.follows`.

Source: docs/reference/events.md, generated from here; ADR 0103.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from ruqi.primitives.dates import civil_day
from ruqi.primitives.ids import canonical


@dataclass(frozen=True)
class Field:
    """One field of an event: what it holds, whether it must stand, and what it means."""

    name: str
    holds: str  # amount, date, id, count, text, share, flag, payments, words
    required: bool
    says: str


def _fields(**given: str) -> tuple[Field, ...]:
    """`name="holds! what it means"`: an exclamation mark says required."""
    made = []
    for name, text in given.items():
        holds, _, says = text.partition(" ")
        made.append(Field(name, holds.rstrip("!"), holds.endswith("!"), says))
    return tuple(made)


@dataclass(frozen=True)
class Kind:
    """One kind of event: its fields and, in a sentence each, what it does."""

    name: str
    fields: tuple[Field, ...]
    says_en: str
    says_zh: str


_PURCHASE = "id the purchase it is about; default: all"
_KINDS = (
    Kind(
        "open",
        _fields(
            limit_minor="amount the credit limit", currency="text ISO code; default: product's"
        ),
        "Opens the line with its limit.",
        "开立授信。",
    ),
    Kind(
        "undo_charge_off",
        _fields(purchase=_PURCHASE),
        "Takes a charge-off back, if no money has moved since.",
        "撤销核销：其后无资金变动方可。",
    ),
    Kind(
        "limit_change",
        _fields(limit_minor="amount! the new limit; may lie below what is drawn"),
        "Changes the limit; what is drawn stays.",
        "调整额度；已用部分不变。",
    ),
    Kind(
        "authorise",
        _fields(
            amount_minor="amount! held for a purchase",
            expires_on="date last day of the hold; default: none",
        ),
        "Holds part of the limit for a purchase.",
        "预授权，占用额度。",
    ),
    Kind(
        "capture",
        _fields(
            authorisation="id! the hold that it uses",
            amount_minor="amount default: all that is held; the rest is released",
            product="text default: the line's product",
            instalments="count no more than the product's, which is the default",
        ),
        "Turns a hold into a purchase; what is left of the hold is released.",
        "预授权完成，转为消费；剩余占用释放。",
    ),
    Kind(
        "purchase",
        _fields(
            amount_minor="amount! the price financed",
            product="text default: the line's product",
            instalments="count no more than the product's, which is the default",
        ),
        "Draws on the line; its id names the purchase.",
        "消费放款；事件编号即消费编号。",
    ),
    Kind(
        "void",
        _fields(authorisation="id! the hold that is given up"),
        "Releases a hold without a purchase.",
        "撤销预授权，释放额度。",
    ),
    Kind(
        "merchant_refund",
        _fields(purchase="id! the purchase refunded", amount_minor="amount! of its price"),
        "Lowers that purchase, last instalment first, with its share of cost; the rest is credit.",
        "商户退款：冲减该笔消费（先冲最后一期）并按比例退还息费，多余部分转溢缴款。",
    ),
    Kind(
        "returned_debit",
        _fields(payment="id! the repayment returned", amount_minor="amount default: all of it"),
        "The bank took a payment back: what it had paid is due again from today.",
        "扣款退回：原已还部分自今日起重新应还。",
    ),
    Kind(
        "chargeback",
        _fields(payment="id! the repayment disputed", amount_minor="amount default: all of it"),
        "A card payment was charged back: what it had paid is due again from today.",
        "银行卡拒付：原已还部分自今日起重新应还。",
    ),
    Kind(
        "fee",
        _fields(
            amount_minor="amount! charged",
            purchase="id default: the oldest one open",
            due_on="date default: the next due date after today, else today",
            name="text what it is for",
        ),
        "Charges a fee; refused where it lifts the all-in cost above the cap.",
        "收取费用；若使综合成本超过上限则拒绝。",
    ),
    Kind(
        "payment_started",
        _fields(amount_minor="amount! on its way"),
        "Money is on its way: no new late fee until it arrives or fails.",
        "付款处理中：到账或失败前不新增滞纳金。",
    ),
    Kind(
        "payment_failed",
        _fields(payment="id! the payment_started that failed"),
        "Money that was on its way did not come; everything stands as before, no fee twice.",
        "付款失败：恢复原状，不重复收费。",
    ),
    Kind(
        "waiver",
        _fields(
            amount_minor="amount! given up",
            part="text interest, fee, charge or late; default: late first",
            purchase=_PURCHASE,
        ),
        "Gives up interest, fees or charges that are owed; never closes a loan by itself.",
        "减免息费；不会自行结清借据。",
    ),
    Kind(
        "pause",
        _fields(
            until="date last day; default: until resumed",
            purchase=_PURCHASE,
            stops_late="flag whether penalty interest rests too; default false",
            stops_interest="flag whether its nights cost no interest either; default false",
        ),
        "Stops the clock of days past due.",
        "暂停逾期天数计算。",
    ),
    Kind(
        "resume",
        _fields(purchase=_PURCHASE),
        "Ends every pause today; where it names a purchase, for that one alone.",
        "即日恢复逾期天数计算；指明消费的，仅恢复该笔。",
    ),
    Kind(
        "end_arrangement",
        _fields(arrangement="id! the plan or settlement"),
        "Ends an arrangement by agreement, neither kept nor broken.",
        "协商终止还款安排。",
    ),
    Kind(
        "hardship_plan",
        _fields(
            payments="payments! [{on, amount_minor}] promised",
            breach_days="count days late that break it; default 0",
        ),
        "Promised payments under hardship: clock and penalty rest while they are kept.",
        "困难还款安排：履约期间停止计逾期天数与罚息。",
    ),
    Kind(
        "discounted_settlement",
        _fields(
            payments="payments! [{on, amount_minor}], less than is owed in all",
            breach_days="count days late that break it; default 0",
        ),
        "Promised payments for less than is owed; the rest of what owes something on that day is "
        "waived after the last of them.",
        "折扣结清：按约定付清最后一笔后，才减免协议当日未清各笔的余额。",
    ),
    Kind(
        "repayment",
        _fields(
            amount_minor="amount! received",
            purchase=_PURCHASE,
            started="id the payment_started that arrived",
            prepayment="text next, shorten, lower or credit: the borrower's choice",
        ),
        "Pays what is past due, oldest first, then what is due, then ahead as agreed.",
        "还款：先还最早逾期，再还当期，余款按约定提前还。",
    ),
    Kind(
        "deferral",
        _fields(
            periods="count! by how many periods",
            purchase="id! the purchase whose future dues move",
        ),
        "Moves the dues to come by whole periods; interest runs on as agreed.",
        "延期：未到期各期整体顺延，利息照约定计算。",
    ),
    Kind(
        "extension",
        _fields(instalments="count! more of them", purchase="id! the purchase made longer"),
        "Lays the principal to come over more instalments.",
        "展期：未到期本金分摊到更多期。",
    ),
    Kind(
        "re_age",
        _fields(
            first_due_on="date! of the oldest unpaid due from now on",
            purchase="id! the purchase",
            instalments="count default: as many as are unpaid",
        ),
        "Moves every unpaid due to new dates; vintage and days past due by contract stay.",
        "重设账龄：未还各期移至新日期；原放款月与按合同计的逾期天数保留。",
    ),
    Kind(
        "restructure",
        _fields(
            instalments="count! from now on",
            purchase="id! the purchase",
            annual_rate="share the new rate; default: as before",
            first_due_on="date default: one period from today",
        ),
        "Writes new terms for everything unpaid, and flags it.",
        "债务重组：未还部分按新条款重排，并作标记。",
    ),
    Kind(
        "charge_off",
        _fields(purchase=_PURCHASE, reason="text why"),
        "Takes what is owed off the balance sheet as a loss; the claim survives.",
        "核销：账销案存，债权仍在。",
    ),
    Kind(
        "recovery",
        _fields(amount_minor="amount! received after charge-off", purchase=_PURCHASE),
        "Money received after a charge-off: income, and the claim shrinks.",
        "核销后回收：计入收回收入，债权减少。",
    ),
    Kind(
        "early_settlement",
        _fields(
            amount_minor="amount must equal the quote of the day; default: the quote",
            purchase=_PURCHASE,
        ),
        "Pays everything off at the quoted amount; cost not yet earned falls away. Refused where "
        "terms that ask for more lift the all-in cost above the cap.",
        "提前结清：按当日试算金额还清，未产生的息费不再收取；条款多收致综合成本超过上限的，予以拒绝。",
    ),
    Kind(
        "credit_refund",
        _fields(amount_minor="amount default: all of the credit balance"),
        "Pays the credit balance back to the borrower.",
        "退还溢缴款。",
    ),
    Kind("close", (), "Closes a line that owes nothing and is owed nothing.", "注销授信。"),
    Kind(
        "reversal",
        _fields(of="id! the event that should not have been"),
        "Takes an event back from its own value date, as if it had never been; reversible itself.",
        "冲正：自原事件起息日起撤回；冲正亦可再冲正。",
    ),
)
KINDS: Mapping[str, Kind] = {kind.name: kind for kind in _KINDS}
RANK: Mapping[str, int] = {kind.name: place for place, kind in enumerate(_KINDS)}

# Where an event stands: its value date, then rank, whether nothing follows it, and id, once for
# the event that it follows and once for itself.
Place = tuple[date, tuple[tuple[int, bool, str], ...]]


@dataclass(frozen=True)
class Event:
    """One thing that happened. `value_on` is when it is true, `recorded_at` when we knew (UTC).

    Once accepted, what it left to a default is part of `data` (see `line.frozen`).
    """

    id: str
    kind: str
    value_on: date
    recorded_at: datetime
    data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def minor(self) -> int:
        """`amount_minor`, in minor units (a bug where the kind has none)."""
        amount: int = self.data["amount_minor"]
        return amount

    def text(self, name: str) -> str | None:
        """A text or id field, None where it does not stand."""
        value: str | None = self.data.get(name)
        return value

    @property
    def follows(self) -> str | None:
        """The event of the same day that it comes right after, fixed when it was accepted."""
        return self.text("follows")

    def place(self, after: Place | None = None, followed: bool = False) -> Place:
        """Where it stands in the life of the line.

        `after` is the place of what it follows. One that is `followed` comes first of its kind, so
        that what is taken back on its own day is no more in the way.
        """
        on, path = after or (self.value_on, ())
        return on, (*path, (RANK[self.kind], not followed, self.id))

    @property
    def body(self) -> str:
        """All that it says, whenever it was recorded: equal bodies are the same event."""
        return canonical({"kind": self.kind, "value_on": self.value_on, **self.data})

    def recorded_on(self, zone: str) -> date:
        """The civil day on which it became known."""
        return civil_day(self.recorded_at, zone)
