"""Which column of the contract each column of a stranger's file is, by its name and its cells."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ruqi.tape.contract import TABLES
from ruqi.tape.draft_cells import Facts, is_number
from ruqi.tape.draft_codes import Said, late_words
from ruqi.tape.draft_words import concept, status_of, unit
from ruqi.tape.manifest import NumberForm

SURE = 0.85
DATES = ("on", "opened_on", "closed_on", "value_on", "event_on")
INSTANTS = ("at", "recorded_at")
AMOUNTS = ("balance", "due", "paid", "limit", "amount")
COUNTS = ("dpd_days", "months_past_due")
STAGES_MAX = 60
# Where a file has no column of the first meaning, the next one will do.
STAND_INS: dict[str, dict[str, tuple[str, ...]]] = {
    "performance": {"account_id": ("borrower_id",), "paid": ("amount",), "on": ("value_on",)},
    "accounts": {"account_id": ("borrower_id",)},
    "borrowers": {"borrower_id": ("account_id",)},
    "payments": {"account_id": ("borrower_id",), "amount": ("paid",), "value_on": ("on",)},
    "contacts": {"borrower_id": ("account_id",), "at": ("value_on", "on")},
    "outcomes": {"account_id": ("borrower_id",), "on": ("event_on", "value_on")},
}


@dataclass(frozen=True)
class Guess:
    """What one column of a file seems to be, and how sure that is."""

    source: str
    meaning: str
    confidence: float


@dataclass
class ColumnDraft:
    """One mapped column: the file's name for it, and how its cells are read."""

    source: str
    spec: dict[str, str | list[str]] = field(default_factory=dict)
    doubts: list[Said] = field(default_factory=list)


def guesses(columns: Sequence[Facts]) -> list[Guess]:
    """A guess for each column whose name is known and whose cells do not contradict it."""
    found = []
    for column in columns:
        named = concept(column.name)
        if named is None:
            continue
        meaning, confidence = named
        if meaning == "status" and late_words(column.values):
            meaning = "stage"
        if meaning == "status" and confidence < SURE and not _known_statuses(column):
            continue
        if fits(meaning, column):
            found.append(Guess(column.name, meaning, confidence))
    return found


def _known_statuses(column: Facts) -> bool:
    return column.listed and all(status_of(value) is not None for value in column.values)


def fits(meaning: str, column: Facts) -> bool:
    """Whether a column's cells can hold what its name says."""
    if not column.filled:
        return True
    if meaning in DATES:
        return bool(column.dates)
    if meaning in INSTANTS:
        return column.instants or bool(column.dates)
    if meaning in AMOUNTS:
        return bool(column.forms)
    if meaning == "dpd_days":
        return column.whole
    if meaning == "months_past_due":
        return column.whole or column.distinct <= STAGES_MAX
    return meaning not in ("stage", "status") or column.distinct <= STAGES_MAX


def chosen(table: str, found: Iterable[Guess]) -> tuple[dict[str, Guess], list[Guess]]:
    """(the column of the file for each of a table's columns, guesses left over)."""
    best: dict[str, Guess] = {}
    for guess in found:
        if guess.meaning not in best or guess.confidence > best[guess.meaning].confidence:
            best[guess.meaning] = guess
    taken: dict[str, Guess] = {}
    for column in TABLES[table]:
        for meaning in (column.name, *STAND_INS[table].get(column.name, ())):
            held = best.get(meaning)
            if held is not None and held not in taken.values():
                taken[column.name] = held
                break
    return taken, [guess for guess in found if guess not in taken.values()]


def drafted(name: str, guess: Guess, column: Facts, form: NumberForm | None) -> ColumnDraft:
    """How a column is read. `form` is the whole file's way of writing numbers, where it has one."""
    made = ColumnDraft(column.name)
    kind = next(
        c.kind for table in TABLES.values() for c in table if c.name in (name, guess.meaning)
    )
    if guess.confidence < SURE:
        made.doubts.append(
            (
                f"`{column.name}` is taken for {name} by part of its name only",
                f"“{column.name}”仅凭部分列名推测为 {name}",
            )
        )
    if kind == "date" and column.dates:
        _date(made, column)
    elif kind == "instant" and column.dates and column.dates[0]:
        made.spec["format"] = column.dates[0]
    elif kind in ("amount", "whole") and column.forms:
        _number(made, column, form)
    if kind == "amount" and unit(column.name) is not None:
        made.spec["scale"] = unit(column.name) or "1"
    if column.odd and kind in ("date", "instant", "amount", "whole"):
        some = ", ".join(column.odd[:3])
        made.doubts.append(
            (
                f"`{column.name}` has cells unlike its others: {some}",
                f"“{column.name}”中有与其余写法不同的单元格：{some}",
            )
        )
    if column.missing:
        made.spec["missing"] = list(column.missing)
        some = ", ".join(column.missing)
        made.doubts.append(
            (
                f"`{some}` in `{column.name}` is read as missing",
                f"“{column.name}”中的“{some}”按缺失处理",
            )
        )
    return made


def _date(made: ColumnDraft, column: Facts) -> None:
    first, others = column.dates[0], column.dates[1:]
    if first:
        made.spec["format"] = first
        if others:
            made.doubts.append(
                (
                    f"dates of `{column.name}` fit {first} and {', '.join(others)} alike",
                    f"“{column.name}”的日期同时符合 {first} 与 {'、'.join(others)}",
                )
            )


def _number(made: ColumnDraft, column: Facts, form: NumberForm | None) -> None:
    own = column.forms[0]
    if form is not None and form.decimal == ",":
        return  # stated once for the table
    if own.thousands:
        made.spec["thousands"] = own.thousands
    if own.decimal != ".":
        made.spec["decimal"] = own.decimal
    if own.thousands or own.decimal != ".":
        said = f"thousands `{own.thousands or 'none'}`, decimals `{own.decimal}`"
        said_zh = f"千分位“{own.thousands or '无'}”，小数点“{own.decimal}”"
        if len(column.forms) > 1:
            made.doubts.append(
                (
                    f"numbers of `{column.name}` are read with {said}, but fit other forms too",
                    f"“{column.name}”按{said_zh}读取，但也符合其他写法",
                )
            )


def file_form(columns: Sequence[Facts]) -> NumberForm | None:
    """The decimal-comma form of a whole file, if one of its columns can be read in no other way."""
    bound = [c.forms[0] for c in columns if c.forms and all(f.decimal == "," for f in c.forms)]
    if not bound:
        return None
    thousands = next((form.thousands for form in bound if form.thousands), "")
    form = NumberForm(thousands=thousands, decimal=",")
    numbers = [c for c in columns if c.forms and not c.dates]
    readable = all(is_number(v, form) for c in numbers for v in c.values)
    return form if readable else None
