"""An append-only journal: what was posted, and what it says at any date as known on any day.

Asking "as known on K" looks only at entries posted on or before K, so the answer for a past K
never changes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from ruqi.ledger.account import Account, Chart
from ruqi.ledger.entry import Entry, balanced, reversal
from ruqi.primitives.errors import ensure
from ruqi.primitives.ids import numbered


class Journal:
    """Entries in the order in which they were posted. It only grows."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []

    @property
    def entries(self) -> Sequence[Entry]:
        """All entries, in posting order."""
        return tuple(self._entries)

    def after(self, count: int) -> Sequence[Entry]:
        """What was posted after the first `count` entries."""
        return self._entries[count:]

    def __len__(self) -> int:
        return len(self._entries)

    def post(self, made: Entry, posted_on: date, corrects: str | None = None) -> Entry:
        """Append one entry and return it with its id. Breaks where it does not balance."""
        ensure(balanced(made.legs), "an unbalanced entry reached the journal")
        ensure(posted_on >= made.on, "an entry cannot be posted before its value date")
        taken = made._replace(
            posted_on=posted_on, id=numbered("e", len(self) + 1), corrects=corrects
        )
        self._entries.append(taken)
        return taken

    def reverse(self, original: Entry, posted_on: date) -> Entry:
        """Append the equal and opposite of an entry that stands in this journal."""
        undone = reversal(original, posted_on, numbered("e", len(self) + 1))
        self._entries.append(undone)
        return undone


def known(
    entries: Iterable[Entry], as_of: date | None = None, known_on: date | None = None
) -> list[Entry]:
    """Entries with a value date up to `as_of` that were posted up to `known_on`."""
    return [
        entry
        for entry in entries
        if (as_of is None or entry.on <= as_of)
        and (known_on is None or (entry.posted_on is not None and entry.posted_on <= known_on))
    ]


def balances(
    entries: Iterable[Entry], as_of: date | None = None, known_on: date | None = None
) -> dict[str, int]:
    """Debit less credit of every account, in minor units; accounts in order of name."""
    sums: dict[str, int] = {}
    for entry in known(entries, as_of, known_on):
        for leg in entry.legs:
            sums[leg.account] = sums.get(leg.account, 0) + leg.minor
    return dict(sorted(sums.items()))


@dataclass(frozen=True)
class TrialRow:
    """One account in a trial balance; one of the two columns is zero."""

    account: Account
    debit_minor: int
    credit_minor: int


def trial_balance(
    entries: Iterable[Entry],
    chart: Chart,
    as_of: date | None = None,
    known_on: date | None = None,
) -> list[TrialRow]:
    """Every account's balance, by code. Breaks (our bug) where the columns do not agree."""
    sums = balances(entries, as_of, known_on)
    ensure(not sum(sums.values()), "the trial balance does not balance")
    rows = [TrialRow(chart[name], max(net, 0), max(-net, 0)) for name, net in sums.items()]
    return sorted(rows, key=lambda row: row.account.code)


@dataclass(frozen=True)
class StatementRow:
    """One posting on one account, with the balance after it (on the account's own side)."""

    on: date
    posted_on: date | None
    cause: str
    kind: str
    entry_id: str
    minor: int
    balance_minor: int


def statement(
    entries: Iterable[Entry],
    account: Account,
    as_of: date | None = None,
    known_on: date | None = None,
) -> list[StatementRow]:
    """What happened on one account, by value date, then in posting order."""
    rows, balance = [], 0
    for entry in sorted(known(entries, as_of, known_on), key=lambda entry: (entry.on, entry.id)):
        for leg in entry.legs:
            if leg.account == account.name:
                amount = account.natural(leg.minor)
                balance += amount
                rows.append(
                    StatementRow(
                        entry.on,
                        entry.posted_on,
                        entry.cause,
                        entry.kind,
                        entry.id,
                        amount,
                        balance,
                    )
                )
    return rows
