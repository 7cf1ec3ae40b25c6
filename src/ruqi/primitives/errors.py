"""What can go wrong, and whose it is.

AssertionError
└─ InvariantBroken      our bug; never caught below a door
RuqiError
├─ Refused              a rule says no; carries the rule and both sentences
├─ PolicyError          a policy or law file is wrong; carries its place
├─ NotThere             what was asked for does not exist: wrong usage
├─ InputFaulty          an input file breaks its contract; carries every fault
└─ OutsideFailed        a plug failed; `retryable` says whether trying again can help
"""

from typing import Any


class InvariantBroken(AssertionError):
    """Our own promise did not hold. A bug: it crashes loudly."""


class RuqiError(Exception):
    """Root of everything that the world, not our code, made go wrong."""


class Refused(RuqiError):
    """A rule refuses this. Expected; also available as a value."""

    def __init__(self, rule: str, says_en: str, says_zh: str) -> None:
        super().__init__(says_en)
        self.rule, self.says_en, self.says_zh = rule, says_en, says_zh


class PolicyError(RuqiError):
    """A policy or law file contradicts its schema or itself.

    `line` counts from 1; 0 where no line can be named.
    """

    def __init__(self, file: str, line: int, problem: str, mend: str) -> None:
        super().__init__(f"{file}:{line}: {problem} Mend: {mend}")
        self.file, self.line, self.problem, self.mend = file, line, problem, mend


class NotThere(RuqiError):
    """What was asked for does not exist; the sentence says what does."""


class InputFaulty(RuqiError):
    """An input breaks its contract. `faults` is the `FaultLog` of every one that was found."""

    def __init__(self, faults: Any, total: int) -> None:
        super().__init__(f"{total} faults")
        self.faults, self.total = faults, total


class OutsideFailed(RuqiError):
    """Something outside (disk, network, database) failed."""

    def __init__(self, what: str, retryable: bool = False) -> None:
        super().__init__(what)
        self.retryable = retryable


def ensure(condition: bool, sentence: str) -> None:
    """Raise InvariantBroken with `sentence` unless `condition` holds (survives `python -O`)."""
    if not condition:
        raise InvariantBroken(sentence)
