"""Day-close of a million lines in columns, beside the memory bandwidth of the same run.

`python -m bench day_close [lines]`; lines are five hundred random ones, repeated: 92 % on time.
"""

import statistics
import sys
import time
from dataclasses import fields
from datetime import timedelta
from pathlib import Path

import numpy as np

from ruqi.engines.batch import close_day
from ruqi.engines.columns import Columns, laid_out
from ruqi.loans.accrual import advance

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))


def main(words: list[str]) -> int:
    """Lay out, close twenty days, and say how far that is from the memory's own speed."""
    from books import START, current_lines, random_lines  # the tests' generators

    wanted = int(words[0]) if words else 1_000_000
    lines = [*current_lines(1, 460), *random_lines(1, 40)]  # 92 % on time, the rest anyhow
    began = time.perf_counter()
    for line in lines:
        advance(line, START + timedelta(days=1))
    exact = len(lines) / (time.perf_counter() - began)
    columns = repeated(laid_out(lines), wanted // len(lines))
    close_day(columns)  # compiles
    times = []
    for _ in range(20):
        began = time.perf_counter()
        close_day(columns)
        times.append(time.perf_counter() - began)
    typical = statistics.median(times)
    speed = columns.lines / typical
    print(f"{columns.lines} lines, {len(columns.cells)} dues, {columns.bytes / 2**20:.0f} MiB")
    print(
        f"day-close: {speed / 1e6:.1f} M lines/s on one core (aim 5), {typical * 1e3:.0f} ms a day"
    )
    print(f"exact step: {exact / 1e3:.1f} k lines/s; columns are {speed / exact:.0f}x")
    print(
        f"memory: copy {bandwidth():.1f} GB/s (read + write); the day reads at most "
        f"{columns.bytes / typical / 1e9:.1f} GB/s of laid-out columns"
    )
    return 0


def repeated(columns: Columns, times: int) -> Columns:
    """The same lines again and again; shared terms stay shared."""
    made = {}
    for field in fields(columns):
        value = getattr(columns, field.name)
        if field.name in ("on", "terms", "lows"):
            made[field.name] = value
        elif field.name.endswith("_from"):
            made[field.name] = offsets(value, times)
        elif field.name == "first_open":
            dues = len(columns.cells)
            steps = np.repeat(np.arange(times, dtype=np.int32) * dues, len(value))
            made[field.name] = np.tile(value, times) + steps
        else:
            made[field.name] = np.tile(value, (times, *[1] * (value.ndim - 1)))
    return Columns(**made)


def offsets(value: np.ndarray, times: int) -> np.ndarray:
    """Offsets of a tiled table."""
    sizes = np.tile(np.diff(value), times)
    return np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)


def bandwidth() -> float:
    """GB/s of a large copy, read and write counted."""
    source = np.ones(2**27, np.int64)
    target = np.empty_like(source)
    best = 0.0
    for _ in range(3):
        began = time.perf_counter()
        np.copyto(target, source)
        best = max(best, 2 * source.nbytes / (time.perf_counter() - began) / 1e9)
    return best
