"""A product's terms as data: what a lender and a borrower agree on, once reviewed, for good.

A purchase keeps the terms it was made under. Choices that a lender would question have their
reasons in docs/decisions (day count, anchor, order, rounding, backdating).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from ruqi.primitives.dates import NO_CALENDAR, Calendar, DayCount, Roll
from ruqi.primitives.money import Rounding, round_minor


class Method(StrEnum):
    """How principal and cost are laid over the instalments."""

    EQUAL_INSTALMENT = "equal_instalment"
    EQUAL_PRINCIPAL = "equal_principal"
    FLAT_FEE = "flat_fee"
    INTEREST_FREE = "interest_free"
    SINGLE = "single"


class Prepayment(StrEnum):
    """What a repayment does beyond everything that is due."""

    NEXT = "next"  # pay the next instalments ahead, in full
    SHORTEN = "shorten"  # same instalment, fewer of them
    LOWER = "lower"  # same number, smaller ones
    CREDIT = "credit"  # keep it as a credit balance


class Settling(StrEnum):
    """How much interest and fee an early settlement owes."""

    ACCRUED = "accrued"  # to the day
    PERIOD = "period"  # the running period in full
    ALL = "all"  # every instalment's


class Anchor(StrEnum):
    """Which day days past due are counted from."""

    OLDEST_UNPAID_DUE = "oldest_unpaid_due"
    START_OF_ARREARS = "start_of_arrears"  # sticks until nothing is overdue


@dataclass(frozen=True)
class Fee:
    """A cost beside interest. `share` is of the amount bought; whoever receives it, it counts."""

    name_en: str
    name_zh: str
    when: str  # "purchase" (with the first payment) or "period" (with each instalment)
    share: Fraction
    minor: int
    payee: str


@dataclass(frozen=True)
class Late:
    """What lateness costs: a daily rate on overdue principal or instalment, and a fixed fee."""

    daily_rate: Fraction = Fraction(0)
    base: str = "principal"  # or "instalment": principal, interest and fee
    fee_minor: int = 0
    cap_share: Fraction | None = None  # most penalty interest, as a share of the due's principal


@dataclass(frozen=True)
class Order:
    """In which order money meets parts: within each due, or one part over all dues first."""

    parts: tuple[str, ...]
    across: str = "by_due"  # or "by_part"


@dataclass(frozen=True)
class Bucket:
    """A delinquency bucket: its name and its days, both ends included; no high = open."""

    name: str
    low: int
    high: int | None

    @property
    def days(self) -> str:
        """Its days in words: `0`, `1-30`, `91+`."""
        if self.high is None:
            return f"{self.low}+"
        return str(self.low) if self.low == self.high else f"{self.low}-{self.high}"


@dataclass(frozen=True)
class Product:
    """Everything a purchase is made under. Field by field: docs/reference/products.md."""

    id: str
    version: str
    name_en: str
    name_zh: str
    currency: str
    time_zone: str
    law: str | None
    method: Method
    instalments: int
    period_days: int | None  # None: calendar months
    due_day: int | None
    annual_rate: Fraction
    day_count: DayCount
    down_payment: Fraction
    fees: tuple[Fee, ...]
    late: Late
    grace_days: int
    tolerance_minor: int
    anchor: Anchor
    buckets: tuple[Bucket, ...]
    calendar: Calendar
    roll: Roll
    orders: Mapping[str, Order]
    prepayment: Prepayment
    settling: Settling
    refund_order: str  # "last_first" or "next_first"
    refund_cost: str  # "pro_rata" or "none"
    rounding: Rounding
    residue: str  # "last" or "first"
    limit_minor: int | None
    minimum_minor: int = 1
    maximum_minor: int | None = None

    @property
    def periods_a_year(self) -> Fraction:
        """How many periods a nominal year has: 12, or 365 over the days of a period."""
        return Fraction(12) if self.period_days is None else Fraction(365, self.period_days)

    def order(self, transaction: str) -> Order:
        """The allocation order of one kind of transaction; repayment's where it has none."""
        return self.orders.get(transaction, self.orders["repayment"])

    def round(self, value: Fraction) -> int:
        """An exact amount rounded as agreed."""
        return round_minor(value, self.rounding)

    def bucket(self, dpd_days: int) -> Bucket:
        """The bucket of a number of days past due."""
        return next(b for b in reversed(self.buckets) if dpd_days >= b.low)

    def collect_on(self, due_on: date) -> date:
        """The day money is fetched for a due date: rolled over days off as agreed."""
        return due_on if self.roll is Roll.NONE else self.calendar.roll(due_on, self.roll)


DEFAULT_ORDER = Order(("late", "charge", "fee", "interest", "principal"))
DEFAULT_BUCKETS = (
    Bucket("M0", 0, 0),
    Bucket("M1", 1, 30),
    Bucket("M2", 31, 60),
    Bucket("M3", 61, 90),
    Bucket("M4+", 91, None),
)


def plain(**changes: object) -> Product:
    """A product with the house's plainest terms and `changes`; what a file leaves out is this."""
    terms: dict[str, object] = {
        "id": "plain",
        "version": "1",
        "name_en": "Plain",
        "name_zh": "基础产品",
        "currency": "CNY",
        "time_zone": "Asia/Shanghai",
        "law": None,
        "method": Method.INTEREST_FREE,
        "instalments": 1,
        "period_days": None,
        "due_day": None,
        "annual_rate": Fraction(0),
        "day_count": DayCount.EQUAL_MONTHS,
        "down_payment": Fraction(0),
        "fees": (),
        "late": Late(),
        "grace_days": 0,
        "tolerance_minor": 0,
        "anchor": Anchor.OLDEST_UNPAID_DUE,
        "buckets": DEFAULT_BUCKETS,
        "calendar": NO_CALENDAR,
        "roll": Roll.NONE,
        "orders": {"repayment": DEFAULT_ORDER},
        "prepayment": Prepayment.NEXT,
        "settling": Settling.ACCRUED,
        "refund_order": "last_first",
        "refund_cost": "pro_rata",
        "rounding": Rounding.HALF_EVEN,
        "residue": "last",
        "limit_minor": None,
    }
    return Product(**{**terms, **changes})  # type: ignore[arg-type]
