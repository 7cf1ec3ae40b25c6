"""What the command line says to people: progress, faults with their mends, findings, stories.

Talk goes to standard error, findings and stories to standard output; both read well when piped.
"""

import json
import os
import re
import shlex
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from ruqi.apps.chinese import chinese
from ruqi.primitives.errors import InputFaulty, PolicyError
from ruqi.services.progress import Progress, silent
from ruqi.tape.faults import FaultLog

if TYPE_CHECKING:  # help must come at once; the rooms are loaded when a word needs them
    from ruqi.adapters.files.draft import Draft
    from ruqi.services.run import Run
    from ruqi.tape.remarks import Remark


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
    "draft": ("drafting a mapping", "起草映射"),
    "check": ("reading and checking the tape", "读取并检查明细"),
    "assemble": ("putting the book together", "汇总账簿"),
    "measure": ("measuring", "计算指标"),
    "score": ("scoring", "评分"),
    "plan": ("planning within law and limits", "在合规与产能限额内编制方案"),
    "evaluate": ("testing against what really happened", "用真实结果检验"),
    "report": ("writing the report", "生成报告"),
    "write": ("writing the folder", "写入文件夹"),
    "shelve": ("putting the run on the shelf", "载入工作台"),
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
    """Every fault, grouped as a person mends them."""
    from ruqi.apps.cli.mending import told

    for line in told(log, language.value):
        say(line)


def policy_error(error: PolicyError, language: Language) -> None:
    """The place in a policy or law file, what is wrong there, and how to mend it."""
    if language is Language.ZH:
        problem, mend = chinese(error.problem), chinese(error.mend)
        say(f"{error.file}:{error.line}：{problem}处理：{mend}")
    else:
        say(str(error))


def faulty(error: InputFaulty) -> dict[str, Any]:
    """The JSON document of a tape with faults."""
    log = error.faults
    document = log.as_json() if isinstance(log, FaultLog) else {"faults": list(log)}
    return {**document, "remarks": []}


def clean(rows: Mapping[str, int], remarks: Sequence["Remark"], language: Language) -> None:
    """A clean tape: what it holds, and what is remarkable in it."""
    zh = language is Language.ZH
    if zh:
        held = "，".join(f"{chinese(f'table {table}')} {count:,}" for table, count in rows.items())
        print_out(f"没有数据错误。行数：{held}")
    else:
        held = ", ".join(f"{table} {count:,}" for table, count in rows.items())
        print_out(f"No faults. Rows: {held}")
    if remarks:
        print_out("数据提示：" if zh else "Remarks (findings about the data's truth):")
    for remark in remarks:
        print_out(f"  · {remark.says_zh if zh else remark.says_en}")


def unsure(draft: "Draft", out: Path | None, language: Language) -> None:
    """What a drafted manifest is unsure of, and what to do with it next."""
    zh = language is Language.ZH
    doubts = draft.unsure_zh if zh else draft.unsure
    if out is not None:
        say(f"草稿已写入 {out}" if zh else f"draft written to {out}")
    if doubts:
        say("请人工核对：" if zh else "please check by hand:")
    for doubt in doubts:
        say(f"  · {doubt}")
    for line in _next(draft, out, zh):
        say(line)


def _next(draft: "Draft", out: Path | None, zh: bool) -> list[str]:
    """The steps from a draft to a check, as commands that can be pasted."""
    if out is None:
        place = draft.folder / "tape.yaml"
        first = f"请存为 {place}，再运行：" if zh else f"save it as {place}, then run:"
        return [first, f"  ruqi check {_quoted(draft.folder)}"]
    lines = []
    if draft.to_copy:
        lines.append(
            "明细的文件须与 tape.yaml 放在同一文件夹内，请先复制："
            if zh
            else "a tape's files lie in its own folder; copy them first:"
        )
        lines += _copies(draft.to_copy, out.parent)
    lines.append(
        "核对草稿后检查整份明细：" if zh else "correct the draft, then check the whole tape:"
    )
    return [*lines, f"  ruqi check {_quoted(out.parent if out.name == 'tape.yaml' else out)}"]


def _copies(files: Sequence[Path], folder: Path) -> Iterator[str]:
    """The commands that bring files below `folder`, with the folders they lie in."""
    above = Path(os.path.commonpath([file.parent for file in files]))
    for place in sorted({file.parent for file in files}):
        target = folder / place.relative_to(above)
        some = " ".join(_quoted(_short(file)) for file in files if file.parent == place)
        first = "" if target == folder else f"mkdir -p {_quoted(target)} && "
        yield f"  {first}cp {some} {_quoted(target)}/"


def _short(path: Path) -> Path:
    """A path as the reader would write it: from where they stand, if it lies below."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _quoted(path: Path) -> str:
    """A path as a shell reads it; quotes only where it needs them."""
    text = str(path)
    return text if re.fullmatch(r"[\w@%+=:,./-]+", text) else shlex.quote(text)


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
