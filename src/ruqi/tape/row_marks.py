"""What one pass over rows reads and counts: columns as arrays, marks by number."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

NONE = np.iinfo(np.int64).min  # an amount that is missing
NO_BUCKET = np.iinfo(np.int8).min
CREDIT, ABOVE, JUMP, AMOUNTS_FROM = 0, 1, 2, 3  # then round and thousands of each amount in turn
MARKS = 9
COULD, SHOWN, FIRST = 0, 1, 2
Flags = NDArray[np.bool_]


class Rows(NamedTuple):
    """Columns of rows by (account, day), one value a row; amounts in minor units."""

    below: Flags  # the row above is of the same account
    month: NDArray[np.int32]
    on: NDArray[np.int32]
    terminal: Flags
    bucket: NDArray[np.int8]
    balance: NDArray[np.int64]
    due: NDArray[np.int64]
    paid: NDArray[np.int64]
    limit: NDArray[np.int64]


class Counts(NamedTuple):
    """Counts by month from `low` on; marks by their number above; flags by row."""

    rows: NDArray[np.int64]
    open: NDArray[np.int64]
    latest: NDArray[np.int32]
    marks: NDArray[np.int64]  # COULD, SHOWN (rows), FIRST (of those, or -1) x mark x month
    gap: Flags  # months are missing between this row and the one above
    last_open: Flags  # the account's last row, and it has not ended


def pick(column: Any, missing: int) -> Any:
    """A Polars column as an array of its own type; what is missing as `missing`."""
    return (column.fill_null(missing) if column.null_count() else column).to_numpy()
