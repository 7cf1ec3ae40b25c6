"""`python -m bench NAME [arguments]` runs one benchmark; alone, it lists them."""

import importlib
import sys
from pathlib import Path

HELPERS = {"__init__", "__main__"}


def main(words: list[str]) -> int:
    """Run `bench/NAME.py`'s `main(arguments)`."""
    names = sorted(
        path.stem
        for path in Path(__file__).parent.glob("*.py")
        if path.stem not in HELPERS and "def main(" in path.read_text(encoding="utf-8")
    )
    if not words or words[0] not in names:
        print("\n".join(names), file=sys.stderr if words else sys.stdout)
        return 2 if words else 0
    return int(importlib.import_module(f"bench.{words[0]}").main(words[1:]) or 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
