"""Compiles and caches what reading CSV needs, so that the first check is as fast as any other.

python -m ruqi.adapters.files.warm_up
"""

import tempfile
from pathlib import Path

from ruqi.adapters.files.tape_source import check
from ruqi.tape.faults import FaultLog

ROWS = 3_000  # enough for the table of ids to grow
MANIFEST = """\
tape: warm-up
currency: CNY
time_zone: UTC
tables:
  performance:
    path: rows.csv
    columns: {account_id: id, on: on, dpd_days: late, balance: {from: balance, thousands: ","}}
"""


def warm_up() -> FaultLog:
    """Check a small book, with quoted cells and accounts out of order, in a folder of its own."""
    rows = [f'{ROWS - i},2024-01-31,{i % 9},"1,{i % 900 + 100}.50"' for i in range(ROWS)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "tape.yaml").write_text(MANIFEST, encoding="utf-8")
        text = "\n".join(["id,on,late,balance", *rows, rows[0]])
        (folder / "rows.csv").write_text(text, encoding="utf-8")
        return check(folder).faults


if __name__ == "__main__":
    warm_up()
