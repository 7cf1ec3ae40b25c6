"""The outcome score: chance of a default after the book's last month, judged on the real outcome.

Cross-fitted over five folds, so that no account is scored by a model that saw it; and, for
comparison with what is published, learned on 70 % and tested on 30 % of a fixed split, beside the
same model with the protected attributes that no score of this house is shown.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from ruqi.behaviour.boosting import BoostedBag
from ruqi.behaviour.entry import Head, entry, reasons
from ruqi.behaviour.fairness import fairness
from ruqi.behaviour.features import Features, beside, lenders_own
from ruqi.behaviour.history import day, number
from ruqi.behaviour.known import known_now, reads
from ruqi.behaviour.learned import Months, card
from ruqi.behaviour.model import families_of, learn
from ruqi.behaviour.panel import Floats
from ruqi.behaviour.quality import difference
from ruqi.behaviour.scored import NotPossible, Scored, frame_of
from ruqi.tape.columns import Tape
from ruqi.tape.remarks import Remark, touching

WINDOW = 6  # months of history read, at most
FOLDS = 5
ROWS_MOST = 60_000  # accounts learned from at a time; more moves the AUC by less than its interval
EVENTS_LEAST = 20  # of each class
TEST_SHARE, SPLIT_SEED = 0.3, 42  # the published comparison's split
TARGET_EN = "default after the last observed month, as the book's outcomes say"
TARGET_ZH = "最后观察月之后发生违约（以明细中的结果表为准）"


def outcome(tape: Tape, remarks: Sequence[Remark], seed: int) -> Scored | NotPossible:
    """Score every account open at `tape.as_of` by cross-fitting, and report how good that is."""
    if tape.outcomes is None:
        return NotPossible(
            "The book has no table of outcomes, so nothing can be learned from what came of it.",
            "该明细没有结果表（outcomes），无法依据实际结果学习。",
            ("outcomes",),
        )
    accounts, y = labels(tape, tape.outcomes)
    unknown = _matches_nothing(tape, tape.outcomes)
    if unknown is not None:
        return unknown
    if min(y.sum(), len(y) - y.sum()) < EVENTS_LEAST:
        return NotPossible(
            f"After {tape.as_of} the outcomes show {int(y.sum())} defaults among {len(y)} open "
            f"accounts; learning needs {EVENTS_LEAST} with and {EVENTS_LEAST} without.",
            f"{tape.as_of} 之后，{len(y)} 个未结清账户中有 {int(y.sum())} 个违约；"
            f"违约与未违约账户均须不少于 {EVENTS_LEAST} 个才能学习。",
            ("outcomes",),
        )
    features = _known(tape, accounts)
    read = [*reads(tape), "outcomes.event"]
    ids = touching(remarks, tape.as_of, read, since=day(tape, _span(tape)[0]))
    answer, bags = _cross_fitted(features, y, seed)
    split = _fixed_split(tape, accounts, features, y, seed, ids)
    cross = Head(
        "outcome",
        f"cross_fitted_{FOLDS}",
        TARGET_EN,
        TARGET_ZH,
        remark_ids=ids,
        note_en="No account is scored by a model that saw it.",
        note_zh="每个账户均由未见过该账户的模型评分。",
    )
    return Scored(
        score_id="outcome",
        frame=frame_of("outcome", accounts, answer, families_of(features.columns)),
        quality={
            "scores": [entry(cross, y, answer[0], seed), *split["scores"]],
            "reasons": split["reasons"],
            "drift": None,
            "protected_cost": split["protected_cost"],
            "card": card(
                "outcome", features.columns, bags, y, len(accounts), _months(tape, tape.outcomes)
            ),
        },
        fairness=fairness("outcome", tape.protected, accounts, answer[0], y),
        notes_en=("Low and high bound the probability under another sample of accounts.",),
        notes_zh=("区间表示换一批账户训练时概率的变动范围，不表示结果本身的确定程度。",),
    )


def _matches_nothing(tape: Tape, outcomes: pl.DataFrame) -> NotPossible | None:
    """The refusal where no outcome is of an account of the book: then nothing is known of any."""
    known = outcomes["account_id"].is_in(tape.accounts["account_id"].implode())
    if outcomes.is_empty() or known.any():
        return None
    return NotPossible(
        f"None of the {outcomes.height:,} outcomes is of an account of this book, so what came of "
        "its accounts is not known. Ids may be written differently there.",
        f"结果表的 {outcomes.height:,} 行均不属于本明细的账户，无从得知这些账户的结果；"
        "编号的写法可能不一致。",
        ("outcomes.account_id",),
    )


def labels(tape: Tape, outcomes: pl.DataFrame) -> tuple[pl.Series, Floats]:
    """Accounts open at the end (sorted) that had not defaulted before, and whether they did later.

    An account without a row in the outcomes had no event.
    """
    defaults = outcomes.filter(pl.col("event") == "default")
    before = defaults.filter(pl.col("on") <= tape.as_of)["account_id"].unique()
    after = defaults.filter(pl.col("on") > tape.as_of)["account_id"].unique()
    accounts = tape.open_at_end()["account_id"].unique().sort()
    accounts = accounts.filter(~accounts.is_in(before.implode()))
    return accounts, accounts.is_in(after.implode()).cast(pl.Float64).to_numpy()


def _span(tape: Tape) -> tuple[int, int]:
    last = number(tape.as_of)
    months = tape.performance.filter(pl.col("month") <= last)["month"]
    first = months.min()
    return max(int(first) if isinstance(first, int) else last, last - WINDOW + 1), last


def _months(tape: Tape, outcomes: pl.DataFrame) -> Months:
    """Conduct up to the last month, and the last day of an outcome; it is tested on the same."""
    latest = outcomes["on"].max()
    event = max(latest, tape.as_of) if isinstance(latest, date) else tape.as_of
    return Months(day(tape, _span(tape)[0]), tape.as_of, event, tape.as_of, event)


def _known(tape: Tape, accounts: pl.Series) -> Features:
    """What the book says of `accounts` at the end, without any protected attribute."""
    first, last = _span(tape)
    now = tape.open_at_end().join(accounts.to_frame(), on="account_id", how="semi")
    return known_now(tape, now.sort("account_id"), last - first + 1)


def _cross_fitted(
    features: Features, y: Floats, seed: int
) -> tuple[tuple[Floats, Floats, Floats, Floats], list[BoostedBag]]:
    """`BoostedBag.answer` for each account by the model of the fold it is not in; the models."""
    fold, bags = _folds(y, seed), []
    width = len(families_of(features.columns)) + 1
    answer = (np.empty(len(y)), np.empty(len(y)), np.empty(len(y)), np.empty((len(y), width)))
    for here in range(FOLDS):
        seen, blind = _some(np.flatnonzero(fold != here), seed), fold == here
        bag = learn(features.columns, features.values[seen], y[seen], seed)
        for whole, part in zip(answer, bag.answer(features.values[blind]), strict=True):
            whole[blind] = part
        bags.append(bag)
    return answer, bags


def _some(rows: npt.NDArray[np.int64], seed: int) -> npt.NDArray[np.int64]:
    """At most `ROWS_MOST` of `rows`, a seeded draw in their own order."""
    if len(rows) <= ROWS_MOST:
        return rows
    drawn = np.random.Generator(np.random.PCG64(seed)).permutation(len(rows))[:ROWS_MOST]
    return rows[np.sort(drawn)]


def _folds(y: Floats, seed: int) -> npt.NDArray[np.int64]:
    """A fold for each account, stratified by event."""
    shuffled = np.random.Generator(np.random.PCG64(seed)).permutation(len(y))
    dealt = shuffled[np.argsort(y[shuffled], kind="stable")]
    fold = np.empty(len(y), dtype=np.int64)
    fold[dealt] = np.arange(len(y)) % FOLDS
    return fold


def source_order(accounts: pl.Series) -> npt.NDArray[np.int64]:
    """Positions of `accounts` in the source's order: by number where all ids are, else by text."""
    numbers = accounts.cast(pl.Int64, strict=False)
    keys = accounts if numbers.null_count() else numbers
    return keys.arg_sort().cast(pl.Int64).to_numpy()


def _fixed_split(
    tape: Tape,
    accounts: pl.Series,
    features: Features,
    y: Floats,
    seed: int,
    ids: Sequence[str],
) -> dict[str, Any]:
    """The published comparison, with and without protected attributes, and reasons' stability."""
    from sklearn.model_selection import train_test_split

    order = source_order(accounts)
    train, test = train_test_split(
        order, test_size=TEST_SHARE, random_state=SPLIT_SEED, stratify=y[order]
    )
    train = _some(train, seed)
    bag = learn(features.columns, features.values[train], y[train], seed)
    p, _, _, told = bag.answer(features.values[test])
    again = learn(features.columns, features.values[train], y[train], seed + 1)
    made: dict[str, Any] = {
        "scores": [entry(_split_head(False, ids), y[test], p, seed)],
        "reasons": reasons(
            "outcome",
            families_of(features.columns),
            (p, told),
            again.reasons(features.values[test]),
        ),
        "protected_cost": None,
    }
    if tape.protected.width > 1:
        full = beside(features, lenders_own(tape.protected, accounts, family="protected"))
        unrestricted = learn(full.columns, full.values[train], y[train], seed)
        with_all = unrestricted.predict(full.values[test])
        made["scores"].append(entry(_split_head(True, ids), y[test], with_all, seed))
        made["protected_cost"] = difference(y[test], with_all, p, seed)
    return made


def _split_head(protected_used: bool, ids: Sequence[str]) -> Head:
    note_en = "Settings were chosen by cross-validation inside the training part only."
    note_zh = "模型设定仅在训练部分内经交叉验证选定，未使用测试部分。"
    if protected_used:
        note_en = "For comparison only, never used: what protected attributes would have added."
        note_zh = "仅供对照，从不使用：若纳入受保护属性，模型表现会如何。"
    return Head(
        "outcome",
        f"fixed_70_30_seed_{SPLIT_SEED}",
        TARGET_EN,
        TARGET_ZH,
        protected_used=protected_used,
        remark_ids=ids,
        note_en=note_en,
        note_zh=note_zh,
    )
