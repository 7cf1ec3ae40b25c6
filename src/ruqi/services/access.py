"""Who may see which page and do what: roles are held by people, rights by roles.

A person may hold several roles and has the rights of all. What is not listed is denied.
"""

from collections.abc import Iterable
from enum import StrEnum


class Role(StrEnum):
    """What somebody is at the desk."""

    ANALYST = "analyst"
    COLLECTOR = "collector"
    SUPERVISOR = "supervisor"
    COMPLIANCE = "compliance"
    ADMINISTRATOR = "administrator"


class Right(StrEnum):
    """A page one may open, or an act one may do."""

    BOOKS = "books"
    UPLOAD = "upload"  # bring books, see their rows, map, check and run them
    DISCARD = "discard"  # uploads: their files go, their runs stay
    OVERVIEW = "overview"
    PORTFOLIO = "portfolio"
    WORKLIST = "worklist"
    ACCOUNT = "account"
    EXPORT = "export"
    WHOLE = "whole"  # accounts of everybody; without it, those that one is assigned
    ASSIGN = "assign"
    SHARE = "share"  # views with everybody
    UNMASK = "unmask"  # borrowers' numbers in files
    LAW = "law"
    MODELS = "models"
    DEFINITIONS = "definitions"
    PEOPLE = "people"


_READING = frozenset({Right.WORKLIST, Right.ACCOUNT, Right.LAW, Right.DEFINITIONS})
_FIGURES = frozenset({Right.OVERVIEW, Right.PORTFOLIO, Right.WHOLE})
_LEADING = frozenset({Right.EXPORT, Right.ASSIGN, Right.SHARE, Right.UNMASK})
_GRANTED: dict[Role, frozenset[Right]] = {
    Role.ANALYST: _READING | _FIGURES | {Right.BOOKS, Right.UPLOAD, Right.MODELS},
    Role.COLLECTOR: _READING | {Right.EXPORT},
    Role.SUPERVISOR: (_READING | _FIGURES | _LEADING | {Right.BOOKS, Right.UPLOAD, Right.DISCARD}),
    Role.COMPLIANCE: _READING | _FIGURES | {Right.MODELS},
    Role.ADMINISTRATOR: frozenset({Right.BOOKS, Right.DISCARD, Right.PEOPLE}),
}


def rights(roles: Iterable[str]) -> frozenset[Right]:
    """Every right of these roles; names that are no role give none."""
    known = [Role(one) for one in roles if one in set(Role)]
    return frozenset(right for role in known for right in _GRANTED[role])


def first_page(held: frozenset[Right]) -> Right | None:
    """The page that somebody lands on; None where no page is open to them."""
    order = (Right.OVERVIEW, Right.WORKLIST, Right.BOOKS)
    return next((one for one in order if one in held), None)
