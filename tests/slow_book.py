"""A second reckoning of every measure, account by account in plain Python: slow, and an oracle.

It shares nothing with the product but the definitions' words.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from ruqi.tape.columns import Tape

Pair = tuple[float, float]


@dataclass
class Account:
    """One account's rows by month, and its month of opening (None: not told)."""

    rows: dict[int, dict[str, Any]]
    opened: int | None

    @property
    def first(self) -> int:
        return min(self.rows)

    def owed(self, month: int) -> float:
        return max(self.rows[month]["balance_minor"] or 0, 0)

    def is_open(self, month: int) -> bool:
        return month in self.rows and self.rows[month]["status"] == "open"

    def is_lost(self, month: int) -> bool:
        return month in self.rows and self.rows[month]["status"] == "charged_off"

    def late(self, month: int, steps: int = 1) -> bool:
        return self.is_open(month) and self.rows[month]["bucket"] >= steps

    def days(self, month: int) -> int:
        return self.rows[month]["dpd_days"] or 0

    def hit(self, month: int, steps: int) -> bool:
        """Whether it was late so far, or charged off."""
        return any(self.late(m, steps) or self.is_lost(m) for m in self.rows if m <= month)

    def lent(self, start: int) -> float:
        if self.opened is None or self.opened < start:
            return 0.0
        near = self.opened <= self.first <= self.opened + 1
        return self.owed(self.first) if near else 0.0


def accounts_of(tape: Tape) -> list[Account]:
    opened: dict[str, date | None] = dict(
        zip(tape.accounts["account_id"], tape.accounts["opened_on"], strict=True)
    )
    rows: dict[str, dict[int, dict[str, Any]]] = defaultdict(dict)
    for row in tape.performance.to_dicts():
        rows[row["account_id"]][row["month"]] = row
    return [
        Account(found, None if (on := opened.get(name)) is None else on.year * 12 + on.month - 1)
        for name, found in rows.items()
    ]


def reckon(tape: Tape) -> dict[str, dict[int, Pair]]:
    """Numerator and denominator of every measure of the whole book, by month.

    Assumes that late begins at bucket 1 and that days, balances, dues and payments are given.
    """
    book = accounts_of(tape)
    months = [m for account in book for m in account.rows]
    start, end = min(months), max(months)
    told: dict[str, dict[int, Pair]] = {}
    for name, of in {**_levels(), **_flows(), **_amounts(), **_ever(start)}.items():
        told[name] = {}
        for month in range(start, end + 1):
            pairs = [pair for a in book if (pair := of(a, month)) is not None]
            told[name][month] = (sum(x for x, _ in pairs), sum(y for _, y in pairs))
    for days in (1, 7, 30):
        told[f"fpd_{days}_count"] = _first_payment(book, start, end, days)
    for name in ("open_count", "open_balance"):
        told[name] = {month: (pair[0], 1.0) for month, pair in told[name].items()}
    return told


Of = Callable[[Account, int], Pair | None]


def _levels() -> dict[str, Of]:
    def share(test: Callable[[Account, int], bool], weigh: str) -> Of:
        def of(a: Account, m: int) -> Pair | None:
            if not a.is_open(m):
                return None
            weight = 1.0 if weigh == "count" else a.owed(m)
            return (weight if test(a, m) else 0.0, weight)

        return of

    return {
        "open_count": share(lambda a, m: True, "count"),
        "open_balance": share(lambda a, m: True, "balance"),
        "average_balance": lambda a, m: (
            (a.owed(m), 1.0) if a.is_open(m) and a.rows[m]["balance_minor"] is not None else None
        ),
        "late_1p_count": share(lambda a, m: a.late(m), "count"),
        "late_1p_balance": share(lambda a, m: a.late(m), "balance"),
        "late_2p_count": share(lambda a, m: a.late(m, 2), "count"),
        "late_2p_balance": share(lambda a, m: a.late(m, 2), "balance"),
        "overdue_30p_count": share(lambda a, m: a.days(m) >= 30, "count"),
        "overdue_30p_balance": share(lambda a, m: a.days(m) >= 30, "balance"),
        "overdue_90p_balance": share(lambda a, m: a.days(m) >= 90, "balance"),
        "mean_days_late": lambda a, m: (a.days(m), 1.0) if a.late(m) else None,
    }


def _flows() -> dict[str, Of]:
    def step(
        start: Callable[[Account, int], bool], to: Callable[[Account, int], bool], weigh: str
    ) -> Of:
        def of(a: Account, m: int) -> Pair | None:
            if m not in a.rows or not a.is_open(m - 1) or not start(a, m - 1):
                return None
            weight = 1.0 if weigh == "count" else a.owed(m - 1)
            return (weight if to(a, m) else 0.0, weight)

        return of

    def late(a: Account, m: int) -> bool:
        return a.late(m) or a.is_lost(m)

    def ever(a: Account, m: int) -> bool:
        return any(a.late(k) for k in a.rows if k <= m)

    def worse(a: Account, m: int) -> bool:
        return a.is_lost(m) or (a.is_open(m) and a.rows[m]["bucket"] > a.rows[m - 1]["bucket"])

    def cured(a: Account, m: int) -> bool:
        return a.rows[m]["status"] == "paid_off" or (a.is_open(m) and not a.late(m))

    made: dict[str, Of] = {}
    for weigh in ("count", "balance"):
        made[f"entry_rate_{weigh}"] = step(lambda a, m: not a.late(m), late, weigh)
        made[f"worsen_rate_{weigh}"] = step(lambda a, m: a.late(m), worse, weigh)
        made[f"cure_rate_{weigh}"] = step(lambda a, m: a.late(m), cured, weigh)
        made[f"charge_off_rate_{weigh}"] = step(lambda a, m: True, lambda a, m: a.is_lost(m), weigh)
    made["entry_rate_never_late_count"] = step(lambda a, m: not ever(a, m), late, "count")
    made["relapse_rate_count"] = step(lambda a, m: ever(a, m) and not a.late(m), late, "count")
    return made


def _amounts() -> dict[str, Of]:
    def due(a: Account, m: int) -> tuple[float, float]:
        return max(a.rows[m]["due_minor"] or 0, 0), max(a.rows[m]["paid_minor"] or 0, 0)

    def collected(a: Account, m: int) -> Pair | None:
        if m not in a.rows or due(a, m)[0] == 0:
            return None
        return min(due(a, m)), due(a, m)[0]

    def instalments(a: Account, m: int) -> Pair | None:
        stated = ("balance_minor", "due_minor", "paid_minor")
        if not a.is_open(m) or any(a.rows[m][name] is None for name in stated):
            return None
        asked, paid = due(a, m)
        return (max(asked - paid, 0) if a.late(m) else 0.0, a.owed(m))

    def collected_late(a: Account, m: int) -> Pair | None:
        if m not in a.rows or not a.late(m - 1):
            return None
        return min(due(a, m)[1], a.owed(m - 1)), a.owed(m - 1)

    return {
        "collected_share": collected,
        "overdue_instalments_balance": instalments,
        "collected_share_late": collected_late,
    }


def _ever(start: int) -> dict[str, Of]:
    def with_charge_offs(a: Account, m: int) -> Pair | None:
        lost = [k for k in sorted(a.rows) if k <= m and a.is_lost(k)]
        if lost:  # a debt that is seen again is the same debt
            before = [k for k in a.rows if k < lost[0]]
            gone = a.owed(lost[0]) or (a.owed(max(before)) if before else 0.0)
            return gone, gone
        now = a.owed(m) if a.is_open(m) else 0.0
        return now if a.late(m, 2) else 0.0, now

    def lagged(a: Account, m: int) -> Pair | None:
        return (
            a.owed(m) if a.late(m, 2) else 0.0,
            a.owed(m - 2) if a.is_open(m - 2) else 0.0,
        )

    def seasoned(a: Account, m: int) -> Pair | None:
        if a.opened is None or m - a.opened < 3 or not a.is_open(m):
            return None
        return (a.owed(m) if a.late(m, 2) else 0.0, a.owed(m))

    def disbursed(a: Account, m: int) -> Pair | None:
        if a.lent(start) == 0 or a.first > m:
            return None
        return (a.owed(m) if a.late(m, 2) else 0.0, a.lent(start))

    def ever(steps: int) -> Of:
        def of(a: Account, m: int) -> Pair | None:
            return (float(a.hit(m, steps)), 1.0) if a.first <= m else None

        return of

    def mature(a: Account, m: int) -> Pair | None:
        if a.opened is None or a.opened < start or a.opened + 6 > m or a.first > m:
            return None
        return (float(a.hit(m, 2)), 1.0)

    def mature_balance(a: Account, m: int) -> Pair | None:
        inside = mature(a, m)
        return None if inside is None else (inside[0] * a.lent(start), a.lent(start))

    return {
        "late_2p_balance_incl_charge_off": with_charge_offs,
        "late_2p_balance_lagged_2": lagged,
        "late_2p_balance_seasoned_3": seasoned,
        "late_2p_balance_disbursed": disbursed,
        "ever_late_1p_count": ever(1),
        "ever_late_2p_count": ever(2),
        "ever_late_2p_mature_count": mature,
        "ever_late_2p_mature_balance": mature_balance,
    }


def _first_payment(book: list[Account], start: int, end: int, days: int) -> dict[int, Pair]:
    told = dict.fromkeys(range(start, end + 1), (0.0, 0.0))
    for a, due in _first_dues(book, start):
        if days == 1:
            month, missed, kept = due, a.late(due) or a.is_lost(due), True
        else:
            month, seen = due + 1, due + 1 in a.rows
            if month > end:
                continue
            missed = (a.is_open(due) and a.days(due) >= days) or a.is_lost(due)
            if seen:
                span = (a.rows[month]["on"] - a.rows[due]["on"]).days
                missed |= a.is_lost(month) or (
                    a.is_open(month) and a.days(month) >= max(span, days)
                )
            kept = seen or missed or not a.is_open(due)
        if kept:
            told[month] = (told[month][0] + missed, told[month][1] + 1)
    return told


def _first_dues(book: list[Account], start: int) -> Iterator[tuple[Account, int]]:
    for a in book:
        if a.opened is None or a.opened < start or a.first > a.opened + 1:
            continue
        dues = [m for m in sorted(a.rows) if (a.rows[m]["due_minor"] or 0) > 0]
        if dues:
            yield a, dues[0]


def moves(tape: Tape) -> dict[str, dict[tuple[int, str, str], list[float]]]:
    """Steps by (later month, from, to), exits by (first month without a row, from, "").

    Gaps are those of the exits that are seen again later.
    """
    names = [bucket.name for bucket in tape.delinquency.buckets]
    told: dict[str, dict[tuple[int, str, str], list[float]]] = {
        kind: defaultdict(lambda: [0, 0]) for kind in ("moves", "exits", "gaps")
    }
    book = accounts_of(tape)
    end = max(m for a in book for m in a.rows)
    for a in book:

        def state(m: int, a: Account = a) -> str:
            row = a.rows[m]
            return names[row["bucket"]] if row["status"] == "open" else row["status"]

        for m in a.rows:
            cells = []
            if m + 1 in a.rows:
                cells.append(told["moves"][(m + 1, state(m), state(m + 1))])
            elif a.is_open(m) and m < end:
                cells.append(told["exits"][(m + 1, state(m), "")])
                if any(k > m for k in a.rows):
                    cells.append(told["gaps"][(m + 1, state(m), "")])
            for cell in cells:
                cell[0] += 1
                cell[1] += a.rows[m]["balance_minor"] or 0
    return told
