"""Accounts and their chart: data, with a type that fixes the natural side.

Balances are kept as debit minus credit; `natural` turns one into the sign a banker expects.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from ruqi.primitives.errors import ensure


class AccountType(StrEnum):
    """The five classes of double entry."""

    ASSET = "asset"
    LIABILITY = "liability"
    EQUITY = "equity"
    INCOME = "income"
    EXPENSE = "expense"


DEBIT_SIDE = frozenset({AccountType.ASSET, AccountType.EXPENSE})


@dataclass(frozen=True, slots=True)
class Account:
    """One account of the chart. `beancount` is its name in an exported ledger."""

    name: str
    code: str
    type: AccountType
    name_en: str
    name_zh: str
    beancount: str

    def natural(self, debit_less_credit: int) -> int:
        """A balance with the sign of the account's own side."""
        return debit_less_credit if self.type in DEBIT_SIDE else -debit_less_credit


@dataclass(frozen=True)
class Chart:
    """A chart of accounts, by name."""

    name: str
    accounts: Mapping[str, Account]

    def __getitem__(self, name: str) -> Account:
        ensure(name in self.accounts, f"the chart {self.name} has no account {name}")
        return self.accounts[name]
