"""Kill the desk and its database at random moments, and look after each: the long proof.

`./dev kill [times] [first seed]`; the tests do the same with twenty seeds. What must hold stands in
`tests/kills.py`. A seed that broke something strikes again by itself: `./dev kill 1 SEED`.
"""

import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
TIMES = 100


def main(words: list[str]) -> int:
    """Strike so many times from a seed on, in one folder; exit 1 at the first breach."""
    times, first = [*(int(word) for word in words[:2]), *[TIMES, 1][len(words) :]][:2]
    from kills import Killed

    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="ruqi-", dir="/var/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)  # as root the database runs as somebody else
        desk = Killed(folder)
        for seed in range(first, first + times):
            try:
                desk.strike(seed)
            except AssertionError as error:
                print(f"seed {seed}: {error}", file=sys.stderr)
                return 1
        desk.finish()
    for (victim, phase), count in sorted(desk.tallies.items()):
        print(f"{count:4} x {victim} killed in phase {phase}")
    kept = f"{len(desk.loaded)} runs and {desk.exports} exports confirmed, none lost"
    print(f"{times} kills in {time.monotonic() - began:.0f} s; {kept}; no half run seen")
    return 0
