"""A borrower's debts side by side: other lenders' as a balance, ours as the exact line itself.

A foreign debt grows by a twelfth of its yearly rate each month (odd days are thirtieths of one),
rounded to the minor unit; ours is paid and aged by the very engine that keeps its books, so its
numbers are right to the cent.
"""

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from ruqi.loans.accrual import advance
from ruqi.loans.events import Event
from ruqi.loans.line import act
from ruqi.loans.state import Line
from ruqi.loans.steps.repaying import settlement_quote
from ruqi.primitives.dates import DayCount, add_months, last_instant, year_fraction
from ruqi.primitives.money import Rounding, round_ratio


class Foreign(NamedTuple):
    """A debt elsewhere. The minimum is a fixed amount, or a share of the balance with a floor."""

    name: str
    balance_minor: int
    annual_rate: Fraction
    due_day: int
    minimum_minor: int
    minimum_share: Fraction = Fraction(0)
    overdue_minor: int = 0

    @property
    def rate(self) -> Fraction:
        """Yearly cost, for ordering."""
        return self.annual_rate

    def owed(self, _on: date) -> int:
        """What would pay it off."""
        return self.balance_minor


@dataclass(frozen=True)
class Own:
    """One of our own lines, as it stands."""

    name: str
    line: Line
    rate: Fraction

    def owed(self, on: date) -> int:
        """What would pay it off on a day, to the cent, once its credit balance has helped."""
        return _owed(advance(self.line, max(on, self.line.on))[0])


Debt = Foreign | Own


class Bill(NamedTuple):
    """What a debt asks for on one day."""

    on: date
    name: str
    minor: int


def _owed(line: Line) -> int:
    return max(0, settlement_quote(line).total - line.credit_minor)


def grown(debt: Debt, since: date, until: date) -> Debt:
    """A debt with the interest of the days from `since` to `until`."""
    if isinstance(debt, Own):
        return debt
    if not debt.balance_minor:
        return debt
    years, rate = year_fraction(since, until, DayCount.EQUAL_MONTHS), debt.annual_rate
    # Whole numbers, not fractions: fifty years of thirty debts are asked for while somebody waits.
    over = debt.balance_minor * rate.numerator * years.numerator
    interest = round_ratio(over, rate.denominator * years.denominator, Rounding.HALF_EVEN)
    return _left(debt, debt.balance_minor + interest, debt.overdue_minor)


def _left(debt: Foreign, balance_minor: int, overdue_minor: int) -> Foreign:
    """The debt with another balance; quicker than `_replace`."""
    name, _, rate, day, least, part, _ = debt
    return Foreign(name, balance_minor, rate, day, least, part, overdue_minor)


def bills(debt: Debt, month: date) -> list[Bill]:
    """What a debt asks for in the month that starts on `month`, by date."""
    if isinstance(debt, Foreign):
        if not debt.balance_minor:
            return []
        part = debt.minimum_share
        share = round_ratio(part.numerator * debt.balance_minor, part.denominator, Rounding.UP)
        wanted = max(debt.minimum_minor, share) + debt.overdue_minor
        minor = min(debt.balance_minor, wanted)
        return [Bill(add_months(month, 0, debt.due_day), debt.name, minor)] if minor else []
    return _line_bills(debt, month)


def _line_bills(debt: Own, month: date) -> list[Bill]:
    """Each due date of the month with what it adds to what is due; arrears with the first."""
    end = add_months(month, 1, 1)
    days = sorted(
        {
            max(due.due_on, month, debt.line.on)
            for purchase in debt.line.active
            for due in purchase.dues
            if due.due_on < end and any(purchase.claim(due))
        }
    )
    found, asked = [], 0
    for day in (day for day in days if day < end):
        line = advance(debt.line, day)[0]
        total = due_by(line, day)
        if total > asked:
            found.append(Bill(day, debt.name, total - asked))
            asked = total
    return found


def due_by(line: Line, on: date) -> int:
    """Everything due by a day and unpaid."""
    return sum(
        purchase.claim(due).total
        for purchase in line.active
        for due in purchase.dues
        if due.due_on <= on
    )


def paid(debt: Debt, on: date, minor: int, short_minor: int = 0) -> tuple[Debt, int]:
    """A debt after a payment, and how much of it the debt could use."""
    if isinstance(debt, Foreign):
        used = min(minor, debt.balance_minor)
        return _left(debt, debt.balance_minor - used, short_minor), used
    line = advance(debt.line, on)[0]
    owed = _owed(line)
    used = min(minor, owed)
    if used and used == owed:
        # Its credit balance goes back to the borrower, and into the settlement at once.
        line = _moved(line, "credit_refund", line.credit_minor)
        line = _moved(line, "early_settlement", settlement_quote(line).total)
    else:
        line = _moved(line, "repayment", used)
    return replace(debt, line=line), used


def _moved(line: Line, kind: str, minor: int) -> Line:
    """The line after one movement of money on its day; as it is where nothing moves."""
    if not minor:
        return line
    known = last_instant(line.on, line.terms.time_zone)
    event = Event(f"plan-{line.on}-{minor}", kind, line.on, known, {"amount_minor": minor})
    return act(line, event)[0]
