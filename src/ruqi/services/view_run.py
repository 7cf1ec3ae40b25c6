"""A run on the shelf as its pages and the report read it: the folder's contents, by name."""

from typing import Any

from ruqi.portfolio.measures import REGISTRY
from ruqi.services.ports import Shelf


def view_run(run_id: int, shelf: Shelf) -> dict[str, Any] | None:
    """The view of a run; None where there is no such run."""
    found = shelf.documents(run_id)
    if not found:
        return None
    limits = found["limits.json"]
    return {
        "run": found["run.json"],
        "remarks": found["remarks.json"]["remarks"],
        "measures": found["measures.json"]["measures"],
        "definitions": _ordered(found["definitions.json"]["definitions"]),
        "trend": found["trend.json"],
        "rolls": found["rolls.json"],
        "vintages": found["vintages.json"],
        "evaluation": found["evaluation.json"],
        "plan": shelf.plan(run_id),
        "plan_summary": limits["summary"],
        "limits": limits["limits"],
        "data_card": found["data_card.json"],
    }


def _ordered(definitions: dict[str, Any]) -> dict[str, Any]:
    """Definitions in the registry's order, which a database does not keep; strangers last."""
    known = [one for one in REGISTRY if one in definitions]
    return {one: definitions[one] for one in [*known, *sorted(definitions.keys() - set(known))]}
