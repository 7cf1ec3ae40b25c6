"""Kill a desk at random moments while books are brought and run, and look after each: long proof.

`./dev kill [times] [first seed]`; the tests do the same with twenty seeds. What must hold stands in
`tests/held.py`. A seed that broke something strikes again by itself: `./dev kill 1 SEED`.
"""

import sys
import tempfile
import time
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
TIMES = 100


def main(words: list[str]) -> int:
    """Strike so many times from a seed on, one desk; exit 1 at the first breach."""
    times, first = [*(int(word) for word in words[:2]), *[TIMES, 1][len(words) :]][:2]
    from kills import Struck, blow

    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="ruqi-", dir="/var/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)  # as root the database runs as somebody else
        desk = Struck(folder)
        try:
            for seed in range(first, first + times):
                desk.strike(seed)
                took = f"back after {desk.back[-1]:.1f} s"
                print(f"{seed}: {blow(seed).victim} during {blow(seed).phase}, {took}", flush=True)
            desk.finish()
        except AssertionError as error:
            print(f"seed {seed}: {blow(seed)}: {error}", file=sys.stderr)
            print((folder / "db" / "log").read_text()[-2000:], file=sys.stderr)
            return 1
        finally:
            desk.leave()
        print(_table(desk, times, time.monotonic() - began))
    return 0


def _table(desk, times: int, seconds: float) -> str:
    """Who was struck in which phase, and what was held."""
    from kills import PHASES, VICTIMS

    lines = [f"{'':10}" + "".join(f"{phase:>11}" for phase in PHASES)]
    for victim in VICTIMS:
        counts = (desk.tallies[victim, phase] for phase in PHASES)
        lines.append(f"{victim:10}" + "".join(f"{count:11}" for count in counts))
    back = f"back by itself after {median(desk.back):.1f} s, at most {max(desk.back):.1f} s"
    kept = f"{len(desk.held.confirmed)} uploads confirmed, none lost, all run"
    seen = f"{desk.reader.looks} looks of a reader meanwhile, no half run seen"
    acts = f"{len(desk.held.acts)} acts on the trail, with the {desk.reader.got} exports"
    return "\n".join([*lines, f"{times} kills in {seconds:.0f} s; {back}", kept, seen, acts])
