"""The order of a stranger's lateness codes, and what other codes mean: proposals with doubts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ruqi.tape import bounds
from ruqi.tape.columns import Bucket
from ruqi.tape.contract import STATUSES, TERMINAL
from ruqi.tape.draft_scalar import scalar
from ruqi.tape.draft_words import level_of, plain, status_of, word_of

Said = tuple[str, str]  # English, Chinese
TODO = "TODO"
_M_NAME = re.compile(r"[mM](\d{1,2})(\+?)")
_RANGE = re.compile(r"(?<!\d)(\d{1,4})\s*[-–~至到]\s*(\d{1,4})(?!\d)")
_OPEN_RANGE = re.compile(
    r"(?:>\s*(\d{1,4})|(\d{1,4})\s*(?:天|日|days?)?\s*(?:\+|以上|及以上|plus))", re.IGNORECASE
)
_NUMBER = re.compile(r"(?:逾期)?([+-]?\d{1,3})\s*(?:期|个月|m|months?)?", re.IGNORECASE)


@dataclass(frozen=True)
class Order:
    """Buckets mildest first with bounds (None: not stated), codes if needed, and doubts."""

    buckets: dict[str, str | None]
    codes: dict[str, str] | None
    doubts: tuple[Said, ...]


def usual(by: bounds.By) -> Order:
    """The usual buckets of days or months."""
    held = bounds.DAYS if by == "days" else (*(str(month) for month in range(7)), "7-")
    buckets: dict[str, str | None] = dict(zip(bounds.NAMES, held, strict=True))
    return Order(buckets, None, ())


def stages(values: Sequence[str]) -> Order:
    """The order of a lender's own stages; `values` commonest first."""
    ended = {v: status for v in values if (status := _ended(v)) is not None}
    open_values = [v for v in values if v not in ended]
    ranks = {v: _rank(v) for v in open_values}
    known = [v for v in open_values if ranks[v] is not None]
    doubts: list[Said] = []
    if known and len(known) >= len(open_values) / 2:  # a C among A, B, C, D is no `current`
        ordered = sorted(known, key=lambda v: (ranks[v] or 0.0, open_values.index(v)))
        lost = [v for v in open_values if ranks[v] is None]
        if lost:
            some = ", ".join(lost[:8])
            doubts.append(
                (
                    f"what these stages mean is not known: {some}; lead each to a bucket or a "
                    f"status where {TODO} stands",
                    f"以下阶段含义不明：{some}；请在 {TODO} 处写明对应的逾期阶段或状态",
                )
            )
    else:
        short = all(len(v) <= 2 for v in open_values)
        ordered, lost = sorted(open_values) if short else list(open_values), []
    shown = " < ".join(ordered[:12])
    doubts.append(
        (
            f"the order of the stages, mildest first, is a guess: {shown}",
            f"逾期阶段由轻到重的顺序为推测：{shown}",
        )
    )
    names = {v: ("M0" if v in STATUSES else v) for v in ordered}
    fresh = [v for v in ordered if ranks[v] == 0]
    if len(fresh) > 1:
        some = ", ".join(fresh)
        doubts.append(
            (
                f"all of {some} may mean not late: lead them to one bucket under `codes` if so",
                f"{some} 可能均表示未逾期：如是，请在 `codes` 中归入同一阶段",
            )
        )
    said = {names[v]: v for v in reversed(ordered)}
    held = _bounds(said, list(dict.fromkeys(names.values())))
    if any(text is None for text in held.values()):
        doubts.append(_days_unstated({name: said[name] for name in held}))
    codes: dict[str, str] = {**names, **ended, **dict.fromkeys(lost, TODO)}
    same = all(value == target for value, target in codes.items())
    return Order(held, None if same else codes, tuple(doubts))


def _days_unstated(said: dict[str, str]) -> Said:
    """How the stages' days would be written, in the lender's own names; `said` by bucket name."""
    pairs = ", ".join(f"{scalar(name)}: {days}" for name, days in _example(said).items())
    example = f"`buckets: {{{pairs}}}`"
    return (
        f"the days of the stages are not in the file; where they are known, write e.g. {example}",
        f"文件中没有各阶段对应的天数；如已知，请写成例如 {example}",
    )


def _example(said: dict[str, str]) -> dict[str, str]:
    """Days as the names state them, and months of 30 days where they do not."""
    names = list(said)
    stated = [_RANGE.search(_M_NAME.sub("", said[name])) for name in names]
    made: dict[str, str] = {}
    low = 0
    for place, name in enumerate(names):
        after = stated[place + 1] if place + 1 < len(names) else None
        high = int(after[1]) - 1 if after else 30 * -(-low // 30)
        here = stated[place]
        if here:
            low, high = int(here[1]), int(here[2])
        high = max(high, low)
        last = place == len(names) - 1
        made[name] = f"{low}-" if last and place else (f"{low}-{high}" if high > low else f"{low}")
        low = high + 1
    whole = [bounds.parse(name, text) for name, text in made.items()]
    fit = not bounds.problems("stage", [bucket for bucket in whole if bucket is not None])
    return made if fit or not any(stated) else _example(dict.fromkeys(names, ""))


def months(values: Sequence[str]) -> Order:
    """Buckets for months late, with a code table where some values are below zero or words."""
    numbers = {v: int(float(v)) for v in values if re.fullmatch(r"[+-]?\d+(\.0*)?", v)}
    rest = [v for v in values if v not in numbers]
    if not rest and all(number >= 0 for number in numbers.values()):
        return usual("months")
    worst = max((*numbers.values(), 1))
    held: dict[str, str | None] = {f"M{n}": f"{n}" for n in range(worst)}
    held[f"M{worst}"] = f"{worst}-"
    by_number = sorted(numbers, key=lambda v: numbers[v])
    codes = {v: f"M{max(numbers[v], 0)}" for v in by_number}
    doubts: list[Said] = []
    below = [v for v in by_number if numbers[v] < 0]
    if below:
        some = ", ".join(below)
        doubts.append(
            (
                f"codes below zero ({some}) are read as not late",
                f"小于零的编码（{some}）按未逾期处理",
            )
        )
    for value in rest:
        codes[value] = _ended(value) or ("M0" if level_of(value) == 0 else TODO)
    if TODO in codes.values():
        some = ", ".join(v for v, target in codes.items() if target == TODO)
        doubts.append((f"what these codes mean is not known: {some}", f"以下编码含义不明：{some}"))
    return Order(held, codes, tuple(doubts))


def statuses(values: Sequence[str]) -> tuple[dict[str, str] | None, list[Said]]:
    """The code table of a status column (None where the words are the contract's own)."""
    codes = {v: status_of(v) or TODO for v in values}
    lost = [v for v, target in codes.items() if target == TODO]
    if all(value == target for value, target in codes.items()):
        return None, []
    if not lost:
        return codes, []
    some = ", ".join(lost[:8])
    words = ", ".join(STATUSES)
    return codes, [
        (
            f"what these statuses mean is not known: {some}; write one of {words}",
            f"以下状态含义不明：{some}；请写成 {words} 之一",
        )
    ]


def words(column: str, values: Sequence[str]) -> tuple[dict[str, str] | None, list[Said]]:
    """The code table of another coded column; unknown words stay as they are, with a doubt."""
    codes = {v: word_of(column, v) or v for v in values}
    kept = [v for v in values if word_of(column, v) is None]
    if len(kept) == len(values):
        return None, []
    some = ", ".join(kept[:8])
    doubts = (
        [] if not kept else [(f"these words stay as they are: {some}", f"以下取值保留原样：{some}")]
    )
    return (None if all(v == t for v, t in codes.items()) else codes), doubts


def late_words(values: Sequence[str]) -> bool:
    """Whether some values are stages of lateness beyond the mildest."""
    return any((_rank(v) or 0) > 0 and _ended(v) is None for v in values)


def _ended(value: str) -> str | None:
    status = status_of(value)
    return status if status in TERMINAL and level_of(value) is None else None


def _rank(value: str) -> float | None:
    """How bad a stage is by its own words, 0 = not late; None where they do not say."""
    level = level_of(value)
    if level is not None:
        return level
    named = _M_NAME.search(value)
    if named:
        return int(named[1]) + (0.5 if named[2] else 0.0)
    for pattern in (_RANGE, _OPEN_RANGE):
        found = pattern.search(value)
        if found:
            low = int(next(group for group in found.groups() if group is not None))
            return 0.01 + low / 30
    number = _NUMBER.fullmatch(plain(value) or value)
    return float(number[1]) if number else None


def _bounds(said: dict[str, str], names: Sequence[str]) -> dict[str, str | None]:
    """Bounds that every stage states itself; all None where one does not, or they do not fit."""
    held: dict[str, str | None] = {}
    for place, name in enumerate(names):
        text = _M_NAME.sub("", said[name])  # the 3+ of M3+ is no number of days
        closed, open_ended = _RANGE.search(text), _OPEN_RANGE.search(text)
        if closed:
            held[name] = f"{int(closed[1])}-{int(closed[2])}"
        elif open_ended:
            low = int(open_ended[1] or open_ended[2])
            before = held.get(names[place - 1]) if place else None
            ends = before is not None and before.endswith(f"-{low}")
            held[name] = f"{low + 1 if ends else low}-"
        else:
            held[name] = "0" if place == 0 and level_of(said[name]) == 0 else None
    made = [bounds.parse(name, text) for name, text in held.items()]
    whole = [bucket for bucket in made if isinstance(bucket, Bucket) and bucket.low is not None]
    if len(whole) < len(names) or bounds.problems("stage", whole):
        return dict.fromkeys(names)
    return held
