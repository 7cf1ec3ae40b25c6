"""Day-close of a million lines in columns, beside the memory bandwidth of the same run.

`python -m bench day_close [lines]`; five hundred random lines, repeated: 92 % on time, and what
falls due in these days is paid on its day. Figures are medians of one core's own time.
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
DAYS = 12
READ = ("line_from", "since", "bucket", "purchase_from", "quiet", "growing")  # on a quiet night
PEER = (
    "peers: Fineract's users report that reading one loan takes over 20 s once daily accruals pile "
    "up, and a slow close (apache/fineract #3997, #5041, #4770); no rate of lines is published"
)


def main(words: list[str]) -> int:
    """Lay out, close days, and say how far that is from the memory's own speed."""
    from books import START, current_lines, random_lines  # the tests' generators

    wanted = int(words[0]) if words else 1_000_000
    lines = [*current_lines(1, 460), *random_lines(1, 40)]  # 92 % on time, the rest anyhow
    began = time.process_time()
    for line in lines:
        advance(line, START + timedelta(days=1))
    exact = len(lines) / (time.process_time() - began)
    columns = repeated(laid_out(lines), wanted // len(lines))
    close_day(columns)  # compiles
    times, late = [], []
    for _ in range(DAYS):
        began = time.process_time()
        closed = close_day(columns)
        times.append(time.process_time() - began)
        late.append(float((closed.noted[:, 0] > 0).mean()))
        columns.left[columns.dates[:, 1] == columns.on] = 0
    typical = statistics.median(times)
    speed = columns.lines / typical
    print(f"{columns.lines} lines, {len(columns.cells)} dues, {columns.bytes / 2**20:.0f} MiB")
    print(
        f"day-close: {speed / 1e6:.1f} M lines/s on one core (aim 5), "
        f"{typical * 1e3:.0f} ms a day, best {min(times) * 1e3:.0f}; "
        f"{statistics.median(late):.0%} of lines late"
    )
    print(f"exact step: {exact / 1e3:.1f} k lines/s; columns are {speed / exact:.0f}x")
    touched = sum(getattr(columns, name).nbytes for name in READ) + closed.moves.nbytes
    copy = bandwidth()
    share = touched / typical / 1e9 / copy
    print(
        f"memory: copy {copy:.1f} GB/s (read + write); a quiet night passes {touched / 2**20:.0f} "
        f"MiB, {touched / typical / 1e9:.1f} GB/s, {share:.0%} of that"
    )
    print(PEER)
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
        began = time.process_time()
        np.copyto(target, source)
        best = max(best, 2 * source.nbytes / (time.process_time() - began) / 1e9)
    return best
