"""Accounts that a plan leaves out because nothing is known of them at as_of, and how it says so."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from ruqi.tape.columns import Tape

ENDED = {
    "charged_off": ("charged off", "已核销"),
    "paid_off": ("paid off", "已结清"),
    "sold": ("sold", "已转让"),
    "closed": ("closed", "已关闭"),
}


def absence(tape: Tape, absent: pl.DataFrame) -> dict[str, Any]:
    """How many accounts last seen open have no row at as_of; `absent` is `Tape.not_open()`."""
    lost = absent.filter((pl.col("why") == "no_row") & pl.col("month").is_not_null())
    recent = lost.filter(pl.col("month") >= _month_before(tape)).height
    en = zh = ""
    if lost.height:
        who = "1 account" if lost.height == 1 else f"{lost.height:,} accounts"
        en = (
            f"Not in the plan for want of a row at {tape.as_of}: {who} last seen open; "
            f"{recent:,} of them in the month before."
        )
        zh = (
            f"有 {lost.height:,} 个账户最后一次可见时仍未结清，但在 {tape.as_of} 没有记录，"
            f"因而未列入方案；其中 {recent:,} 个在上一个月尚有记录。"
        )
    return {"absent": lost.height, "absent_recent": recent, "absent_en": en, "absent_zh": zh}


def _month_before(tape: Tape) -> int:
    return tape.as_of.year * 12 + tape.as_of.month - 2


def absent_story(row: Mapping[str, Any], as_of: str) -> dict[str, Any]:
    """Why an account has no row in the plan; `row` is its row of absent.parquet."""
    last, why = row["last_on"], str(row["why"])
    if why != "no_row":
        en, zh = ENDED[why]
        en, zh = f"{en} by {as_of}; last seen {last}", f"截至 {as_of} {zh}；最后可见于 {last}"
    elif last is None:
        en, zh = f"no row at {as_of}, nor before", f"{as_of} 及此前均无记录"
    else:
        en, zh = f"no row at {as_of}; last seen {last}", f"{as_of} 无记录；最后可见于 {last}"
    return {
        "account_id": row["account_id"],
        "as_of": as_of,
        "treatment": None,
        "why": why,
        "last_on": None if last is None else str(last),
        "says_en": f"Not in the plan: {en}.",
        "says_zh": f"未列入方案：{zh}。",
    }
