"""Faults as a person mends them: by file and column, each with its lines, one example, the mend."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ruqi.apps.chinese import chinese
from ruqi.tape.faults import Fault, FaultLog

SPANS_SHOWN = 8
COLUMNS_SHOWN = 8
FOUND_SHOWN = 3
OWN_WORDS = (
    "cell_count",
    "encoding",
    "missing_column",
    "truncated",
    "unreadable",
)  # `found` is no cell's text
COLUMNS_EACH = "a column of each of these names"


@dataclass(frozen=True)
class Group:
    """Places of one kind in one file that one mend removes, and the columns that they are of."""

    columns: tuple[str, ...]
    places: tuple[Fault, ...]
    count: int  # all of them, kept as places or not


def told(log: FaultLog, language: str) -> Iterator[str]:
    """The lines of all faults, in `en` or `zh`."""
    zh = language == "zh"
    if zh:
        yield f"共 {log.total:,} 处数据错误，未写入任何内容。"
    else:
        yield f"{log.total:,} {'fault' if log.total == 1 else 'faults'}; nothing was written."
    for group in groups(log):
        yield ""
        yield from _group(group, zh)
    yield from _one_row(log, zh)


def groups(log: FaultLog) -> list[Group]:
    """Faults by file, column and kind; columns that one mend serves on the same lines are one."""
    single: dict[tuple[str, str, str | None], list[Fault]] = {}
    for place in log.places:
        column = place.column if place.kind != "manifest" else f"{place.line} {place.column}"
        single.setdefault((place.file, place.kind, column), []).append(place)
    for key, (_, first) in log.columns.items():
        if first.kind != "manifest":
            single.setdefault(key, [first])  # beyond the places kept: its first at least
    merged: dict[tuple[object, ...], list[tuple[int, list[Fault]]]] = {}
    for key, held in single.items():
        count = log.columns[key][0] if key in log.columns else len(held)
        lines = () if key[1] == "manifest" else tuple(place.line for place in held)
        expected = None if key[1] == "missing_column" else held[0].expected  # each its own name
        merged.setdefault((*key[:2], expected, held[0].mend, lines), []).append((count, held))
    return [
        Group(
            tuple(dict.fromkeys(held[0].column for _, held in some if held[0].column)),
            tuple(place for _, held in some for place in held),
            sum(count for count, _ in some),
        )
        for some in merged.values()
    ]


def _group(group: Group, zh: bool) -> Iterator[str]:
    first, count = group.places[0], group.count
    lines = sorted({place.line for place in group.places})
    more = count > len(group.places)
    shown = runs(lines, more) if more or len(lines) > 1 else ""
    columns = ", ".join(group.columns[:COLUMNS_SHOWN])
    columns += f", … ({len(group.columns)})" if len(group.columns) > COLUMNS_SHOWN else ""
    lacking = first.kind == "missing_column"
    several = len({place.expected for place in group.places}) > 1
    expected = COLUMNS_EACH if several and lacking else first.expected
    where = f"{first.file}:{lines[0]}" if lines[0] else first.file
    column = f" [{columns}]" if columns else ""
    if zh:
        at = f"（第 {shown} 行）" if shown else ""
        yield f"{where}{column}  {chinese(first.kind)}：{count:,} 处{at}"
        texts = [
            chinese(text).rstrip("。") if first.kind in OWN_WORDS else text
            for text in _found(group)
        ]
        found = "、".join(texts) or ("没有" if lacking else "（空）")
        yield f"    实际：{found}；应为：{chinese(expected)}"
        yield f"    处理：{chinese(first.mend)}"
        return
    at = f" (lines {shown})" if shown else ""
    yield f"{where}{column}  {first.kind}: {count:,}{at}"
    texts = [text.rstrip(".") if first.kind in OWN_WORDS else text for text in _found(group)]
    found = ", ".join(texts) or ("none" if lacking else "(empty)")
    yield f"    found {found}; expected {expected}"
    yield f"    mend: {first.mend}"


def runs(lines: Sequence[int], more: bool = False) -> str:
    """Sorted lines, those that follow each other as one span; the first few, and that more come."""
    spans: list[list[int]] = []
    for line in lines:
        if spans and line == spans[-1][1] + 1:
            spans[-1][1] = line
        else:
            spans.append([line, line])
    told = [str(low) if low == high else f"{low}-{high}" for low, high in spans]
    return ", ".join([*told[:SPANS_SHOWN], *(["…"] if more or len(told) > SPANS_SHOWN else [])])


def _found(group: Group) -> list[str]:
    """The first different texts that were found."""
    texts = list(dict.fromkeys(place.found for place in group.places if place.found))
    return [*texts[:FOUND_SHOWN], *(["…"] if len(texts) > FOUND_SHOWN else [])]


def _one_row(log: FaultLog, zh: bool) -> Iterator[str]:
    """Several faulty cells, all on one row, are often no account: a total, or a note below."""
    kinds = ("missing_value", "unparsable", "cell_count")
    places = [place for place in log.places if place.kind in kinds]
    if len(places) < sum(log.counts.get(kind, 0) for kind in kinds):
        return
    for file in dict.fromkeys(place.file for place in places):
        lines = [place.line for place in places if place.file == file]
        if len(lines) > 1 and len(set(lines)) == 1:
            yield ""
            yield (
                f"{file} 的这些错误都在第 {lines[0]} 行：若为合计行或备注行，请从文件中删除。"
                if zh
                else f"All of these in {file} are on line {lines[0]}: if it is a row of totals or "
                "a note, delete it from the file."
            )
