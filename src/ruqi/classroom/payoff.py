"""Ways out of debt, month by month, with a borrower's own numbers.

Each month first pays what every debt asks for, by date; what is left over goes to one debt at a
time: the dearest (avalanche), the smallest (snowball), a chosen order, or none (minimum). A plan
tells when it ends, what it costs, and the first day on which money does not reach.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction

from ruqi.classroom.debts import Bill, Debt, bills, grown, paid
from ruqi.primitives.dates import add_months, month_number
from ruqi.primitives.errors import ensure
from ruqi.primitives.money import Rounding, round_minor

Turns = Callable[[dict[str, Debt], date], Sequence[str]]
HORIZON = 600  # months; a plan that has not ended by then does not end


class Way(StrEnum):
    """Which debt the money left over goes to."""

    AVALANCHE = "avalanche"
    SNOWBALL = "snowball"
    MINIMUM = "minimum"
    CUSTOM = "custom"


@dataclass(frozen=True)
class Means:
    """What there is to pay with, each month, from a month on (later ones replace earlier ones)."""

    income_minor: int
    outgoings_minor: int

    @property
    def free_minor(self) -> int:
        """What is left for debts."""
        return max(0, self.income_minor - self.outgoings_minor)


@dataclass(frozen=True)
class Change:
    """Something that may happen: more for debts, or another income, from a month on."""

    name_en: str
    name_zh: str
    start: date | None = None
    extra_minor: int = 0
    income_share: Fraction = Fraction(1)


@dataclass(frozen=True)
class Wallet:
    """Everything a plan starts from. Without means, the minimums plus `extra_minor` are paid."""

    currency: str
    start: date
    debts: tuple[Debt, ...]
    means: Means | None
    extra_minor: int = 0
    order: tuple[str, ...] = ()
    buffer_share: Fraction = Fraction(1, 10)


@dataclass(frozen=True)
class Month:
    """One month of a plan: what was paid and what is left."""

    on: date
    paid_minor: int
    left_minor: int


@dataclass(frozen=True)
class Missed:
    """The first payment that the money does not reach."""

    on: date
    debt: str
    short_minor: int


@dataclass(frozen=True)
class Plan:
    """One way through. `ends_on` is None where it never ends within fifty years."""

    way: Way
    months: tuple[Month, ...]
    ends_on: date | None
    paid_minor: int
    cost_minor: int | None
    missed: Missed | None
    ended: tuple[tuple[str, date], ...]  # debts in the order in which they are paid off


def plan(wallet: Wallet, way: Way, change: Change | None = None) -> Plan:
    """Walk the months until nothing is owed; whole minor units throughout."""
    debts = {debt.name: debt for debt in wallet.debts}
    ensure(len(debts) == len(wallet.debts), "debts need different names")
    owed_at_start = sum(debt.owed(wallet.start) for debt in wallet.debts)
    months: list[Month] = []
    ended: list[tuple[str, date]] = []
    missed: Missed | None = None
    month = wallet.start
    turns = _turns(wallet, way)
    while len(months) < HORIZON:
        spent, debts, short, last = _month(wallet, turns, change, debts, month)
        missed = missed or short
        left = sum(debt.owed(last) for debt in debts.values())
        months.append(Month(month, spent, left))
        done = {name for name, _ in ended}
        ended += [(n, last) for n, debt in debts.items() if n not in done and not debt.owed(last)]
        if not left:
            break
        following = add_months(month, 1, 1)
        debts = {name: grown(debt, month, following) for name, debt in debts.items()}
        month = following
    total = sum(one.paid_minor for one in months)
    over = not months[-1].left_minor
    cost = total - owed_at_start if over else None
    return Plan(
        way, tuple(months), ended[-1][1] if over else None, total, cost, missed, tuple(ended)
    )


def _month(
    wallet: Wallet, turns: Turns, change: Change | None, debts: dict[str, Debt], month: date
) -> tuple[int, dict[str, Debt], Missed | None, date]:
    """One month: bills by date, then the rest of the money to the debt whose turn it is.

    Bills of days before a plan that starts within a month were paid, from that month's money.
    """
    first = month.replace(day=1)
    every = [bill for debt in debts.values() for bill in bills(debt, first)]
    asked = sorted(bill for bill in every if bill.on >= month)
    gone = sum(bill.minor for bill in every if bill.on < month)
    budget = _budget(wallet, change, asked, month)
    budget = budget if wallet.means is None else max(0, budget - gone)
    spent, missed = 0, None
    last = max((bill.on for bill in asked), default=month)
    for bill in asked:
        minor = min(bill.minor, budget - spent)
        short = bill.minor - minor
        debts[bill.name], used = paid(debts[bill.name], bill.on, minor, short)
        spent += used
        if short and missed is None:
            missed = Missed(bill.on, bill.name, short)
    for name in turns(debts, last) if spent < budget else ():
        debts[name], used = paid(debts[name], last, budget - spent)
        spent += used
        if spent == budget:
            break
    return spent, debts, missed, last


def _budget(wallet: Wallet, change: Change | None, asked: Sequence[Bill], month: date) -> int:
    """What there is to pay with this month."""
    applies = change is not None and (
        change.start is None or month_number(month) >= month_number(change.start)
    )
    extra = wallet.extra_minor + (change.extra_minor if change and applies else 0)
    if wallet.means is None:
        return sum(bill.minor for bill in asked) + extra
    share = change.income_share if change and applies else Fraction(1)
    income = round_minor(wallet.means.income_minor * share, Rounding.DOWN)
    free = replace(wallet.means, income_minor=income).free_minor
    return free + (change.extra_minor if change and applies else 0)


def _turns(wallet: Wallet, way: Way) -> Turns:
    """Debts in the order in which money left over reaches them; only the smallest one changes."""
    if way is Way.SNOWBALL:
        return lambda debts, on: sorted(debts, key=lambda name: (debts[name].owed(on), name))
    names = sorted(debt.name for debt in wallet.debts)
    if way is Way.MINIMUM:
        names = []
    elif way is Way.CUSTOM:
        named = [name for name in wallet.order if name in names]
        names = named + [name for name in names if name not in named]
    else:
        rates = {debt.name: debt.rate for debt in wallet.debts}
        names.sort(key=lambda name: -rates[name])
    return lambda _debts, _on: names


def safe_instalment(wallet: Wallet) -> int | None:
    """The most a borrower can promise a month and still keep a cushion; None without means.

    Income less outgoings, less the wallet's buffer share of it.
    """
    if wallet.means is None:
        return None
    keep = 1 - wallet.buffer_share
    return round_minor(wallet.means.free_minor * keep, Rounding.DOWN)
