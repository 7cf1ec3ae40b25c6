"""Faults as a person mends them: by file and column, each with its lines, one example, the mend."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ruqi.apps.cli.chinese import chinese
from ruqi.tape.faults import Fault, FaultLog

SPANS_SHOWN = 8
COLUMNS_SHOWN = 8
FOUND_SHOWN = 3


@dataclass(frozen=True)
class Group:
    """Places of one kind in one file that one mend removes, and the columns that they are of."""

    columns: tuple[str, ...]
    places: tuple[Fault, ...]


def told(log: FaultLog, language: str) -> Iterator[str]:
    """The lines of all faults, in `en` or `zh`."""
    zh = language == "zh"
    if zh:
        yield f"共 {log.total:,} 处数据错误，未写入任何内容。"
    else:
        yield f"{log.total:,} {'fault' if log.total == 1 else 'faults'}; nothing was written."
    for group in groups(log.places):
        yield ""
        yield from _group(group, zh)
    kept = Counter(place.kind for place in log.places)
    for kind, count in log.counts.items():
        if count > kept[kind]:
            yield ""
            yield _rest(kind, count - kept[kind], kept[kind], zh)
    yield from _one_row(log, zh)


def groups(places: Sequence[Fault]) -> list[Group]:
    """Places by file, column and kind; columns that one mend serves on the same lines are one."""
    single: dict[tuple[str, str, str | None], list[Fault]] = {}
    for place in places:
        key = place.column if place.kind != "manifest" else f"{place.line} {place.column}"
        single.setdefault((place.file, place.kind, key), []).append(place)
    merged: dict[tuple[object, ...], list[list[Fault]]] = {}
    for (file, kind, _), held in single.items():
        lines = () if kind == "manifest" else tuple(place.line for place in held)
        merged.setdefault((file, kind, held[0].expected, held[0].mend, lines), []).append(held)
    return [
        Group(
            tuple(dict.fromkeys(held[0].column for held in some if held[0].column)),
            tuple(place for held in some for place in held),
        )
        for some in merged.values()
    ]


def _group(group: Group, zh: bool) -> Iterator[str]:
    first, count = group.places[0], len(group.places)
    lines = sorted({place.line for place in group.places})
    shown = runs(lines)
    columns = ", ".join(group.columns[:COLUMNS_SHOWN])
    columns += f", … ({len(group.columns)})" if len(group.columns) > COLUMNS_SHOWN else ""
    where = f"{first.file}:{lines[0]}" if lines[0] else first.file
    column = f" [{columns}]" if columns else ""
    if zh:
        at = f"（第 {shown} 行）" if len(lines) > 1 else ""
        yield f"{where}{column}  {chinese(first.kind)}：{count:,} 处{at}"
        found = "、".join(_found(group)) or "（空）"
        yield f"    实际：{found}；应为：{chinese(first.expected)}"
        yield f"    处理：{chinese(first.mend)}"
        return
    at = f" (lines {shown})" if len(lines) > 1 else ""
    yield f"{where}{column}  {first.kind}: {count:,}{at}"
    yield f"    found {', '.join(_found(group)) or '(empty)'}; expected {first.expected}"
    yield f"    mend: {first.mend}"


def runs(lines: Sequence[int]) -> str:
    """Sorted lines, those that follow each other as one span; the first few spans."""
    spans: list[list[int]] = []
    for line in lines:
        if spans and line == spans[-1][1] + 1:
            spans[-1][1] = line
        else:
            spans.append([line, line])
    told = [str(low) if low == high else f"{low}-{high}" for low, high in spans]
    return ", ".join([*told[:SPANS_SHOWN], *(["…"] if len(told) > SPANS_SHOWN else [])])


def _found(group: Group) -> list[str]:
    """The first different texts that were found."""
    texts = list(dict.fromkeys(place.found for place in group.places if place.found))
    return [*texts[:FOUND_SHOWN], *(["…"] if len(texts) > FOUND_SHOWN else [])]


def _rest(kind: str, more: int, kept: int, zh: bool) -> str:
    if zh:
        return f"{chinese(kind)}：前 {kept:,} 处后另有 {more:,} 处，可能涉及其他列；改好后请再查"
    return (
        f"{kind}: {more:,} more after the first {kept:,}, perhaps in other columns; mend these and "
        "check again"
    )


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
