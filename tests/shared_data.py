"""Real data that may not be shipped: read where it lies, skipped out loud where it does not."""

import os
from pathlib import Path

import pytest

FOLDER = Path(
    os.environ.get("RUQI_SHARED_DATA", Path(__file__).parents[1].parent / "shared" / "data")
)


def shared_data(name: str) -> Path:
    """Path of one file of the shared data; skips the test, saying so, where it is absent."""
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"needs {name} in {FOLDER} (set RUQI_SHARED_DATA)")
    return path
