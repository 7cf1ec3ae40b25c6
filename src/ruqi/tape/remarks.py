"""Findings about the truth of a book's data; they stop nothing and follow every figure touched."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from math import sqrt

import polars as pl

from ruqi.primitives.currency import exponent
from ruqi.tape import remark_words as words
from ruqi.tape.code_changes import CodeChange, code_changes
from ruqi.tape.columns import Tape, closings_known
from ruqi.tape.contract import LATENESS
from ruqi.tape.matching import NAMED, Unmatched, unmatched
from ruqi.tape.row_counts import AMOUNTS, ROUND, THOUSANDS, RowCounts

FEW_ROWS_SHARE = 2 / 3  # a month below this part of its neighbours is short of rows …
FEW_ROWS_Z = 4.0  # … if it is not small numbers either (times √ rows expected)
FEW_ROWS_EXPECTED_MIN = 30
FEW_ACCOUNTS = 100  # a smaller book is remarked on as a whole
ROUND_ROWS_MIN = 100
ROUND_SHARE = {"balance": 0.5, "due": 0.9, "paid": 0.9}  # people do pay round sums: 40 % and more
DAY_CODES_MAX = 12  # more distinct days off a scale of 30 are counted, not codes
DAYS_STAY_MIN = 0.5  # codes: this part of late rows at least stands at values of the next month too
DAYS_WANDER = 3  # months differ by so many days: a counted value moves no further …
DAY_ROWS_MIN = 10  # … seen where so many rows come or leave, and a tenth at most was there or stays
CODE_KINDS = ("code_appears", "code_share", "code_vanishes")
ROWS_KINDS = ("gap", "few_rows", "after_charge_off", "after_closing")  # which rows there are
LATE = frozenset(f"performance.{name}" for name in (*LATENESS, "bucket", "code"))


@dataclass(frozen=True)
class Remark:
    """One finding.

    `on` is the month end or statement day it is about (None: the whole book); for a change between
    two months, the later one. `share` lies in [0, 1] of the rows it could have touched.
    """

    id: str  # stable and readable: kind-column-YYYY-MM
    kind: str
    table: str
    column: str | None
    on: date | None
    count: int
    share: float | None
    example: str | None  # an account or code, never personal data
    says_en: str
    says_zh: str


class RemarkCounts:
    """Remarks over a book that comes in parts; the parts' number and order change nothing.

    `minor_per_major` is the currency's (100 for CNY), for remarks on round amounts. `lateness`
    names the column that `code` holds; where it is not given, `dpd_days` or `months_past_due`
    if they hold values, else `stage`. `statements`: the book is observed on statement days.
    """

    def __init__(
        self, minor_per_major: int = 100, lateness: str | None = None, statements: bool = False
    ) -> None:
        self._counts = RowCounts(minor_per_major)
        self._lateness = lateness
        self._statements = statements

    def add(self, performance: pl.DataFrame, accounts: pl.DataFrame | None) -> None:
        """Count ALL performance rows of some accounts (canonical columns), in any order."""
        self._counts.add(performance, accounts)

    def merge(self, other: "RemarkCounts") -> None:
        """Add what another partial counted over other accounts."""
        self._counts.merge(other._counts)

    def finish(self, lost: Iterable[Unmatched] = ()) -> list[Remark]:
        """Every remark, sorted by month (the whole book first), kind and column.

        `lost` are the rows that name nobody of the book.
        """
        counts = self._counts
        lateness = self._lateness or next(
            (column for column in LATENESS if column in counts.lateness), "stage"
        )
        found = [
            *_of_rows(counts, lateness),
            *_of_gaps(counts),
            *_of_few_rows(counts, self._statements),
            *_of_round_amounts(counts),
            *(_of_unmatched(one) for one in lost),
        ]
        if not counts.many_codes and not (lateness == "dpd_days" and _counted(counts)):
            found += _of_codes(counts, lateness)
        return sorted(found, key=lambda r: (r.on or date.min, r.kind, r.column or "", r.table))


def find_remarks(tape: Tape) -> list[Remark]:
    """Every remark on a whole book in memory."""
    lateness = {"days": "dpd_days", "months": "months_past_due", "stage": "stage"}
    counts = RemarkCounts(
        10 ** exponent(tape.currency), lateness[tape.delinquency.by], tape.observed == "statement"
    )
    counts.add(tape.performance, closings_known(tape.accounts, tape.as_of))
    return counts.finish(unmatched(tape))


def touching(
    remarks: Sequence[Remark],
    on: date | None,
    columns: Collection[str],
    since: date | None = None,
) -> list[str]:
    """Ids of the remarks that touch a figure, in the order of `remarks`.

    The figure is of the month of `on` (None: of the whole book) and reads `columns`, named
    `table.column` ("performance.stage"; the names of lateness stand for each other). A figure over
    several months, such as a roll from one month to the next, gives the first as `since`. Then a
    remark on a change (codes, jumps) touches it if the change lies inside, after `since`; any
    other remark if its month is read at all.
    """
    read = set(columns)
    if read & LATE:
        read |= LATE
    first = None if on is None else _month(since or on)
    last = None if on is None else _month(on)
    return [r.id for r in remarks if _reads(r, read) and _meets(r, first, last)]


def coding_changes(remarks: Iterable[Remark]) -> list[date]:
    """The months (sorted) at which the coding of lateness is judged to have changed.

    Nothing learned before such a month is calibrated after it, and a step into it is no trend.
    """
    return sorted({r.on for r in remarks if r.kind in CODE_KINDS and r.on is not None})


def _reads(remark: Remark, read: set[str]) -> bool:
    """Whether a figure on the columns `read` depends on what the remark doubts."""
    if remark.kind == "jump" or remark.kind in CODE_KINDS:
        return bool(read & LATE)
    if remark.kind == "above_limit":
        return bool(read & {"performance.balance", "performance.limit", "accounts.limit"})
    if remark.kind in ROWS_KINDS:
        return any(column.startswith("performance.") for column in read)
    if remark.kind == "unmatched":
        return any(column.startswith(f"{remark.table}.") for column in read)
    return f"{remark.table}.{remark.column}" in read


def _meets(remark: Remark, first: int | None, last: int | None) -> bool:
    if remark.on is None or first is None or last is None:
        return True
    month = _month(remark.on)
    is_change = remark.kind == "jump" or remark.kind in CODE_KINDS
    if is_change and first < last:
        return first < month <= last
    return first <= month <= last


def _of_rows(counts: RowCounts, lateness: str) -> Iterator[Remark]:
    for (kind, column, month), (count, account) in counts.flagged.items():
        if kind in (ROUND, THOUSANDS):
            continue
        could = counts.could.get((kind, column, month), counts.rows[month])
        said = words.row_remark(kind, month, count, count / could)
        yield _remark(
            kind,
            lateness if column == "lateness" else column,
            counts.latest[month],
            (count, count / could, account),
            said,
        )


def _of_gaps(counts: RowCounts) -> Iterator[Remark]:
    missing: dict[int, tuple[int, str]] = {}
    for (seen, after), (count, account) in counts.gaps.items():
        for month in range(seen + 1, after):
            held, first = missing.get(month, (0, account))
            missing[month] = (held + count, min(first, account))
    for month, (count, account) in missing.items():
        share = count / (count + counts.rows.get(month, 0))
        said = words.row_remark("gap", month, count, share)
        yield _remark("gap", "on", _day(counts, month), (count, share, account), said)


def _of_few_rows(counts: RowCounts, statements: bool) -> Iterator[Remark]:
    if 0 < counts.accounts < FEW_ACCOUNTS:
        said = words.few_accounts(counts.accounts)
        yield _remark("few_rows", "account_id", None, (counts.accounts, None, None), said)
    months = range(min(counts.rows, default=0) + 1, max(counts.rows, default=-1) + 1)
    for month in months:
        # Accounts that ended the month before need no row, so they are not expected.
        expected = counts.still_open.get(month - 1, 0)
        last = month == months[-1]
        if not last:
            expected = min(expected, counts.rows.get(month + 1, 0))
        rows = counts.rows.get(month, 0)
        short = expected - rows
        to_come = _to_come(counts, month) if last and statements else 0
        if to_come:
            said = words.statements_to_come(month, counts.latest[month], rows, to_come)
            found = (rows, rows / (rows + to_come), None)
            yield _remark("few_rows", "on", counts.latest[month], found, said)
        elif (
            expected >= FEW_ROWS_EXPECTED_MIN
            and rows < FEW_ROWS_SHARE * expected
            and short > FEW_ROWS_Z * sqrt(expected)
        ):
            said = words.few_rows(month, rows, expected, last)
            share = rows / expected
            yield _remark("few_rows", "on", _day(counts, month), (rows, share, None), said)


def _to_come(counts: RowCounts, month: int) -> int:
    """Open accounts whose statement day the newest month has not reached."""
    reached = counts.latest[month]
    if _month(reached + timedelta(days=1)) > month:  # its last day
        return 0
    before = ((on, n) for on, n in counts.last_open.items() if _month(on) == month - 1)
    return sum(n for on, n in before if on.day > reached.day)


def _of_round_amounts(counts: RowCounts) -> Iterator[Remark]:
    for column in AMOUNTS:
        months = sorted(m for k, c, m in counts.could if (k, c) == (ROUND, column))
        whole = _rounded(counts, column, months, None)
        if whole is not None:
            yield whole
            continue
        for month in months:
            one = _rounded(counts, column, [month], month)
            if one is not None:
                yield one


def _rounded(
    counts: RowCounts, column: str, months: Sequence[int], month: int | None
) -> Remark | None:
    flags = [(ROUND, column, m) for m in months]
    wholes = [(THOUSANDS, column, m) for m in months]
    amounts = sum(counts.could[flag] for flag in flags)
    hundreds = sum(counts.flagged.get(flag, (0, ""))[0] for flag in flags)
    thousands = sum(counts.flagged.get(flag, (0, ""))[0] for flag in wholes)
    if amounts < ROUND_ROWS_MIN or hundreds < ROUND_SHARE[column] * amounts:
        return None
    example = min(counts.flagged[flag][1] for flag in flags if flag in counts.flagged)
    said = words.round_amounts(column, month, hundreds / amounts, thousands / amounts, hundreds)
    on = None if month is None else counts.latest[month]
    return _remark(ROUND, column, on, (hundreds, hundreds / amounts, example), said)


def _of_unmatched(lost: Unmatched) -> Remark:
    table, column, share = lost.table, NAMED[lost.table], lost.count / lost.rows
    said = words.unmatched(table, column, lost.count, lost.rows)
    name = f"unmatched-{table}-{column}"
    return Remark(name, "unmatched", table, column, None, lost.count, share, lost.example, *said)


def _of_codes(counts: RowCounts, lateness: str) -> Iterator[Remark]:
    def place(change: CodeChange) -> tuple[int, str]:
        return change.month, change.kind

    for (month, kind), group in groupby(code_changes(counts.codes), key=place):
        changes = list(group)
        main = changes[0]
        gone = kind == "code_vanishes"
        count = main.count_before if gone else main.count
        share = main.share_before if gone else main.share
        said = words.code_remark(lateness, changes, month == max(counts.rows))
        yield _remark(kind, lateness, _day(counts, month), (count, share, main.code), said)


def _counted(counts: RowCounts) -> bool:
    """Whether days are counted from due dates, not codes.

    Codes are the steps of a scale (0, 30, 60 or 1, 31, 61), or few values that stay the same from
    month to month. Counted days move with the lengths of months: one due date a month gives 27 in
    February and 30 in March, which says nothing about coding.
    """
    codes = {code for _, code in counts.codes.rows}
    if not all(code.isdigit() for code in codes):
        return True
    if any(all((int(code) - first) % 30 == 0 for code in codes - {"0"}) for first in (0, 1)):
        return False
    return len(codes) > DAY_CODES_MAX or _wandering(counts)


def _wandering(counts: RowCounts) -> bool:
    """Whether late days leave their values from one month to the next, or near ones take over."""
    months: dict[int, dict[int, int]] = {}
    for (month, code), count in counts.codes.rows.items():
        if code != "0":
            months.setdefault(month, {})[int(code)] = count
    pairs = [(months[m - 1], months[m]) for m in sorted(months) if m - 1 in months]
    late = sum(sum(before.values()) for before, _ in pairs)
    stayed = sum(n for before, after in pairs for day, n in before.items() if day in after)
    return stayed < DAYS_STAY_MIN * late or any(_taken_over(*pair) for pair in pairs)


def _taken_over(before: dict[int, int], after: dict[int, int]) -> bool:
    """Whether, in a group of values with small gaps, rows leave one and another gets rows."""
    left, came, last = False, False, -DAYS_WANDER
    for day in sorted({*before, *after}):
        if day - last > DAYS_WANDER:
            left = came = False
        was, now = before.get(day, 0), after.get(day, 0)
        left |= was >= DAY_ROWS_MIN and now * DAY_ROWS_MIN <= was
        came |= now >= DAY_ROWS_MIN and was * DAY_ROWS_MIN <= now
        if left and came:
            return True
        last = day
    return False


def _remark(
    kind: str,
    column: str,
    on: date | None,
    found: tuple[int, float | None, str | None],
    said: tuple[str, str],
) -> Remark:
    name = f"{kind}-{column}" if on is None else f"{kind}-{column}-{on:%Y-%m}"
    count, share, example = found
    return Remark(name, kind, "performance", column, on, count, share, example, *said)


def _month(on: date) -> int:
    return on.year * 12 + on.month - 1


def _day(counts: RowCounts, month: int) -> date:
    """The month's latest row; its last day where the whole book has none."""
    held = counts.latest.get(month)
    return held or date((month + 1) // 12, (month + 1) % 12 + 1, 1) - timedelta(days=1)
