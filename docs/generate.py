"""Write the generated pages of docs/reference again; `--check` only says which are out of date."""

import sys
from pathlib import Path

from ruqi.apps.reference import pages

HERE = Path(__file__).parent


def main() -> int:
    """Write, or compare, every generated page."""
    stale = [
        name
        for name, text in pages().items()
        if not (HERE / name).exists() or (HERE / name).read_text() != text
    ]
    if "--check" in sys.argv[1:]:
        print("\n".join(stale))
        return 1 if stale else 0
    for name in stale:
        (HERE / name).parent.mkdir(parents=True, exist_ok=True)
        (HERE / name).write_text(pages()[name])
        print(f"docs/{name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
