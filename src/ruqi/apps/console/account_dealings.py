"""What passed between lender and borrower: payments and contacts, and what the law counts of them.

Three kinds of nothing are told apart: the book has no such table, the run is of a Ruqi that kept
none, or the table names nothing of this account.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from ruqi.adapters.postgres import dealings
from ruqi.adapters.postgres.dealings import Dealt
from ruqi.adapters.report import numbers
from ruqi.adapters.report.blocks import Cell, Column, Note, Table, figure, row_head
from ruqi.adapters.report.words import NOTHING, Text, listed, same
from ruqi.apps.console.law_page import pack_of
from ruqi.apps.console.opened import Opened
from ruqi.apps.web.words import both, catalogue
from ruqi.law.contact import counted
from ruqi.law.rules import backing
from ruqi.services.dealings import WITHHELD, as_past, counts, week_to

Row = Mapping[str, Any]
MONTH_DAYS = 31  # a payment counts in the row that ends its month, not in one after a gap


def payment_blocks(run: Opened, dealt: Dealt, months: Sequence[Row]) -> list[Any]:
    """An account's payments, what they come to, and the month's row in which each counts."""
    if not dealt.total:
        return [_nothing(run, "payments")]
    lead = both(
        "account.paid_says",
        total=numbers.count(dealt.total),
        amount=numbers.amount_of(dealt.minor or 0, run.book.currency),
        first=numbers.iso(dealt.first),
        last=numbers.iso(dealt.last),
        day=numbers.long_day(run.book.as_of),
    )
    has = _columns(run, "payments")
    rows = [_payment(run, row, months, has) for row in dealt.rows]
    heads = [Column(both("account.paid_on")), _money(run, "amount")]
    heads += [Column(both("account.kind"))] if "kind" in has else []
    heads += [Column(both("account.recorded"))] if "recorded_at" in has else []
    foot = both("account.payments_foot") + _withheld(dealt.rows)
    whole = dealt.page is not None  # asked for: then a phone does not fold it either
    caption = both("account.payments_rows")
    table = Table(caption, heads, rows, "account_paid", foot=foot, shown=whole)
    return [Note(lead, "lead"), table]


def _payment(run: Opened, row: Row, months: Sequence[Row], has: frozenset[str]) -> list[Cell]:
    month = _month_of(row["value_on"], months)
    return [
        row_head(numbers.iso(row["value_on"]), NOTHING if month is None else numbers.month(month)),
        figure(numbers.money(row["amount_minor"], run.book.currency)),
        *([Cell(_word("paykind", row["kind"]))] if "kind" in has else []),
        *([Cell(same(moment(run, row["recorded_at"])))] if "recorded_at" in has else []),
    ]


def _month_of(day: date, months: Sequence[Row]) -> date | None:
    """The day of the row in which a payment counts: the first one not before it."""
    after = next((row["on"] for row in months if row["on"] >= day), None)
    return after if after is not None and (after - day).days <= MONTH_DAYS else None


def contact_blocks(run: Opened, borrower: str, dealt: Dealt) -> list[Any]:
    """A borrower's contacts, and how much of the law's limits they used up by the run's day."""
    if not dealt.total:
        return [_nothing(run, "contacts")]
    lead = both(
        "account.contacts_says",
        total=numbers.count(dealt.total),
        first=moment(run, dealt.first)[:10],
        last=moment(run, dealt.last)[:10],
        day=numbers.long_day(run.book.as_of),
    )
    has = _columns(run, "contacts")
    shown = [one for one in ("direction", "outcome", "agency") if one in has]
    rows = [_contact(run, row, shown) for row in dealt.rows]
    heads = [Column(both("account.at")), Column(both("account.channel"))]
    heads += [Column(both(f"account.{one}")) for one in shown]
    heads.append(Column(both("account.counts_as")))
    lacking = [both(f"account.{one}") for one in ("direction", "outcome") if one not in has]
    foot = both("account.contacts_foot", zone=_zone(run)) + _withheld(dealt.rows)
    if lacking:
        foot = both("account.lacking", columns=listed(lacking)) + foot
    whole = dealt.page is not None
    table = Table(both("account.contacts_rows"), heads, rows, foot=foot, shown=whole)
    return [Note(lead, "lead"), *_limits(run, borrower), table]


def _contact(run: Opened, row: Row, shown: Sequence[str]) -> list[Cell]:
    past = as_past(row)
    named = {
        "direction": _word("direction", row["direction"]),
        "outcome": _word("reply", row["outcome"]),
        "agency": _word("agency", row["agency"]),
    }
    weighs = listed([both(f"account.counts_{one}") for one in counted(past)])
    return [
        row_head(moment(run, row["at"])),
        Cell(_word("channel", past.channel)),
        *(Cell(named[one]) for one in shown),
        Cell(weighs if weighs.en else both("account.counts_not"), "wrap"),
    ]


def _limits(run: Opened, borrower: str) -> list[Any]:
    """How much of each limit was used up when the run's day ended, and what the limit is."""
    day, pack = run.book.as_of, pack_of(run)
    if day is None:
        return []
    zone = _zone(run)
    week = dealings.contacts_between(run.id, borrower, *week_to(day, zone))
    rows = []
    for rule, used in counts(week, day, zone).items():
        by = None if pack is None else backing(rule, pack)
        rows.append(
            [
                row_head(both(f"account.{rule.lower()}"), same(rule)),
                figure(numbers.count(used)),
                figure(numbers.UNKNOWN if by is None else str(by.value)),
                Cell(same(numbers.UNKNOWN if by is None else by.source), "code soft"),
                Cell(NOTHING if by is None else Text(by.says_en, by.says_zh), "wrap"),
            ]
        )
    heads = [
        Column(both("account.limit_of")),
        Column(both("account.used"), True),
        Column(both("account.cap"), True),
        *(Column(both(f"account.{one}")) for one in ("source", "rule_says")),
    ]
    caption = both("account.limits_used", day=numbers.long_day(day))
    foot = NOTHING
    if pack is None:  # then the caps are not known either
        foot = both("law.caps_unknown", version=run.view["run"]["law"]["version"])
    return [Table(caption, heads, rows, "contacts_counted", "sample", foot)]


def _nothing(run: Opened, table: str) -> Note:
    """Why there is nothing to show, and what would change it."""
    entry = _entry(run, table)
    if entry is None:
        return Note(both(f"account.{table}_absent"))
    if not entry.get("file"):
        return Note(both(f"account.{table}_older"))
    return Note(both(f"account.{table}_none", day=numbers.long_day(run.book.as_of)))


def _entry(run: Opened, table: str) -> Row | None:
    """What the data card says of a table; None where the book has none."""
    rows: Sequence[Row] = run.view["data_card"]["tables"]
    return next((row for row in rows if row["table"] == table), None)


def _columns(run: Opened, table: str) -> frozenset[str]:
    entry = _entry(run, table)
    return frozenset(entry["columns"] if entry else ())


def _withheld(rows: Sequence[Row]) -> Text:
    """Says so where a text on this page is not kept."""
    here = any(value == WITHHELD for row in rows for value in row.values())
    return both("account.withheld", mark=WITHHELD) if here else NOTHING


def _word(group: str, code: str | None) -> Text:
    """A code in words; itself where nobody named it, a dash where it is not known."""
    key = f"{group}.{code}"
    return both(key) if key in catalogue() else same(code or numbers.UNKNOWN)


def _money(run: Opened, word: str) -> Column:
    return Column(both(f"account.{word}", currency=numbers.mark(run.book.currency)), True)


def _zone(run: Opened) -> str:
    return str(run.view["run"].get("time_zone") or "UTC")


def moment(run: Opened, at: Any) -> str:
    """A moment by the book's own clock, to the minute."""
    if at is None:
        return numbers.UNKNOWN
    return f"{at.astimezone(ZoneInfo(_zone(run))):%Y-%m-%d %H:%M}"
