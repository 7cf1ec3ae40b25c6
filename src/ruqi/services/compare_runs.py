"""Today's worklist beside the one before: which run that is, and what differs for an account."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ruqi.services.held import RunHead

Row = Mapping[str, Any]
Prices = Mapping[str, float]
# Treatments that use up what the plan's row does not count.
SLOTS = {"hardship_offer": "hardship_slots", "legal_review": "legal_slots"}


@dataclass(frozen=True)
class Difference:
    """One fact that was otherwise in the run before; `name` says which limit a price is of."""

    what: str
    before: Any
    after: Any
    name: str = ""


def earlier_runs(run_id: int, runs: Sequence[RunHead]) -> list[RunHead]:
    """The runs of the same book before this one, by day and then by loading, the latest first.

    There are none for a run that is not among `runs`.
    """
    mine = next((one for one in runs if one.id == run_id), None)
    if mine is None:
        return []
    found = [
        one for one in runs if one.book == mine.book and (one.as_of, one.id) < (mine.as_of, mine.id)
    ]
    return sorted(found, key=lambda one: (one.as_of, one.id), reverse=True)


def former_run(run_id: int, runs: Sequence[RunHead]) -> RunHead | None:
    """The run of the same book just before this one; None where this is the first."""
    return next(iter(earlier_runs(run_id, runs)), None)


def prices(limits: Sequence[Row]) -> Prices:
    """What one unit more of each limit was worth, in minor units, by limit."""
    return {one["limit"]: float(one["shadow_price_minor"]) for one in limits}


def differences(now: Row, was: Row, worth_now: Prices, worth_was: Prices) -> list[Difference]:
    """What differs between an account's rows of two plans: what weighs on the choice, in order.

    A limit's price counts where either treatment uses that limit.
    """
    bars_now, bars_was = _bars(now), _bars(was)
    found = [
        Difference("bucket", was["bucket"], now["bucket"]),
        Difference("barred", "", "|".join(sorted(bars_now - bars_was))),
        Difference("freed", "", "|".join(sorted(bars_was - bars_now))),
        Difference("chance", was["probability"], now["probability"]),
        Difference("balance", was["balance_minor"], now["balance_minor"]),
        Difference("policy", was["policy_version"], now["policy_version"]),
        Difference("pack", was["pack_version"], now["pack_version"]),
    ]
    for limit in sorted(_uses(now) | _uses(was)):
        before, after = worth_was.get(limit, 0.0), worth_now.get(limit, 0.0)
        found.append(Difference("price", before, after, limit))
    return [one for one in found if one.before != one.after]


def _bars(row: Row) -> set[str]:
    return {one for one in row["bars"].split("|") if one}


def _uses(row: Row) -> set[str]:
    counted = {one for one in ("agent_minutes", "sms") if row[one]}
    return counted | ({SLOTS[row["treatment"]]} if row["treatment"] in SLOTS else set())
