"""A borrower's debts, money and questions as typed: a wallet, or every problem beside its field."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from ruqi.adapters.report.numbers import amount_of, month
from ruqi.adapters.report.words import NOTHING, Text, same
from ruqi.apps.borrower import fields
from ruqi.apps.borrower.shell import Field, today, typed
from ruqi.apps.web.words import both, told
from ruqi.classroom.debts import Foreign
from ruqi.classroom.payoff import Change, Means, Wallet, Way
from ruqi.primitives.dates import add_months

MOST_DEBTS = 30
FIRST_ROWS = 2
LONGEST_NAME = 40
CURRENCIES = ("CNY", "TWD", "HKD", "SGD", "USD", "EUR", "GBP", "JPY", "INR")
PARTS = ("name", "balance", "rate", "minimum", "due", "turn")
BEST = "best"
# What a page without anything typed yet can be filled with, to see what an answer looks like.
EXAMPLE = {
    "income": "7800",
    "outgoings": "5200",
    "balance-1": "14500",
    "rate-1": "18.25",
    "minimum-1": "10%",
    "due-1": "8",
    "balance-2": "6000",
    "rate-2": "0",
    "minimum-2": "500",
    "due-2": "20",
    "extra": "200",
    "less": "20",
    "rows": "2",
    "act": "plan",
}


@dataclass(frozen=True)
class Row:
    """One debt as typed."""

    number: int
    asked: tuple[Field, ...]
    optional: tuple[Field, ...]

    @property
    def fields(self) -> tuple[Field, ...]:
        """All of them."""
        return (*self.asked, *self.optional)

    @property
    def opened(self) -> bool:
        """Whether something optional was typed, or is wrong."""
        return any(field.value or field.problem for field in self.optional)


@dataclass(frozen=True)
class Asked:
    """The form as typed; wallet, what-ifs and way where everything could be read."""

    money: tuple[Field, ...]
    rows: tuple[Row, ...]
    what_ifs: tuple[Field, ...]
    way: Field
    wallet: Wallet | None = None
    changes: tuple[Change, ...] = ()
    too_many: Text | None = None

    @property
    def problems(self) -> list[Field]:
        """Every field with something wrong, in the page's order."""
        in_rows = [field for row in self.rows for field in row.fields]
        every = [*self.money, *in_rows, *self.what_ifs, self.way]
        return [field for field in every if field.problem]


class Reader:
    """Fields read one after another; `value` is None from the first problem on."""

    def __init__(self, data: Mapping[str, str], judge: bool, group: Text = NOTHING) -> None:
        self.data, self.judge, self.group, self.faulty = data, judge, group, False

    def field(
        self, name: str, word: str, read: Any, default: str = "", **more: Any
    ) -> tuple[Field, Any]:
        """The field `name`, labelled by `word`, and what `read` makes of what was typed."""
        text = typed(self.data, name) or default
        answer = read(text) if self.judge else None
        problem = answer if isinstance(answer, Text) else None
        self.faulty = self.faulty or problem is not None
        hint = more.pop("hint", NOTHING)
        made = Field(name, both(f"planner.{word}"), text, problem, hint, group=self.group, **more)
        return made, None if problem else answer


def example() -> dict[str, str]:
    """The form filled in with invented debts, their names in the reader's language."""
    return {**EXAMPLE, **{f"name-{n}": told(f"planner.example_{n}") for n in (1, 2)}}


def read(data: Mapping[str, str], judge: bool, rows: int) -> Asked:
    """The form with `rows` rows; with `judge`, read and judged, else only shown again."""
    reader = Reader(data, judge)
    currency = typed(data, "currency")
    currency = currency if currency in CURRENCIES else CURRENCIES[0]
    money, start, means = _money(reader, currency)
    made, debts = _rows(reader, currency, min(rows, MOST_DEBTS))
    what_ifs, changes = _what_ifs(reader, currency)
    ways = (BEST, *Way)
    text = typed(data, "way")
    way = Field(
        "way",
        both("planner.way"),
        text if text in ways else BEST,
        choices=tuple((one, both(f"planner.way_{one}")) for one in ways),
    )
    many = both("planner.too_many", most=MOST_DEBTS) if rows > MOST_DEBTS else None
    asked = Asked(money, made, what_ifs, way, too_many=many)
    if not judge or reader.faulty or many or not debts:
        return asked
    order = tuple(debt.name for _, debt in sorted(debts, key=lambda pair: pair[0]))
    wallet = Wallet(currency, start, tuple(debt for _, debt in debts), means, order=order)
    return Asked(money, made, what_ifs, way, wallet, changes)


def _money(reader: Reader, currency: str) -> tuple[tuple[Field, ...], date, Means]:
    def coins(text: str) -> int | Text:
        return fields.amount(text, currency)

    signs = tuple((code, same(code)) for code in CURRENCIES)
    income, comes = reader.field("income", "income", coins, hint=both("planner.income_hint"))
    outgoings, goes = reader.field(
        "outgoings", "outgoings", coins, hint=both("planner.outgoings_hint")
    )
    start, day = reader.field("start", "start", fields.day, default=today(), kind="date")
    unit = Field("currency", both("planner.currency"), currency, choices=signs)
    return (income, outgoings, start, unit), day, Means(comes or 0, goes or 0)


def _rows(
    reader: Reader, currency: str, count: int
) -> tuple[tuple[Row, ...], list[tuple[tuple[int, int], Foreign]]]:
    """Every row, and of those with something typed the debt with its turn."""
    rows, debts, names = [], [], set[str]()
    numbers = range(1, count + 1)
    # A row with nothing in it is left out; where none holds anything, the first one is asked for.
    wanted = [n for n in numbers if _typed(reader.data, n)] or [1]
    for number in numbers:
        group = both("planner.debt", number=number)
        inside = Reader(reader.data, reader.judge and number in wanted, group)
        row, debt, turn = _row(inside, currency, number, names)
        reader.faulty = reader.faulty or inside.faulty
        rows.append(row)
        if debt:
            names.add(debt.name)
            debts.append(((turn, number), debt))
    return tuple(rows), debts


def _typed(data: Mapping[str, str], number: int) -> bool:
    return any(typed(data, f"{part}-{number}") for part in PARTS)


def _row(
    reader: Reader, currency: str, number: int, names: set[str]
) -> tuple[Row, Foreign | None, int]:
    """One debt: its fields, the debt where it could be read, and its turn."""

    def called(text: str) -> str | Text:
        name = text or told("planner.debt", number=number)
        return both("planner.name_twice") if name in names else name

    def share_or_amount(text: str) -> tuple[int, Fraction] | Text:
        if fields.plain(text).endswith("%"):
            share = fields.rate(text)
            return share if isinstance(share, Text) else (0, share)
        found = fields.amount(text, currency)
        return found if isinstance(found, Text) else (found, Fraction(0))

    hints = {
        part: both(f"planner.{part}_hint") for part in PARTS if part not in ("name", "balance")
    }
    at = f"-{number}"
    name, titled = reader.field(f"name{at}", "name", called)
    balance, owed = reader.field(
        f"balance{at}", "balance", lambda text: fields.amount(text, currency, least=1)
    )
    rate, yearly = reader.field(f"rate{at}", "rate", fields.rate, hint=hints["rate"])
    minimum, asks = reader.field(f"minimum{at}", "minimum", share_or_amount, hint=hints["minimum"])
    due, day = reader.field(
        f"due{at}", "due", lambda text: fields.whole(text or "1", 1, 31), hint=hints["due"]
    )
    turn, place = reader.field(
        f"turn{at}",
        "turn",
        lambda text: fields.whole(text, 1, MOST_DEBTS) if text else MOST_DEBTS + 1,
        hint=hints["turn"],
    )
    row = Row(number, (name, balance, rate, minimum), (due, turn))
    if reader.faulty or not reader.judge:
        return row, None, 0
    return row, Foreign(titled, owed, yearly, day, *asks), place


def _what_ifs(reader: Reader, currency: str) -> tuple[tuple[Field, ...], tuple[Change, ...]]:
    """What may happen: more each month, and another income from a month on."""

    def extra(text: str) -> int | Text:
        return fields.amount(text, currency, least=1) if text else 0

    def less(text: str) -> Fraction | Text:
        share = fields.rate(text) if text else Fraction(0)
        too_much = isinstance(share, Fraction) and share > 1
        return both("planner.less_much") if too_much else share

    def when(text: str) -> date | Text:
        return fields.month(text or _soon())

    more, minor = reader.field("extra", "extra", extra, hint=both("planner.extra_hint"))
    drop, share = reader.field("less", "less", less, hint=both("planner.less_hint"))
    since, first = reader.field("from", "from", when, default=_soon(), kind="month")
    changes = []
    if minor:
        says = both("planner.if_more", amount=amount_of(minor, currency))
        changes.append(Change(says.en, says.zh, extra_minor=minor))
    if share and first:
        says = both("planner.if_less", share=f"{float(share) * 100:g}%", month=month(first))
        changes.append(Change(says.en, says.zh, first, income_share=1 - share))
    return (more, drop, since), tuple(changes)


def _soon() -> str:
    """The month after the next one, where a change is most often asked about."""
    return f"{add_months(date.fromisoformat(today()), 2, 1):%Y-%m}"
