"""What the command line says to people: progress, faults with their mends, findings, stories.

Talk goes to standard error, findings and stories to standard output; both read well when piped.
"""

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from ruqi.primitives.errors import InputFaulty
from ruqi.services.progress import Progress, silent
from ruqi.tape.faults import Fault, FaultLog

if TYPE_CHECKING:  # help must come at once; the rooms are loaded when a word needs them
    from ruqi.services.run import Run
    from ruqi.tape.remarks import Remark

SHOWN_PER_KIND = 5


class Language(StrEnum):
    """The languages that Ruqi speaks."""

    EN = "en"
    ZH = "zh"


DEFAULT_LANGUAGE = (
    Language.ZH
    if (os.environ.get("LC_ALL") or os.environ.get("LANG") or "").startswith("zh")
    else Language.EN
)

STEPS = {
    "read": ("reading and checking the tape", "读取并检查明细"),
    "measure": ("measuring", "计算指标"),
    "score": ("scoring", "评分"),
    "plan": ("planning within law and limits", "在合规与产能限额内编制方案"),
    "evaluate": ("testing against what really happened", "用真实结果检验"),
    "report": ("writing the report", "生成报告"),
    "write": ("writing the folder", "写入文件夹"),
}


def _console() -> Console:
    return Console(stderr=True, highlight=False, soft_wrap=True)


def say(sentence: str) -> None:
    """One plain sentence on standard error."""
    _console().print(sentence, markup=False)


@contextmanager
def progress(quiet: bool, language: Language) -> Iterator[Progress]:
    """A live line for each step on a terminal; one plain line a step elsewhere."""
    if quiet:
        yield silent
        return
    console = _console()
    if not console.is_terminal:
        yield _plain_progress(console, language)
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(bar_width=24))
    with Bar(*columns, TimeElapsedColumn(), console=console) as bar:
        tasks: dict[str, Any] = {}

        def live(step: str, done: int, total: int | None) -> None:
            if step not in tasks:
                for task in tasks.values():
                    bar.update(task, total=1, completed=1)
                    bar.stop_task(task)
                tasks[step] = bar.add_task(step_name(step, language), total=total)
            bar.update(tasks[step], completed=done, total=total)

        yield live
        for task in tasks.values():
            bar.update(task, total=1, completed=1)


def _plain_progress(console: Console, language: Language) -> Progress:
    told: set[str] = set()

    def tell_step(step: str, _done: int, _total: int | None) -> None:
        if step not in told:
            told.add(step)
            console.print(f"… {step_name(step, language)}", markup=False)

    return tell_step


def step_name(step: str, language: Language) -> str:
    """A step in the reader's language; a step without a name is shown as it is."""
    english, chinese = STEPS.get(step, (step, step))
    return chinese if language is Language.ZH else english


def faults(log: FaultLog, language: Language = DEFAULT_LANGUAGE) -> None:
    """Every kind with its exact count, its first places and how to mend them."""
    zh = language is Language.ZH
    say(
        f"共 {log.total:,} 处数据错误，未写入任何内容。"
        if zh
        else f"{log.total:,} faults; nothing was written."
    )
    for kind, count in sorted(log.counts.items(), key=lambda item: -item[1]):
        say(f"\n{kind}: {count:,}")
        places = [place for place in log.places if place.kind == kind]
        for place in places[:SHOWN_PER_KIND]:
            say(f"  {_place(place, zh)}")
        if count > SHOWN_PER_KIND:
            more = count - min(SHOWN_PER_KIND, len(places))
            say(
                f"  …另有 {more:,} 处（--json 列出前 100 处）"
                if zh
                else f"  … and {more:,} more (--json lists the first 100)"
            )


def _place(place: Fault, zh: bool) -> str:
    where = f"{place.file}:{place.line}" + (f" [{place.column}]" if place.column else "")
    if zh:
        found = place.found or "（空）"
        return f"{where}  实际：{found}；应为：{place.expected}\n      处理：{place.mend}"
    found = place.found if place.found else "(empty)"
    return f"{where}  found {found}; expected {place.expected}\n      mend: {place.mend}"


def faulty(error: InputFaulty) -> dict[str, Any]:
    """The JSON document of a tape with faults."""
    log = error.faults
    document = log.as_json() if isinstance(log, FaultLog) else {"faults": list(log)}
    return {**document, "remarks": []}


def clean(rows: Mapping[str, int], remarks: Sequence["Remark"], language: Language) -> None:
    """A clean tape: what it holds, and what is remarkable in it."""
    zh = language is Language.ZH
    held = (", " if not zh else "，").join(f"{table} {count:,}" for table, count in rows.items())
    print_out(f"没有数据错误。行数：{held}" if zh else f"No faults. Rows: {held}")
    if remarks:
        print_out("数据提示：" if zh else "Remarks (findings about the data's truth):")
    for remark in remarks:
        print_out(f"  · {remark.says_zh if zh else remark.says_en}")


def unsure(draft: Any, out: Path | None, language: Language) -> None:
    """What a drafted manifest is unsure of."""
    zh = language is Language.ZH
    doubts = draft.unsure_zh if zh else draft.unsure
    if out is not None:
        say(f"草稿已写入 {out}" if zh else f"draft written to {out}")
    if doubts:
        say("请人工核对：" if zh else "please check by hand:")
    for doubt in doubts:
        say(f"  · {doubt}")
    say("核对后运行 ruqi check 检查整份明细。" if zh else "then run: ruqi check on the folder.")


def finished(run: "Run", out: Path, language: Language) -> None:
    """The one screen of a finished run, and where its report lies."""
    from ruqi.apps.cli.screen import screen

    print_out(screen(run.view(), language.value))
    report = (out / "report.html").resolve()
    print_out(f"报告：{report}" if language is Language.ZH else f"Report: {report}")


def story(document: Mapping[str, Any], language: Language) -> None:
    """One account's whole story."""
    from ruqi.apps.cli.story import tell

    print_out(tell(document, language.value))


def answer(document: Any) -> None:
    """One JSON document on standard output."""
    print(json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False))


def print_out(text: Any) -> None:
    """Text or a rich renderable on standard output."""
    Console(file=sys.stdout, highlight=False, soft_wrap=True).print(text, markup=False)
