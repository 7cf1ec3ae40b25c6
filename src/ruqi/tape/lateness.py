"""What a lateness cell leads to: a bucket or a status, and days or months where they are known."""

from dataclasses import dataclass

from ruqi.tape.cells import Unfit, known, recoded, whole
from ruqi.tape.columns import Bucket, Delinquency
from ruqi.tape.contract import STATUSES, TERMINAL
from ruqi.tape.manifest import ColumnMap

OPEN = STATUSES.index("open")


@dataclass(frozen=True)
class Lateness:
    """One cell, understood. `code` is its own text; numbers in their plain form.

    `bucket` indexes the delinquency's buckets; None under a terminal `status` or where the column
    does not lead. `number` is in the column's unit (days or months); None where only a range is
    known.
    """

    code: str
    bucket: int | None
    status: int
    number: int | None


def read(text: str, column: ColumnMap, delinquency: Delinquency | None) -> Lateness | Unfit:
    """Understand the cell of a lateness column.

    `delinquency` is the book's where this column leads, else None: then a number is a number and
    a stage any word.
    """
    if column.codes is not None:
        return _coded(text, column, delinquency)
    if column.name == "stage":
        return _target(text, text, column, delinquency)
    number = whole(text, column.form)
    if isinstance(number, Unfit):
        return number
    return _numbered(str(number), number, delinquency)


def _coded(text: str, column: ColumnMap, delinquency: Delinquency | None) -> Lateness | Unfit:
    target = recoded(text, column.codes)
    if isinstance(target, Unfit):
        return target
    found = _target(text, target, column, delinquency)
    # A target that leads nowhere is a fault of the manifest, told once and not for every row.
    return Lateness(text, None, OPEN, None) if isinstance(found, Unfit) else found


def _target(
    code: str, target: str, column: ColumnMap, delinquency: Delinquency | None
) -> Lateness | Unfit:
    if delinquency is None and column.name == "stage":
        return Lateness(code, None, OPEN, None)
    if target in TERMINAL:
        return Lateness(code, None, STATUSES.index(target), None)
    buckets = () if delinquency is None else delinquency.buckets
    for index, bucket in enumerate(buckets):
        if bucket.name == target:
            return Lateness(code, index, OPEN, _within(code, column, bucket))
    if column.name != "stage":
        number = whole(target)
        if not isinstance(number, Unfit):
            return _numbered(code, number, delinquency)
    words = (*(bucket.name for bucket in buckets), *TERMINAL)
    mend = f"recode `{code}` under `codes`, or correct the cell"
    return Unfit(f"one of {known(words)}", mend, "unknown_code")


def _within(code: str, column: ColumnMap, bucket: Bucket) -> int | None:
    """The number that the file itself says, if it lies in the bucket; else the only one there."""
    if column.name == "stage" or bucket.low is None:
        return None
    number = whole(code, column.form)
    if not isinstance(number, Unfit) and holds(bucket, number):
        return number
    return bucket.low if bucket.low == bucket.high else None


def _numbered(code: str, number: int, delinquency: Delinquency | None) -> Lateness | Unfit:
    if delinquency is None:
        return Lateness(code, None, OPEN, number)
    for index, bucket in enumerate(delinquency.buckets):
        if holds(bucket, number):
            return Lateness(code, index, OPEN, number)
    mend = "give it a bucket under `delinquency`, or a code"
    last = delinquency.buckets[-1].name
    return Unfit(f"a number that some bucket holds (the last is {last})", mend, "unknown_code")


def holds(bucket: Bucket, number: int) -> bool:
    """Whether a bucket with bounds holds a number of days or months."""
    above = bucket.low is not None and bucket.low <= number
    return above and (bucket.high is None or number <= bucket.high)
