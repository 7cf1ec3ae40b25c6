"""A file for a dialler: only whom the plan calls and nothing bars, borrowers masked unless asked.

Showing borrowers' numbers is an act with a reason that must be answered for.
"""

from ruqi.services.worklist import LONG

LEAST = 10  # characters of a reason
LIFE_S = 10 * 60  # of a link to an unmasked file


def reason_of(given: str) -> str | None:
    """A reason as it is kept on record, its spaces single; None where it says too little."""
    reason = " ".join(given.replace("\0", "").split())[:LONG]
    return reason if len(reason) >= LEAST else None
