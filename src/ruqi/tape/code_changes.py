"""Whether a book's own lateness codes changed their meaning from one month to the next.

Shares of rows are compared on the arcsine scale (Cohen 1988: h = 2 asin √p₂ − 2 asin √p₁; in the
form of Freeman and Tukey 1950, good for few rows). A change counts only where none of these explain
it: chance (pooled z of two shares), the book's own restlessness (median |h|), accounts that came or
left, the usual moves between codes (ageing, growth), and a young book's first steps into its codes.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import asin, sqrt
from statistics import median

CODES_MAX = 30  # more distinct values than this are a measurement (days), not codes
SHARE_Z_MIN = 4.25  # standard errors that chance is allowed: 1 in 50,000 looks
SHARE_H_MIN = 0.15  # smallest change worth a word: 5 % to 8.7 %, 50 % to 57.5 %
SHARE_STEP_MIN = 0.02  # … and never less than two points of a hundred
SHARE_RESTLESS = 4.0  # times the median |h| of the code's other months
UNEXPLAINED_H_MIN = 0.1  # the part that the usual moves leave open
APPEAR_ROWS_MIN = 10
APPEAR_SHARE_MIN = 0.005
APPEAR_EXPECTED_MIN = 15.0  # rows that the usual moves would have made where none stood
USUAL_MONTHS = 12  # moves of so many months before are "usual"
USUAL_ROWS_MIN = 50  # a code's moves are known after so many of them
YOUNG_SHARE = 0.5  # a young book's first month holds less than this part of its later deep rows …
YOUNG_Z_MIN = 3.0  # … by more than small numbers explain (times √ rows expected) …
YOUNG_FROM_NEXT = 0.9  # … and this part of those who come there was one bucket better before
YOUNG_H_MAX = 0.3  # … at a chance that later months repeat


@dataclass
class CodeCounts:
    """Rows by month and code, and moves of the same account between adjacent months.

    `rows[month, code]`; `moves[month, earlier code, code]` with `None` for an account without a
    row in the month before; `buckets[code]`, the bucket that a code leads to (absent: a status).
    """

    rows: dict[tuple[int, str], int]
    moves: dict[tuple[int, str | None, str], int]
    buckets: dict[str, int]


@dataclass(frozen=True)
class CodeChange:
    """One code whose use changed in `month`, with its rows and shares before and after."""

    kind: str  # code_share | code_appears | code_vanishes
    month: int
    code: str
    count_before: int
    count: int
    share_before: float
    share: float

    @property
    def size(self) -> float:
        """The change on the arcsine scale, without sign."""
        return abs(2 * asin(sqrt(self.share)) - 2 * asin(sqrt(self.share_before)))


def arcsine_step(before: tuple[float, int], after: tuple[float, int]) -> float:
    """h between two shares given as (rows with the code, all rows); positive where it rose."""
    return _angle(*after) - _angle(*before)


def _angle(count: float, rows: int) -> float:
    return asin(sqrt(count / (rows + 1))) + asin(sqrt((count + 1) / (rows + 1)))


def code_changes(counts: CodeCounts) -> list[CodeChange]:
    """Every change of use, sorted by month, kind, size (largest first) and code.

    Empty where the column has more than `CODES_MAX` distinct values.
    """
    if len({code for _, code in counts.rows}) > CODES_MAX:
        return []
    book = _Book(counts)
    judged = sorted({code for _, code in counts.rows} & counts.buckets.keys())
    found = [
        change
        for month in book.months[1:]
        for code in judged
        for change in (_share(book, month, code), *_edges(book, month, code))
        if change is not None
    ]
    return sorted(found, key=lambda c: (c.month, c.kind, -c.size, c.code))


class _Book:
    """Row counts arranged for the questions below."""

    def __init__(self, counts: CodeCounts) -> None:
        self.rows, self.buckets = counts.rows, counts.buckets
        self.totals: dict[int, int] = {}
        for (month, _), count in counts.rows.items():
            self.totals[month] = self.totals.get(month, 0) + count
        self.months = sorted(self.totals)
        self.leaving: dict[int, dict[str | None, dict[str, int]]] = {}
        for (month, earlier, code), count in counts.moves.items():
            self.leaving.setdefault(month, {}).setdefault(earlier, {})[code] = count
        late = [m for (m, code), n in counts.rows.items() if n and counts.buckets.get(code, 0) > 0]
        self.first_late = min(late, default=None)

    def part(self, month: int, code: str) -> tuple[int, int]:
        """(rows with the code, all rows) of a month."""
        return self.rows.get((month, code), 0), self.totals[month]

    def steps(self, code: str) -> dict[int, float]:
        """The code's change on the arcsine scale for each month with a month before it."""
        return {
            month: arcsine_step(self.part(month - 1, code), self.part(month, code))
            for month in self.months
            if month - 1 in self.totals
        }

    def deep(self, month: int, depth: int) -> int:
        """Rows of a month in buckets from `depth` on."""
        return sum(
            count
            for (m, code), count in self.rows.items()
            if m == month and self.buckets.get(code, -1) >= depth
        )

    def falls(self, month: int, bucket: int, depth: int) -> tuple[int, int]:
        """(those then in buckets from `depth` on, all) of a month's rows, in `bucket` before."""
        fell, could = 0, 0
        for earlier, into in self.leaving.get(month, {}).items():
            if earlier is not None and self.buckets.get(earlier) == bucket:
                could += sum(into.values())
                fell += sum(n for code, n in into.items() if self.buckets.get(code, -1) >= depth)
        return fell, could

    def usual(self, months: Iterable[int]) -> dict[str | None, dict[str, int]]:
        """Moves of several months added up: earlier code → code → count."""
        added: dict[str | None, dict[str, int]] = {}
        for month in months:
            for earlier, to in self.leaving.get(month, {}).items():
                into = added.setdefault(earlier, {})
                for code, count in to.items():
                    into[code] = into.get(code, 0) + count
        return added


def _share(book: _Book, month: int, code: str) -> CodeChange | None:
    if month - 1 not in book.totals or book.first_late is None or month <= book.first_late:
        return None  # before its first late row a young book cannot be told from a changed one
    steps = book.steps(code)
    step = steps.pop(month)
    (count_before, rows_before), (count, rows) = book.part(month - 1, code), book.part(month, code)
    restless = median(abs(other) for other in steps.values()) if len(steps) >= 3 else 0.0
    pooled = (count_before + count) / (rows_before + rows)
    chance = sqrt(pooled * (1 - pooled) * (1 / rows_before + 1 / rows))
    change = abs(count / rows - count_before / rows_before)
    if (
        change < max(SHARE_STEP_MIN, SHARE_Z_MIN * chance)
        or abs(step) < max(SHARE_H_MIN, SHARE_RESTLESS * restless)
        or any(
            left * step <= 0 or abs(left) < UNEXPLAINED_H_MIN for left in _left(book, month, code)
        )
        or _seasoning(book, month, code, step)
    ):
        return None
    return _change(book, "code_share", month, code)


def _left(book: _Book, month: int, code: str) -> Iterator[float]:
    """The step as it stands without newcomers and leavers, and beside what usual moves would give.

    Usual are the moves of the year before and those of the last month. Each view needs half of the
    month's rows; a view without them says nothing.
    """
    half = book.totals[month] / 2
    moves = {a: into for a, into in book.leaving.get(month, {}).items() if a is not None}
    stayed = sum(sum(into.values()) for into in moves.values())
    if stayed >= half:
        before = sum(moves.get(code, {}).values())
        after = sum(into.get(code, 0) for into in moves.values())
        yield arcsine_step((before, stayed), (after, stayed))
    for months in (range(month - USUAL_MONTHS, month), range(month - 1, month)):
        expected, actual, rows = _expected(book, month, code, book.usual(months))
        if rows >= half:
            yield arcsine_step((expected, rows), (actual, rows))


def _seasoning(book: _Book, month: int, code: str, step: float) -> bool:
    """Whether the second month of a young book changes as the months after it go on to do.

    No moves stand before that month, so those of the year after it are its usual ones, or those of
    the next month, as the coding may change later. A book of two months has none either: there only
    rows that leave "not late" for the first late codes are more than ageing.
    """
    if book.months[0] != month - 1:
        return False
    later = [m for m in book.months if month < m <= month + USUAL_MONTHS]
    if not later:
        return _young(book, month, []) and book.buckets[code] != (1 if step > 0 else 0)
    for shown in (later, later[:1]):
        expected, actual, rows = _expected(book, month, code, book.usual(shown))
        left = abs(arcsine_step((expected, rows), (actual, rows)))
        explained = left < max(UNEXPLAINED_H_MIN, SHARE_Z_MIN * sqrt(2 / max(rows, 1)))
        if explained and _young(book, month, shown):
            return True
    return False


def _young(book: _Book, month: int, later: list[int]) -> bool:
    """Whether some depth of lateness fills up only from `month`, the book's second, on.

    A change of coding cannot pass for that: the deep rows come from the bucket next to them, which
    goes on to stand and, where later months exist, to feed them at the same chance.
    """
    depths = range(2, max(book.buckets.values(), default=0) + 1)
    return any(_fills(book, month, depth, later) for depth in depths)


def _fills(book: _Book, month: int, depth: int, later: list[int]) -> bool:
    shown = later or [month]
    deep = sum(book.deep(m, depth) for m in shown)
    expected = book.totals[month - 1] * deep / sum(book.totals[m] for m in shown)
    missing = expected - book.deep(month - 1, depth)
    came = [book.falls(month, bucket, depth)[0] for bucket in range(depth)]
    if (
        missing <= max((1 - YOUNG_SHARE) * expected, YOUNG_Z_MIN * sqrt(expected))
        or came[-1] < YOUNG_FROM_NEXT * sum(came)
        or book.deep(month, depth - 1) == book.deep(month, depth)
    ):
        return False
    if not later:
        return True
    fell, could = book.falls(month, depth - 1, depth)
    falls = [book.falls(m, depth - 1, depth) for m in later]
    fell_later, could_later = sum(f for f, _ in falls), sum(c for _, c in falls)
    if not could or could_later < APPEAR_ROWS_MIN:
        return False
    chance = SHARE_Z_MIN * sqrt(1 / could + 1 / could_later)
    change = arcsine_step((fell, could), (fell_later, could_later))
    return abs(change) < max(YOUNG_H_MAX, chance)


def _expected(
    book: _Book, month: int, code: str, usual: Mapping[str | None, Mapping[str, int]]
) -> tuple[float, int, int]:
    """(rows expected in `code`, rows there, all rows), over earlier codes whose moves are known."""
    expected, actual, rows = 0.0, 0, 0
    leaving = book.leaving.get(month, {})
    for earlier in sorted(leaving, key=lambda code: code or ""):
        known = sum(usual.get(earlier, {}).values())
        if known < USUAL_ROWS_MIN:
            continue
        leave = sum(leaving[earlier].values())
        expected += leave * usual[earlier].get(code, 0) / known
        actual += leaving[earlier].get(code, 0)
        rows += leave
    return expected, actual, rows


def _edges(book: _Book, month: int, code: str) -> list[CodeChange]:
    seen = [m for m in book.months if book.rows.get((m, code), 0)]
    found = []
    if seen[0] == month and _matters(book, month, code) and _sudden(book, month, code):
        found.append(_change(book, "code_appears", month, code))
    last = seen[-1]
    if last == month - 1 and last in book.totals and _matters(book, last, code):
        usual = book.usual(range(month - USUAL_MONTHS, month))
        if _expected(book, month, code, usual)[0] >= APPEAR_EXPECTED_MIN:
            found.append(_change(book, "code_vanishes", month, code))
    return found


def _matters(book: _Book, month: int, code: str) -> bool:
    rows = book.rows[month, code]
    return rows >= APPEAR_ROWS_MIN and rows >= APPEAR_SHARE_MIN * book.totals[month]


def _sudden(book: _Book, month: int, code: str) -> bool:
    """Whether moves at this month's rates would have shown the code in the months before.

    A young book reaches each stage for the first time without any change of coding: a code later
    than all before it is judged only on accounts that were late already.
    """
    before = book.usual(m for m in book.months if m < month)
    depth = max(
        (book.buckets.get(c, 0) for (m, c), n in book.rows.items() if m < month and n), default=0
    )
    deeper = book.buckets[code] > depth
    expected = 0.0
    leaving = book.leaving.get(month, {})
    for earlier in sorted(leaving, key=lambda code: code or ""):
        if deeper and (earlier is None or book.buckets.get(earlier, 0) == 0):
            continue
        leave = sum(leaving[earlier].values())
        expected += sum(before.get(earlier, {}).values()) * leaving[earlier].get(code, 0) / leave
    return expected >= APPEAR_EXPECTED_MIN


def _change(book: _Book, kind: str, month: int, code: str) -> CodeChange:
    count, rows = book.part(month, code)
    before, rows_before = book.part(month - 1, code) if month - 1 in book.totals else (0, 1)
    return CodeChange(kind, month, code, before, count, before / rows_before, count / rows)
