"""What the forward score says of itself, in English and Chinese."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from ruqi.behaviour.entry import Unclaimed
from ruqi.behaviour.history import History, day
from ruqi.behaviour.reading import Reading
from ruqi.behaviour.scored import NotPossible, Target
from ruqi.tape.columns import Tape

Both = tuple[str, str]


def target(tape: Tape, wanted: Target) -> Both:
    """The target, with its days or months."""
    index, ahead = wanted.min_bucket_index, wanted.horizon_months
    en, zh = (tape.delinquency.label(index, language) for language in ("en", "zh"))
    when_en = "next month" if ahead == 1 else f"{ahead} months later"
    when_zh = "下月" if ahead == 1 else f"{ahead} 个月后"
    return f"{en} or worse {when_en}", f"{when_zh}处于 {zh}或更差阶段"


def unclaimed(crossed: Sequence[date]) -> Unclaimed:
    """Why no calibration is claimed."""
    months = ", ".join(f"{on:%Y-%m}" for on in crossed)
    return Unclaimed(
        f"The coding of lateness changes in {months}, within the months learned from or applied "
        "to. The score ranks accounts; no calibration is claimed across the change.",
        f"逾期状态的编码在 {months.replace(', ', '、')} 发生变化，处于学习或应用的月份之内。"
        "评分可用于排序；跨越该变化的校准情况不作结论。",
    )


def backtest(tape: Tape, past: History) -> Both:
    """How the test was done, and what it does not show."""
    known, seen = (f"{day(tape, m):%Y-%m}" for m in (past.last - past.horizon, past.last))
    return (
        f"Tested on accounts open in {known} against what {seen} shows, by a model that knew "
        f"nothing after {known}. The score in use is learned once more with {seen} included. "
        "Limits and the lender's own features are one value each, as extracted; earlier months "
        "are read with them too, which is hindsight.",
        f"以 {known} 未结清账户对照 {seen} 的实际情况检验，所用模型不含 {known} 之后的任何信息；"
        f"实际使用的评分另纳入 {seen} 重新学习。账户额度与机构自有特征仅有提取时的一个取值，"
        "各月均按该值计算，属于事后信息。",
    )


def buckets(tape: Tape, found: Sequence[Reading]) -> list[dict[str, Any]]:
    """What was learned of each bucket held now, as rows of evaluation.json."""
    rows = []
    for one in found:
        label_en, label_zh = _label(tape, one.bucket)
        rows.append({**asdict(one), "label_en": label_en, "label_zh": label_zh})
    return rows


def _label(tape: Tape, bucket: int | None) -> Both:
    if bucket is None:
        return "lateness not stated", "逾期情况未说明"
    return tape.delinquency.label(bucket), tape.delinquency.label(bucket, "zh")


def unread(tape: Tape, found: Sequence[Reading], crossed: Sequence[date]) -> Both:
    """Which buckets the score learned too little of, so that a plan takes its prior there."""
    en, zh = [], []
    for one in found:
        if one.used:
            continue
        label_en, label_zh = _label(tape, one.bucket)
        en.append(
            f"{label_en}: {one.accounts:,} accounts now; learned from {one.rows:,} account-months, "
            f"{one.events:,} of them with the event"
        )
        zh.append(
            f"{label_zh}：现有 {one.accounts:,} 户，可学习的账户月 {one.rows:,} 个，其中发生 "
            f"{one.events:,} 个"
        )
    if not en:
        return "", ""
    after_en = "The coding of lateness changed, and the" if crossed else "The"
    after_zh = "逾期编码发生变化，且" if crossed else ""
    return (
        f"{after_en} score has seen too few accounts in some states to be used for them; the plan "
        f"takes the policy's prior there. {'; '.join(en)}.",
        f"{after_zh}评分在下列阶段见过的账户太少，方案在这些阶段改用策略先验。{'；'.join(zh)}。",
    )


def one_class(events: int, rows: int) -> Unclaimed:
    """Why a test month shows nothing: the event happened to none, or to all."""
    return Unclaimed(
        f"The test shows the event for {events} of {rows} accounts; quality needs both kinds.",
        f"检验月 {rows} 个账户中有 {events} 个发生该事件；须两类账户都有才能评价。",
    )


def state(already: bool) -> dict[str, str]:
    """Names of the two states an account can be in when it is scored."""
    if already:
        return {
            "name_en": "already at the target: the event is still there or worse",
            "name_zh": "已达到目标阶段：事件为仍未改善或更差",
        }
    return {"name_en": "not yet at the target", "name_zh": "尚未达到目标阶段"}


def notes(tape: Tape, wanted: Target, past: History) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What a reader must know before using the score."""
    name_en, name_zh = target(tape, wanted)
    en = [
        f"Chance of: {name_en}. For an account already there the event is still there or worse.",
        "Low and high bound the probability under another sample of accounts.",
    ]
    zh = [
        f"预测事件：{name_zh}。对已达到该阶段的账户，事件为仍处于该阶段或更差。",
        "区间表示换一批账户训练时概率的变动范围，不表示结果本身的确定程度。",
    ]
    if past.crossed:
        said = unclaimed(past.crossed)
        en.append(said.note_en)
        zh.append(said.note_zh)
    return tuple(en), tuple(zh)


def too_few(tape: Tape, wanted: Target, events: int, rows: int, least: int) -> NotPossible:
    """The refusal where one class is too small to learn from."""
    name_en, name_zh = target(tape, wanted)
    return NotPossible(
        f"{events} of {rows} account-months end at {name_en}; learning needs at least {least} "
        f"with and {least} without.",
        f"{rows} 个账户月中有 {events} 个符合“{name_zh}”；两类均不少于 {least} 个才能学习。",
        ("performance",),
    )
