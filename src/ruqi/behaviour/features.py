"""What an account's own conduct says at a month, as named columns that read no later row.

Every feature belongs to a family, which is what reasons speak of, and carries the sign that sense
demands: +1 where more of it may only raise the risk, -1 lower it, 0 where either is possible.
Protected attributes are not an argument of anything here but `lenders_own`, which is given a frame.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl

from ruqi.behaviour.panel import Floats, Panel
from ruqi.primitives.errors import ensure

# Family id: name in English and Chinese. The order breaks ties between equal contributions.
FAMILIES: dict[str, tuple[str, str]] = {
    "lateness": ("Lateness", "逾期表现"),
    "payment": ("Payment effort", "还款力度"),
    "utilisation": ("Use of the limit", "额度使用"),
    "balance": ("Course of the balance", "余额变化"),
    "tenure_limit": ("Time on book and limit", "账龄与额度"),
    "own": ("Lender's own features", "机构自有特征"),
    "protected": ("Protected attributes", "受保护属性"),  # the unrestricted comparison only
}
CATEGORIES_KEPT = 50


@dataclass(frozen=True)
class Feature:
    """One column: its family, its expected sign and its names."""

    name: str
    family: str
    sign: int
    name_en: str
    name_zh: str
    categorical: bool = False


@dataclass(frozen=True)
class Features:
    """`values` has shape (accounts, columns); NaN is unknown. `columns` describes each column."""

    values: Floats
    columns: tuple[Feature, ...]


class _Columns:
    """Collects columns; a column without a single known value is kept, so that shapes agree."""

    def __init__(self) -> None:
        self.arrays: list[Floats] = []
        self.columns: list[Feature] = []

    def add(self, values: Floats, name: str, family: str, sign: int, en: str, zh: str) -> None:
        self.arrays.append(values)
        self.columns.append(Feature(name, family, sign, en, zh))


def conduct(panel: Panel, at: int, window: int, has: Callable[..., bool]) -> Features:
    """Features of each account at column `at` of `panel`, from the `window` months that end there.

    `has` is `Tape.has`: a column that the book does not give makes no feature.
    """
    ensure(at - window + 1 >= 0 and at < panel.months, "the window lies inside the panel")
    # Newest month first: index 0 is now, index k is k months earlier.
    back = slice(at, at - window if at - window >= 0 else None, -1)
    made = _Columns()
    _lateness(made, panel, back)
    if has("performance.dpd_days"):
        dpd = panel.dpd[:, back]
        made.add(dpd[:, 0], "dpd_now", "lateness", 1, "days past due now", "当前逾期天数")
        made.add(_max(dpd), "dpd_max", "lateness", 1, "most days past due", "期内最大逾期天数")
    with_limit = has("performance.limit") or has("accounts.limit")
    limit = panel.limit[:, back]
    if has("performance.balance"):
        balance = panel.balance[:, back]
        _balance(made, balance, limit if with_limit else None)
        if has("performance.paid"):
            _payment(made, panel.paid[:, back], balance, limit if with_limit else None)
    if has("performance.due", "performance.paid"):
        _due(made, panel.paid[:, back], panel.due[:, back])
    if with_limit:
        made.add(_log(limit[:, 0]), "limit", "tenure_limit", -1, "limit", "授信额度")
        if has("performance.limit") and window > 1:
            change = _ratio(limit[:, 0], limit[:, -1])
            made.add(change, "limit_change", "tenure_limit", 0, "limit now to then", "额度变化")
    if has("accounts.opened_on"):
        age = panel.first + at - panel.opened
        made.add(age, "months_on_book", "tenure_limit", 0, "months on book", "账龄（月）")
    return Features(np.column_stack(made.arrays), tuple(made.columns))


def _lateness(made: _Columns, panel: Panel, back: slice) -> None:
    bucket = panel.bucket[:, back]
    window = bucket.shape[1]
    for k in range(window):
        made.add(bucket[:, k], f"late_{k}", "lateness", 1, *_ago("lateness", "逾期阶段", k))
    late = bucket >= 1
    made.add(_max(bucket), "late_max", "lateness", 1, "worst lateness", "期内最差逾期阶段")
    made.add(_mean(bucket), "late_mean", "lateness", 1, "average lateness", "期内平均逾期阶段")
    months = late.sum(axis=1).astype(np.float64)
    made.add(months, "late_months", "lateness", 1, "months late", "逾期月数")
    since = np.where(late.any(axis=1), late.argmax(axis=1), window).astype(np.float64)
    made.add(since, "months_since_late", "lateness", -1, "months since late", "距最近逾期月数")
    streak = np.where(late.all(axis=1), window, (~late).argmax(axis=1)).astype(np.float64)
    made.add(streak, "late_streak", "lateness", 1, "months late in a row", "连续逾期月数")


def _balance(made: _Columns, balance: Floats, limit: Floats | None) -> None:
    window = balance.shape[1]
    made.add(_log(balance[:, 0]), "balance", "balance", 0, "balance", "余额")
    scale = np.abs(balance).max(axis=1, initial=0.0) if limit is None else limit[:, 0]
    if window > 1:
        change = _ratio(balance[:, 0] - balance[:, 1], scale)
        made.add(change, "balance_change", "balance", 0, "change in a month", "余额月变化")
        course = _ratio(balance[:, 0] - balance[:, -1], scale)
        made.add(course, "balance_course", "balance", 0, "change over months", "期内余额变化")
        rising = (np.diff(balance, axis=1) < 0).sum(axis=1).astype(np.float64)
        made.add(rising, "months_rising", "balance", 0, "months of rising", "余额上升月数")
    credit = (balance <= 0).sum(axis=1).astype(np.float64)
    made.add(credit, "months_nothing_owed", "balance", 0, "months without debt", "无欠款月数")
    if limit is None:
        return
    used = _ratio(balance, limit)
    for k in range(window):
        made.add(
            used[:, k], f"used_{k}", "utilisation", 1, *_ago("share of limit", "额度使用率", k)
        )
    made.add(_mean(used), "used_mean", "utilisation", 1, "average use", "平均额度使用率")
    made.add(_max(used), "used_max", "utilisation", 1, "highest use", "最高额度使用率")


def _payment(made: _Columns, paid: Floats, balance: Floats, limit: Floats | None) -> None:
    window = paid.shape[1]
    for k in range(window):
        made.add(_log(paid[:, k]), f"paid_{k}", "payment", -1, *_ago("paid", "还款额", k))
    made.add(_log(paid.sum(axis=1)), "paid_sum", "payment", -1, "paid in all", "期内还款合计")
    if limit is not None:
        share = _ratio(_mean(paid), limit[:, 0])
        made.add(share, "paid_to_limit", "payment", -1, "paid to limit", "还款额与额度之比")
    if window == 1:
        return
    # A payment answers the balance of the month before.
    owed = np.where(balance[:, 1:] > 0, balance[:, 1:], np.nan)
    share = np.clip(paid[:, :-1] / owed, 0, 2)
    for k in range(window - 1):
        made.add(share[:, k], f"repaid_{k}", "payment", -1, *_ago("share repaid", "还款比例", k))
    made.add(_mean(share), "repaid_mean", "payment", -1, "average share", "平均还款比例")
    made.add(-_max(-share), "repaid_least", "payment", -1, "least share", "最低还款比例")
    skipped = ((paid[:, :-1] <= 0) & (balance[:, 1:] > 0)).sum(axis=1).astype(np.float64)
    made.add(skipped, "months_unpaid", "payment", 1, "months unpaid", "欠款未还月数")
    if limit is not None:
        left = _ratio(balance[:, 1] - paid[:, 0], limit[:, 0])
        made.add(left, "left_unpaid", "utilisation", 1, "left unpaid to limit", "未还余额占额度")


def _due(made: _Columns, paid: Floats, due: Floats) -> None:
    share = np.clip(paid / np.where(due > 0, due, np.nan), 0, 2)
    made.add(share[:, 0], "met_now", "payment", -1, "share of due paid", "应还款偿还比例")
    made.add(_mean(share), "met_mean", "payment", -1, "average share of due", "平均应还偿还比例")


def lenders_own(frame: pl.DataFrame, accounts: pl.Series, family: str = "own") -> Features:
    """The columns of `frame` (keyed by account_id) for `accounts`; text becomes categories.

    A text column all of whose values are numbers is a number. Of the categories the
    `CATEGORIES_KEPT` most frequent have a code of their own, the rest share one.
    """
    keyed = pl.DataFrame({"account_id": accounts}).join(
        frame, on="account_id", how="left", maintain_order="left"
    )
    arrays, columns = [], []
    for column in sorted(name for name in frame.columns if name != "account_id"):
        values, categorical = _numbers(keyed[column], frame[column])
        arrays.append(values)
        columns.append(Feature(f"{family}:{column}", family, 0, column, column, categorical))
    shape = (len(accounts), 0)
    return Features(np.column_stack(arrays) if arrays else np.empty(shape), tuple(columns))


def _numbers(column: pl.Series, whole: pl.Series) -> tuple[Floats, bool]:
    """A column as floats and whether they are categories, coded by what the `whole` book holds."""
    if column.dtype == pl.Date:
        return column.to_physical().cast(pl.Float64).fill_null(np.nan).to_numpy(), False
    if column.dtype.is_numeric() or column.dtype == pl.Boolean:
        return column.cast(pl.Float64).fill_null(np.nan).to_numpy(), False
    texts = whole.cast(pl.String)
    if texts.cast(pl.Float64, strict=False).null_count() == texts.null_count():
        return column.cast(pl.String).cast(pl.Float64).fill_null(np.nan).to_numpy(), False
    counts = texts.drop_nulls().rename("text").value_counts(name="n")
    kept = counts.sort(["n", "text"], descending=[True, False]).head(CATEGORIES_KEPT)["text"]
    codes = {text: float(code) for code, text in enumerate(kept.sort())}
    rest = float(len(codes))
    coded = [np.nan if text is None else codes.get(text, rest) for text in column.cast(pl.String)]
    return np.asarray(coded, dtype=np.float64), True


def beside(*parts: Features) -> Features:
    """The same accounts' features side by side."""
    values = np.column_stack([part.values for part in parts])
    return Features(values, tuple(column for part in parts for column in part.columns))


def _ago(en: str, zh: str, k: int) -> tuple[str, str]:
    if k == 0:
        return f"{en} now", f"当前{zh}"
    return f"{en} {k} month{'s' if k > 1 else ''} ago", f"{k} 个月前{zh}"


def _log(amount: Floats) -> Floats:
    return np.sign(amount) * np.log1p(np.abs(amount))


def _ratio(part: Floats, whole: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(whole > 0, part / whole, np.nan)


def _max(values: Floats) -> Floats:
    """Largest known value of each row; NaN where none is known."""
    filled = np.where(np.isnan(values), -np.inf, values).max(axis=1)
    return np.where(np.isinf(filled), np.nan, filled)


def _mean(values: Floats) -> Floats:
    """Mean of the known values of each row, summed in column order; NaN where none is known."""
    known = ~np.isnan(values)
    count = known.sum(axis=1)
    total = np.where(known, values, 0.0).sum(axis=1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)
