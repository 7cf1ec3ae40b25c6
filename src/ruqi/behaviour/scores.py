"""The two scores by name: `forward`, what the day knew, and `outcome`, what came of it."""

from ruqi.behaviour.features import FAMILIES
from ruqi.behaviour.forward import forward
from ruqi.behaviour.outcome import outcome
from ruqi.behaviour.scored import FRAME, NotPossible, Scored, ScoreId, Target, two_months_late

__all__ = [
    "FAMILIES",
    "FRAME",
    "NotPossible",
    "ScoreId",
    "Scored",
    "Target",
    "forward",
    "outcome",
    "two_months_late",
]
