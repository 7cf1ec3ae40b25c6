"""One invented contact put before the guard: may this channel be used at this hour, and says who?

The case is about nobody: a debtor whose register is complete, with the marks that the asker sets.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ruqi.law.contact import Allowed, Barred, Contact, Facts, Past, judge
from ruqi.law.pack import Pack
from ruqi.law.rules import CHANNELS
from ruqi.services.digits import digits

ZONE = "Asia/Shanghai"
HOLDS = ("dispute", "cease", "deceased", "moratorium", "adviser", "plan", "vulnerable")
MOST_EARLIER = 9


@dataclass(frozen=True)
class Case:
    """What is asked: a channel, a local time of day, a hold, how many calls there were that day."""

    channel: str = "call"
    at: time = time(21, 59)
    hold: str = ""
    earlier: int = 0  # answered calls by a person earlier that day


def read_case(given: Mapping[str, str]) -> Case:
    """The case that an address asks for; what makes no sense there is as if it were absent."""
    plain = Case()
    channel, hold = given.get("channel", ""), given.get("hold", "")
    try:
        at = time.fromisoformat(given.get("at", ""))
    except ValueError:
        at = plain.at
    return Case(
        channel=channel if channel in CHANNELS else plain.channel,
        at=at.replace(tzinfo=None),
        hold=hold if hold in HOLDS else "",
        earlier=digits(given.get("earlier", ""), MOST_EARLIER) or 0,
    )


def judge_case(case: Case, on: date, pack: Pack) -> Allowed | Barred:
    """The guard's verdict on a case on a civil day, under a pack."""
    at = datetime.combine(on, case.at, ZoneInfo(ZONE))
    facts = Facts(ZONE, frozenset(CHANNELS), frozenset({case.hold} if case.hold else ()))
    past = tuple(
        Past(
            at - timedelta(minutes=30 * (place + 1)),
            "call",
            effective=True,
            answered=True,
            number="the same",
            id=f"past-{place}",
        )
        for place in range(case.earlier)
    )
    contact = Contact(
        borrower_id="nobody",
        at=at,
        channel=case.channel,
        facts=facts,
        role="debtor",
        content=frozenset({"identity", "reason"}),
        number="the same",
        minutes=5,
        recorded=True,
        id="this",
    )
    return judge(contact, past, pack)
