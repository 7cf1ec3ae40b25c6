"""Random lives of credit lines, by seed, with every invariant after every message: the long proof.

`./dev prove [messages] [first seed] [file]` lives on until so many messages were taken. A file
keeps blocks of lives as they end, and a second run goes on after them. After every message all of
`tests/watch.py` is looked at; every twentieth life is also folded anew, slowly and in another
order. A seed that broke something lives again by itself: `./dev prove 40 SEED`.
"""

import json
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
BLOCK = 250  # lives
MESSAGES = 40  # of one life
ANEW = 20
FAULTS = (AssertionError, ArithmeticError, LookupError, TypeError, ValueError)


def main(words: list[str]) -> int:
    """Live block after block; exit 1 where anything broke."""
    wanted, seed = [*(int(word) for word in words[:2]), *[10_000, 1][len(words) :]][:2]
    notes = Path(words[2]) if len(words) > 2 else None
    done = read_notes(notes)
    total = sum((Counter(note["seen"]) for note in done), Counter())
    broken = [fault for note in done for fault in note["broken"]]
    seconds = sum(note["cpu_seconds"] for note in done)
    first = done[0]["seeds"][0] if done else seed
    seed = done[-1]["seeds"][1] + 1 if done else seed
    while total["messages"] < wanted:
        note = block(seed, wanted - total["messages"])
        if notes is not None:
            with notes.open("a", encoding="utf-8") as file:
                file.write(json.dumps(note) + "\n")
        total.update(note["seen"])
        broken += note["broken"]
        seconds += note["cpu_seconds"]
        seed = note["seeds"][1] + 1
    tell(total, broken, seconds, (first, seed - 1))
    return 1 if broken else 0


def read_notes(notes: Path | None) -> list[dict]:
    """What earlier runs noted."""
    if notes is None or not notes.exists():
        return []
    return [json.loads(line) for line in notes.read_text(encoding="utf-8").splitlines()]


def block(first: int, wanted: int) -> dict:
    """Lives from one seed on: a block of them, or as many as `wanted` messages take."""
    began = time.process_time()
    seen: Counter[str] = Counter()
    broken: list[str] = []
    seed = first - 1
    while seed < first + BLOCK - 1 and seen["messages"] < wanted:
        seed += 1
        fault = lived(seed, MESSAGES, seen)
        if fault:
            broken.append(f"seed {seed}: {fault}")
    taken = time.process_time() - began
    return {"seeds": [first, seed], "cpu_seconds": taken, "seen": dict(seen), "broken": broken}


def lived(seed: int, messages: int, seen: "Counter[str]") -> str | None:
    """One life, busy where the seed is odd; None, or what broke."""
    from lines import BUSY, CALM, PRODUCTS, history  # the tests' generators
    from watch import Watched

    name = list(PRODUCTS)[seed % len(PRODUCTS)]
    watched = Watched(name)
    seen["lives"] += 1
    try:
        given = history(seed, messages, name, BUSY if seed % 2 else CALM)
        for event in sorted(given, key=lambda e: (e.recorded_at, e.id)):
            seen["messages"] += 1
            became = watched.take(event)
            seen[became] += 1
            if became == "accepted":
                seen[f"kind {event.kind}"] += 1
        watched.finish(seed, seed % ANEW == 0)
    except FAULTS as error:
        return f"{type(error).__name__}: {error}"[:160]
    seen["entries"] += len(watched.life.journal)
    return None


def tell(total: "Counter[str]", broken: list[str], seconds: float, seeds: tuple[int, int]) -> None:
    """What was lived, how fast, and what broke."""
    rate = total["messages"] / max(seconds, 1e-9)
    what = ("accepted", "refused", "again")
    print(f"seeds {seeds[0]}-{seeds[1]}: {total['lives']} lives, {total['messages']} messages")
    print(", ".join(f"{total[name]} {name}" for name in what) + f"; {total['entries']} entries")
    print(f"{seconds:.0f} s of one core, {rate:.0f} messages a second")
    kinds = sorted(kind for kind in total if kind.startswith("kind "))
    print(", ".join(f"{kind[5:]} {total[kind]}" for kind in kinds))
    print(f"{len(broken)} breaches", *broken[:20], sep="\n")
