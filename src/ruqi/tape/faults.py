"""Every fault of a tape, counted exactly, with the first hundred places of each kind."""

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
    """Exact counts of every kind of fault, and the first `PLACES_KEPT` places of each.

    `columns` holds for each file, kind and column how many there are, and the earliest.
    """

    counts: dict[str, int] = field(default_factory=dict)
    places: list[Fault] = field(default_factory=list)
    columns: dict[tuple[str, str, str | None], tuple[int, Fault]] = field(default_factory=dict)

    def add(self, fault: Fault) -> None:
        """Count one fault and keep its place while there is room."""
        self.counts[fault.kind] = self.counts.get(fault.kind, 0) + 1
        if sum(place.kind == fault.kind for place in self.places) < PLACES_KEPT:
            self.places.append(fault)
        self.count(fault, 1)

    def count(self, earliest: Fault, count: int) -> None:
        """Count faults of one column, of which `earliest` is the first."""
        key = (earliest.file, earliest.kind, earliest.column)
        before, first = self.columns.get(key, (0, earliest))
        self.columns[key] = before + count, min(first, earliest, key=lambda fault: fault.line)

    @property
    def total(self) -> int:
        """All faults, kept or not."""
        return sum(self.counts.values())

    def as_json(self) -> dict[str, Any]:
        """`{"faults": [...], "counts": {...}}` as the contract says."""
        return {"faults": [asdict(place) for place in self.places], "counts": dict(self.counts)}
