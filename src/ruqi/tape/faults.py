"""Every fault of a tape, counted exactly, with the first hundred places of each kind."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

PLACES_KEPT = 100


@dataclass(frozen=True)
class Fault:
    """One place where a tape breaks its contract.

    `line` is the physical line on which the row starts (the header is line 1; 0 where a fault is
    of the whole file); `column` is the file's own name for it.
    """

    kind: str
    table: str | None
    file: str
    line: int
    column: str | None
    found: str | None
    expected: str
    mend: str


@dataclass
class FaultLog:
    """Exact counts of every kind of fault, and the first `PLACES_KEPT` places of each."""

    counts: dict[str, int] = field(default_factory=dict)
    places: list[Fault] = field(default_factory=list)

    def add(self, fault: Fault) -> None:
        """Count one fault and keep its place while there is room."""
        self.add_many(fault.kind, 1, [fault])

    def add_many(self, kind: str, count: int, first: Iterable[Fault]) -> None:
        """Count `count` faults of one kind, of which `first` are the earliest places."""
        held = self.counts.get(kind, 0)
        self.counts[kind] = held + count
        room = PLACES_KEPT - sum(place.kind == kind for place in self.places)
        for fault, _ in zip(first, range(max(room, 0)), strict=False):
            self.places.append(fault)

    @property
    def total(self) -> int:
        """All faults, kept or not."""
        return sum(self.counts.values())

    def as_json(self) -> dict[str, Any]:
        """`{"faults": [...], "counts": {...}}` as the contract says."""
        return {"faults": [asdict(place) for place in self.places], "counts": dict(self.counts)}
