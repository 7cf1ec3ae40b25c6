"""Wide files: which columns are one thing in many months, such as PAY_0, PAY_2 or 余额_202401."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_DATED = re.compile(
    r"(?<!\d)((?:19|20)\d\d)\s*[-_/.年]?\s*(0[1-9]|1[0-2]|[1-9](?!\d))(?:[-_/.月]?(\d\d)(?!\d))?月?日?(?!\d)"
)
_NUMBERED = re.compile(r"^(.*?[^\d])(\d{1,2})$")
TODO = "TODO"


@dataclass(frozen=True)
class Block:
    """One thing over the months: the name without its month, and month key → column of the file.

    A key is `2024-01` or, where names only count, `TODO-01`: the date is not known.
    """

    stem: str
    columns: Mapping[str, str]

    @property
    def dated(self) -> bool:
        """Whether the names say which months they are."""
        return not next(iter(self.columns)).startswith(TODO)


def blocks(names: Sequence[str]) -> list[Block]:
    """Blocks of at least two months, in the order of their first column.

    Counted names are a block only in step with others, or from three on: two columns such as
    `address1`, `address2` say nothing of months.
    """
    dated: dict[str, dict[str, str]] = {}
    numbered: dict[str, dict[int, str]] = {}
    for name in names:
        found = _DATED.search(name)
        if found:
            stem = (name[: found.start()] + name[found.end() :]).strip(" _-./")
            key = f"{found[1]}-{int(found[2]):02d}" + (f"-{found[3]}" if found[3] else "")
            dated.setdefault(stem, {})[key] = name
            continue
        match = _NUMBERED.match(name)
        if match:
            numbered.setdefault(match[1].rstrip(" _-"), {})[int(match[2])] = name
    made = [Block(stem, dict(sorted(months.items()))) for stem, months in dated.items()]
    counted = {stem: columns for stem, columns in numbered.items() if len(columns) >= 3}
    # PAY_0, PAY_2, PAY_3 go with BILL_AMT1, BILL_AMT2, BILL_AMT3: by rank, not by number.
    made += [
        Block(
            stem,
            {f"{TODO}-{rank + 1:02d}": columns[i] for rank, i in enumerate(sorted(columns))},
        )
        for stem, columns in counted.items()
    ]
    return [block for block in made if len(block.columns) >= 2]
