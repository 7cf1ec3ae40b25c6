"""The China pack and contacts under it, for tests of the guard and of plans."""

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from ruqi.adapters.files.pack_file import shipped
from ruqi.law.contact import Contact, Facts, Past
from ruqi.law.pack import Pack, read_at

SHANGHAI = ZoneInfo("Asia/Shanghai")
READ_AT = date(2026, 11, 1)
FACTS = Facts("Asia/Shanghai", frozenset({"app", "sms", "email", "call"}), frozenset())


@cache
def china() -> Pack:
    """The shipped China pack as of 1 November 2026, nothing attested."""
    return read_at(shipped("CN"), READ_AT)


def local(clock: str, day: str = "2026-11-02", zone: ZoneInfo = SHANGHAI) -> datetime:
    """`07:59:59` on a day in a zone, as the UTC instant."""
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=zone).astimezone(UTC)


def contact(clock: str = "10:00:00", **other: Any) -> Contact:
    """A lawful call to the debtor at ten in the morning, but for what `other` says."""
    day = other.pop("day", "2026-11-02")
    made = Contact(
        borrower_id="b1",
        at=local(clock, day),
        channel="call",
        facts=FACTS,
        role="debtor",
        content=frozenset({"identity", "reason"}),
        number="n1",
        recorded=True,
    )
    return replace(made, **other)


def talk(clock: str, day: str = "2026-11-02", **other: Any) -> Past:
    """An effective call made earlier."""
    made = Past(local(clock, day), "call", effective=True, answered=True, number="n1")
    return replace(made, **other)


def vain(clock: str, day: str = "2026-11-02", **other: Any) -> Past:
    """A dial that nobody answered."""
    made = Past(local(clock, day), "call", effective=False, answered=False, number="n1")
    return replace(made, **other)
