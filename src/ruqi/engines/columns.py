"""Credit lines as columns and back: the one bridge between exact states and arrays.

Lines hold purchases, purchases hold dues; children lie together, by one offset array each. Days
are int32 days since 1970, money int64 minor units. Only what a day-close reads or writes is here:
`written_back` puts it into the lines it came from, so that nothing else can be lost.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from ruqi.loans.parts import Parts
from ruqi.loans.state import Due, Line, Purchase
from ruqi.loans.terms import Anchor, Product
from ruqi.primitives.errors import ensure
from ruqi.primitives.money import Rounding

EPOCH = date(1970, 1, 1)
NEVER = -(2**31)  # no day
BUCKETS_MAX = 16
WHOLE_MAX = 2**61  # twice this, and one more term of its size, fit into 64 bits
NIGHTS_MAX = 36_600  # of lateness or of a period: a hundred years
Days = NDArray[np.int32]
Minor = NDArray[np.int64]
Small = NDArray[np.int8]


@dataclass
class Columns:
    """Lines 0..n-1, purchases 0..m-1, dues 0..k-1; terms are shared by their number."""

    on: int  # the day all lines stand on
    line_from: Days  # [n+1] first purchase of each line
    line_terms: Days  # [n]
    since: Days  # [n] start of arrears, NEVER where none
    bucket: Small  # [n] number of the bucket last noted
    purchase_from: Days  # [m+1] first due of each purchase
    purchase_terms: Days  # [m]
    charged_off: Small  # [m]
    worst: Days  # [m] worst contractual days past due
    first_open: Days  # [m] first due that can still change
    quiet: (
        Days  # [m, 4] opening that needs the dues again; the due that earns till then (-1: none),
    )
    # the day from which it accrues and over how many
    growing: Minor  # [m, 6] of that due: interest to accrue, base, earned; the same of its fee
    cells: Minor  # [k, 20] all of a due in one row, so that a day touches few cache lines
    terms: Minor  # [t, 7] rate numerator, denominator, base, fee, grace, tolerance, anchor
    lows: Days  # [t, BUCKETS_MAX] first day of each bucket

    @property
    def lines(self) -> int:
        """How many lines."""
        return len(self.line_terms)

    @property
    def dates(self) -> Minor:
        """[k, 4] start, due, last day to pay, day from which accrual runs."""
        return self.cells[:, 0:4]

    @property
    def left(self) -> Minor:
        """[k, 5] principal, interest, fee, charge, late."""
        return self.cells[:, 4:9]

    @property
    def billed(self) -> Minor:
        """[k, 3] interest, fee, late."""
        return self.cells[:, 9:12]

    @property
    def earned(self) -> Minor:
        """[k, 2] interest, fee."""
        return self.cells[:, 12:14]

    @property
    def base(self) -> Minor:
        """[k, 2] interest, fee."""
        return self.cells[:, 14:16]

    @property
    def late(self) -> Minor:
        """[k, 4] raw, posted, cap (-1: none), whether the late fee fell or never can."""
        return self.cells[:, 16:20]

    @property
    def bytes(self) -> int:
        """Memory of all arrays."""
        arrays = (getattr(self, field.name) for field in fields(self) if field.name != "on")
        return sum(array.nbytes for array in arrays)


def columnar(line: Line) -> bool:
    """Whether a day of this line is arithmetic on columns only; any other takes the exact step."""
    return not (
        line.credit_minor
        or line.reservations
        or line.pauses
        or line.in_flight
        or any(
            held.status == "active" or held.kind == "hardship_plan" for held in line.arrangements
        )
        or any(p.terms.rounding is not Rounding.HALF_EVEN for p in line.active)
        or not _fits(line)
    )


def _fits(line: Line) -> bool:
    """Whether every number that a night works out stays a whole number of 64 bits.

    Contractual days of money that was moved while past due need its first due date, which is not
    in the columns either.
    """
    rates = [line.terms.late.daily_rate, *(p.terms.late.daily_rate for p in line.active)]
    if max(max(rate.as_integer_ratio()) for rate in rates) > WHOLE_MAX:
        return False
    for purchase in line.active:
        a_night = max(purchase.terms.late.daily_rate.numerator, 1)
        for due in purchase.dues:
            most = max(sum(due.billed) * a_night * NIGHTS_MAX, due.late_raw)
            if due.first_due_on or most > WHOLE_MAX:
                return False
    return True


def number(day: date) -> int:
    """Days since 1970."""
    return (day - EPOCH).days


def day(since: int) -> date:
    """The day of a number."""
    return EPOCH + timedelta(days=since)


def laid_out(lines: Sequence[Line]) -> Columns:
    """Columns of lines that all stand on one day and are `columnar`."""
    ensure(len({line.on for line in lines}) == 1, "columns hold lines of one day")
    ensure(all(columnar(line) for line in lines), "a line needs the exact step")
    purchases = [purchase for line in lines for purchase in line.active]
    dues = [(due, purchase) for purchase in purchases for due in purchase.dues]
    terms: dict[int, tuple[int, Product]] = {}
    for product in (*(line.terms for line in lines), *(p.terms for p in purchases)):
        terms.setdefault(id(product), (len(terms), product))
    shared = [product for _, product in terms.values()]
    first = _offsets([len(purchase.dues) for purchase in purchases])
    return Columns(
        on=number(lines[0].on),
        line_from=_offsets([len(line.active) for line in lines]),
        line_terms=_days([terms[id(line.terms)][0] for line in lines]),
        since=_days([_since(line) for line in lines]),
        bucket=np.array([_bucket_number(line) for line in lines], np.int8),
        purchase_from=first,
        purchase_terms=_days([terms[id(p.terms)][0] for p in purchases]),
        charged_off=np.array([p.charged_off_on is not None for p in purchases], np.int8),
        worst=_days([p.worst_dpd for p in purchases]),
        first_open=first[:-1].copy(),
        quiet=np.tile(np.array([NEVER, -1, 0, 1], np.int32), (len(purchases), 1)),
        growing=np.zeros((len(purchases), 6), np.int64),
        cells=_minor([_row(due, purchase) for due, purchase in dues], 20),
        terms=_minor([_terms(product) for product in shared], 7),
        lows=np.array([_lows(product) for product in shared], np.int32).reshape(-1, BUCKETS_MAX),
    )


def written_back(columns: Columns, lines: Sequence[Line]) -> list[Line]:
    """The lines that were laid out, as the columns now say. History of buckets is the caller's."""
    made, purchase_number = [], 0
    earning = columns.quiet[:, 1]
    columns.earned[earning[earning >= 0]] = columns.growing[earning >= 0][:, [2, 5]]
    for place, line in enumerate(lines):
        active = []
        for purchase in line.active:
            active.append(_purchase(columns, purchase_number, purchase))
            purchase_number += 1
        since = int(columns.since[place])
        made.append(
            line._replace(
                on=day(columns.on),
                active=tuple(active),
                arrears_since=None if since == NEVER else day(since),
            )
        )
    return made


def _purchase(columns: Columns, place: int, purchase: Purchase) -> Purchase:
    first = int(columns.purchase_from[place])
    dues = tuple(_due(columns, first + k, due) for k, due in enumerate(purchase.dues))
    return purchase._replace(dues=dues, worst_dpd=int(columns.worst[place]))


def _due(columns: Columns, place: int, due: Due) -> Due:
    late = columns.late[place]
    earned = columns.earned[place]
    left = Parts(*(int(part) for part in columns.left[place]))
    done = bool(late[3]) if due.kind != "returned" else due.late_fee_done
    return due._replace(
        billed=due.billed._replace(late=int(columns.billed[place, 2])),
        left=left,
        earned_interest=int(earned[0]),
        earned_fee=int(earned[1]),
        late_raw=int(late[0]),
        late_posted=int(late[1]),
        late_fee_done=done,
    )


def _row(due: Due, purchase: Purchase) -> tuple[int, ...]:
    """A due as one row of cells."""
    billed = due.billed
    return (
        number(due.start_on),
        number(due.due_on),
        number(due.pay_by),
        number(due.base_on or due.start_on),
        *due.left,
        billed.interest,
        billed.fee,
        billed.late,
        due.earned_interest,
        due.earned_fee,
        due.base_interest,
        due.base_fee,
        due.late_raw,
        due.late_posted,
        _late_cap(due, purchase),
        int(due.late_fee_done or due.kind == "returned"),
    )


def _offsets(sizes: Sequence[int]) -> Days:
    return np.concatenate([[0], np.cumsum(np.array(sizes, np.int64))]).astype(np.int32)


def _days(values: Sequence[int]) -> Days:
    return np.array(values, np.int32)


def _minor(rows: Sequence[Sequence[int]], width: int) -> Minor:
    return np.array(rows, np.int64).reshape(-1, width)


def _since(line: Line) -> int:
    return NEVER if line.arrears_since is None else number(line.arrears_since)


def _bucket_number(line: Line) -> int:
    names = [bucket.name for bucket in line.terms.buckets]
    return names.index(line.buckets[-1][1]) if line.buckets else 0


def _late_cap(due: Due, purchase: Purchase) -> int:
    share = purchase.terms.late.cap_share
    most = -1 if share is None else purchase.terms.round(share * due.billed.principal)
    return min(most, WHOLE_MAX)


def _terms(product: Product) -> tuple[int, ...]:
    late = product.late
    return (
        late.daily_rate.numerator,
        late.daily_rate.denominator,
        int(late.base == "instalment"),
        late.fee_minor,
        product.grace_days,
        product.tolerance_minor,
        int(product.anchor is Anchor.START_OF_ARREARS),
    )


def _lows(product: Product) -> list[int]:
    lows = [bucket.low for bucket in product.buckets]
    ensure(len(lows) <= BUCKETS_MAX, "too many buckets for columns")
    return lows + [2**31 - 1] * (BUCKETS_MAX - len(lows))
