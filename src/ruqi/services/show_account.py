"""One account's page: its story, its months, the borrower's other accounts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ruqi.services.ports import Shelf
from ruqi.treatment.explain import story


@dataclass(frozen=True)
class AccountPage:
    """What the page shows; `story` has the keys of `ruqi explain --json`."""

    story: Mapping[str, Any]
    history: Sequence[Mapping[str, Any]]
    scores: Sequence[Mapping[str, Any]]
    others: Sequence[Mapping[str, Any]]


def show_account(
    run_id: int, account_id: str, view: Mapping[str, Any], shelf: Shelf
) -> AccountPage | None:
    """One account's page, `view` being its run's; None where it is not in the plan."""
    rows = shelf.account(run_id, account_id)
    if rows is None:
        return None
    forward = next((row for row in rows.scores if row["score_id"] == "forward"), None)
    told = story(rows.plan, rows.steps, forward, view["limits"], view["plan_summary"])
    return AccountPage(told, rows.history, rows.scores, rows.others)
