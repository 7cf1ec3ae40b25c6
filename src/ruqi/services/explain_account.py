"""Why one account got what it got, told from a stored run alone."""

from pathlib import Path
from typing import Any

from ruqi.services.ports import StoredRuns
from ruqi.treatment.absent import absent_story
from ruqi.treatment.explain import story


def explain_account(folder: Path, account_id: str, runs: StoredRuns) -> dict[str, Any] | None:
    """The account's story; why it has no row in the plan; None where the book does not know it.

    Raises FileNotFoundError where `folder` holds no finished run.
    """
    plan = runs.rows_of(folder, "plan.parquet", account_id)
    if not plan:
        absent = runs.rows_of(folder, "absent.parquet", account_id)
        if not absent:
            return None
        return absent_story(absent[0], str(runs.read_json(folder, "run.json")["as_of"]))
    limits = runs.read_json(folder, "limits.json")
    steps = runs.rows_of(folder, "steps.parquet", account_id)
    scores = runs.rows_of(folder, "scores.parquet", account_id)
    forward = next((score for score in scores if score["score_id"] == "forward"), None)
    return story(plan[0], steps, forward, limits["limits"], limits["summary"])
