"""The worklist: which accounts, in which order, which page of them, all said by the address."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from ruqi.services.digits import digits
from ruqi.treatment.actions import IDS

PAGE = 50
MOST = 100_000  # rows of one export
CONTACT = ("allowed", "barred")
CHANGES = ("new", "changed", "same", "gone")  # since the run before
NOBODY, ME = "nobody", "me"  # in the place of a person's name
SORTS = ("value", "balance", "lateness", "chance", "minutes", "account")
LONG = 200  # characters of a text that somebody looks for


@dataclass(frozen=True)
class WorklistQuery:
    """What a worklist shows. Empty texts and None filter nothing; `page` counts from 1."""

    bucket: str = ""
    treatment: str = ""
    contact: str = ""
    rule: str = ""
    least: int | None = None  # of the balance, in major units
    find: str = ""  # how an account's id begins, or a borrower's whole
    assigned: str = ""  # a person's name, or NOBODY
    change: str = ""
    sort: str = "value"
    page: int = 1

    def parameters(self, **changes: Any) -> dict[str, str]:
        """The address's parameters for this query with some changes; defaults are left out."""
        changed = replace(self, **changes)
        plain = WorklistQuery()
        return {
            field.name: str(getattr(changed, field.name))
            for field in fields(self)
            if getattr(changed, field.name) != getattr(plain, field.name)
        }

    def noted(self) -> dict[str, str]:
        """The parameters as they go on record: that an id was looked for, and not which."""
        said = self.parameters(page=1)
        return said | {"find": "*"} if self.find else said

    def filtered(self) -> bool:
        """Whether it leaves any account out."""
        return bool(replace(self, sort="value", page=1) != WorklistQuery())


@dataclass(frozen=True)
class Work:
    """One account that is given to somebody; `person` has it now (None: nobody)."""

    account_id: str
    borrower_id: str
    agent_minutes: int
    balance_minor: int
    person: str | None


@dataclass(frozen=True)
class Load:
    """What somebody has to do today. Amounts are minor units."""

    accounts: int = 0
    agent_minutes: int = 0
    balance_minor: int = 0

    def with_more(self, work: Iterable[Work], sign: int = 1) -> "Load":
        """This and some accounts more; with `sign` -1, fewer."""
        each = list(work)
        return Load(
            self.accounts + sign * len(each),
            self.agent_minutes + sign * sum(one.agent_minutes for one in each),
            self.balance_minor + sign * sum(one.balance_minor for one in each),
        )


def read_query(given: Mapping[str, str]) -> WorklistQuery:
    """The query that an address asks for; what makes no sense there is as if it were absent."""

    def text(name: str) -> str:
        return given.get(name, "").replace("\0", "").strip()[:LONG]

    def one_of(name: str, known: tuple[str, ...], otherwise: str = "") -> str:
        return text(name) if text(name) in known else otherwise

    return WorklistQuery(
        bucket=text("bucket"),
        treatment=one_of("treatment", IDS),
        contact=one_of("contact", CONTACT),
        rule=text("rule"),
        least=digits(text("least").replace(",", ""), 10**12) or None,
        find=text("find"),
        assigned=text("assigned"),
        change=one_of("change", CHANGES),
        sort=one_of("sort", SORTS, "value"),
        page=max(digits(text("page"), 10**6) or 1, 1),
    )


def person_name(given: str) -> str | None:
    """A name that somebody may sign in under; None where it cannot be one.

    Letters of any script, digits and `@.+-_`, at most 60; not what an address means by other words.
    """
    if given.casefold() in (ME, NOBODY):
        return None
    return given if re.fullmatch(r"[\w.@+-]{1,60}", given) else None


def masked(text: str) -> str:
    """An id with all but its last four characters hidden; a short one keeps its last."""
    kept = 4 if len(text) > 6 else 1
    return "•" * min(len(text) - kept, 6) + text[-kept:]
