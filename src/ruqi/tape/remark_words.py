"""How each remark is said, in English and Chinese; figures only, no judgement beyond the counts."""

import re
from collections.abc import Sequence
from datetime import date

from ruqi.tape.code_changes import CodeChange

LISTED_MAX = 5  # codes named in one sentence

NAMES_ZH = {
    "balance": "余额",
    "due": "应还金额",
    "paid": "实还金额",
    "stage": "逾期阶段",
    "dpd_days": "逾期天数",
    "months_past_due": "逾期期数",
}
NOBODY = {
    "account_id": ("an account", "账户"),
    "borrower_id": ("a borrower", "借款人"),
}
Said = tuple[str, str]
_FORMS = re.compile(r"\[([^|\]]*)\|([^\]]*)\]")


def percent(share: float) -> str:
    """A share as people read it: one decimal, two below one in a thousand."""
    return f"{100 * share:.{1 if share >= 0.001 or share == 0 else 2}f} %"


def numbered(text: str, count: int) -> str:
    """A text with one form of each `[one|many]`."""
    return _FORMS.sub(r"\1" if count == 1 else r"\2", text)


def month_name(month: int) -> str:
    """`2005-09` for a month counted as year * 12 + month - 1."""
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def row_remark(kind: str, month: int, count: int, share: float) -> Said:
    """The sentence of a kind that counts rows of one month."""
    en, zh = numbered(_ROWS[kind][0], count), _ROWS[kind][1]
    values = {"month": month_name(month), "count": f"{count:,}", "share": percent(share)}
    return en.format(**values), zh.format(**values)


_ROWS = {
    "credit_balance": (
        "{count} [balance|balances] of {month} [is|are] negative ({share}): "
        "the lender owes the borrower there.",
        "{month} 有 {count} 行余额为负（{share}），即溢缴：贷方反欠借款人。",
    ),
    "above_limit": (
        "{count} [balance|balances] of {month} [lies|lie] above the limit ({share}).",
        "{month} 有 {count} 行余额超过授信额度（{share}）。",
    ),
    "gap": (
        "{count} [account|accounts] seen before and after [has|have] no row in {month} ({share}): "
        "moves into and out of that month are unknown for [it|them].",
        "{month} 有 {count} 个账户缺行（{share}），其前后月份均有记录；"
        "这些账户该月前后的迁徙无从得知。",
    ),
    "jump": (
        "{count} [account is|accounts are] two or more buckets worse in {month} than in "
        "the month before ({share}): more than one month of lateness in one month.",
        "{month} 有 {count} 个账户较上月一次恶化两个及以上逾期阶段（{share}），"
        "一个月之内逾期加深超过一个月。",
    ),
    "after_charge_off": (
        "{count} [row|rows] of {month} [follows|follow] a charge-off of the same account "
        "({share}); [it counts|they count] as seen.",
        "{month} 有 {count} 行出现在同一账户核销之后（{share}），按有记录计。",
    ),
    "after_closing": (
        "{count} [row|rows] of {month} [stands|stand] on or after the closing day "
        "that the accounts table gives, and [names|name] no end ({share}): "
        "[it counts|they count] as closed.",
        "{month} 有 {count} 行的日期不早于账户表所列关闭日，却未注明终结状态（{share}），"
        "按关闭计。",
    ),
}


def code_remark(column: str, changes: Sequence[CodeChange], last: bool = False) -> Said:
    """The sentence of a change in the use of codes; `changes` of one kind and month.

    `last` says that the month is the book's newest: nobody knows what comes after.
    """
    kind, month = changes[0].kind, month_name(changes[0].month)
    before = month_name(changes[0].month - 1)
    name = NAMES_ZH.get(column, column)
    listed = changes[:LISTED_MAX]
    parts_en, parts_zh = [], []
    for c in listed:
        was, now = percent(c.share_before), percent(c.share)
        parts_en.append(f"“{c.code}” {was} ({c.count_before:,} rows) to {now} ({c.count:,})")
        parts_zh.append(f"“{c.code}”由 {was}（{c.count_before:,} 行）变为 {now}（{c.count:,} 行）")
    en, zh = "; ".join(parts_en), "；".join(parts_zh)
    more = len(changes) - len(listed)
    if more:
        en, zh = f"{en}; {more} more", f"{zh}；另有 {more} 个编码"
    lead_en, lead_zh = {
        "code_share": (
            f"Codes of {column} change their share abruptly from {before} to {month}",
            f"{name}编码的占比自 {before} 至 {month} 突变",
        ),
        "code_appears": (
            f"Codes of {column} stand for the first time in {month}",
            f"{name}在 {month} 首次出现新编码",
        ),
        "code_vanishes": (
            f"Codes of {column} never stand again from {month}",
            f"{name}自 {month} 起不再出现某些编码",
        ),
    }[kind]
    if last and kind == "code_vanishes":
        lead_en = f"Codes of {column} do not stand in {month}, the last month"
        lead_zh = f"{name}在末月 {month} 未出现某些编码"
    return (
        f"{lead_en}: {en}. The usual moves of accounts do not explain it. The coding may have "
        "changed: lateness before and after does not compare, and the step is no trend.",
        f"{lead_zh}：{zh}。账户的正常迁徙无法解释。编码口径可能已变，前后月份的逾期指标不可比，亦不应视为趋势。",
    )


def few_rows(month: int, count: int, usual: int, last: bool) -> Said:
    """The sentence of a month with far fewer rows than the months beside it."""
    name = month_name(month)
    tail_en = " The last month looks incomplete." if last else ""
    tail_zh = "末月数据疑似不完整。" if last else ""
    return (
        f"{name} holds {count:,} rows where the months beside it lead to expect "
        f"{usual:,} or more.{tail_en}",
        f"{name} 仅有 {count:,} 行，按相邻月份应不少于 {usual:,} 行。{tail_zh}",
    )


def unmatched(table: str, column: str, count: int, rows: int) -> Said:
    """The sentence of rows that name nobody of the book."""
    whom, whom_zh = NOBODY[column]
    if count == rows:
        return (
            f"No row of table {table} ({rows:,}) names {whom} of the book by its {column}: the "
            "table is not used. Ids may be written differently there.",
            f"{table} 表的 {rows:,} 行按 {column} 均找不到对应的{whom_zh}，该表未被采用；"
            "编号的写法可能不一致。",
        )
    share = percent(count / rows)
    en = (
        f"{count:,} [row|rows] of table {table} ({share}) of nobody in the book, by {column}: "
        "[it counts|they count] nowhere."
    )
    return (
        numbered(en, count),
        f"{table} 表有 {count:,} 行（{share}）的 {column} 不属于任何账户，未计入任何结果。",
    )


def statements_to_come(month: int, reached: date, count: int, to_come: int) -> Said:
    """The sentence of a newest month in which some accounts' statement day is yet to come."""
    name = month_name(month)
    return (
        f"{name} is not complete: it holds {count:,} rows up to {reached}, and {to_come:,} open "
        f"{numbered('[account|accounts] had [its|their]', to_come)} last statement on a later day "
        f"of the month before. Figures of {name} are of a part of the book.",
        f"{name} 尚不完整：截至 {reached} 有 {count:,} 行，另有 {to_come:,} 个在贷账户的账单日"
        f"尚未到（最近账单在上月）。{name} 的指标只涵盖部分账户。",
    )


def few_accounts(count: int) -> Said:
    """The sentence of a book too small for its shares to mean much."""
    return (
        numbered(
            f"The book holds {count:,} [account|accounts] only: its shares rest on few cases.",
            count,
        ),
        f"全部数据仅含 {count:,} 个账户，各项占比的样本量偏小。",
    )


def round_amounts(
    column: str, month: int | None, hundreds: float, thousands: float, count: int
) -> Said:
    """The sentence of amounts that look rounded; shares of `count`'s column that are not zero."""
    at_en = "" if month is None else f" of {month_name(month)}"
    at_zh = "" if month is None else f"{month_name(month)} "
    return (
        f"{percent(hundreds)} of the amounts in {column}{at_en} ({count:,}) are whole hundreds, "
        f"{percent(thousands)} whole thousands: they look rounded or estimated.",
        f"{at_zh}{NAMES_ZH[column]}中有 {percent(hundreds)}（{count:,} 笔）为整百，"
        f"{percent(thousands)} 为整千，疑似取整或估算。",
    )
